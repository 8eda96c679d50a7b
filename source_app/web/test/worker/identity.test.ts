/** A name left with the office's identity custodians: sealed to those who were shown, and bound to the thread. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import type { Bytes } from "../../src/crypto/bytes";
import { openIdentity } from "../../src/crypto/open-identity";
import type { SealedIdentity } from "../../src/crypto/identity";
import type { IdentityContent } from "../../src/worker/calls";
import { CODENAME, codenameKeys, CUSTODIAN_SEEDS, INSTANCE, signedSlice, withCustodians } from "../support/office";
import { failsWith, refuses } from "../support/refuses";
import { ADDRESS, opened, Visit } from "../support/visit";

const SHOWN = { custodians: [...CUSTODIAN_SEEDS.keys()], needed: 2 } as const;
const LEFT: IdentityContent = { kind: "identity", words: "Siti “é” 😀", ...SHOWN };

let visit: Visit;
beforeEach(async () => {
  visit = new Visit();
  visit.server.slice = signedSlice(withCustodians());
  await visit.desk.openOffice("inspektorat");
  await visit.desk.unlock(CODENAME);
});

async function sealed(): Promise<SealedIdentity | null> {
  const { content } = await opened(visit.sent().at(-1)?.item as Bytes, "auditor");
  assert.equal(content.kind, "identity");
  return content.kind === "identity" ? content.sealed : null;
}

const seeds = (...ids: readonly string[]) => new Map(ids.map((id) => [id, CUSTODIAN_SEEDS.get(id) as Bytes]));

test("any two of the three open it together, one does not, and it is of this thread", async () => {
  await visit.desk.send(ADDRESS, LEFT);
  const left = await sealed() as SealedIdentity;
  const owner = { instance: INSTANCE, office: "inspektorat", verify: (await codenameKeys()).verify };
  for (const pair of [["notaris", "provinsi"], ["notaris", "rektor"], ["provinsi", "rektor"]]) {
    assert.equal(await openIdentity(left, owner, seeds(...pair)), LEFT.words);
  }
  await refuses("cannot-open", () => openIdentity(left, owner, seeds("rektor")));
  await refuses("cannot-open", () => openIdentity(left, { ...owner, verify: new Uint8Array(32) }, seeds("notaris", "rektor")));
  assert.equal(visit.sent().at(-1)?.item.length, 13 + 3 * 1168 + 32 + 8192 + 16, "as long as a message of a few words");
});

test("it is taken back without a word", async () => {
  await visit.desk.send(ADDRESS, { ...LEFT, words: null });
  assert.equal(await sealed(), null);
});

test("custodians whom the person was not shown get nothing", async () => {
  for (const changed of [{ ...SHOWN, custodians: ["notaris", "provinsi"] }, { ...SHOWN, needed: 3 }]) {
    await failsWith("other-custodians", () => visit.desk.send(ADDRESS, { ...LEFT, ...changed }));
  }
  assert.equal(visit.sent().length, 0);
  visit.server.slice = signedSlice({ ...withCustodians(3), serial: 4 });
  await failsWith("other-custodians", () => visit.desk.send(ADDRESS, LEFT));
  await visit.desk.send(ADDRESS, { ...LEFT, needed: 3 });
  assert.equal((await sealed())?.needed, 3);
});
