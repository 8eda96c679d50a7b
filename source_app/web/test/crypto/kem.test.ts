import assert from "node:assert/strict";
import { test } from "node:test";

import { utf8 } from "../../src/crypto/bytes";
import { kemPublic, unwrap, wrap } from "../../src/crypto/kem";
import { flipped } from "../support/office";
import { refuses } from "../support/refuses";

const seed = new Uint8Array(32).fill(3);
const info = utf8("info");
const plaintext = utf8("hello");

test("what is wrapped is unwrapped", async () => {
  const wrapped = await wrap(kemPublic(seed), info, plaintext);
  assert.equal(wrapped.length, 1136 + plaintext.length);
  assert.deepEqual(await unwrap(seed, info, wrapped), plaintext);
});

test("another key, other info, any flipped bit or missing byte", async () => {
  const wrapped = await wrap(kemPublic(seed), info, plaintext);
  await refuses("cannot-open", () => unwrap(new Uint8Array(32), info, wrapped));
  await refuses("cannot-open", () => unwrap(seed, utf8("Info"), wrapped));
  for (let bit = 0; bit < wrapped.length * 8; bit += 397) {
    await refuses("cannot-open", () => unwrap(seed, info, flipped(wrapped, bit)));
  }
  for (const length of [0, 1, 1119, 1120, 1135, 1136, wrapped.length - 1]) {
    await refuses("cannot-open", () => unwrap(seed, info, wrapped.slice(0, length)));
  }
});

test("keys that are none", async () => {
  const good = kemPublic(seed);
  const lowOrder = good.slice();
  lowOrder.fill(0, 1184);
  // ML-KEM coefficients above the modulus (FIPS 203 section 7.2); older versions of the library took them.
  const unreduced = good.slice();
  unreduced.fill(255, 0, 3);
  for (const key of [lowOrder, unreduced, good.slice(1), new Uint8Array(1217)]) {
    await refuses("malformed", () => wrap(key, info, plaintext));
  }
  const wrapped = await wrap(good, info, plaintext);
  wrapped.fill(0, 1088, 1120);
  await refuses("cannot-open", () => unwrap(seed, info, wrapped));
});
