/**
 * What a PDF tells in its information dictionary and its XMP packets (ISO 32000-2, 14.3).
 *
 * A search through the plain parts and the compressed object streams, not a parser: it finds what programs
 * usually write, in older versions of the document too, and no more. Encrypted documents tell nothing.
 */

import type { Bytes } from "../crypto/bytes";
import { inflated } from "./inflate";
import { finding } from "./names";
import type { Finding } from "./report";
import { xmpFindings } from "./xmp";

const FIELD = /\/(Author|Creator|Producer|Title|Subject|Keywords|CreationDate|ModDate|Company|Manager|LastSaved)\s{0,8}([(<])/g;
/** In the information dictionary the creator is a program; everywhere else it is a person. */
const NAMES: Readonly<Record<string, string>> = { Creator: "CreatorTool" };
const LONGEST_VALUE = 1000;
/** How far before its stream a dictionary may begin. */
const DICTIONARY_SIZE = 400;
const MOST_STREAMS = 64;
const LARGEST_STREAM = 2 ** 20;

export async function pdfFindings(untrusted: Bytes): Promise<Finding[]> {
  const text = latin1(untrusted);
  if (text.includes("/Encrypt")) return [];
  const found = [...fields(text, untrusted), ...xmpFindings(untrusted)];
  for (const part of streams(text, untrusted)) {
    const plain = await inflated(part, LARGEST_STREAM);
    found.push(...fields(latin1(plain), plain), ...xmpFindings(plain));
  }
  return found;
}

/** One character a byte, for searching: the decoder takes windows-1252 for Latin-1, so not each has its byte's number. */
function latin1(data: Uint8Array): string {
  return new TextDecoder("latin1").decode(data);
}

/** The compressed streams that may hold document information: object streams and metadata. */
function* streams(text: string, data: Bytes): Generator<Bytes> {
  let count = 0;
  for (let at = text.indexOf("stream"); at >= 0 && count < MOST_STREAMS; at = text.indexOf("stream", at + 6)) {
    const before = text.slice(Math.max(0, at - DICTIONARY_SIZE), at);
    const dictionary = before.slice(before.lastIndexOf(" obj") + 1);
    if (!/\/ObjStm|\/Metadata/.test(dictionary) || !dictionary.includes("/FlateDecode")) continue;
    const start = at + 6 + (/^\r?\n/.exec(text.slice(at + 6, at + 8))?.[0].length ?? 0);
    const end = text.indexOf("endstream", start);
    if (end < 0) return;
    count += 1;
    yield data.subarray(start, end);
    at = end + 3;
  }
}

function* fields(text: string, data: Uint8Array): Generator<Finding> {
  for (const { 1: name = "", 2: kind, index, 0: whole } of text.matchAll(FIELD)) {
    const start = index + whole.length;
    const raw = String.fromCharCode(...data.subarray(start, start + LONGEST_VALUE));
    const value = kind === "(" ? literal(raw) : hexadecimal(raw);
    const found = finding(NAMES[name] ?? name, decoded(value));
    if (found !== undefined) yield found;
  }
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f", "\n": "", "\r": "" };

/** A string up to the bracket that closes it; brackets inside come in pairs or are escaped. */
function literal(raw: string): string {
  let value = "";
  let depth = 1;
  for (const [part] of raw.matchAll(/\\[0-7]{1,3}|\\[^]|[^]/g)) {
    if (part === "(") depth += 1;
    else if (part === ")") depth -= 1;
    if (depth === 0) break;
    const escaped = part.length > 1 ? part.slice(1) : undefined;
    if (escaped === undefined) value += part;
    else if (/^[0-7]/.test(escaped)) value += String.fromCharCode(Number.parseInt(escaped, 8) & 0xff);
    else value += ESCAPES[escaped] ?? escaped;
  }
  return value;
}

function hexadecimal(raw: string): string {
  const digits = raw.slice(0, Math.max(0, raw.indexOf(">"))).replace(/[^0-9a-fA-F]/g, "");
  return digits.replace(/..?/g, (pair) => String.fromCharCode(Number.parseInt(pair.padEnd(2, "0"), 16)));
}

/** Text strings are UTF-16 or UTF-8 with a mark, or near enough to Latin-1. */
function decoded(value: string): string {
  const bytes = Uint8Array.from(value, (character) => character.charCodeAt(0));
  if (value.startsWith("\xfe\xff")) return new TextDecoder("utf-16be").decode(bytes);
  if (value.startsWith("\xef\xbb\xbf")) return new TextDecoder().decode(bytes);
  return value;
}
