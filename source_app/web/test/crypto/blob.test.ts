import assert from "node:assert/strict";
import { test } from "node:test";

import { blobStream, chunkCount, chunkRange, chunksHash, openBlob, paddedSize } from "../../src/crypto/blob";
import { concat, zeroPadded, type Bytes } from "../../src/crypto/bytes";
import { sha256 } from "../../src/crypto/digest";
import { sealChunk } from "../../src/crypto/stream";
import { flipped } from "../support/office";
import { refuses } from "../support/refuses";

const MIB = 1048576;
const id: Bytes = new Uint8Array(16).fill(1);
const key: Bytes = new Uint8Array(32).fill(2);

interface Sealed { readonly chunks: Bytes[]; readonly hash: Bytes }

async function sealed(padded: Bytes): Promise<Sealed> {
  const stream = await blobStream(id, key);
  const count = chunkCount(padded.length);
  const plain = Array.from({ length: count }, (_, i) => {
    const { start, end } = chunkRange(padded.length, i);
    return padded.slice(start, end);
  });
  const chunks = await Promise.all(plain.map((part, i) => sealChunk(stream, i, i === count - 1, part)));
  return { chunks, hash: await chunksHash(concat(...(await Promise.all(plain.map(sha256))))) };
}

test("padmé", async () => {
  const known = [
    [0, 65536], [1, 65536], [65536, 65536], [65537, 67584], [100_000, 100_352], [MIB, MIB], [MIB + 1, MIB + 32768],
    [2 ** 32 + 1, 2 ** 32 + 2 ** 26], [2 ** 40, 2 ** 40], [2 ** 40 - 1, 2 ** 40],
  ] as const;
  for (const [size, padded] of known) assert.equal(paddedSize(size), padded, String(size));
  for (const size of [-1, 2 ** 40 + 1, 0.5, NaN]) await refuses("malformed", () => paddedSize(size));
});

test("padding never shrinks, wastes at most 12 % and pads no further what is padded", () => {
  for (let size = 65537; size < 2 ** 40; size = Math.floor(size * 1.37) + 1) {
    const padded = paddedSize(size);
    assert.ok(size <= padded && padded <= size * 1.12, String(size));
    assert.equal(paddedSize(padded), padded);
  }
});

test("chunks cover the file", async () => {
  assert.equal(chunkCount(65536), 1);
  assert.equal(chunkCount(MIB), 1);
  assert.equal(chunkCount(MIB + 1), 2);
  assert.deepEqual(chunkRange(MIB + 5, 1), { start: MIB, end: MIB + 5 });
  for (const index of [-1, 2, 0.5]) await refuses("malformed", () => chunkRange(MIB + 5, index));
});

test("a file comes back, with one chunk and with several", async () => {
  for (const size of [0, 5, 65536, 70_000, MIB, 2 * MIB + 7]) {
    const file = Uint8Array.from({ length: size }, (_, i) => i % 251);
    const { chunks, hash } = await sealed(zeroPadded(file, paddedSize(size)));
    assert.deepEqual(await openBlob(concat(...chunks), id, key, size, hash), file);
  }
});

test("changed, swapped, doubled, dropped or appended chunks", async () => {
  const size = 2 * MIB + 7;
  const { chunks, hash } = await sealed(zeroPadded(new Uint8Array(size).fill(7), paddedSize(size)));
  const [a, b, c] = chunks as [Bytes, Bytes, Bytes];
  const open = (...parts: Bytes[]) => openBlob(concat(...parts), id, key, size, hash);
  const changed = flipped(b, 5);
  for (const parts of [[b, a, c], [a, a, c], [a, b], [a, c], [changed, b, c], [a, changed, c]]) {
    await refuses("cannot-open", () => open(...parts));
  }
  await refuses("malformed", () => open(a, b, c, Uint8Array.of(0)));
  await refuses("cannot-open", () => openBlob(concat(a, b, c), key.slice(0, 16), key, size, hash));
  await refuses("cannot-open", () => openBlob(concat(a, b, c), id, new Uint8Array(32), size, hash));
});

test("another size, dirty padding, another list of chunks", async () => {
  const padded = zeroPadded(new Uint8Array(100).fill(7), 65536);
  const { chunks, hash } = await sealed(padded);
  const [only] = chunks as [Bytes];
  await refuses("malformed", () => openBlob(only, id, key, 99, hash));
  await refuses("wrong-checksum", () => openBlob(only, id, key, 100, new Uint8Array(32)));
  await refuses("cannot-open", () => openBlob(only, id, key, 70_000, hash));
});
