import assert from "node:assert/strict";
import { test } from "node:test";

import { mySlots, pagesToFetch, parseIndex, readPage, slotOf } from "../../src/crypto/board";
import { concat, uint } from "../../src/crypto/bytes";
import { board, hintFor, indexOf, pageOf } from "../support/replies";
import { codenameKeys, flipped, steadyRandom } from "../support/office";
import { refuses, refusesAs } from "../support/refuses";

test("one's own slots are found, others' are not", async () => {
  const keys = await codenameKeys();
  const other = { ...keys, hintKey: new Uint8Array(32) };
  const slot = new Uint8Array(4096);
  const placed = new Map([
    [3, { hint: await hintFor(keys, 1), slot }], [30, { hint: await hintFor(other, 1), slot }],
    [47, { hint: await hintFor(keys, 2), slot }],
  ]);
  const index = await parseIndex(await indexOf(board(48, placed)));
  assert.deepEqual(await mySlots(index, keys.hintKey), [3, 47]);
  assert.deepEqual(await mySlots(index, other.hintKey), [30]);
  assert.deepEqual(await mySlots(index, keys.signSeed), []);
});

test("each page is asked for once, and one page when there is nothing", async () => {
  const index = await parseIndex(await indexOf(board(160, new Map())));
  const random = steadyRandom();
  assert.deepEqual([...pagesToFetch(index, [1, 2, 17, 159], random)].sort(), [0, 1, 9]);
  const seen = new Set<number>();
  for (let i = 0; i < 300; i += 1) {
    const pages = pagesToFetch(index, [], random);
    assert.equal(pages.length, 1);
    seen.add(pages[0] as number);
  }
  assert.deepEqual([...seen].sort((a, b) => a - b), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test("the order of the pages does not follow the slots", async () => {
  const index = await parseIndex(await indexOf(board(64, new Map())));
  const random = steadyRandom();
  const orders = new Set(Array.from({ length: 200 }, () => pagesToFetch(index, [0, 20, 40], random).join()));
  assert.equal(orders.size, 6);
});

test("a broken index", async () => {
  const good = await indexOf(board(16, new Map()));
  for (let bit = 0; bit < good.length * 8; bit += 1) {
    await refusesAs(["malformed", "wrong-version"], () => parseIndex(flipped(good, bit)));
  }
  for (let length = 0; length < good.length; length += 7) {
    await refuses("malformed", () => parseIndex(good.slice(0, length)));
  }
  await refuses("malformed", () => parseIndex(concat(good, new Uint8Array(32))));
  await refuses("malformed", async () => parseIndex(await indexOf([])));
  await refuses("malformed", async () => parseIndex(await indexOf(board(17, new Map()))));
  const liar = good.slice();
  liar.set(uint(2 ** 32 - 16, 4), 24);
  await refuses("malformed", () => parseIndex(liar));
});

test("slots are cut out of whole pages only", async () => {
  const slots = board(32, new Map());
  assert.deepEqual(slotOf(pageOf(slots, 1), 18), slots[18]?.slot);
  assert.deepEqual(readPage(pageOf(slots, 1)), pageOf(slots, 1));
  await refuses("malformed", () => readPage(pageOf(slots, 1).slice(1)));
  await refuses("malformed", () => readPage(new Uint8Array()));
});
