import assert from "node:assert/strict";
import { test } from "node:test";

import { evidenceName } from "../../src/worker/names";

test("ordinary names stay", () => {
  for (const name of ["bukti.pdf", "Foto 2 (salinan).JPG", "日本.png", "a", "👩‍🚀.gif".replace("\u200d", "")]) {
    assert.equal(evidenceName(name, "id"), name);
  }
});

test("names of many lines, with marks that turn the writing round, or with nothing", () => {
  assert.equal(evidenceName("a\r\n\tb\u0000\u2028c .pdf", "id"), "a b c .pdf");
  assert.equal(evidenceName("gaji\u202efdp.exe", "id"), "gajifdp.exe");
  assert.equal(evidenceName("\ud800x\u2066y", "id"), "xy");
  assert.deepEqual([evidenceName("", "id"), evidenceName(" \n\u200f", "en")], ["berkas", "file"]);
});

test("a name that is too long keeps its beginning and its ending", () => {
  const name = evidenceName(`${"ä😀".repeat(2000)}.tar.gz`, "en");
  assert.equal([...name].length, 255);
  assert.ok(name.startsWith("ä😀ä") && name.endsWith("😀.tar.gz") && name.includes("…"));
  assert.ok(!/\p{Surrogate}/u.test(name), "no character is cut in two");
  assert.equal(evidenceName("x".repeat(255), "en"), "x".repeat(255));
});
