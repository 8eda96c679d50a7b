import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { contents } from "../support/server";
import { CODENAME } from "../support/office";
import { arrived, bytesOf, fileOf, Heard, livingFile, MIB } from "../support/evidence";
import { failsWith } from "../support/refuses";
import { ADDRESS, nothing, Visit } from "../support/visit";

let visit: Visit;
beforeEach(async () => {
  visit = new Visit();
  await visit.desk.unlock(CODENAME);
});

const puts = () => visit.server.seen.filter(({ method }) => method === "PUT");
const moment = () => new Promise((resolve) => void setTimeout(resolve, 5));

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await moment();
}

test("on a quick link requests grow to whole chunks, several at a time", async () => {
  let met: () => void;
  const meeting = new Promise<void>((resolve) => (met = resolve));
  // Nothing is answered any more, and the test ends in vain, unless so many are sent together.
  visit.server.fault = ({ method }) => {
    if (method !== "PUT" || puts().length < 20) return undefined;
    if (visit.server.puts === 6) met();
    return meeting;
  };
  await visit.desk.sendFile(1, ADDRESS, fileOf(40 * MIB), nothing);
  const sizes = puts().map(({ body }) => Math.ceil(body.length / 65537));
  assert.equal(sizes[0], 4);
  assert.ok(sizes.slice(20, -10).every((size) => size === 16), sizes.join(" "));
});

test("only a few chunks are read ahead of what has been sent, however long the link is dead", async () => {
  const whole = bytesOf(60 * MIB);
  let read = 0;
  const file = livingFile(whole.length, (start, end) => {
    read += end - start;
    return whole.slice(start, end);
  });
  visit.server.fault = ({ method }) => (method === "PUT" ? "hangs" : undefined);
  const sending = visit.desk.sendFile(1, ADDRESS, file, nothing);
  await until(() => puts().length > 0);
  for (let i = 0; i < 20; i += 1) await moment();
  assert.ok(read <= (60 + 24) * MIB, `${read / MIB - 60} MiB`);
  void visit.desk.steer(1, "cancel");
  assert.equal(await sending, "cancelled");
});

test("a server that restarts is waited out: less is asked of it, then it goes on", async () => {
  const heard = new Heard();
  const away = { status: 502, body: "<html>" };
  visit.server.fault = ({ method }) => {
    const nth = puts().length;
    if (method === "PUT" && nth > 15 && nth < 30) return nth % 3 ? "lost" : away;
    return undefined;
  };
  await visit.desk.sendFile(1, ADDRESS, fileOf(20 * MIB), heard.note);
  await arrived(visit, bytesOf(20 * MIB));
  assert.ok(heard.phases.join().includes("sending,offline,sending"), heard.phases.join());
  assert.equal(Math.ceil((puts()[28]?.body.length ?? 0) / 65537), 1);
  const pauses = visit.server.pauses;
  assert.ok(pauses.length >= 3 && pauses.length < 14, "requests that break together are one failure");
  assert.deepEqual(pauses, [...pauses].sort((a, b) => a - b));
});

test("a broken network is waited out without end, at most a minute at a time", async () => {
  let left = 60;
  visit.server.fault = ({ path }) => (path.includes("blob") && left-- > 0 ? "lost" : undefined);
  await visit.desk.sendFile(1, ADDRESS, fileOf(10), nothing);
  assert.equal(visit.server.pauses.length, 60);
  assert.equal(Math.max(...visit.server.pauses), 60_000);
  await arrived(visit, bytesOf(10));
});

test("a server that stays busy is waited out for ten minutes", async () => {
  for (const [busy, code] of [[{ status: 503, body: '{"error":"storage-full"}' }, "storage-full"],
    [{ status: 502, body: "" }, "network"]] as const) {
    const before = visit.server.network.now();
    visit.server.fault = ({ method }) => (method === "PUT" ? busy : undefined);
    await failsWith(code, () => visit.desk.sendFile(1, ADDRESS, fileOf(3 * MIB), nothing));
    const waited = visit.server.network.now() - before;
    assert.ok(600_000 < waited && waited < 700_000, String(waited));
    visit.server.fault = () => undefined;
  }
  assert.equal(await visit.desk.sendFile(1, ADDRESS, fileOf(3 * MIB), nothing), "sent");
});

