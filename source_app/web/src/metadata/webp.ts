/**
 * A WebP without hidden data (RFC 9649).
 *
 * Chunks with picture data are copied; the header's flags, sizes and padding are written anew; all else is
 * dropped, in the frames of an animation too. Time grows with the length.
 */

import { Output, standsAt, type Cleaned } from "./cleaned";
import { need } from "./errors";
import { isMinimal, minimalExif, orientationIn } from "./orientation";
import type { Part } from "./report";

const HEADER = 8;
const EXIF_FLAG = 0x08;
const ALPHA_FLAG = 0x10;
const ANIMATION_FLAG = 0x02;
const FRAME_HEADER = 16;

const PARTS: Readonly<Record<string, Part>> = { "EXIF": "camera-data", "XMP ": "edit-notes", "ICCP": "profile" };

interface Chunk {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  /** Where the next one begins: a chunk of odd length is followed by a byte of padding. */
  readonly next: number;
}

export function cleanWebp(untrusted: Uint8Array): Cleaned {
  need(standsAt(untrusted, 0, "RIFF") && standsAt(untrusted, 8, "WEBP"));
  const whole = chunkAt(untrusted, 0, untrusted.length);
  const out = new Output(untrusted);
  out.copy(0, 12);
  let header: { readonly flagsAt: number; readonly flags: number } | undefined;
  let orientation = 1;
  const counts = new Map<string, number>();
  for (let at = 12; at < whole.end;) {
    const chunk = chunkAt(untrusted, at, whole.end);
    const content = untrusted.subarray(chunk.start, chunk.end);
    counts.set(chunk.type, (counts.get(chunk.type) ?? 0) + 1);
    if (chunk.type === "VP8X") {
      need(at === 12 && content.length === 10);
      header = { flagsAt: out.position + HEADER, flags: (content[0] as number) & (ALPHA_FLAG | ANIMATION_FLAG) };
      // Flags and reserved bits; then the size of the canvas.
      put(out, "VP8X", [header.flags, 0, 0, 0, ...content.subarray(4)]);
    } else if (isPicture(chunk.type)) {
      need(header !== undefined || (at === 12 && chunk.type !== "ALPH"));
      put(out, chunk.type, content);
    } else if (chunk.type === "ANIM") {
      need(header !== undefined && content.length === 6);
      put(out, "ANIM", content);
    } else if (chunk.type === "ANMF") {
      need(header !== undefined);
      putFrame(out, untrusted, chunk);
    } else {
      const tiff = chunk.type === "EXIF" ? withoutMark(content) : new Uint8Array();
      if (orientation === 1) orientation = orientationIn(tiff);
      const part = Object.hasOwn(PARTS, chunk.type) ? PARTS[chunk.type] as Part : "unknown";
      if (chunk.type !== "EXIF" || !isMinimal(content)) out.drop(part, HEADER + content.length);
    }
    at = chunk.next;
  }
  needOnePicture(counts, ((header?.flags ?? 0) & ANIMATION_FLAG) !== 0);
  if (header !== undefined && orientation !== 1) {
    put(out, "EXIF", minimalExif(orientation));
    out.patch32(header.flagsAt, header.flags | EXIF_FLAG);
  }
  out.patch32(4, out.position - HEADER);
  out.drop("after-end", untrusted.length - Math.min(whole.next, untrusted.length));
  return out.done();
}

function chunkAt(data: Uint8Array, at: number, limit: number): Chunk {
  need(at + HEADER <= limit);
  const size = new DataView(data.buffer, data.byteOffset).getUint32(at + 4, true);
  const end = at + HEADER + size;
  need(end <= limit);
  return { type: String.fromCharCode(...data.subarray(at, at + 4)), start: at + HEADER, end, next: end + (size % 2) };
}

function isPicture(type: string): boolean {
  return type === "VP8 " || type === "VP8L" || type === "ALPH";
}

/** Decoders show one picture, or the frames of an animation, and skip what else there is of either. */
function needOnePicture(counts: ReadonlyMap<string, number>, animated: boolean): void {
  const count = (type: string) => counts.get(type) ?? 0;
  const pictures = count("VP8 ") + count("VP8L");
  if (animated) need(pictures + count("ALPH") === 0 && count("ANIM") === 1 && count("ANMF") > 0);
  else need(pictures === 1 && count("ALPH") <= 1 && count("ANIM") + count("ANMF") === 0);
}

function put(out: Output, type: string, content: Uint8Array | readonly number[]): void {
  const size = content.length;
  out.put([...type].map((character) => character.charCodeAt(0)));
  out.put([size & 0xff, (size >>> 8) & 0xff, (size >>> 16) & 0xff, size >>> 24]);
  out.put(content);
  if (size % 2 === 1) out.put([0]);
}

/** A frame of an animation: its place and time, then chunks of its own. */
function putFrame(out: Output, data: Uint8Array, frame: Chunk): void {
  need(frame.end - frame.start >= FRAME_HEADER);
  const sizeAt = out.position + 4;
  put(out, "ANMF", data.subarray(frame.start, frame.start + FRAME_HEADER));
  const counts = new Map<string, number>();
  for (let at = frame.start + FRAME_HEADER; at < frame.end;) {
    const chunk = chunkAt(data, at, frame.end);
    counts.set(chunk.type, (counts.get(chunk.type) ?? 0) + 1);
    if (isPicture(chunk.type)) put(out, chunk.type, data.subarray(chunk.start, chunk.end));
    else out.drop("unknown", HEADER + chunk.end - chunk.start);
    at = chunk.next;
  }
  needOnePicture(counts, false);
  out.patch32(sizeAt, out.position - sizeAt - 4);
}

/** Some cameras begin the block as in a JPEG. */
function withoutMark(content: Uint8Array): Uint8Array {
  return content.subarray(standsAt(content, 0, "Exif\0\0") ? 6 : 0);
}
