/**
 * A PNG without hidden data (PNG third edition, W3C 2025).
 *
 * Chunks that say how the picture looks are taken over whole, with their checksums; all else is dropped,
 * and what follows the end of the picture too. Time grows with the length.
 */

import { Output, standsAt, type Cleaned } from "./cleaned";
import { need } from "./errors";
import { MINIMAL_SIZE, isMinimal, minimalExif, orientationIn } from "./orientation";
import type { Part } from "./report";

const SIGNATURE = "\x89PNG\r\n\x1a\n";
/** Length, type and checksum: what a chunk takes besides its content. */
const FRAME = 12;

/** Chunks that are kept, each with the lengths that it may have. */
const KEPT: Readonly<Record<string, (length: number) => boolean>> = {
  IHDR: (length) => length === 13,
  PLTE: (length) => length % 3 === 0 && length <= 768,
  IDAT: () => true,
  IEND: (length) => length === 0,
  tRNS: (length) => length <= 256,
  gAMA: (length) => length === 4,
  cHRM: (length) => length === 32,
  sRGB: (length) => length === 1,
  sBIT: (length) => length <= 4,
  bKGD: (length) => length <= 6,
  cICP: (length) => length === 4,
  acTL: (length) => length === 8,
  fcTL: (length) => length === 26,
  fdAT: (length) => length >= 4,
};
/** Those that a decoder reads more than once; of any other it would not see the second. */
const SEVERAL: ReadonlySet<string> = new Set(["IDAT", "fcTL", "fdAT"]);
/** Without the chunk that announces an animation, decoders skip its frames. */
const FRAMES: ReadonlySet<string> = new Set(["fcTL", "fdAT"]);

const PARTS: Readonly<Record<string, Part>> = {
  eXIf: "camera-data", tEXt: "text", zTXt: "text", iTXt: "text", tIME: "text", iCCP: "profile",
};
/** A picture of 64 MiB has some ten thousand; more are only there to keep us busy. */
const MOST_CHUNKS = 200_000;
/** Points per metre: dropped, but it tells nothing. */
const DENSITY = "pHYs";
const XMP = "XML:com.adobe.xmp\0";

export function cleanPng(untrusted: Uint8Array): Cleaned {
  const out = new Output(untrusted);
  const view = new DataView(untrusted.buffer, untrusted.byteOffset, untrusted.byteLength);
  need(standsAt(untrusted, 0, SIGNATURE));
  out.copy(0, SIGNATURE.length);
  let at = SIGNATURE.length;
  let previous = "";
  let count = 0;
  let pictures = 0;
  let oriented = false;
  const seen = new Set<string>();
  while (previous !== "IEND") {
    count += 1;
    need(count <= MOST_CHUNKS && at + FRAME <= untrusted.length);
    const length = view.getUint32(at);
    const end = at + FRAME + length;
    need(end <= untrusted.length);
    const type = String.fromCharCode(...untrusted.subarray(at + 4, at + 8));
    need(/^[A-Za-z]{4}$/.test(type) && (previous === "") === (type === "IHDR"));
    const content = untrusted.subarray(at + 8, end - 4);
    if (Object.hasOwn(KEPT, type)) {
      need(KEPT[type]?.(length) === true && (SEVERAL.has(type) || !seen.has(type)));
      need(!FRAMES.has(type) || seen.has("acTL"));
      out.copy(at, end);
    } else {
      // Without a chunk that a decoder must understand, it would be another picture.
      need(/^[a-z]/.test(type));
      const orientation: number = type === "eXIf" && previous !== "IDAT" && !oriented ? orientationIn(content) : 1;
      if (orientation !== 1) out.put(exifChunk(orientation));
      oriented ||= orientation !== 1;
      const harmless = type === DENSITY || (type === "eXIf" && isMinimal(content));
      if (!harmless) out.drop(partOf(type, content), FRAME + length);
    }
    if (type === "IDAT") pictures += 1;
    seen.add(type);
    previous = type;
    at = end;
  }
  need(pictures > 0);
  out.drop("after-end", untrusted.length - at);
  return out.done();
}

function partOf(type: string, content: Uint8Array): Part {
  if (type === "iTXt" && standsAt(content, 0, XMP)) return "edit-notes";
  return Object.hasOwn(PARTS, type) ? PARTS[type] as Part : "unknown";
}

function exifChunk(orientation: number): Uint8Array {
  const chunk = new Uint8Array(FRAME + MINIMAL_SIZE);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, MINIMAL_SIZE);
  chunk.set([0x65, 0x58, 0x49, 0x66], 4);
  chunk.set(minimalExif(orientation), 8);
  view.setUint32(8 + MINIMAL_SIZE, crc32(chunk.subarray(4, 8 + MINIMAL_SIZE)));
  return chunk;
}

/** The checksum of PNG's annex D, bit by bit: it is only ever taken of 30 bytes. */
export function crc32(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
