import assert from "node:assert/strict";
import { test } from "node:test";

import { blobSize, chunkCount, pieceCount } from "../../src/crypto/blob";
import { Pieces, piecesOfChunk } from "../../src/worker/pieces";
import { refuses } from "../support/refuses";

const MIB = 1048576;

test("every chunk begins with a piece of its own, and all pieces belong to a chunk", () => {
  for (const padded of [65536, 67584, MIB, MIB + 32768, 3 * MIB, 40 * MIB]) {
    const total = pieceCount(padded);
    const runs = Array.from({ length: chunkCount(padded) }, (_, i) => piecesOfChunk(i, total));
    assert.deepEqual(runs.map(({ first }) => first * 65537), runs.map((_, i) => i * (MIB + 16)));
    assert.equal(runs.reduce((sum, { count }) => sum + count, 0), total);
    assert.ok(runs.every(({ count }) => 1 <= count && count <= 16));
    assert.ok((total - 1) * 65537 < blobSize(padded) && blobSize(padded) <= total * 65537);
  }
});

test("runs of what is missing", async () => {
  const pieces = new Pieces(20);
  const all = { first: 0, count: 16 };
  assert.deepEqual(pieces.missing(all, 4), { first: 0, count: 4 });
  pieces.add({ first: 0, count: 3 });
  pieces.add({ first: 2, count: 2 });
  pieces.add({ first: 6, count: 1 });
  assert.equal(pieces.count, 5);
  assert.deepEqual(pieces.missing(all, 16), { first: 4, count: 2 });
  pieces.add({ first: 4, count: 2 });
  assert.deepEqual(pieces.missing(all, 16), { first: 7, count: 9 });
  pieces.add({ first: 7, count: 9 });
  assert.equal(pieces.missing(all, 16), undefined);
  assert.deepEqual(pieces.missing({ first: 16, count: 4 }, 16), { first: 16, count: 4 });
  for (const [first, count] of [[19, 2], [-1, 1], [0, 0]] as const) {
    await refuses("malformed", () => pieces.add({ first, count }));
  }
});
