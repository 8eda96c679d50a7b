import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { hex, systemRandom, type Bytes } from "../../src/crypto/bytes";
import { DELETION_NUMBERS } from "../../src/crypto/constants";
import { Session } from "../../src/worker/session";
import { CODENAME, codenameKeys, TODAY } from "../support/office";
import { failsWith } from "../support/refuses";
import { ADDRESS, CONTENT, nothing, Visit } from "../support/visit";

let visit: Visit;
beforeEach(() => {
  visit = new Visit();
});

test("locked until a codename is given, and after forgetting", async () => {
  const calls = [
    () => visit.desk.send(ADDRESS, CONTENT), () => visit.desk.sendFile(1, ADDRESS, new File(["x"], "x"), nothing),
    () => visit.desk.replies("inspektorat"),
  ];
  for (const call of calls) await failsWith("locked", call);
  await visit.desk.unlock(CODENAME);
  await visit.desk.forget();
  for (const call of calls) await failsWith("locked", call);
});

test("unknown words are named, and nothing is asked of the server", async () => {
  const failure = await failsWith("unknown-words", () => visit.desk.unlock(`${CODENAME.replace(/^\w+/, "Qqqq")}`));
  assert.deepEqual(failure.details, ["Qqqq"]);
  await failsWith("unknown-words", () => visit.desk.unlock("aaaa"));
  assert.equal(visit.server.seen.length, 0);
});

test("no deletion token comes up twice, even when every number was used", async () => {
  const session = new Session(await codenameKeys(), systemRandom);
  const hashes: string[] = [];
  for (let i = 0; i < DELETION_NUMBERS + 4; i += 1) hashes.push(hex(await session.newTokenHash(TODAY)));
  assert.equal(new Set(hashes).size, DELETION_NUMBERS + 4);
});

test("the end of a session wipes its keys", async () => {
  const keys = await codenameKeys();
  const session = new Session(keys, systemRandom);
  session.end();
  for (const secret of Object.values(keys) as Bytes[]) assert.ok(secret.every((byte) => byte === 0));
  assert.throws(() => session.keys);
});
