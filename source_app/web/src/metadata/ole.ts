/**
 * What an old Office document (doc, xls, ppt) tells in its property sets ([MS-OLEPS], [MS-CFB]).
 *
 * The sets are looked for by their marks, without following the chains of sectors: they are short and nearly
 * always in one piece. What is not is cut short.
 */

import { finding } from "./names";
import type { Finding } from "./report";

const SUMMARY = "e0859ff2f94f6810ab9108002b27b3d9";
const DOCUMENT_SUMMARY = "02d5cdd59c2e1b10939708002b2cf9ae";
/** Property ids of each set, as the names that fields have elsewhere. */
const SETS: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  [SUMMARY]: {
    2: "Title", 3: "Subject", 4: "Author", 5: "Keywords", 6: "Comments", 7: "Template", 8: "LastAuthor",
    11: "LastPrinted", 12: "Created", 13: "LastSaved", 18: "Application",
  },
  [DOCUMENT_SUMMARY]: { 14: "Manager", 15: "Company" },
};
/** Where the format id stands in a stream of property sets, and the sectors on which such a stream begins. */
const FORMAT_AT = 28;
const SECTOR = 64;
const MOST_PROPERTIES = 64;

const CODE_PAGE = 1;
const TEXT = 30;
const WIDE_TEXT = 31;
const FILE_TIME = 64;
/** Seconds from 1601 to 1970. */
const EPOCH = 11_644_473_600;

export function oleFindings(untrusted: Uint8Array): Finding[] {
  const found: Finding[] = [];
  for (let at = 0; at + 48 <= untrusted.length; at += SECTOR) {
    if (untrusted[at] !== 0xfe || untrusted[at + 1] !== 0xff) continue;
    const format = untrusted.subarray(at + FORMAT_AT, at + FORMAT_AT + 16);
    const names = SETS[Array.from(format, (byte) => byte.toString(16).padStart(2, "0")).join("")];
    if (names === undefined) continue;
    try {
      found.push(...properties(untrusted.subarray(at), names));
    } catch (error) {
      // A position beyond the end.
      if (!(error instanceof RangeError)) throw error;
    }
  }
  return found;
}

function* properties(stream: Uint8Array, names: Readonly<Record<number, string>>): Generator<Finding> {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  const set = view.getUint32(44, true);
  const count = Math.min(view.getUint32(set + 4, true), MOST_PROPERTIES);
  let encoding = "windows-1252";
  for (let i = 0; i < count; i += 1) {
    const id = view.getUint32(set + 8 + 8 * i, true);
    const at = set + view.getUint32(set + 12 + 8 * i, true);
    if (id === CODE_PAGE && view.getUint16(at + 4, true) === 65001) encoding = "utf-8";
    const name = names[id];
    const found = name === undefined ? undefined : finding(name, valueAt(view, at, encoding));
    if (found !== undefined) yield found;
  }
}

function valueAt(view: DataView, at: number, encoding: string): string {
  const type = view.getUint16(at, true);
  if (type === FILE_TIME) return timeText(view.getUint32(at + 4, true), view.getUint32(at + 8, true));
  if (type !== TEXT && type !== WIDE_TEXT) return "";
  const size = view.getUint32(at + 4, true) * (type === WIDE_TEXT ? 2 : 1);
  const bytes = new Uint8Array(view.buffer, view.byteOffset + at + 8, Math.min(size, view.byteLength - at - 8));
  return new TextDecoder(type === WIDE_TEXT ? "utf-16le" : encoding).decode(bytes);
}

/** Tenths of microseconds since 1601; zero and times without a date (durations of editing) are none. */
function timeText(low: number, high: number): string {
  const seconds = (high * 2 ** 32 + low) / 1e7 - EPOCH;
  return seconds > 0 && seconds < 2 ** 33 ? `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z` : "";
}
