import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import type { Bytes } from "../../src/crypto/bytes";
import type { FailureCode } from "../../src/worker/calls";
import { Heard, MIB } from "../support/evidence";
import { failsWith } from "../support/refuses";
import { fileOf, sealed, type Made } from "../support/sealed";
import { contents } from "../support/server";
import { nothing, Visit } from "../support/visit";

let visit: Visit;
beforeEach(() => {
  visit = new Visit();
});

const same = (a: Bytes, b: Bytes) => Buffer.from(a).equals(Buffer.from(b));
const sends = () => visit.server.seen.filter(({ method }) => method !== "GET").map(({ method, path }) => `${method} ${path.split("/")[2]}`);

async function handInAll(parts: number, from = 0): Promise<void> {
  for (let part = from; part < parts; part += 1) assert.equal(await visit.desk.handIn(part, part, nothing), "sent");
}

/** Every entry is on the server, bit for bit, with its token. */
function allThere({ entries, contents: sent }: Made): void {
  const items = visit.sent();
  const blobs = [...visit.server.blobs.values()];
  assert.equal(items.length + blobs.length, entries.length);
  entries.forEach((entry, i) => {
    const content = sent[i] as Bytes;
    if (entry.kind === "item") {
      const found = items.find(({ item }) => same(item, content));
      assert.ok(found !== undefined && same(found.tokenHash, entry.tokenHash));
      assert.equal(found.path, `/api/item/inspektorat/${entry.channel}`);
    } else {
      assert.ok(blobs.some((blob) => blob.complete && same(contents(blob), content)));
    }
  });
}

test("what a sealed file says of itself is shown before anything is sent", async () => {
  const { bytes } = sealed([10, 3 * MIB]);
  const { office, parts } = await visit.desk.openSealed(fileOf(bytes));
  assert.equal(office.id, "Inspektorat");
  assert.deepEqual(parts.map(({ evidence }) => evidence), [false, true, true]);
  assert.deepEqual(parts.map(({ size }) => size), [9_000, 65_536, 3 * MIB]);
  assert.deepEqual(visit.server.paths(), ["GET /site.json"]);
});

test("a sealed file arrives bit for bit, a blob before the item that tells of it, without any codename", async () => {
  const made = sealed([10, 5 * MIB]);
  await visit.desk.openSealed(fileOf(made.bytes));
  await handInAll(3);
  allThere(made);
  const order = sends().filter((one, i, all) => one !== all[i - 1]);
  const evidence = ["POST ticket", "PUT blob", "POST blob", "POST item"];
  assert.deepEqual(order, ["POST item", ...evidence, ...evidence]);
});

test("handed in again after a reload, it goes on where it stopped", async () => {
  const made = sealed([20 * MIB]);
  const slow = new Promise<void>(() => undefined);
  visit.server.fault = ({ method }, nth) => (method === "PUT" && visit.server.blob.pieces.size > 100 && nth ? slow : undefined);
  await visit.desk.openSealed(fileOf(made.bytes));
  await handInAll(1);
  void visit.desk.handIn(1, 1, nothing);
  while (visit.server.puts < 2 || visit.server.blob.pieces.size <= 100) await new Promise((resolve) => void setImmediate(resolve));
  const there = visit.server.blob.pieces.size;
  const before = visit.server.seen.length;
  visit.server.fault = () => undefined;
  visit = new Visit(visit.server);
  await visit.desk.openSealed(fileOf(made.bytes));
  await handInAll(2);
  allThere(made);
  const again = visit.server.seen.slice(before).filter(({ method }) => method === "PUT");
  const pieces = again.reduce((sum, { body }) => sum + Math.ceil(body.length / 65_537), 0);
  assert.equal(pieces, visit.server.blob.pieces.size - there);
});

test("a part that is there already is not sent again", async () => {
  const made = sealed([3 * MIB]);
  await visit.desk.openSealed(fileOf(made.bytes));
  await handInAll(2);
  const before = visit.server.seen.length;
  await handInAll(2);
  allThere(made);
  assert.ok(!visit.server.seen.slice(before).some(({ method }) => method === "PUT"));
});

