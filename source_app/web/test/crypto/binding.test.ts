import assert from "node:assert/strict";
import { test } from "node:test";

import { bind } from "../../src/crypto/binding";
import { hex, utf8 } from "../../src/crypto/bytes";

test("parts are framed by their lengths", () => {
  const expected = Buffer.concat([
    Buffer.from("peluit/1 item\0", "ascii"), Buffer.from([0, 0, 0, 2]), Buffer.from("ab"), Buffer.from([0, 0, 0, 0]),
  ]);
  assert.equal(hex(bind("item", utf8("ab"), new Uint8Array())), expected.toString("hex"));
});

test("no two calls give the same bytes", () => {
  const a = utf8("a");
  const calls = [bind("item", utf8("ab")), bind("item", a, utf8("b")), bind("item", a), bind("item"), bind("blob", a)];
  assert.equal(new Set(calls.map(hex)).size, calls.length);
});
