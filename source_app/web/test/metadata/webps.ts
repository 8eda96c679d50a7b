/** WebPs made from nothing: lossless pictures in stripes, plain, extended and animated. */

import { concat, utf8, type Bytes } from "../../src/crypto/bytes";
import { PLANTED, XMP, colourProfile, exif } from "./exif";

const SIZE = 16;

const little = (value: number, width: number) => Uint8Array.from({ length: width }, (_, i) => (value >>> (8 * i)) & 255);

export function chunk(type: string, ...content: readonly Uint8Array[]): Bytes {
  const whole = concat(...content);
  return concat(utf8(type), little(whole.length, 4), whole, new Uint8Array(whole.length % 2));
}

export function riff(...chunks: readonly Uint8Array[]): Bytes {
  const whole = concat(...chunks);
  return concat(utf8("RIFF"), little(whole.length + 4, 4), utf8("WEBP"), whole);
}

/** A lossless picture (RFC 9649, section 3): two greens, one bit a point, and fixed red, blue and alpha. */
function stripes(red: number): Bytes {
  let bits = "";
  const put = (value: number, width: number) => {
    for (let i = 0; i < width; i += 1) bits += (value >> i) & 1;
  };
  put(0x2f, 8);
  put(SIZE - 1, 14);
  put(SIZE - 1, 14);
  put(0, 1 + 3 + 1 + 1 + 1); // no alpha, version 0, no transform, no cache, one group of codes
  put(1, 1); // green: a simple code,
  put(1, 1); // of two symbols,
  put(1, 1); // the first in eight bits
  put(40, 8);
  put(200, 8);
  for (const only of [red, 90, 255, 0]) {
    put(1, 1);
    put(0, 1);
    put(1, 1);
    put(only, 8);
  }
  for (let point = 0; point < SIZE * SIZE; point += 1) put((point >> 1) & 1, 1);
  const bytes = (bits.match(/.{1,8}/g) ?? []).map((byte) => Number.parseInt([...byte].reverse().join(""), 2));
  return Uint8Array.from(bytes);
}

const header = (flags: number) => chunk("VP8X", Uint8Array.of(flags, 0, 0, 0), little(SIZE - 1, 3), little(SIZE - 1, 3));

function frame(red: number, ...extra: readonly Uint8Array[]): Bytes {
  const place = concat(little(0, 6), little(SIZE - 1, 3), little(SIZE - 1, 3), little(100, 3), Uint8Array.of(0));
  return chunk("ANMF", place, chunk("VP8L", stripes(red)), ...extra);
}

const ANIMATION = chunk("ANIM", Uint8Array.of(0, 0, 0, 0, 0, 0));

export function bareWebp(animated = false): Bytes {
  if (animated) return riff(header(0x02), ANIMATION, frame(10), frame(250));
  return riff(header(0), chunk("VP8L", stripes(10)));
}

export function plainWebp(): Bytes {
  return riff(chunk("VP8L", stripes(10)));
}

export function webp(animated = false, orientation = 1): Bytes {
  const hidden = chunk("odd ", utf8(`${PLANTED}!`));
  const pictures = animated ? [ANIMATION, frame(10, hidden), frame(250)] : [chunk("VP8L", stripes(10))];
  return concat(
    riff(
      header(0x2c | (animated ? 0x02 : 0)),
      chunk("ICCP", colourProfile()),
      ...pictures,
      hidden,
      chunk("EXIF", exif(orientation)),
      chunk("XMP ", utf8(XMP)),
    ),
    utf8(PLANTED), new Uint8Array(1000).fill(5),
  );
}
