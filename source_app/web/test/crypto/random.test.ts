import assert from "node:assert/strict";
import { test } from "node:test";

import { uint } from "../../src/crypto/bytes";
import { below, shuffled } from "../../src/crypto/random";
import { steadyRandom } from "../support/office";

test("the incomplete last run is drawn again", () => {
  const draws = [2 ** 32 - 1, 2 ** 32 - 2, 7];
  assert.equal(below(3, () => uint(draws.shift() as number, 4)), 2 ** 32 % 3 === 1 ? (2 ** 32 - 2) % 3 : 1);
  assert.equal(below(2 ** 32, () => uint(2 ** 32 - 1, 4)), 2 ** 32 - 1);
  assert.equal(below(1, steadyRandom()), 0);
});

test("every order comes up about equally often", () => {
  const random = steadyRandom();
  const counts = new Map<string, number>();
  for (let i = 0; i < 6000; i += 1) {
    const order = shuffled([1, 2, 3], random).join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  assert.equal(counts.size, 6);
  for (const count of counts.values()) assert.ok(850 < count && count < 1150, String(count));
});

test("the values given are left alone", () => {
  const values = Object.freeze([1, 2, 3, 4]);
  assert.deepEqual([...shuffled(values, steadyRandom())].sort(), [1, 2, 3, 4]);
});
