/** An office that changes who reads while a page is open. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { hex } from "../../src/crypto/bytes";
import { CODENAME, REVIEWERS, signedSlice, sliceValue } from "../support/office";
import { failsWith, refuses } from "../support/refuses";
import { CONTENT, nothing, opened, Visit } from "../support/visit";

const SHOWN = ["auditor", "ketua"];
const ADDRESS = { office: "inspektorat", channel: "aduan", excluded: [], readers: SHOWN, language: "en" } as const;
const STALE = { status: 409, body: '{"error":"stale-directory"}' };

let visit: Visit;
let serial = 3;

/** From now on the office publishes a directory in which these read. */
function publish(...recipients: readonly string[]): void {
  const [aduan, ...others] = sliceValue()["channels"] as [object, ...object[]];
  serial += 1;
  visit.server.slice = signedSlice({ channels: [{ ...aduan, recipients }, ...others] as never, serial });
}

async function readersOf(item: Uint8Array<ArrayBuffer>): Promise<string[]> {
  const found = await Promise.all(REVIEWERS.map((id) => opened(item, id).then(() => [id], () => [])));
  return found.flat();
}

const lastItem = () => visit.sent().at(-1)?.item as Uint8Array<ArrayBuffer>;
const itemsAsked = () => visit.server.paths("POST /api/item").length;

beforeEach(async () => {
  visit = new Visit();
  publish(...SHOWN);
  await visit.desk.openOffice("inspektorat");
  await visit.desk.unlock(CODENAME);
});

test("who has left does not read, and nobody is asked anything", async () => {
  publish("ketua");
  await visit.desk.send(ADDRESS, CONTENT);
  assert.deepEqual(await readersOf(lastItem()), ["ketua"]);
  assert.equal(itemsAsked(), 1, "the server was asked for the readers before, and refused nothing");
});

test("who has joined reads once the person has agreed, also one who took another's place", async () => {
  for (const now of [["auditor", "ketua", "sekretaris"], ["auditor", "sekretaris"], ["sekretaris"]]) {
    publish(...now);
    await visit.desk.forget();
    await visit.desk.unlock(CODENAME);
    const before = visit.server.items.size;
    const failure = await failsWith("new-readers", () => visit.desk.send(ADDRESS, CONTENT));
    assert.deepEqual(failure.details, ["The sekretaris"]);
    await failsWith("new-readers", () => visit.desk.send(ADDRESS, CONTENT));
    assert.equal(visit.server.items.size, before, "nothing is sent before, and to try again is not to agree");
    await visit.desk.agree();
    await visit.desk.send(ADDRESS, CONTENT);
    assert.deepEqual(await readersOf(lastItem()), now);
  }
});

test("what the person agreed to holds for the files as well, and not for another codename", async () => {
  publish(...REVIEWERS);
  await failsWith("new-readers", () => visit.desk.send(ADDRESS, CONTENT));
  await visit.desk.agree();
  await visit.desk.send(ADDRESS, CONTENT);
  assert.equal(await visit.desk.sendFile(1, ADDRESS, new File(["x"], "x"), nothing), "sent");
  assert.deepEqual(await readersOf(lastItem()), [...REVIEWERS]);
  await visit.desk.forget();
  await visit.desk.unlock(CODENAME);
  await failsWith("new-readers", () => visit.desk.send(ADDRESS, CONTENT));
});

test("who is excluded stays so, and the last reader may not leave unnoticed", async () => {
  const excluding = { ...ADDRESS, excluded: ["ketua"] };
  publish(...REVIEWERS);
  await failsWith("new-readers", () => visit.desk.send(excluding, CONTENT));
  await visit.desk.agree();
  await visit.desk.send(excluding, CONTENT);
  assert.deepEqual(await readersOf(lastItem()), ["auditor", "sekretaris"]);
  publish("ketua");
  await failsWith("no-recipient-left", () => visit.desk.send(excluding, CONTENT));
});

test("a text whose answer was lost is sealed anew when the readers are others, else it is the same bytes", async () => {
  const lost = (path: string) => (path.startsWith("/api/item") ? "answer-lost" : undefined);
  visit.server.fault = ({ path }) => lost(path);
  await failsWith("network", () => visit.desk.send(ADDRESS, CONTENT));
  await failsWith("network", () => visit.desk.send(ADDRESS, CONTENT));
  assert.equal(visit.server.items.size, 1);
  publish("auditor");
  visit.server.fault = () => undefined;
  await visit.desk.send(ADDRESS, CONTENT);
  assert.equal(visit.server.items.size, 2);
  assert.deepEqual(await readersOf(lastItem()), ["auditor"]);
});

test("readers that change between the sealing and the sending: sealed once more, by itself", async () => {
  visit.server.fault = ({ path }, nth) => {
    if (!path.startsWith("/api/item") || nth > 1) return undefined;
    publish("ketua");
    return STALE;
  };
  await visit.desk.send(ADDRESS, CONTENT);
  assert.equal(itemsAsked(), 2);
  assert.deepEqual(await readersOf(lastItem()), ["ketua"]);
  await refuses("cannot-open", () => opened(lastItem(), "auditor"));
});

test("a server that calls everything stale is not obeyed for ever", async () => {
  visit.server.fault = ({ path }) => (path.startsWith("/api/item") ? STALE : undefined);
  await failsWith("stale-directory", () => visit.desk.send(ADDRESS, CONTENT));
  await failsWith("stale-directory", () => visit.desk.sendFile(1, ADDRESS, new File(["x"], "x"), nothing));
  assert.equal(itemsAsked(), 4);
  visit.server.fault = () => undefined;
  await visit.desk.send(ADDRESS, CONTENT);
  assert.equal(visit.server.items.size, 1);
});

test("a file that was long on its way is for those who read at its end, and is not sent twice", async () => {
  visit.server.fault = ({ path }) => {
    if (path.endsWith("/done")) publish(...REVIEWERS);
    return undefined;
  };
  const file = new File(["x".repeat(3_000_000)], "film.mp4");
  await failsWith("new-readers", () => visit.desk.sendFile(1, ADDRESS, file, nothing));
  visit.server.fault = () => undefined;
  await visit.desk.agree();
  const pieces = visit.server.paths("PUT ").length;
  assert.equal(await visit.desk.sendFile(1, ADDRESS, file, nothing), "sent");
  assert.equal(visit.server.paths("PUT ").length, pieces);
  assert.deepEqual(await readersOf(lastItem()), [...REVIEWERS]);
});

test("keys are fetched before the codename's item goes out, by whoever sends, with the same requests", async () => {
  const before = visit.server.seen.length;
  await visit.desk.send(ADDRESS, CONTENT);
  const [directory, item, ...more] = visit.server.seen.slice(before);
  assert.equal(directory?.path, "/api/directory/inspektorat");
  assert.equal(hex(directory?.body as never), "", "the question says nothing");
  assert.equal(item?.path, "/api/item/inspektorat/aduan");
  assert.equal(more.length, 0);
});
