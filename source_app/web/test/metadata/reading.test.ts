/** Small readers: names, values, XML. What they give is shown to a person. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { kindOf } from "../../src/metadata/kind";
import { finding } from "../../src/metadata/names";
import { plain, tidy, type Finding } from "../../src/metadata/report";
import { textsIn } from "../../src/metadata/xml";

test("a value is one short line without marks that turn or hide text", () => {
  assert.equal(plain("a\nb\u202ec\u200bd\0"), "a b c d");
  assert.equal(plain("\ud800x"), "x");
  assert.equal(plain("<b>&"), "<b>&");
  assert.equal([...plain("😀".repeat(10_000))].length, 80);
  assert.equal(plain("   \n "), "");
});

test("dates of all formats look alike, and what is none stays", () => {
  const made = (value: string) => finding("CreateDate", value)?.value;
  assert.equal(made("2026:11:01 14:03:22"), "2026-11-01 14:03:22");
  assert.equal(made("D:20261101140322+07'00'"), "2026-11-01 14:03:22 +07:00");
  assert.equal(made("2026-11-01T14:03:22.5Z"), "2026-11-01 14:03:22 Z");
  assert.equal(made("2026-11-01"), "2026-11-01");
  assert.equal(made("kemarin"), "kemarin");
});

test("names that mean nothing to us, and the names of objects, are no findings", () => {
  for (const name of ["FNumber", "constructor", "__proto__", ""]) assert.equal(finding(name, "x"), undefined);
  assert.equal(finding("By-line", "Siti")?.what, "author");
  assert.equal(finding("Artist", " "), undefined);
});

test("a file cannot make the list long", () => {
  const many: Finding[] = Array.from({ length: 10_000 }, (_, i) => ({ group: "author", what: "comment", value: String(i) }));
  assert.equal(tidy([...many, ...many]).length, 10);
});

test("texts and attributes of XML come under their names", () => {
  const xml = '<?xml version="1.0"?><!-- x --><a:b c:d="1 &amp; 2" e=\'3\'><rdf:li>four &#65;&#x42;</rdf:li><f/>five</a:b>';
  assert.deepEqual([...textsIn(xml)], [["d", "1 & 2"], ["e", "3"], ["b", "four AB"], ["b", "five"]]);
});

test("broken and hostile XML ends", () => {
  for (const xml of ["<", "<a", "<a b=\"", "a < b > c", "</a></a>", "<a>".repeat(100_000), "<a ".repeat(100_000), '<a b="'.repeat(100_000)]) {
    assert.ok([...textsIn(xml)].length <= 100_000);
  }
  assert.deepEqual([...textsIn("<a>&#x110000;&unknown;</a>")], [["a", "&unknown;"]]);
});

test("kinds are told by the first bytes", () => {
  const kind = (text: string) => kindOf(Uint8Array.from(text, (character) => character.charCodeAt(0)));
  assert.equal(kind("\xff\xd8\xff\xe0"), "jpeg");
  assert.equal(kind("RIFF\0\0\0\0WEBPVP8 "), "webp");
  assert.equal(kind("RIFF\0\0\0\0AVI "), "unknown");
  assert.equal(kind("\0\0\0\x18ftypheic"), "picture");
  assert.equal(kind("\0\0\0\x18ftypmp42"), "unknown");
  assert.equal(kind("%PDF-1.4"), "pdf");
  assert.equal(kind(""), "unknown");
});
