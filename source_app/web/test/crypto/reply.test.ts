import assert from "node:assert/strict";
import { before, test } from "node:test";

import { concat, uint, zeroPadded, type Bytes } from "../../src/crypto/bytes";
import type { CodenameKeys } from "../../src/crypto/codename";
import { openSlice, type Slice } from "../../src/crypto/directory";
import { wrap } from "../../src/crypto/kem";
import { joinParts, openSlot, replyInfo, type OpenedPart } from "../../src/crypto/reply";
import { sign } from "../../src/crypto/signed";
import { replySlot, replyValue } from "../support/replies";
import {
  codenameKeys, EXPECTED, flipped, INSTANCE, SIGN_SEEDS, signedSlice, TODAY, type Members,
} from "../support/office";
import { refuses } from "../support/refuses";

let keys: CodenameKeys;
let slice: Slice;
before(async () => {
  keys = await codenameKeys();
  slice = openSlice(signedSlice(), EXPECTED, TODAY);
});

const open = async (changes: Members, signer = "ketua") =>
  openSlot(await replySlot(keys, changes, signer), keys, slice);

test("a reply comes back", async () => {
  const part = await open({});
  assert.deepEqual([part.number, part.reviewer, part.status, part.text], [1, "ketua", "received", "Terima kasih."]);
});

test("somebody else's slot", async () => {
  const slot = await replySlot(keys, {});
  await refuses("cannot-open", () => openSlot(slot, { ...keys, replySeed: new Uint8Array(32) }, slice));
  await refuses("cannot-open", () => openSlot(slot, { ...keys, verify: new Uint8Array(32) }, slice));
  await refuses("cannot-open", () => openSlot(flipped(slot, 4096 * 8 - 1), keys, slice));
  await refuses("malformed", () => openSlot(slot.slice(1), keys, slice));
});

test("signed by another, for another purpose, or for another thread", async () => {
  await refuses("bad-signature", () => open({}, "auditor"));
  await refuses("wrong-context", () => open({ reviewer: "nobody" }));
  await refuses("wrong-context", () => open({ office: "dinas" }));
  await refuses("wrong-context", () => open({ instance: "AAAAAAAAAAAAAAAAAAAAAA" }));
  await refuses("wrong-context", () => open({ thread: "A".repeat(43) }));
});

test("what is not a reply", async () => {
  const wrong: Members[] = [
    { number: 0 }, { part: 0 }, { part: 2 }, { parts: 0 }, { part: 33, parts: 33 }, { status: "lost" }, { status: 1 },
    { text: "\0" }, { text: null }, { day: "today" }, { kind: "report" }, { more: 1 },
  ];
  for (const changes of wrong) await refuses("malformed", () => open(changes));
  await refuses("wrong-version", () => open({ suite: "peluit/0" }));
});

test("dirty or impossible padding", async () => {
  const document = sign(replyValue(keys, {}), "reply-document", SIGN_SEEDS.get("ketua") as Bytes);
  const dirty = zeroPadded(concat(uint(document.length, 2), document), 2960);
  dirty[2959] = 1;
  const beyond = zeroPadded(uint(2959, 2), 2960);
  for (const padded of [dirty, beyond, zeroPadded(new Uint8Array(2), 2960)]) {
    const slot = await wrap(keys.replyPublic, replyInfo(INSTANCE, keys.verify), padded);
    await refuses("malformed", () => openSlot(slot, keys, slice));
  }
});

test("parts are joined in order, whole replies in the order of their numbers", async () => {
  const base = await open({});
  const part = (number: number, index: number, parts: number, text: string): OpenedPart =>
    ({ ...base, number, part: index, parts, text });
  const joined = joinParts([
    part(2, 1, 1, "z"), part(1, 2, 3, "b"), part(1, 3, 3, "c"), part(1, 1, 3, "a"), part(1, 1, 3, "a"),
  ]);
  const seen = joined.map(({ number, text, complete }) => [number, text, complete]);
  assert.deepEqual(seen, [[1, "abc", true], [2, "z", true]]);
  assert.deepEqual(joinParts([part(1, 1, 2, "a")]).map((reply) => reply.complete), [false]);
  assert.deepEqual(joinParts([]), []);
});
