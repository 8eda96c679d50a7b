/** Cleaning: nothing planted is left, the picture's own bytes stay, and bad input is refused in one way. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { hex, utf8, type Bytes } from "../../src/crypto/bytes";
import { CannotClean } from "../../src/metadata/errors";
import { cleanJpeg } from "../../src/metadata/jpeg";
import { look, remove } from "../../src/metadata/look";
import { minimalExif } from "../../src/metadata/orientation";
import { cleanPng } from "../../src/metadata/png";
import { cleanWebp } from "../../src/metadata/webp";
import { PLANTED, POSITION } from "./exif";
import { bareJpeg, jpeg, picture, segment, type Coding } from "./jpegs";
import { barePng, chunk as pngChunk, png } from "./pngs";
import { bareWebp, chunk as webpChunk, plainWebp, riff, webp } from "./webps";

const holds = (data: Uint8Array, text: string) => hex(data).includes(hex(utf8(text)));

const CLEANERS = { jpeg: cleanJpeg, png: cleanPng, webp: cleanWebp } as const;

interface Sample {
  readonly clean: keyof typeof CLEANERS;
  readonly full: Bytes;
  readonly bare: Bytes;
}

const SAMPLES: Readonly<Record<string, Sample>> = {
  "baseline": { clean: "jpeg", full: jpeg("baseline"), bare: bareJpeg("baseline") },
  "progressive": { clean: "jpeg", full: jpeg("progressive"), bare: bareJpeg("progressive") },
  "cmyk": { clean: "jpeg", full: jpeg("cmyk"), bare: bareJpeg("cmyk") },
  "png": { clean: "png", full: png(), bare: barePng() },
  "apng": { clean: "png", full: png(true), bare: barePng(true) },
  "webp": { clean: "webp", full: webp(), bare: bareWebp() },
  "animated webp": { clean: "webp", full: webp(true), bare: bareWebp(true) },
};

for (const [name, { clean, full, bare }] of Object.entries(SAMPLES)) {
  test(`${name}: what comes out is the picture as it would be with nothing beside it`, () => {
    assert.ok(holds(full, PLANTED));
    const { bytes, dropped } = CLEANERS[clean](full);
    assert.equal(hex(bytes), hex(bare));
    assert.ok(dropped.has("camera-data") && dropped.has("edit-notes") && dropped.has("profile") && dropped.has("after-end"));
  });

  test(`${name}: a clean one stays as it is, and nothing is said to be dropped`, () => {
    const { bytes, dropped } = CLEANERS[clean](bare);
    assert.equal(hex(bytes), hex(bare));
    assert.equal(dropped.size, 0);
  });

  test(`${name}: what was hidden is told, and gone after removal`, async () => {
    const before = await look(full);
    assert.equal(before.removable, true);
    const told = (what: string) => before.findings.filter((finding) => finding.what === what).map(({ value }) => value);
    assert.deepEqual(told("position"), [POSITION]);
    assert.deepEqual(told("altitude"), ["702 m"]);
    assert.ok(told("made").includes("2026-11-01 14:03:22"));
    assert.ok(told("serial").includes(`${PLANTED}-SERIAL-7`));
    assert.ok(told("device").includes("samsung"));
    assert.ok(told("author").includes(`${PLANTED} Siti`) && told("author").includes(`${PLANTED} Budi & Siti`));
    assert.ok(told("place-name").includes(`${PLANTED} Bandung`));
    const { bytes, kind } = await remove(full);
    assert.deepEqual(await look(bytes), { kind, findings: [], removable: false });
  });
}

test("a plain WebP has nothing to remove", async () => {
  assert.deepEqual(await look(plainWebp()), { kind: "webp", findings: [], removable: false });
});

for (let orientation = 2; orientation <= 8; orientation += 1) {
  test(`which side is up survives: ${orientation}`, async () => {
    for (const full of [jpeg("baseline", orientation), png(false, orientation), webp(false, orientation)]) {
      const { bytes } = await remove(full);
      assert.ok(hex(bytes).includes(hex(minimalExif(orientation))));
      assert.ok(!holds(bytes, PLANTED));
      assert.equal(hex((await remove(bytes)).bytes), hex(bytes), "and once more changes nothing");
    }
  });
}

test("the compressed data of each JPEG is the same, byte for byte", () => {
  for (const coding of ["baseline", "progressive", "cmyk"] satisfies Coding[]) {
    assert.ok(hex(cleanJpeg(jpeg(coding)).bytes).includes(hex(picture(coding))));
  }
});

const soi = "ffd8";
/** A picture with more chunks behind its header, and behind its last chunk. */
const pngWith = (...chunks: readonly Uint8Array[]) => Buffer.concat([barePng().subarray(0, 33), ...chunks, barePng().subarray(33)]);
const withSecond = (whole: Uint8Array, ...chunks: readonly Uint8Array[]) => riff(whole.subarray(12), ...chunks);
const bad: Readonly<Record<string, readonly [keyof typeof CLEANERS, Uint8Array]>> = {
  "an empty file": ["jpeg", new Uint8Array()],
  "a JPEG of its first marker": ["jpeg", Buffer.from(soi, "hex")],
  "a JPEG without its end": ["jpeg", bareJpeg().subarray(0, -2)],
  "a JPEG without a picture": ["jpeg", Buffer.from(`${soi}ffd9`, "hex")],
  "a segment longer than the file": ["jpeg", Buffer.from(`${soi}ffdbffff00`, "hex")],
  "a segment shorter than its length": ["jpeg", Buffer.from(`${soi}ffdb0001`, "hex")],
  "a table with something behind it": [
    "jpeg", Buffer.concat([Buffer.from(soi, "hex"), segment(0xdb, new Uint8Array(65), utf8(PLANTED)), bareJpeg().subarray(2)]),
  ],
  "a frame with something behind it": ["jpeg", Buffer.from(hex(bareJpeg()).replace("ffc00011", "ffc00012"), "hex")],
  "two frames": ["jpeg", Buffer.concat([bareJpeg().subarray(0, -2), picture("baseline"), Buffer.from("ffd9", "hex")])],
  "a lossless JPEG": ["jpeg", Buffer.from(hex(bareJpeg()).replace("ffc00011", "ffc30011"), "hex")],
  "a PNG without its end": ["png", barePng().subarray(0, -12)],
  "a PNG that begins with another chunk": ["png", Buffer.concat([barePng().subarray(0, 8), pngChunk("CgBI"), barePng().subarray(8)])],
  "a PNG with an unknown chunk that matters": ["png", Buffer.from(hex(barePng()).replace(hex(utf8("sBIT")), hex(utf8("SBIT"))), "hex")],
  "a PNG chunk longer than the file": ["png", Buffer.from(hex(barePng()).replace("0000000d49484452", "7fffffff49484452"), "hex")],
  "a second table under one name": [
    "jpeg",
    Buffer.concat([Buffer.from(soi, "hex"), segment(0xdb, new Uint8Array(65), new Uint8Array(65)), bareJpeg().subarray(2)]),
  ],
  "a table that no decoder knows": [
    "jpeg", Buffer.concat([Buffer.from(soi, "hex"), segment(0xdb, Uint8Array.of(4), new Uint8Array(64)), bareJpeg().subarray(2)]),
  ],
  "arithmetic tables without end": [
    "jpeg", Buffer.concat([Buffer.from(soi, "hex"), segment(0xcc, utf8(PLANTED + PLANTED)), bareJpeg().subarray(2)]),
  ],
  "a PNG with a second palette": ["png", pngWith(pngChunk("PLTE", utf8("PLA")), pngChunk("PLTE", utf8("NT!")))],
  "frames in a PNG that is no animation": ["png", pngWith(pngChunk("fdAT", utf8(PLANTED)))],
  "a WebP with a second picture": ["webp", withSecond(bareWebp(), webpChunk("VP8 ", utf8(PLANTED)))],
  "a WebP with a second layer": ["webp", withSecond(bareWebp(), webpChunk("ALPH", utf8(PLANTED)), webpChunk("ALPH"))],
  "a picture beside an animation": ["webp", withSecond(bareWebp(true), webpChunk("VP8L", utf8(PLANTED)))],
  "frames beside a picture": ["webp", withSecond(bareWebp(), bareWebp(true).subarray(44))],
  "a WebP whose size is a lie": ["webp", Buffer.concat([Buffer.from("52494646ffffffff", "hex"), bareWebp().subarray(8)])],
  "a WebP without a picture": ["webp", bareWebp().subarray(0, 30)],
};

