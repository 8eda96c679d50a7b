import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { CODENAME, REVIEWERS } from "../support/office";
import { arrived, bytesOf, fileOf, Heard, livingFile, MIB, received } from "../support/evidence";
import { failsWith, refuses } from "../support/refuses";
import { ADDRESS, nothing, opened, Visit } from "../support/visit";

let visit: Visit;
beforeEach(async () => {
  visit = new Visit();
  await visit.desk.unlock(CODENAME);
});

async function another(): Promise<Visit> {
  const other = new Visit(visit.server);
  await other.desk.unlock(CODENAME);
  return other;
}

test("files of every shape arrive", async () => {
  for (const [task, size] of [0, 1, 65536, 65537, MIB, 3 * MIB + 12345].entries()) {
    const heard = new Heard();
    assert.equal(await visit.desk.sendFile(task, ADDRESS, fileOf(size), heard.note), "sent");
    assert.deepEqual(heard.phases, ["reading", "sending", "finishing"]);
    assert.equal(heard.all.at(-1)?.final, true);
    assert.ok(heard.all.every(({ total, there, done }) => total === size && there === 0 && done <= size));
    for (const phase of ["reading", "sending"]) {
      const seen = heard.all.filter((now) => now.phase === phase).map(({ done }) => done);
      assert.deepEqual(seen, [...seen].sort((a, b) => a - b));
    }
    assert.equal(heard.all.at(-1)?.done, size);
    assert.equal((await received(visit)).name, "bukti.pdf");
    await arrived(visit, bytesOf(size));
  }
});

test("no request says what the file is called, how long it is or what it holds", async () => {
  await visit.desk.sendFile(1, ADDRESS, fileOf(100_000), nothing);
  const all = Buffer.concat(visit.server.seen.flatMap(({ path, body }) => [Buffer.from(path), Buffer.from(body)]));
  for (const secret of ["bukti", "pdf", "100000"]) assert.ok(!all.includes(secret), secret);
  assert.ok(!all.includes(Buffer.from(bytesOf(100_000).slice(500, 532))));
});

test("after a reload the same file goes on where it stopped, whatever it is called and dated now", async () => {
  visit.server.fault = (seen) => {
    if (seen.method === "PUT" && visit.server.blob.pieces.size > 40) void visit.desk.forget();
    return undefined;
  };
  await failsWith("locked", () => visit.desk.sendFile(1, ADDRESS, fileOf(6 * MIB), nothing));
  visit.server.fault = () => undefined;
  const stored = visit.server.blob.pieces.size;
  assert.ok(40 < stored && stored < 96);
  const bodies = () => visit.server.seen.filter(({ method }) => method === "PUT").map(({ body }) => body.length);
  const before = bodies().length;
  const later = await another();
  const heard = new Heard();
  const renamed = new File([bytesOf(6 * MIB)], "lain.mp4", { lastModified: 2 });
  await later.desk.sendFile(1, ADDRESS, renamed, heard.note);
  const sent = bodies().slice(before).reduce((sum, length) => sum + length, 0);
  assert.equal(Math.ceil(sent / 65537), 96 - stored, "only what was missing");
  const first = heard.all.find(({ phase }) => phase === "sending");
  assert.equal(first?.there, Math.floor((6 * MIB * stored) / 96));
  assert.equal(first.done, first.there);
  await arrived(later, bytesOf(6 * MIB));
  assert.equal((await received(later)).name, "lain.mp4");
});

test("two files that look alike from outside are two blobs under two keys", async () => {
  await visit.desk.sendFile(1, ADDRESS, fileOf(10, "a", 31), nothing);
  await visit.desk.sendFile(2, ADDRESS, fileOf(10, "a", 33), nothing);
  const keys = await Promise.all(visit.sent().map(async ({ item }) => {
    const { content } = await opened(item, "auditor");
    return content.kind === "evidence" ? Buffer.from(content.file.key).toString("hex") : "";
  }));
  assert.equal(visit.server.blobs.size, 2);
  assert.equal(new Set(keys).size, 2);
});

test("another codename has another blob for the same file", async () => {
  await visit.desk.sendFile(1, ADDRESS, fileOf(10), nothing);
  const stranger = new Visit(visit.server);
  await stranger.desk.unlock((await stranger.desk.newCodename("en")).join(" "));
  await stranger.desk.sendFile(1, ADDRESS, fileOf(10), nothing);
  assert.equal(visit.server.blobs.size, 2);
});

