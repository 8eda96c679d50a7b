import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { hex } from "../../src/crypto/bytes";
import { DELETION_NUMBERS } from "../../src/crypto/constants";
import { deletionToken, tokenHash } from "../../src/crypto/deletion";
import { CODENAME, codenameKeys, REVIEWERS, TODAY } from "../support/office";
import { failsWith, refuses } from "../support/refuses";
import { ADDRESS, CONTENT, opened, Visit } from "../support/visit";

let visit: Visit;
beforeEach(() => {
  visit = new Visit();
});

test("a message reaches those it is for", async () => {
  await visit.desk.unlock(CODENAME);
  await visit.desk.send(ADDRESS, CONTENT);
  const [{ item, path, tokenHash: stored }] = visit.sent() as [ReturnType<Visit["sent"]>[number]];
  assert.equal(path, "/api/item/inspektorat/aduan");
  const message = await opened(item, "auditor");
  assert.deepEqual(message.content, CONTENT);
  assert.deepEqual(message.excluded, ["ketua"]);
  await refuses("cannot-open", () => opened(item, "ketua"));
  const { deletionSecret } = await codenameKeys();
  const hashes = await Promise.all(
    Array.from({ length: DELETION_NUMBERS }, async (_, n) => hex(await tokenHash(await deletionToken(deletionSecret, TODAY, n)))),
  );
  assert.ok(hashes.includes(hex(stored)), "the codename gives the deletion token back");
});

test("items of a visit are counted, and each has a token of its own", async () => {
  await visit.desk.unlock(CODENAME);
  for (let i = 0; i < 4; i += 1) await visit.desk.send(ADDRESS, { kind: "message", text: String(i) });
  const orders = await Promise.all(visit.sent().map(async ({ item }) => (await opened(item, "auditor")).order));
  assert.deepEqual(orders, [0, 1, 2, 3]);
  assert.equal(new Set(visit.sent().map((one) => hex(one.tokenHash))).size, 4);
});

test("somebody must be left to read", async () => {
  await visit.desk.unlock(CODENAME);
  await failsWith("no-recipient-left", () => visit.desk.send({ ...ADDRESS, excluded: [...REVIEWERS] }, CONTENT));
  await failsWith("no-such-channel", () => visit.desk.send({ ...ADDRESS, channel: "lain" }, CONTENT));
  assert.equal(visit.server.items.size, 0);
});

test("measuring needs neither codename nor server, and is exact", async () => {
  const { used, limit } = await visit.desk.measure(ADDRESS, CONTENT);
  assert.equal(limit, 131072);
  assert.equal(visit.server.seen.length, 0);
  const room = limit - used;
  await visit.desk.unlock(CODENAME);
  const full = { kind: "message", text: CONTENT.text + "x".repeat(room) } as const;
  assert.equal((await visit.desk.measure(ADDRESS, full)).used, limit);
  await visit.desk.send(ADDRESS, full);
  await failsWith("too-large", () => visit.desk.send(ADDRESS, { kind: "message", text: `${full.text}xx` }));
  assert.equal(visit.server.items.size, 1);
});

test("after a failed network the same content is the same bytes, other content is not", async () => {
  await visit.desk.unlock(CODENAME);
  visit.server.fault = (seen) => (seen.path.startsWith("/api/item") ? "answer-lost" : undefined);
  await failsWith("network", () => visit.desk.send(ADDRESS, CONTENT));
  await failsWith("network", () => visit.desk.send(ADDRESS, CONTENT));
  assert.equal(visit.server.items.size, 1, "every try was the same item");
  visit.server.fault = () => undefined;
  await visit.desk.unlock(CODENAME);
  await visit.desk.send(ADDRESS, CONTENT);
  assert.equal(visit.server.items.size, 1, "also after unlocking again");
  await visit.desk.send(ADDRESS, CONTENT);
  assert.equal(visit.server.items.size, 2, "once stored, saying it again is a new item");
});

test("after a fault of the server, which may have stored it, the same content is the same bytes", async () => {
  await visit.desk.unlock(CODENAME);
  visit.server.fault = (seen) => (seen.path.startsWith("/api/item") ? { status: 500, body: '{"error":"internal"}' } : undefined);
  await failsWith("internal", () => visit.desk.send(ADDRESS, CONTENT));
  await failsWith("internal", () => visit.desk.send(ADDRESS, CONTENT));
  const bodies = visit.server.seen.filter(({ path }) => path.startsWith("/api/item")).map(({ body }) => hex(body));
  assert.equal(new Set(bodies).size, 1);
});