test("text only is said at once, and nothing is lost by it", async () => {
  const closed = { status: 503, body: '{"error":"text-only"}' };
  visit.server.fault = ({ method }) => (method === "PUT" && puts().length === 3 ? closed : undefined);
  await failsWith("text-only", () => visit.desk.sendFile(1, ADDRESS, fileOf(3 * MIB), nothing));
  assert.deepEqual(visit.server.pauses, []);
  assert.equal(await visit.desk.sendFile(1, ADDRESS, fileOf(3 * MIB), nothing), "sent");
  await arrived(visit, bytesOf(3 * MIB));
});

test("a ticket that ends on the way is asked for again; two bad ones in a row are told", async () => {
  visit.server.fault = ({ method }) => {
    if (method === "PUT" && puts().length === 4) visit.server.ticket = "bmV1";
    return undefined;
  };
  await visit.desk.sendFile(1, ADDRESS, fileOf(8 * MIB), nothing);
  assert.equal(visit.server.paths("/api/ticket").length, 2);
  await arrived(visit, bytesOf(8 * MIB));
  visit.server.fault = ({ method }) => (method === "PUT" ? { status: 403, body: '{"error":"bad-ticket"}' } : undefined);
  await failsWith("bad-ticket", () => visit.desk.sendFile(1, ADDRESS, fileOf(8 * MIB, "b", 37), nothing));
});

test("pieces that the server lost are sent again; a server that loses them every time is told", async () => {
  let losses = 1;
  visit.server.fault = ({ path }) => {
    if (path.endsWith("/done") && losses-- > 0) for (const piece of [2, 17, 18]) visit.server.blob.pieces.delete(piece);
    return undefined;
  };
  await visit.desk.sendFile(1, ADDRESS, fileOf(4 * MIB), nothing);
  await arrived(visit, bytesOf(4 * MIB));
  const server = visit.server;
  server.fault = ({ path }) => {
    if (path.endsWith("/done")) for (const { pieces } of server.blobs.values()) pieces.delete(1);
    return undefined;
  };
  await failsWith("incomplete", () => visit.desk.sendFile(2, ADDRESS, fileOf(2 * MIB, "b", 37), nothing));
});

test("two tabs that send the same file at once send one blob between them", async () => {
  const other = new Visit(visit.server);
  await other.desk.unlock(CODENAME);
  const file = () => fileOf(12 * MIB);
  const ends = await Promise.all([visit, other].map(({ desk }) => desk.sendFile(1, ADDRESS, file(), nothing)));
  assert.deepEqual(ends, ["sent", "sent"]);
  assert.equal(visit.server.blobs.size, 1);
  assert.equal(visit.server.items.size, 2);
  await arrived(visit, bytesOf(12 * MIB));
});

test("a blob that another tab completes at any moment is complete here too", async () => {
  await visit.desk.sendFile(1, ADDRESS, fileOf(4 * MIB), nothing);
  const whole = new Map(visit.server.blob.pieces);
  for (const moment of ["GET", "PUT", "POST"]) {
    const tab = new Visit();
    await tab.desk.unlock(CODENAME);
    tab.server.fault = ({ method, path }) => {
      if (method !== moment || !path.includes("/api/blob")) return undefined;
      const { blob } = tab.server;
      for (const [piece, bytes] of whole) blob.pieces.set(piece, bytes);
      blob.complete = true;
      return undefined;
    };
    assert.equal(await tab.desk.sendFile(1, ADDRESS, fileOf(4 * MIB), nothing), "sent");
    await arrived(tab, bytesOf(4 * MIB));
    assert.deepEqual(contents(tab.server.blob), contents(visit.server.blob), "sealing is repeatable");
  }
});

test("pausing breaks off what is under way at once and keeps what is there; resuming goes on", async () => {
  const heard = new Heard();
  visit.server.fault = ({ method }) => (method === "PUT" && puts().length > 6 ? "hangs" : undefined);
  const sending = visit.desk.sendFile(1, ADDRESS, fileOf(9 * MIB), heard.note);
  await until(() => puts().length > 6);
  await visit.desk.steer(1, "pause");
  await moment();
  const under = puts();
  assert.ok(under.slice(6).every(({ init }) => init.signal?.aborted));
  const stored = visit.server.blob.pieces.size;
  for (let i = 0; i < 10; i += 1) await moment();
  assert.equal(puts().length, under.length, "nothing is sent while paused");
  assert.equal(heard.phases.at(-1), "paused");
  assert.deepEqual(visit.server.pauses, [], "a pause is no failure");
  visit.server.fault = () => undefined;
  await visit.desk.steer(1, "resume");
  assert.equal(await sending, "sent");
  assert.ok(stored > 0 && visit.server.paths("DELETE").length === 0);
  assert.ok(heard.phases.join().includes("paused,sending"));
  await arrived(visit, bytesOf(9 * MIB));
});

