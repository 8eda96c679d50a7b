/** The one thing of an Exif block that belongs to the picture: which side is up (Exif 2.32, tag 0x0112). */

import type { Bytes } from "../crypto/bytes";

const TAG = 0x0112;
const SHORT = 3;
const ENTRY_SIZE = 12;

/** 1 (upright) to 8, from a TIFF block; 1 when it is not told or the block is damaged. */
export function orientationIn(untrusted_tiff: Uint8Array): number {
  const view = new DataView(untrusted_tiff.buffer, untrusted_tiff.byteOffset, untrusted_tiff.byteLength);
  if (view.byteLength < 8) return 1;
  const order = view.getUint16(0);
  const little = order === 0x4949;
  if (!little && order !== 0x4d4d) return 1;
  if (view.getUint16(2, little) !== 42) return 1;
  const directory = view.getUint32(4, little);
  if (directory + 2 > view.byteLength) return 1;
  const count = view.getUint16(directory, little);
  for (let i = 0; i < count; i += 1) {
    const entry = directory + 2 + i * ENTRY_SIZE;
    if (entry + ENTRY_SIZE > view.byteLength) return 1;
    if (view.getUint16(entry, little) !== TAG) continue;
    const value = view.getUint16(entry + 8, little);
    const sound = view.getUint16(entry + 2, little) === SHORT && view.getUint32(entry + 4, little) === 1;
    return sound && value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

export const MINIMAL_SIZE = 26;

/** A TIFF block that holds the orientation and nothing else. */
export function minimalExif(orientation: number): Bytes {
  const view = new DataView(new ArrayBuffer(MINIMAL_SIZE));
  view.setUint32(0, 0x4d4d002a);
  view.setUint32(4, 8);
  view.setUint16(8, 1);
  view.setUint16(10, TAG);
  view.setUint16(12, SHORT);
  view.setUint32(14, 1);
  view.setUint16(18, orientation);
  return new Uint8Array(view.buffer);
}

/** Whether a block says nothing but what `minimalExif` would say. */
export function isMinimal(untrusted_tiff: Uint8Array): boolean {
  const orientation = orientationIn(untrusted_tiff);
  const minimal = minimalExif(orientation);
  return orientation !== 1 && untrusted_tiff.length === MINIMAL_SIZE && untrusted_tiff.every((byte, i) => byte === minimal[i]);
}
