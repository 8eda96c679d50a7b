import assert from "node:assert/strict";
import { test } from "node:test";

import { concat, fromHex, utf8, type Bytes } from "../../src/crypto/bytes";
import { peek, sign, verify, verifyKey } from "../../src/crypto/signed";
import { bind } from "../../src/crypto/binding";
import { ed25519 } from "@noble/curves/ed25519.js";
import { flipped } from "../support/office";
import { refuses, refusesAs } from "../support/refuses";

const seed = new Uint8Array(32).fill(5);
const key = verifyKey(seed);
const document = sign({ a: 1 }, "message", seed);

test("a signed document comes back", () => {
  assert.deepEqual(verify(document, "message", key, 1000), { a: 1 });
  assert.deepEqual(peek(document, 1000), { a: 1 });
});

test("RFC 8032 test 1", () => {
  const secret = fromHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
  assert.equal(Buffer.from(verifyKey(secret)).toString("hex"),
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
});

test("another purpose or key is refused", async () => {
  await refuses("bad-signature", () => verify(document, "slice", key, 1000));
  await refuses("bad-signature", () => verify(document, "message", verifyKey(new Uint8Array(32)), 1000));
});

test("every flipped bit is refused", async () => {
  for (let bit = 0; bit < document.length * 8; bit += 1) {
    await refuses("bad-signature", () => verify(flipped(document, bit), "message", key, 1000));
  }
});

test("every truncation is refused", async () => {
  for (let length = 0; length < document.length; length += 1) {
    await refusesAs(["malformed", "bad-signature"], () => verify(document.slice(0, length), "message", key, 1000));
  }
  await refuses("malformed", () => verify(document, "message", key, document.length - 1));
});

test("a signature does not make another spelling good", async () => {
  const text = utf8('{"a": 1}');
  const signed = concat(ed25519.sign(bind("message", text), seed), text);
  await refuses("not-canonical", () => verify(signed, "message", key, 1000));
});

test("keys and points of low order are refused", async () => {
  // The neutral element as key and as R, with S = 0, "signs" everything unless the verifier is strict.
  const neutral: Bytes = new Uint8Array(32);
  neutral[0] = 1;
  const forged = concat(neutral, new Uint8Array(32), utf8('{"a":1}'));
  await refuses("bad-signature", () => verify(forged, "message", neutral, 1000));
});