test("reading can be paused too", async () => {
  const whole = bytesOf(30 * MIB);
  let reads = 0;
  const file = livingFile(whole.length, (start, end) => {
    reads += 1;
    if (reads === 2) void visit.desk.steer(1, "pause");
    return whole.slice(start, end);
  });
  const sending = visit.desk.sendFile(1, ADDRESS, file, nothing);
  for (let i = 0; i < 10; i += 1) await moment();
  assert.ok(reads < 8);
  await visit.desk.steer(1, "resume");
  assert.equal(await sending, "sent");
});

test("cancelling ends it, takes back what is unfinished, and leaves others alone", async () => {
  visit.server.fault = ({ method }) => (method === "PUT" && puts().length > 6 ? "hangs" : undefined);
  const sending = visit.desk.sendFile(1, ADDRESS, fileOf(9 * MIB), nothing);
  await until(() => puts().length > 6);
  await visit.desk.steer(1, "cancel");
  assert.equal(await sending, "cancelled");
  assert.equal(visit.server.paths("DELETE").length, 1);
  assert.equal(visit.server.blob.pieces.size, 0);
  assert.equal(visit.server.items.size, 0);
  visit.server.fault = () => undefined;
  assert.equal(await visit.desk.sendFile(2, ADDRESS, fileOf(10), nothing), "sent");
  await visit.desk.steer(1, "cancel");
});

test("cancelling works while paused, while reading, and without a network", async () => {
  for (const order of ["pause", "now"] as const) {
    const file = livingFile(9 * MIB, async (start, end) => {
      await visit.desk.steer(1, order);
      await visit.desk.steer(1, "cancel");
      return bytesOf(end - start);
    });
    assert.equal(await visit.desk.sendFile(1, ADDRESS, file, nothing), "cancelled");
  }
  assert.equal(visit.server.blobs.size, 0);
  visit.server.fault = ({ path }) => (path.includes("blob") ? "lost" : undefined);
  const sending = visit.desk.sendFile(1, ADDRESS, fileOf(9 * MIB), nothing);
  await until(() => visit.server.pauses.length > 3);
  await visit.desk.steer(1, "cancel");
  assert.equal(await sending, "cancelled");
});

test("what the office may have already is not said to be called back", async () => {
  const heard = new Heard();
  const finalAt: Record<string, true | undefined> = {};
  visit.server.fault = ({ method, path }, nth) => {
    finalAt[`${method} ${path.split("/")[2] ?? ""}`] = heard.all.at(-1)?.final;
    if (!path.includes("/api/item") || nth > 1) return undefined;
    void visit.desk.steer(1, "cancel");
    return "answer-lost";
  };
  assert.equal(await visit.desk.sendFile(1, ADDRESS, fileOf(10), heard.note), "sent");
  assert.deepEqual(finalAt["POST blob"], undefined);
  assert.deepEqual(finalAt["POST item"], true);
  assert.equal(visit.server.items.size, 1);
});

test("until the item goes out, a complete file can still be cancelled", async () => {
  visit.server.fault = ({ path }) => {
    if (path.endsWith("/done")) void visit.desk.steer(1, "cancel");
    return undefined;
  };
  assert.equal(await visit.desk.sendFile(1, ADDRESS, fileOf(10), nothing), "cancelled");
  assert.equal(visit.server.items.size, 0);
});

test("a person need not wait for the next try", async () => {
  let asleep = false;
  const stuck = { ...visit.server.network, sleep: () => ((asleep = true), new Promise<void>(() => undefined)) };
  Object.assign(visit.server, { network: stuck });
  const other = new Visit(visit.server);
  await other.desk.unlock(CODENAME);
  visit.server.fault = ({ method }) => (method === "PUT" && puts().length < 2 ? "lost" : undefined);
  const sending = other.desk.sendFile(1, ADDRESS, fileOf(10), nothing);
  await until(() => asleep);
  await other.desk.steer(1, "now");
  assert.equal(await sending, "sent");
});

test("forgetting stops an upload", async () => {
  visit.server.fault = ({ method }) => {
    if (method === "PUT") void visit.desk.forget();
    return undefined;
  };
  await failsWith("locked", () => visit.desk.sendFile(1, ADDRESS, fileOf(20 * MIB), nothing));
  assert.ok(puts().length < 8);
  assert.equal(visit.server.items.size, 0);
  assert.equal(visit.server.paths("DELETE").length, 0);
});
