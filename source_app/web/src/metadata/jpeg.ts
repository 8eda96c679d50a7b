/**
 * A JPEG without hidden data (ITU-T T.81, annex B).
 *
 * Only what a decoder needs is taken over, each segment with its length checked; all else is dropped, named or
 * not. Compressed data is copied byte for byte. JFIF and Adobe headers are written anew: decoders need to see
 * that they are there, and the Adobe transform, but neither densities nor thumbnails. Time grows with the length.
 */

import { Output, standsAt, type Cleaned } from "./cleaned";
import { need } from "./errors";
import { isMinimal, minimalExif, orientationIn } from "./orientation";
import type { Part } from "./report";

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const DQT = 0xdb;
const DNL = 0xdc;
const DRI = 0xdd;
const DHT = 0xc4;
const DAC = 0xcc;
/** Sequential and progressive, Huffman or arithmetic coding; no lossless and no hierarchical pictures. */
const FRAMES: ReadonlySet<number> = new Set([0xc0, 0xc1, 0xc2, 0xc9, 0xca]);
const APP0 = 0xe0;
const APP14 = 0xee;
const COM = 0xfe;

const JFIF = [0xff, APP0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0];
const ADOBE = [0xff, APP14, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0];
const EXIF = "Exif\0\0";

/** What an application segment is, by the mark it begins with. */
const MARKS: readonly (readonly [marker: number, mark: string, part: Part])[] = [
  [0xe0, "JFXX\0", "preview"],
  [0xe1, EXIF, "camera-data"],
  [0xe1, "http://ns.adobe.com/", "edit-notes"],
  [0xe2, "ICC_PROFILE\0", "profile"],
  [0xe2, "MPF\0", "second-picture"],
  [0xed, "Photoshop 3.0\0", "captions"],
];

export function cleanJpeg(untrusted: Uint8Array): Cleaned {
  const out = new Output(untrusted);
  need(untrusted[0] === 0xff && untrusted[1] === SOI);
  out.copy(0, 2);
  let at = 2;
  let frames = 0;
  let scans = 0;
  let oriented = false;
  for (;;) {
    const marker = markerAt(untrusted, at);
    at = marker.end;
    if (marker.code === EOI) break;
    const start = at + 2;
    need(start <= untrusted.length);
    const end = at + word(untrusted, at);
    need(end >= start && end <= untrusted.length);
    const content = untrusted.subarray(start, end);
    at = end;
    if (isTable(marker.code, content)) {
      take(out, marker.code, start, end);
    } else if (FRAMES.has(marker.code)) {
      frames += 1;
      need(frames === 1 && isFrame(content));
      take(out, marker.code, start, end);
    } else if (marker.code === SOS) {
      scans += 1;
      need(frames === 1 && isScan(content));
      at = endOfScan(untrusted, end);
      take(out, marker.code, start, at);
    } else {
      need(isExtra(marker.code));
      const orientation: number = scans === 0 && !oriented ? orientationOf(marker.code, content) : 1;
      if (orientation !== 1) out.put(exifSegment(orientation));
      oriented ||= orientation !== 1;
      dropExtra(out, marker.code, content);
    }
  }
  need(scans > 0);
  out.put([0xff, EOI]);
  out.drop("after-end", untrusted.length - at);
  return out.done();
}

function word(data: Uint8Array, at: number): number {
  return ((data[at] ?? 0) << 8) | (data[at + 1] ?? 0);
}

/** The marker at `at`, which any number of fill bytes may precede, and where it ends. */
function markerAt(data: Uint8Array, at: number): { readonly code: number; readonly end: number } {
  need(data[at] === 0xff);
  let end = at + 1;
  while (data[end] === 0xff) end += 1;
  const code = data[end];
  need(code !== undefined && code !== 0);
  return { code, end: end + 1 };
}

/** Past the compressed data: where a marker stands that is no restart. */
function endOfScan(data: Uint8Array, start: number): number {
  for (let at = data.indexOf(0xff, start); at >= 0; at = data.indexOf(0xff, at)) {
    const next = data[at + 1];
    if (next === 0 || (next !== undefined && next >= 0xd0 && next <= 0xd7)) at += 2;
    else if (next === 0xff) at += 1;
    else return at;
  }
  need(false);
}

function take(out: Output, code: number, start: number, end: number): void {
  out.put([0xff, code]);
  out.copy(start - 2, end);
}

/** A segment of tables that is filled by them to the last byte. */
function isTable(code: number, content: Uint8Array): boolean {
  if (code === DRI || code === DNL) need(content.length === 2);
  else if (code === DAC) needTables(content, () => 2);
  else if (code === DQT) needTables(content, (at) => 1 + 64 * ((content[at] as number) >> 4 === 0 ? 1 : 2));
  else if (code === DHT) needTables(content, (at) => 17 + sum(content.subarray(at + 1, at + 17)));
  else return false;
  return true;
}

/** Each begins with its class and its number, and no two are the same: a decoder would see only the last. */
function needTables(content: Uint8Array, sizeAt: (at: number) => number): void {
  const seen = new Set<number>();
  let at = 0;
  while (at < content.length) {
    const name = content[at] as number;
    need(name >> 4 <= 1 && (name & 15) <= 3 && !seen.has(name));
    seen.add(name);
    at += sizeAt(at);
  }
  need(at === content.length);
}

function sum(data: Uint8Array): number {
  return data.reduce((total, byte) => total + byte, 0);
}

function isFrame(content: Uint8Array): boolean {
  return content.length >= 9 && content.length === 6 + 3 * (content[5] as number);
}

function isScan(content: Uint8Array): boolean {
  return content.length >= 6 && content.length === 4 + 2 * (content[0] as number);
}

function isExtra(code: number): boolean {
  return code === COM || (code >= APP0 && code <= 0xef);
}

function orientationOf(code: number, content: Uint8Array): number {
  return code === 0xe1 && standsAt(content, 0, EXIF) ? orientationIn(content.subarray(EXIF.length)) : 1;
}

function exifSegment(orientation: number): number[] {
  const content = [...EXIF].map((character) => character.charCodeAt(0)).concat(...minimalExif(orientation));
  return [0xff, 0xe1, 0, content.length + 2, ...content];
}

function dropExtra(out: Output, code: number, content: Uint8Array): void {
  if (code === APP0 && standsAt(content, 0, "JFIF\0")) {
    out.put(JFIF);
    out.drop("preview", content.length - 14);
  } else if (code === APP14 && standsAt(content, 0, "Adobe") && content.length >= 12) {
    out.put([...ADOBE, content[11] as number]);
    out.drop("unknown", content.length - 12);
  } else if (code === 0xe1 && standsAt(content, 0, EXIF) && isMinimal(content.subarray(EXIF.length))) {
    return;
  } else {
    const known = MARKS.find(([marker, mark]) => marker === code && standsAt(content, 0, mark));
    out.drop(code === COM ? "text" : known?.[2] ?? "unknown", content.length);
  }
}
