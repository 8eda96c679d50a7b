import assert from "node:assert/strict";
import { before, test } from "node:test";

import { b64, fromUtf8, hex, type Bytes } from "../../src/crypto/bytes";
import { parse, type Json } from "../../src/crypto/canonical";
import type { CodenameKeys } from "../../src/crypto/codename";
import { messageLength, signMessage, type Message, type MessageContent } from "../../src/crypto/message";
import { readMessage, type Place } from "../../src/crypto/open";
import { sign } from "../../src/crypto/signed";
import { codenameKeys, flipped, INSTANCE, REVIEWERS, TODAY, type Members } from "../support/office";
import { refuses } from "../support/refuses";

const place: Place = { instance: INSTANCE, office: "inspektorat", channel: "aduan" };
let keys: CodenameKeys;
before(async () => {
  keys = await codenameKeys();
});

const filled = (length: number): Bytes => new Uint8Array(length).fill(4);
const file = { blob: filled(16), chunks: filled(32), key: filled(32), name: "foto.jpg", size: 5, type: "image/jpeg" };

const message = (content: MessageContent, changes: Partial<Message> = {}): Message => ({
  ...place, excluded: ["ketua"], language: "id", day: TODAY, order: 0, content, ...changes,
});
const text = (typed: string): MessageContent => ({ kind: "message", text: typed });
const read = (document: Bytes) => readMessage(document, place, REVIEWERS);

/** A document with some members of a good message changed, properly signed. */
function signedWith(changes: Members, content: MessageContent = text("x")): Bytes {
  const value = parse(signMessage(message(content), keys).subarray(64)) as Members;
  return sign({ ...value, ...changes }, "message", keys.signSeed);
}

test("each kind of content comes back", () => {
  const contents: MessageContent[] = [
    { kind: "report", answers: { what: "Suap\n𝄞", constructor: "x" } }, text("halo"), { kind: "evidence", file },
    { kind: "objection", text: "Periksa lagi." }, { kind: "threat", text: "" }, { kind: "withdrawal", text: "" },
    { kind: "rating", reply: 2 ** 32 - 1, stars: 5, text: "" },
  ];
  for (const content of contents) {
    const document = signMessage(message(content), keys);
    const opened = read(document);
    assert.deepEqual(opened.content, content);
    assert.deepEqual(opened.excluded, ["ketua"]);
    assert.equal(hex(opened.thread.verify), hex(keys.verify));
    assert.equal(messageLength(message(content)), document.length);
  }
});

test("typed NULs and lone surrogates do not stop a report", () => {
  assert.deepEqual(read(signMessage(message(text("a\0\ud800b")), keys)).content, text("a\ufffdb"));
});

test("a file name of any length or none is made to fit", () => {
  const named = (name: string) => {
    const content = read(signMessage(message({ kind: "evidence", file: { ...file, name } }), keys)).content;
    assert.ok(content.kind === "evidence");
    return content.file.name;
  };
  assert.equal(named(""), "-");
  assert.equal([...named("𝄞".repeat(300))].length, 255);
});

test("excluded reviewers are written in rising order", () => {
  const document = signMessage(message(text("x"), { excluded: ["ketua", "auditor"] }), keys);
  assert.deepEqual(read(document).excluded, ["auditor", "ketua"]);
});

test("another place, or another signer", async () => {
  const document = signMessage(message(text("x")), keys);
  for (const other of [{ instance: filled(16) }, { office: "dinas" }, { channel: "aspirasi" }]) {
    await refuses("wrong-context", () => readMessage(document, { ...place, ...other }, REVIEWERS));
  }
  const stranger = sign(parse(document.subarray(64)), "message", new Uint8Array(32));
  await refuses("bad-signature", () => read(stranger));
  await refuses("bad-signature", () => read(flipped(document, 0)));
  await refuses("bad-signature", () => read(sign(parse(document.subarray(64)), "reply-document", keys.signSeed)));
});

test("what is not a message", async () => {
  const wrong: Members[] = [
    { excluded: ["ketua", "auditor"] }, { excluded: ["ketua", "ketua"] }, { excluded: ["nobody"] },
    { excluded: [...REVIEWERS] }, { day: "2026-02-30" }, { order: -1 }, { order: 2 ** 32 }, { language: "jv" },
    { kind: "rating" }, { kind: "praise" }, { content: {} }, { content: { text: "a\0" } }, { content: { text: 1 } },
    { content: { text: "x", more: "y" } }, { thread: {} }, { extra: 1 }, { office: "Inspektorat" }, { instance: "AA" },
  ] as Members[];
  for (const changes of wrong) await refuses("malformed", () => read(signedWith(changes)));
  await refuses("wrong-version", () => read(signedWith({ suite: "peluit/2" })));
});

test("what is no report or evidence", async () => {
  const answers = (value: Json) => signedWith({ kind: "report", content: { answers: value } });
  const many = Object.fromEntries(new Array(17).fill(0).map((_, i) => [`f${i}`, ""]));
  for (const value of [{}, many, { What: "x" }, { what: 1 }, { what: "\0" }, [], "x"] as Json[]) {
    await refuses("malformed", () => read(answers(value)));
  }
  const whole = { blob: b64(filled(16)), chunks: b64(filled(32)), key: b64(filled(32)), name: "a", size: 1, type: "" };
  const changes: Members[] = [
    { name: "" }, { name: "x".repeat(256) }, { type: "x".repeat(128) }, { size: -1 }, { size: 2 ** 40 + 1 },
    { blob: "AA" },
  ];
  for (const change of changes) {
    await refuses("malformed", () => read(signedWith({ kind: "evidence", content: { ...whole, ...change } })));
  }
});

test("what is no rating", async () => {
  const good = { reply: 1, stars: 1, text: "" };
  for (const change of [{ reply: 0 }, { reply: 2 ** 32 }, { stars: 0 }, { stars: 6 }, { text: 1 }, { more: 1 }] as Members[]) {
    await refuses("malformed", () => read(signedWith({ kind: "rating", content: { ...good, ...change } })));
  }
});

test("no key of the visit but the public ones stands in the text", () => {
  const json = fromUtf8(signMessage(message(text("x")), keys).subarray(64));
  for (const secret of [keys.signSeed, keys.replySeed, keys.deletionSecret, keys.uploadSecret]) {
    assert.ok(!json.includes(b64(secret)));
  }
});
