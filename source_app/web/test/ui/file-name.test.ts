import assert from "node:assert/strict";
import { test } from "node:test";

import { shownName } from "../../src/ui/file-name";

test("a name is one short line that reads in one direction and keeps its ending", () => {
  assert.equal(shownName("foto.jpg"), "foto.jpg");
  assert.equal(shownName("a\nb\u202egpj.exe\0"), "a b gpj.exe");
  const long = shownName(`${"😀".repeat(4000)}.jpeg`);
  assert.equal([...long].length, 60);
  assert.ok(long.endsWith("😀.jpeg"));
});
