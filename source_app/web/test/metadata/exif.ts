/** A TIFF block as phones write it: where, when, with what and by whom, with a preview picture. */

import { concat, utf8, type Bytes } from "../../src/crypto/bytes";

/** In every planted text, so that a search for it finds whatever was left. */
export const PLANTED = "PLANTED";

export const POSITION = "-6.91744, 107.61912";

type Entry = readonly [tag: number, type: number, values: Bytes | readonly number[] | string];

const WIDTHS: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1 };
const [BYTE, TEXT, SHORT, LONG, RATIONAL, RAW] = [1, 2, 3, 4, 5, 7] as const;

/** Numbers in little-endian order; a rational is two of them. */
function content(type: number, values: Entry[2]): Bytes {
  if (typeof values === "string") return utf8(`${values}\0`);
  if (values instanceof Uint8Array) return values;
  const size = type === RATIONAL ? 4 : WIDTHS[type] as number;
  const view = new DataView(new ArrayBuffer(values.length * size));
  values.forEach((value, i) => {
    if (size === 1) view.setUint8(i, value);
    else if (size === 2) view.setUint16(2 * i, value, true);
    else view.setUint32(4 * i, value, true);
  });
  return new Uint8Array(view.buffer);
}

/** A directory that begins at `at`, with its longer values behind it, and the offset of the one that follows. */
function directory(at: number, entries: readonly Entry[], next = 0): Bytes {
  const sorted = [...entries].sort(([a], [b]) => a - b);
  const head = new DataView(new ArrayBuffer(2 + 12 * sorted.length + 4));
  head.setUint16(0, sorted.length, true);
  const behind: Bytes[] = [];
  let end = at + head.byteLength;
  sorted.forEach(([tag, type, values], i) => {
    const bytes = content(type, values);
    const place = 2 + 12 * i;
    head.setUint16(place, tag, true);
    head.setUint16(place + 2, type, true);
    head.setUint32(place + 4, bytes.length / (WIDTHS[type] as number), true);
    if (bytes.length <= 4) {
      bytes.forEach((byte, j) => head.setUint8(place + 8 + j, byte));
      return;
    }
    head.setUint32(place + 8, end, true);
    const even = concat(bytes, new Uint8Array(bytes.length % 2));
    behind.push(even);
    end += even.length;
  });
  head.setUint32(2 + 12 * sorted.length, next, true);
  return concat(new Uint8Array(head.buffer), ...behind);
}

const PREVIEW = utf8(`\u00ff${PLANTED} preview`);

const CAMERA: readonly Entry[] = [
  [0x9003, TEXT, "2026:11:01 14:03:22"],
  [0x9010, TEXT, "+07:00"],
  [0xa431, TEXT, `${PLANTED}-SERIAL-7`],
  [0xa434, TEXT, `${PLANTED} lens 5.54mm`],
  [0x829a, RATIONAL, [1, 50]],
  [0x9286, RAW, concat(utf8("ASCII\0\0\0"), utf8(`${PLANTED} user comment`))],
  [0x927c, RAW, utf8(`${PLANTED} maker note ${"n".repeat(200)}`)],
];

const GPS: readonly Entry[] = [
  [0, BYTE, [2, 3, 0, 0]],
  [1, TEXT, "S"],
  [2, RATIONAL, [6, 1, 55, 1, 2784, 1000]],
  [3, TEXT, "E"],
  [4, RATIONAL, [107, 1, 37, 1, 8832, 1000]],
  [5, BYTE, [0]],
  [6, RATIONAL, [702, 1]],
  [29, TEXT, "2026:11:01"],
];

function first(orientation: number, camera: number, gps: number): readonly Entry[] {
  return [
    [0x010e, TEXT, `${PLANTED} description`],
    [0x010f, TEXT, "samsung"],
    [0x0110, TEXT, `SM-A546E ${PLANTED}`],
    [0x0112, SHORT, [orientation]],
    [0x0131, TEXT, `${PLANTED} firmware`],
    [0x0132, TEXT, "2026:11:02 08:00:00"],
    [0x013b, TEXT, `${PLANTED} Siti`],
    [0x8298, TEXT, `${PLANTED} copyright`],
    [0x8769, LONG, [camera]],
    [0x8825, LONG, [gps]],
  ];
}

/** The whole block; `orientation` as in Exif, 1 to 8. */
export function exif(orientation = 1): Bytes {
  const header = Uint8Array.of(0x49, 0x49, 42, 0, 8, 0, 0, 0);
  const camera = 8 + directory(8, first(orientation, 0, 0)).length;
  const cameraBytes = directory(camera, CAMERA);
  const gps = camera + cameraBytes.length;
  const gpsBytes = directory(gps, GPS);
  const second = gps + gpsBytes.length;
  const preview = second + directory(second, previewEntries(0)).length;
  return concat(
    header, directory(8, first(orientation, camera, gps), second), cameraBytes, gpsBytes,
    directory(second, previewEntries(preview)), PREVIEW,
  );
}

function previewEntries(at: number): readonly Entry[] {
  return [[0x0103, SHORT, [6]], [0x0201, LONG, [at]], [0x0202, LONG, [PREVIEW.length]]];
}

export const XMP = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description xmp:CreatorTool="${PLANTED} editor"
 xmp:CreateDate="2026-11-01T14:03:22+07:00"><dc:creator><rdf:Seq><rdf:li>${PLANTED} Budi &amp; Siti</rdf:li></rdf:Seq></dc:creator>
<photoshop:City>${PLANTED} Bandung</photoshop:City></rdf:Description></rdf:RDF></x:xmpmeta>`;

/** A colour profile with as much in it as its reader needs: a header, and one description. */
export function colourProfile(): Bytes {
  const text = utf8(`${PLANTED} display\0`);
  const description = concat(utf8("desc"), new Uint8Array(4), big32(text.length), text, new Uint8Array(80));
  const table = concat(big32(1), utf8("desc"), big32(144), big32(description.length));
  const header = new Uint8Array(128);
  header.set(utf8("acsp"), 36);
  header.set(utf8("mntrRGB XYZ "), 12);
  const profile = concat(header, table, description);
  profile.set(big32(profile.length));
  return profile;
}

export function big32(value: number): Bytes {
  return Uint8Array.of(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
}
