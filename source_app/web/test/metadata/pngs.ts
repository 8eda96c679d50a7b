/** PNGs made from nothing, still and animated, with everything that programs put beside the picture. */

import { deflateSync } from "node:zlib";

import { concat, own, utf8, type Bytes } from "../../src/crypto/bytes";
import { crc32 } from "../../src/metadata/png";
import { PLANTED, XMP, big32, colourProfile, exif } from "./exif";

export const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10);
const SIZE = 16;

export function chunk(type: string, ...content: readonly Uint8Array[]): Bytes {
  const body = concat(utf8(type), ...content);
  return concat(big32(body.length - 4), body, big32(crc32(body)));
}

const packed = (data: Uint8Array): Bytes => own(deflateSync(data));

function rows(seed: number): Bytes {
  return packed(Uint8Array.from({ length: SIZE * (1 + SIZE * 3) }, (_, i) => (i % (1 + SIZE * 3) === 0 ? 0 : (i * seed) & 255)));
}

const HEADER = chunk("IHDR", big32(SIZE), big32(SIZE), Uint8Array.of(8, 2, 0, 0, 0));
const END = chunk("IEND");

const frameControl = (number: number) =>
  chunk("fcTL", big32(number), big32(SIZE), big32(SIZE), big32(0), big32(0), Uint8Array.of(0, 1, 0, 10, 0, 0));

function body(animated: boolean): Bytes {
  const data = rows(7);
  const still = [chunk("IDAT", data.subarray(0, 50)), chunk("IDAT", data.subarray(50))];
  if (!animated) return concat(...still);
  return concat(
    chunk("acTL", big32(2), big32(0)), frameControl(0), ...still, frameControl(1), chunk("fdAT", big32(2), rows(13)),
  );
}

const COLOURS = concat(chunk("gAMA", big32(45455)), chunk("sBIT", Uint8Array.of(8, 8, 8)));

export function barePng(animated = false): Bytes {
  return concat(SIGNATURE, HEADER, COLOURS, body(animated), END);
}

export function png(animated = false, orientation = 1): Bytes {
  return concat(
    SIGNATURE, HEADER,
    chunk("iCCP", utf8("p\0\0"), packed(colourProfile())),
    COLOURS,
    chunk("pHYs", big32(2835), big32(2835), Uint8Array.of(1)),
    chunk("eXIf", exif(orientation)),
    chunk("tEXt", utf8(`Author\0${PLANTED} Siti`)),
    chunk("zTXt", utf8("Comment\0\0"), packed(utf8(`${PLANTED} comment`))),
    chunk("iTXt", utf8("XML:com.adobe.xmp\0\0\0\0\0"), utf8(XMP)),
    chunk("tIME", Uint8Array.of(0x07, 0xea, 11, 1, 14, 3, 22)),
    chunk("prVt", utf8(PLANTED)),
    body(animated),
    chunk("tEXt", utf8(`Software\0${PLANTED} editor`)),
    END,
    // What a cropping tool forgot to cut off.
    utf8(PLANTED), new Uint8Array(3000).fill(9),
  );
}