for (const [name, [cleaner, data]] of Object.entries(bad)) {
  test(`refused: ${name}`, async () => {
    assert.throws(() => CLEANERS[cleaner](data), CannotClean);
    const found = await look(new Uint8Array(data));
    assert.notEqual(found.removable, true);
  });
}

/** Mulberry32: the same damage at every run. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function damaged(data: Bytes, random: () => number): Bytes {
  const below = (limit: number) => Math.floor(random() * limit);
  let changed = new Uint8Array(data);
  for (let count = 1 + below(4); count > 0; count -= 1) {
    const at = below(changed.length);
    const kind = below(4);
    if (kind === 0) changed[at] = below(256);
    else if (kind === 1) changed[at] = [0, 1, 0x7f, 0x80, 0xff][below(5)] as number;
    else if (kind === 2) changed = changed.slice(0, at + 1);
    else changed = Uint8Array.from([...changed.subarray(0, at), ...changed.subarray(at, at + below(40)), ...changed.subarray(at)]);
  }
  return changed;
}

/** Markers inside what a decoder reads as the picture cannot be told from a picture: tables and data are left alone. */
test("damaged pictures are refused or come out clean, and are always answered", async () => {
  const outcomes = { refused: 0, cleaned: 0 };
  for (const [name, { clean, full }] of Object.entries(SAMPLES)) {
    const random = generator(20261123);
    for (let round = 0; round < 1500; round += 1) {
      const input = damaged(full, random);
      try {
        const { bytes } = CLEANERS[clean](input);
        outcomes.cleaned += 1;
        assert.ok(!holds(bytes, PLANTED), `${name}, round ${round}`);
        assert.equal(hex(CLEANERS[clean](bytes).bytes), hex(bytes), `${name}, round ${round}: not final`);
      } catch (error) {
        if (!(error instanceof CannotClean)) throw error;
        outcomes.refused += 1;
      }
      if (round % 10 === 0) await look(input);
    }
  }
  assert.ok(outcomes.refused > 1000 && outcomes.cleaned > 1000, JSON.stringify(outcomes));
});
