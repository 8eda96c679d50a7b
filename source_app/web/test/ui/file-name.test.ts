import assert from "node:assert/strict";
import { test } from "node:test";

import { endingOf, shownName } from "../../src/ui/file-name";

test("a name is one short line that reads in one direction and keeps its ending", () => {
  assert.equal(shownName("foto.jpg"), "foto.jpg");
  assert.equal(shownName("a\nb\u202egpj.exe\0"), "a b gpj.exe");
  const long = shownName(`${"😀".repeat(4000)}.jpeg`);
  assert.equal([...long].length, 60);
  assert.ok(long.endsWith("😀.jpeg"));
});

test("the ending is found also where it hides", () => {
  assert.equal(endingOf("a.tar.GZ"), "gz");
  assert.equal(endingOf("program.exe. "), "exe");
  assert.equal(endingOf("program.exe\u202e"), "exe");
  for (const without of ["README", "foto.jpg (1)", ""]) assert.equal(endingOf(without), "");
});
