import assert from "node:assert/strict";
import { test } from "node:test";

import { hex, systemRandom } from "../../src/crypto/bytes";
import { checkCodename, newCodename, readCodename, stretch } from "../../src/crypto/codename";
import { BY_STEM, WORDS } from "../../src/crypto/wordlists";
import { CODENAME, codenameKeys, INSTANCE } from "../support/office";
import { refuses } from "../support/refuses";

const words = CODENAME.split(" ");

test("both lists have 2,048 words with stems of their own", () => {
  for (const list of [WORDS.en, WORDS.id]) {
    assert.equal(new Set(list.map((word) => word.slice(0, 4))).size, 2048);
    assert.ok(list.every((word) => /^[a-z]{4,}$/.test(word)));
  }
});

test("a new codename reads as itself, in either language", () => {
  for (const language of ["en", "id"] as const) {
    const made = newCodename(language, systemRandom);
    assert.equal(made.length, 8);
    assert.ok(made.every((word) => WORDS[language].includes(word)));
    assert.deepEqual(checkCodename(made.join(" ")), { unknown: [], count: 8 });
  }
});

test("each word comes from 11 bits of its own", () => {
  const made = newCodename("id", () => Uint8Array.of(0, 0, 0, 1, 7, 255, 8, 0, 255, 255, 0, 2, 0, 3, 0, 4));
  assert.deepEqual(made, [0, 1, 2047, 0, 2047, 2, 3, 4].map((i) => WORDS.id[i]));
});

test("case, separators and shortening do not matter", () => {
  const canonical = words.map((word) => word.slice(0, 4)).join(" ");
  const typings = [
    CODENAME, canonical, CODENAME.toUpperCase(), words.join("-"), words.join(", "), words.join("\n"),
    `  1. ${words.join(" 2. ")}!`, words.join("\u00a0"),
  ];
  for (const typed of typings) assert.equal(readCodename(typed), canonical);
});

test("unknown parts are named as typed, and nothing is read", async () => {
  const first = words[0] as string;
  const wrong = [first.slice(0, 3), `${first}zzz`, "Qqqq"];
  const typed = [...wrong, ...words.slice(3)].join(" ");
  assert.deepEqual(checkCodename(typed), { unknown: wrong, count: 8 });
  await refuses("unknown-word", () => readCodename(typed));
  await refuses("unknown-word", () => readCodename(words.slice(1).join(" ")));
  await refuses("unknown-word", () => readCodename(`${CODENAME} ${first}`));
  await refuses("unknown-word", () => readCodename(""));
  assert.deepEqual(checkCodename(""), { unknown: [], count: 0 });
});

test("only ASCII letters count as letters", () => {
  const kelvin = [...BY_STEM.keys()].find((stem) => stem.startsWith("k")) as string;
  assert.equal(checkCodename(`\u212a${kelvin.slice(1)}`).unknown.length, 1);
});

test("the same codename on another instance has other keys", async () => {
  const codename = readCodename(CODENAME);
  const here = await stretch(codename, INSTANCE);
  assert.equal(hex(here), hex(await stretch(codename, INSTANCE)));
  assert.notEqual(hex(here), hex(await stretch(codename, new Uint8Array(16))));
});

test("every derived key is different", async () => {
  const keys = await codenameKeys();
  assert.equal(new Set(Object.values(keys).map(hex)).size, 8);
  assert.equal(keys.replyPublic.length, 1216);
  assert.equal(keys.thread.length, 16);
});
