/** What a person may do in a thread besides writing: other kinds of messages, taking back, and proving authorship. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { readAuthorship } from "../../src/crypto/authorship";
import { hex, type Bytes } from "../../src/crypto/bytes";
import { DELETION_NUMBERS } from "../../src/crypto/constants";
import { allTokens, deletionToken, tokenHash } from "../../src/crypto/deletion";
import type { Content } from "../../src/worker/calls";
import { CODENAME, codenameKeys, INSTANCE, steadyRandom, TODAY } from "../support/office";
import { failsWith } from "../support/refuses";
import { ADDRESS, CONTENT, opened, Visit } from "../support/visit";

let visit: Visit;
beforeEach(async () => {
  visit = new Visit();
  await visit.desk.unlock(CODENAME);
});

const tokens = (body: Bytes) => Array.from({ length: body.length / 32 }, (_, i) => hex(body.slice(32 * i, 32 * i + 32)));

test("objection, threat, withdrawal and rating reach those they are for", async () => {
  const contents: Content[] = [
    { kind: "objection", text: "Periksa lagi." }, { kind: "threat", text: "" }, { kind: "withdrawal", text: "" },
    { kind: "rating", reply: 2, stars: 4, text: "Jelas." },
  ];
  for (const content of contents) await visit.desk.send(ADDRESS, content);
  const messages = await Promise.all(visit.sent().map(({ item }) => opened(item, "auditor")));
  assert.deepEqual(messages.map(({ content }) => content), contents);
});

test("a proof of authorship is by the codename's key, for this office and day", async () => {
  const text = await visit.desk.proveAuthorship("inspektorat", "Saya yang melapor.");
  const { statement, day, verify } = readAuthorship(text, { instance: INSTANCE, office: "inspektorat" });
  assert.deepEqual([statement, day, hex(verify)], ["Saya yang melapor.", TODAY, hex((await codenameKeys()).verify)]);
  await failsWith("bad-statement", () => visit.desk.proveAuthorship("inspektorat", ""));
  await failsWith("bad-statement", () => visit.desk.proveAuthorship("inspektorat", "x".repeat(2001)));
  assert.ok(visit.server.seen.every(({ method }) => method === "GET"), "nothing of it is sent");
});

test("all tokens of a day go out once each, in an order of their own", async () => {
  await visit.desk.erase("inspektorat", TODAY);
  const sent = tokens((visit.server.seen.find(({ path }) => path === "/api/deletion/inspektorat") as { body: Bytes }).body);
  const { deletionSecret } = await codenameKeys();
  const expected = await Promise.all(
    Array.from({ length: DELETION_NUMBERS }, async (_, n) => hex(await deletionToken(deletionSecret, TODAY, n))),
  );
  assert.deepEqual([...sent].sort(), [...expected].sort());
  assert.notDeepEqual(sent, expected);
  const other = tokens(await allTokens(deletionSecret, TODAY, steadyRandom(2)));
  assert.notDeepEqual(other, tokens(await allTokens(deletionSecret, TODAY, steadyRandom(3))));
});

test("what was sent that day is erased, what another day or codename sent is not", async () => {
  await visit.desk.send(ADDRESS, CONTENT);
  await visit.desk.send(ADDRESS, CONTENT);
  visit.today = "2026-11-24";
  await visit.desk.send(ADDRESS, CONTENT);
  const other = new Visit(visit.server);
  await other.desk.unlock(CODENAME.split(" ").reverse().join(" "));
  await other.desk.send(ADDRESS, CONTENT);
  assert.equal(await visit.desk.erase("inspektorat", TODAY), 2);
  assert.equal(visit.server.items.size, 2);
  assert.equal(await visit.desk.erase("inspektorat", TODAY), 0);
});

test("once the server knows the tokens of a day, that day's next item carries none of them", async () => {
  await visit.desk.erase("inspektorat", TODAY);
  await visit.desk.send(ADDRESS, CONTENT);
  const { deletionSecret } = await codenameKeys();
  const hashes = await Promise.all(
    Array.from({ length: DELETION_NUMBERS }, async (_, n) => hex(await tokenHash(await deletionToken(deletionSecret, TODAY, n)))),
  );
  assert.ok(visit.sent().every((sent) => !hashes.includes(hex(sent.tokenHash))));
});

test("a server that says nonsense about what it erased is not believed", async () => {
  for (const body of ["{}", '{"erased": -1}', '{"erased": "3"}', '{"erased": 1, "more": 1}', "<html>"]) {
    visit.server.fault = ({ path }) => (path.startsWith("/api/deletion") ? { status: 200, body } : undefined);
    await failsWith("internal", () => visit.desk.erase("inspektorat", TODAY));
  }
});

test("without an unlocked codename there is nothing to prove or erase", async () => {
  await visit.desk.forget();
  await failsWith("locked", () => visit.desk.proveAuthorship("inspektorat", "x"));
  await failsWith("locked", () => visit.desk.erase("inspektorat", TODAY));
});
