import assert from "node:assert/strict";
import { test } from "node:test";

import { fromUtf8, utf8 } from "../../src/crypto/bytes";
import { dump, parse, wellFormed, type Json } from "../../src/crypto/canonical";
import { refuses } from "../support/refuses";

const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);

test("keys in order, no spaces, shortest escapes", () => {
  const value = { b: [1, true, null], a: "\u20ac\n\"\\\u007f\u2028\u0001", aa: {} };
  assert.equal(fromUtf8(dump(value)), '{"a":"€\\n\\"\\\\\u007f\u2028\\u0001","aa":{},"b":[1,true,null]}');
});

test("what dump writes, parse reads", () => {
  const values: Json[] = [0, -1, 9007199254740991, "", "𝄞 \0", [], {}, { a: [{ b: "ç" }] }, null, true];
  for (const value of values) assert.deepEqual(parse(dump(value)), value);
});

test("a key like __proto__ is a key like any other", () => {
  const value = parse(utf8('{"__proto__":1}'));
  assert.ok(value !== null && typeof value === "object" && Object.hasOwn(value, "__proto__"));
});

test("other spellings of the same value are refused", async () => {
  const spellings = [
    '{"a": 1}', ' {"a":1}', '{"a":1}\n', '{"b":1,"a":1}', '{"a":1,"a":1}', "-0", '"\\u0041"', '"\\/"',
    '"\\u00E9"', '"\\u000A"', '"\\u001F"',
  ];
  for (const text of spellings) await refuses("not-canonical", () => parse(utf8(text)));
});

test("what is outside the limits is refused, however it is spelled", async () => {
  const outside = [
    "1.5", "1.0", "1e3", "1E400", "9007199254740992", "-9007199254740992", '"\\ud800"', '"\\udc00\\ud800"', '{"é":1}',
    "", "{", "nul", "[1,]", "{'a':1}", "NaN", "01", '"\t"', "\uFEFF1", "// 1",
  ];
  for (const text of outside) await refuses("malformed", () => parse(utf8(text)));
  await refuses("malformed", () => parse(Uint8Array.of(0x22, 0xff, 0x22)));
});

test("sixteen levels, the outermost counted, and no more", async () => {
  assert.ok(parse(utf8(nested(16))));
  await refuses("malformed", () => parse(utf8(nested(17))));
  await refuses("malformed", () => parse(utf8(nested(100_000))));
});

test("what a person typed becomes something the protocol can say", () => {
  assert.equal(wellFormed("a\0b\ud800c\udc00𝄞"), "ab\ufffdc\ufffd𝄞");
});
