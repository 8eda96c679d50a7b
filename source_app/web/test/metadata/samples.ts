/** The sample pictures by file name, for the tests in real browsers. */

import type { Bytes } from "../../src/crypto/bytes";
import { remove } from "../../src/metadata/look";
import { bareJpeg, jpeg } from "./jpegs";
import { barePng, png } from "./pngs";
import { bareWebp, webp } from "./webps";

/** Pictures with everything hidden in them that there is. */
export const SAMPLES: Readonly<Record<string, Bytes>> = {
  "IMG_20261101_140322.jpg": jpeg("baseline"),
  "on-its-side.jpg": jpeg("baseline", 6),
  "progressive.jpg": jpeg("progressive"),
  "four-inks.jpg": jpeg("cmyk"),
  "screenshot.png": png(),
  "animated.png": png(true),
  "still.webp": webp(),
  "animated.webp": webp(true),
};

/** Pictures that the page cannot or need not clean. */
export const OTHERS: Readonly<Record<string, Bytes>> = {
  "clean.jpg": bareJpeg(),
  "clean.png": barePng(),
  "clean.webp": bareWebp(),
  "damaged.jpg": jpeg("baseline").subarray(0, 1500),
};

/** What the page makes of one. */
export async function cleaned(name: string): Promise<Bytes> {
  return (await remove(SAMPLES[name] as Bytes)).bytes;
}
