/**
 * JPEGs made from nothing: a mosaic of squares of one colour each, so that a block is one number.
 *
 * They are whole pictures that any decoder shows: baseline, progressive, and with four inks as printers want them.
 */

import { concat, utf8, type Bytes } from "../../src/crypto/bytes";
import { PLANTED, XMP, colourProfile, exif } from "./exif";

export type Coding = "baseline" | "progressive" | "cmyk";

const SQUARES = 4;

export function segment(code: number, ...content: readonly Uint8Array[]): Bytes {
  const whole = concat(...content);
  return concat(Uint8Array.of(0xff, code, (whole.length + 2) >> 8, (whole.length + 2) & 255), whole);
}

/** Twelve sizes of differences in codes of four bits; and one code of one bit for the end of a block. */
const TABLES = concat(
  segment(0xdb, Uint8Array.of(0), new Uint8Array(64).fill(1)),
  segment(0xc4, Uint8Array.of(0x00, 0, 0, 0, 12, ...new Array<number>(12).fill(0), 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)),
  segment(0xc4, Uint8Array.of(0x10, 1, ...new Array<number>(15).fill(0), 0)),
);

class Bits {
  private bits = "";

  put(value: number, width: number): void {
    if (width > 0) this.bits += value.toString(2).padStart(width, "0");
  }

  /** Filled up with ones; a zero byte after each byte 0xff. */
  done(): Bytes {
    const filled = this.bits.padEnd(Math.ceil(this.bits.length / 8) * 8, "1");
    const bytes = (filled.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2));
    return Uint8Array.from(bytes.flatMap((byte) => (byte === 0xff ? [byte, 0] : [byte])));
  }
}

function putDifference(bits: Bits, difference: number): void {
  const size = difference === 0 ? 0 : Math.floor(Math.log2(Math.abs(difference))) + 1;
  bits.put(size, 4);
  bits.put(difference < 0 ? difference + 2 ** size - 1 : difference, size);
}

/** The brightness of a square, as a coefficient: each square and each component differs. */
function level(block: number, component: number): number {
  return ((block * 97 + component * 331) % 1600) - 800;
}

function scan(components: number, withEnds: boolean): Bytes {
  const bits = new Bits();
  const last = new Array<number>(components).fill(0);
  for (let block = 0; block < SQUARES * SQUARES; block += 1) {
    for (let component = 0; component < components; component += 1) {
      putDifference(bits, level(block, component) - (last[component] as number));
      last[component] = level(block, component);
      if (withEnds) bits.put(0, 1);
    }
  }
  return bits.done();
}

function ends(): Bytes {
  const bits = new Bits();
  for (let block = 0; block < SQUARES * SQUARES; block += 1) bits.put(0, 1);
  return bits.done();
}

function startOfScan(components: readonly number[], from: number, to: number): Bytes {
  return segment(0xda, Uint8Array.of(components.length, ...components.flatMap((id) => [id, 0]), from, to, 0));
}

/** The tables, the frame and the scans: what must come out of cleaning as it went in. */
export function picture(coding: Coding): Bytes {
  const count = coding === "cmyk" ? 4 : coding === "baseline" ? 3 : 1;
  const ids = [1, 2, 3, 4].slice(0, count);
  const size = SQUARES * 8;
  const frame = Uint8Array.of(8, 0, size, 0, size, count, ...ids.flatMap((id) => [id, 0x11, 0]));
  if (coding !== "progressive") return concat(TABLES, segment(0xc0, frame), startOfScan(ids, 0, 63), scan(count, true));
  return concat(
    TABLES, segment(0xc2, frame), startOfScan([1], 0, 0), scan(1, false), TABLES, startOfScan([1], 1, 63), ends(),
  );
}

export const ADOBE = segment(0xee, utf8("Adobe"), Uint8Array.of(0, 100, 0, 0, 0, 0, 0));
export const JFIF = segment(0xe0, utf8("JFIF\0"), Uint8Array.of(1, 1, 0, 0, 1, 0, 1, 0, 0));

/** Everything that phones, editors and agencies put into a JPEG, around and behind the picture. */
export function jpeg(coding: Coding = "baseline", orientation = 1): Bytes {
  const iptc = concat(
    utf8("Photoshop 3.0\x008BIM"), Uint8Array.of(4, 4, 0, 0, 0, 0, 0, 0x15, 0x1c, 2, 80, 0, 0x10), utf8(`${PLANTED} Reporter`),
    new Uint8Array(1),
  );
  const video = concat(utf8("\0\0\0\x18ftypmp42"), utf8(PLANTED), new Uint8Array(5000).fill(7));
  return concat(
    Uint8Array.of(0xff, 0xd8),
    segment(0xe0, utf8("JFIF\0"), Uint8Array.of(1, 1, 1, 0, 72, 0, 72, 1, 1), utf8("abc")),
    segment(0xe1, utf8("Exif\0\0"), exif(orientation)),
    segment(0xe1, utf8("http://ns.adobe.com/xap/1.0/\0"), utf8(XMP)),
    // Without its shape it would name colours: browsers ignore this one, as they must a damaged one.
    segment(0xe2, utf8("ICC_PROFILE\0"), Uint8Array.of(1, 1), colourProfile()),
    segment(0xe2, utf8("MPF\0"), utf8(PLANTED)),
    segment(0xed, iptc),
    segment(0xe5, utf8(`${PLANTED} of somebody`)),
    segment(0xfe, utf8(`${PLANTED} comment`)),
    ...(coding === "cmyk" ? [ADOBE] : []),
    picture(coding),
    Uint8Array.of(0xff, 0xd9),
    // A second picture (MPF), then a short film (motion photo).
    Uint8Array.of(0xff, 0xd8), segment(0xfe, utf8(PLANTED)), picture("baseline"), Uint8Array.of(0xff, 0xd9), video,
  );
}

/** The same picture with nothing to hide. */
export function bareJpeg(coding: Coding = "baseline"): Bytes {
  const adobe = coding === "cmyk" ? [ADOBE] : [];
  return concat(Uint8Array.of(0xff, 0xd8), JFIF, ...adobe, picture(coding), Uint8Array.of(0xff, 0xd9));
}
