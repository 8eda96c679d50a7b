import assert from "node:assert/strict";
import { test } from "node:test";

import { b64, concat, equal, fromB64, fromHex, fromUint, fromUtf8, hex, uint, utf8 } from "../../src/crypto/bytes";
import { refuses } from "../support/refuses";

test("base64url comes back for every length", () => {
  for (let length = 0; length < 70; length += 1) {
    const data = Uint8Array.from({ length }, (_, i) => (i * 83 + 251) % 256);
    assert.deepEqual(fromB64(b64(data), length), data);
    assert.equal(b64(data), Buffer.from(data).toString("base64url"));
  }
});

test("base64url has one spelling only", async () => {
  const refused = ["AA==", "A A", "AB", "A", "AA\n", "+_", "/w", "AAA", "é_", ""];
  for (const text of refused) await refuses("malformed", () => fromB64(text, 1));
  assert.deepEqual(fromB64("_w", 1), Uint8Array.of(255));
});

test("hex", async () => {
  assert.equal(hex(Uint8Array.of(0, 15, 255)), "000fff");
  assert.deepEqual(fromHex("000fff"), Uint8Array.of(0, 15, 255));
  for (const text of ["0", "0g", "FF", " 00"]) await refuses("malformed", () => fromHex(text));
});

test("integers are big-endian, and too large ones are refused", async () => {
  assert.deepEqual(uint(0x01020304, 4), Uint8Array.of(1, 2, 3, 4));
  assert.equal(fromUint(uint(2 ** 40, 11)), 2 ** 40);
  await refuses("malformed", () => uint(256, 1));
  await refuses("malformed", () => uint(-1, 4));
  await refuses("malformed", () => fromUint(new Uint8Array(8).fill(255)));
});

test("UTF-8 is strict and keeps a byte order mark", async () => {
  assert.equal(fromUtf8(utf8("\uFEFFé")), "\uFEFFé");
  for (const bytes of [[0x80], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xe2, 0x82]]) {
    await refuses("malformed", () => fromUtf8(Uint8Array.from(bytes)));
  }
});

test("equal and concat", () => {
  const data = concat(Uint8Array.of(1), new Uint8Array(), Uint8Array.of(2, 3));
  assert.deepEqual(data, Uint8Array.of(1, 2, 3));
  assert.ok(equal(data, Uint8Array.of(1, 2, 3)));
  assert.ok(!equal(data, Uint8Array.of(1, 2)) && !equal(data, Uint8Array.of(1, 2, 4)));
});