test("a bad line is waited out, and progress counts what the server has", async () => {
  const made = sealed([4 * MIB]);
  let left = 12;
  visit.server.fault = ({ path }) => (path.startsWith("/api/") && left-- > 0 ? "lost" : undefined);
  await visit.desk.openSealed(fileOf(made.bytes));
  const heard = new Heard();
  await visit.desk.handIn(0, 0, nothing);
  await visit.desk.handIn(1, 1, heard.note);
  allThere(made);
  assert.equal(heard.all.at(-1)?.done, heard.all.at(-1)?.total);
  assert.equal(heard.all.at(-1)?.total, 4 * MIB + 4 * 16);
  assert.ok(heard.all.at(-1)?.final);
});

test("a person may pause and cancel; what was begun is dropped", async () => {
  const made = sealed([20 * MIB]);
  await visit.desk.openSealed(fileOf(made.bytes));
  const sending = visit.desk.handIn(7, 1, ({ phase, done }) => {
    if (phase === "sending" && done > 0) void visit.desk.steer(7, "pause");
    if (phase === "paused") void visit.desk.steer(7, "cancel");
  });
  assert.equal(await sending, "cancelled");
  assert.ok(visit.server.paths().some((one) => one.startsWith("DELETE /api/blob/")));
  assert.deepEqual(visit.sent(), []);
});

test("leaving ends it", async () => {
  await visit.desk.openSealed(fileOf(sealed([20 * MIB]).bytes));
  const sending = visit.desk.handIn(1, 1, ({ done }) => void (done > 0 && visit.desk.forget()));
  await failsWith("locked", () => sending);
  await failsWith("locked", () => visit.desk.handIn(1, 1, nothing));
});

test("what is no sealed file for this site is refused before anything is sent", async () => {
  const { bytes } = sealed([10]);
  const padded = new Uint8Array(bytes.length + 1);
  padded.set(bytes);
  const flipped = bytes.slice();
  flipped[60] = (flipped[60] as number) ^ 1;
  const cases: [FailureCode, Bytes][] = [
    ["not-sealed", new Uint8Array(0)],
    ["not-sealed", bytes.slice(0, 19)],
    ["not-sealed", bytes.slice(1)],
    ["sealed-damaged", bytes.slice(0, 20)],
    ["sealed-damaged", bytes.slice(0, 300)],
    ["sealed-damaged", bytes.slice(0, -1)],
    ["sealed-damaged", padded],
    ["sealed-damaged", flipped],
    ["sealed-elsewhere", sealed([10], { instance: new Uint8Array(16) }).bytes],
    ["no-such-office", sealed([10], { office: "kantor-lama" }).bytes],
  ];
  for (const [code, file] of cases) await failsWith(code, () => visit.desk.openSealed(fileOf(file)));
  assert.deepEqual([...new Set(visit.server.paths())], ["GET /site.json"]);
  await failsWith("locked", () => visit.desk.handIn(0, 0, nothing));
});

test("the server's refusals say what to do with a file that nobody here can seal again", async () => {
  await visit.desk.openSealed(fileOf(sealed([10]).bytes));
  const refusals: Record<string, FailureCode> = { "bad-item": "sealed-too-old", "stale-directory": "sealed-too-old", "no-such-channel": "sealed-no-channel", "text-only": "text-only" };
  for (const [code, shown] of Object.entries(refusals)) {
    visit.server.fault = () => ({ status: 400, body: JSON.stringify({ error: code }) });
    await failsWith(shown, () => visit.desk.handIn(0, 0, nothing));
  }
});

test("a file that is taken out while it is sent says so", async () => {
  const { bytes } = sealed([10]);
  const file = fileOf(bytes);
  await visit.desk.openSealed(file);
  Object.defineProperty(file, "slice", { value: () => ({ arrayBuffer: () => Promise.reject(new DOMException("gone")) }) });
  await failsWith("file-changed", () => visit.desk.handIn(1, 1, nothing));
});

test("the name that the file has on the carrier's device is not sent", async () => {
  const made = sealed([]);
  await visit.desk.openSealed(fileOf(made.bytes));
  await handInAll(1);
  for (const { path, body } of visit.server.seen) assert.ok(!Buffer.concat([Buffer.from(path), body]).includes("0417"));
});
