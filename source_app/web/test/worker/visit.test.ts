import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { CODENAME, codenameKeys } from "../support/office";
import { failsWith } from "../support/refuses";
import { board, grantedSlot, hintFor, replySlot } from "../support/replies";
import { Visit } from "../support/visit";

let visit: Visit;
beforeEach(() => {
  visit = new Visit();
});

test("replies are found, checked and joined", async () => {
  const keys = await codenameKeys();
  const reply = async (nonce: number, changes: Parameters<typeof replySlot>[1], signer = "ketua") =>
    ({ hint: await hintFor(keys, nonce), slot: await replySlot(keys, changes, signer) });
  visit.server.board = board(48, new Map([
    [2, await reply(1, { number: 2, status: "answered", text: "Selesai." })],
    [20, await reply(2, { part: 2, parts: 2, text: "dua" })],
    [40, await reply(3, { part: 1, parts: 2, text: "satu " })],
    [41, await reply(4, { number: 3, text: "palsu" }, "auditor")],
    [42, { hint: await hintFor(keys, 5), slot: new Uint8Array(4096) }],
  ]));
  await visit.desk.unlock(CODENAME);
  const replies = await visit.desk.replies("inspektorat");
  assert.deepEqual(replies.map(({ number, text, complete }) => [number, text, complete]), [
    [1, "satu dua", true], [2, "Selesai.", true],
  ]);
  assert.equal(replies[0]?.author.en, "The ketua");
  assert.equal(visit.server.paths("/board/").length, 4, "the index and three pages");
});

test("another office's replies stand after the own ones, whatever their numbers, and hide none", async () => {
  const keys = await codenameKeys();
  const own = { hint: await hintFor(keys, 1), slot: await replySlot(keys, { text: "Kami." }) };
  const slots = await Promise.all([
    grantedSlot(keys, { text: "Kedua." }, { to: "dinas-b", names: { en: "Agency B", id: "Dinas B" } }),
    grantedSlot(keys, { text: "Mereka." }),
    grantedSlot(keys, { text: "Terlambat." }, { expires: "2020-01-01" }),
  ]);
  const theirs = await Promise.all(slots.map(async (slot, i) => ({ hint: await hintFor(keys, i + 2), slot })));
  visit.server.board = board(16, new Map([...theirs, own].map((slot, i) => [i, slot])));
  await visit.desk.unlock(CODENAME);
  const replies = await visit.desk.replies("inspektorat");
  assert.deepEqual(replies.map(({ number, text, author, other }) => [number, text, author.en, other]), [
    [1, "Kami.", "The ketua", false], [1, "Mereka.", "Agency", true], [1, "Kedua.", "Agency B", true],
  ]);
});

test("with replies on one page and without any, a visit looks the same", async () => {
  const keys = await codenameKeys();
  const shapes: string[][] = [];
  for (const placed of [new Map(), new Map([[5, { hint: await hintFor(keys, 1), slot: await replySlot(keys, {}) }]])]) {
    visit = new Visit();
    visit.server.board = board(64, placed);
    await visit.desk.unlock(CODENAME);
    assert.equal((await visit.desk.replies("inspektorat")).length, placed.size);
    shapes.push(visit.server.paths().map((path) => path.replace(/[0-9a-f]{32}\/\d$/, "PAGE")));
  }
  assert.deepEqual(shapes[0], shapes[1]);
});

test("another try at the same board asks for the same page, with replies or without", async () => {
  const keys = await codenameKeys();
  for (const placed of [new Map(), new Map([[5, { hint: await hintFor(keys, 1), slot: await replySlot(keys, {}) }]])]) {
    visit = new Visit();
    visit.server.board = board(640, placed);
    await visit.desk.unlock(CODENAME);
    const isPage = (path: string) => /\/board\/[0-9a-f]/.test(path);
    visit.server.fault = ({ path }) => (isPage(path) ? "lost" : undefined);
    await failsWith("network", () => visit.desk.replies("inspektorat"));
    visit.server.fault = () => undefined;
    await visit.desk.replies("inspektorat");
    assert.equal(new Set(visit.server.paths().filter(isPage)).size, 1);
  }
});

test("a board published anew during the visit is visited again, a broken one is not shown", async () => {
  await visit.desk.unlock(CODENAME);
  visit.server.board = board(16, new Map());
  visit.server.fault = (seen) => {
    return seen.path.startsWith("/board/") && seen.path !== "/board/index" && visit.server.paths("/board/").length === 2
      ? { status: 404, body: '{"error":"no-such-page"}' } : undefined;
  };
  assert.deepEqual(await visit.desk.replies("inspektorat"), []);
  assert.equal(visit.server.paths("/board/index").length, 2);
  visit.server.fault = () => undefined;
  visit.server.board = board(17, new Map());
  await failsWith("board-broken", () => visit.desk.replies("inspektorat"));
  visit.server.board = board(16, new Map());
  visit.server.fault = ({ path }) => (/[0-9]$/.test(path) ? { status: 200, body: "<html>" } : undefined);
  await failsWith("board-broken", () => visit.desk.replies("inspektorat"));
});
