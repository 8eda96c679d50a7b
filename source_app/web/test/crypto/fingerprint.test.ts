import assert from "node:assert/strict";
import { test } from "node:test";

import { fromHex } from "../../src/crypto/bytes";
import { asDigits, asWords, fingerprint } from "../../src/crypto/fingerprint";
import { WORDS } from "../../src/crypto/wordlists";
import { ROOT } from "../support/office";

test("digits are the 16-bit numbers, with their zeros", () => {
  const print = fromHex("0000000100ffffff123400000000abcd");
  assert.deepEqual(asDigits(print), ["00000", "00001", "00255", "65535", "04660", "00000", "00000", "43981"]);
});

test("words are the first 88 bits, eleven at a time", () => {
  // 11 bits each: 0, 1, 2, 3, 2047, 1024, 5, 6
  const bits = [0, 1, 2, 3, 2047, 1024, 5, 6].map((n) => n.toString(2).padStart(11, "0")).join("");
  const bytes = (bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2));
  const print = Uint8Array.from([...bytes, 255, 255, 255, 255, 255]);
  assert.deepEqual(asWords(print, "id"), [0, 1, 2, 3, 2047, 1024, 5, 6].map((n) => WORDS.id[n]));
});

test("a fingerprint has 16 bytes", async () => {
  assert.equal((await fingerprint(ROOT)).length, 16);
});