test("a file that changes between reading and sending is not sealed under the key of what it was", async () => {
  const [before, after] = [bytesOf(3 * MIB), bytesOf(3 * MIB, 33)];
  let reads = 0;
  const file = livingFile(3 * MIB, (start, end) => (++reads > 3 && end > MIB ? after : before).subarray(start, end));
  await failsWith("file-changed", () => visit.desk.sendFile(1, ADDRESS, file, nothing));
  assert.equal(visit.server.items.size, 0);
  const steady = livingFile(3 * MIB, (start, end) => after.subarray(start, end));
  assert.equal(await visit.desk.sendFile(1, ADDRESS, steady, nothing), "sent");
  assert.equal(visit.server.blobs.size, 2, "what it is now is another blob");
  await arrived(visit, after);
});

test("a file that cannot be read, at once or half-way", async () => {
  const whole = bytesOf(5 * MIB);
  for (const good of [0, 2, 7]) {
    for (const gone of [() => Promise.reject(new Error("gone")), () => new Uint8Array(9)]) {
      let reads = 0;
      const file = livingFile(whole.length, (start, end) => (++reads > good ? gone() : whole.slice(start, end)));
      await failsWith("file-changed", () => visit.desk.sendFile(1, ADDRESS, file, nothing));
    }
  }
  assert.equal(visit.server.items.size, 0);
});

test("another try at the same task need not read the whole file again", async () => {
  let reads = 0;
  const whole = bytesOf(4 * MIB);
  const file = livingFile(whole.length, (start, end) => {
    reads += 1;
    return whole.slice(start, end);
  });
  visit.server.fault = ({ path }) => (path.startsWith("/api/item") ? { status: 400, body: '{"error":"bad-item"}' } : undefined);
  await failsWith("bad-item", () => visit.desk.sendFile(1, ADDRESS, file, nothing));
  assert.equal(reads, 8);
  visit.server.fault = () => undefined;
  await visit.desk.sendFile(1, ADDRESS, file, nothing);
  assert.equal(reads, 8, "everything is stored, and the content is known");
  await arrived(visit, whole);
});

test("evidence of a retry is sealed for the address of the retry", async () => {
  const full = { status: 400, body: '{"error":"bad-request"}' };
  visit.server.fault = ({ path }) => (path.startsWith("/api/item") ? full : undefined);
  await failsWith("bad-request", () => visit.desk.sendFile(1, { ...ADDRESS, excluded: [] }, fileOf(10), nothing));
  visit.server.fault = () => undefined;
  await visit.desk.sendFile(1, ADDRESS, fileOf(10), nothing);
  const [{ item }] = visit.sent() as [ReturnType<Visit["sent"]>[number]];
  assert.deepEqual((await opened(item, "auditor")).excluded, ["ketua"]);
  await refuses("cannot-open", () => opened(item, "ketua"));
});

test("an item whose answer was lost goes out again as the same bytes", async () => {
  const lost = (nth: number) => (nth === 1 ? "answer-lost" : undefined);
  visit.server.fault = ({ path }, nth) => (path.startsWith("/api/item") ? lost(nth) : undefined);
  await visit.desk.sendFile(1, ADDRESS, fileOf(10), nothing);
  assert.equal(visit.server.paths("/api/item").length, 2);
  assert.equal(visit.server.items.size, 1);
});

test("no upload begins for an address that nothing can be sealed to", async () => {
  const everybody = { ...ADDRESS, excluded: [...REVIEWERS] };
  await failsWith("no-recipient-left", () => visit.desk.sendFile(1, everybody, fileOf(10), nothing));
  await failsWith("no-such-channel", () => visit.desk.sendFile(1, { ...ADDRESS, channel: "lain" }, fileOf(10), nothing));
  assert.equal(visit.server.blobs.size, 0);
});

test("what the server takes", async () => {
  assert.deepEqual(await visit.desk.intake(), { evidence: "open", largest: 8_000_000_000 });
  for (const broken of [{ evidence: "open" }, { evidence: "maybe", largest: 1 }, { evidence: "open", largest: -1 }]) {
    visit.server.intake = broken;
    await failsWith("internal", () => visit.desk.intake());
  }
});

test("an answer about pieces that cannot be true", async () => {
  for (const pieces of [[[0, 1], [0, 1]], [[1, 1], [0, 1]], [[0, 1], [1, 1]], [[0, 99]], [[-1, 2]], [[0, 0]], [[0.5, 1]], [0], "all", [[0, 1, 2]]]) {
    const body = JSON.stringify({ complete: false, pieces });
    visit.server.fault = ({ method, path }) => (method === "GET" && path.includes("blob") ? { status: 200, body } : undefined);
    await failsWith("internal", () => visit.desk.sendFile(1, ADDRESS, fileOf(10), nothing));
  }
  const body = JSON.stringify({ complete: true, pieces: [] });
  visit.server.fault = ({ method, path }) => (method === "GET" && path.includes("blob") ? { status: 200, body } : undefined);
  await failsWith("internal", () => visit.desk.sendFile(1, ADDRESS, fileOf(10), nothing));
});
