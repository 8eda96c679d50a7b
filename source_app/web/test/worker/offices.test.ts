import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { CODENAME, signedSlice, siteValue, TODAY } from "../support/office";
import { failsWith } from "../support/refuses";
import { ADDRESS, CONTENT, nothing, Visit } from "../support/visit";

let visit: Visit;
beforeEach(() => {
  visit = new Visit();
});

test("the offices, with fingerprints", async () => {
  const [office] = await visit.desk.offices();
  assert.equal(office?.id, "inspektorat");
  assert.equal(office?.digits.length, 8);
  assert.equal(office?.words.id.length, 8);
});

test("a server may have as many offices as its site file", async () => {
  const good = siteValue();
  const [office] = good["offices"] as readonly object[];
  const offices = Array.from({ length: 1024 }, (_, i) => ({ ...office, id: `dinas-${i}` }));
  visit.server.site = { ...good, offices };
  assert.equal((await visit.desk.offices()).length, 1024);
  visit = new Visit();
  visit.server.site = { ...good, offices: [...offices, office] };
  await failsWith("site-broken", () => visit.desk.offices());
});

test("a broken site file", async () => {
  const good = siteValue();
  for (const site of [null, {}, { ...good, offices: [] }, { ...good, more: 1 }, { ...good, suite: "x" }]) {
    visit.server.site = site;
    await failsWith("site-broken", () => visit.desk.offices());
  }
});

test("a verified slice is shown without its keys", async () => {
  const view = await visit.desk.openOffice("inspektorat");
  assert.deepEqual(view.channels.map(({ id }) => id), ["aduan", "aspirasi"]);
  assert.ok(!JSON.stringify(view).includes("sign"));
  await failsWith("no-such-office", () => visit.desk.openOffice("dinas"));
  assert.equal(visit.server.paths("dinas").length, 0, "an unknown office is not asked for");
});

test("a slice that is not as it must be is refused, and nothing is sealed or sent", async () => {
  await visit.desk.unlock(CODENAME);
  const cases = [
    ["slice-forged", signedSlice({}, TODAY, new Uint8Array(32))], ["slice-forged", new Uint8Array(200)],
    ["slice-forged", signedSlice({ suite: "peluit/2" })], ["slice-forged", signedSlice({ instance: "A".repeat(22) })],
    ["slice-expired", signedSlice({}, "2026-10-01")], ["slice-wrong-epoch", signedSlice({}, "2026-12-24")],
  ] as const;
  for (const [code, slice] of cases) {
    visit.server.slice = slice;
    await failsWith(code, () => visit.desk.openOffice("inspektorat"));
    await failsWith(code, () => visit.desk.send(ADDRESS, CONTENT));
    await failsWith(code, () => visit.desk.sendFile(1, ADDRESS, new File(["x"], "x"), nothing));
  }
  assert.ok(visit.server.seen.every(({ method }) => method === "GET"), "no request carried anything");
});

test("a slice with a lower serial than one of this visit is refused, and the visit goes on with the newer one", async () => {
  await visit.desk.unlock(CODENAME);
  await visit.desk.openOffice("inspektorat");
  visit.server.slice = signedSlice({ serial: 2 });
  await failsWith("slice-rolled-back", () => visit.desk.openOffice("inspektorat"));
  await failsWith("slice-rolled-back", () => visit.desk.replies("inspektorat"));
  assert.equal(visit.server.paths("/board").length, 0);
  await visit.desk.send(ADDRESS, CONTENT);
  assert.equal(visit.server.items.size, 1, "sealed to the keys that were shown");
  for (const serial of [3, 4]) {
    visit.server.slice = signedSlice({ serial });
    await visit.desk.openOffice("inspektorat");
  }
  visit.server.slice = signedSlice({ serial: 3 });
  await failsWith("slice-rolled-back", () => visit.desk.openOffice("inspektorat"));
});

test("when the week is over, an older slice is not sealed to either", async () => {
  await visit.desk.unlock(CODENAME);
  await visit.desk.openOffice("inspektorat");
  visit.today = "2026-12-08";
  visit.server.slice = signedSlice({ serial: 2 }, visit.today);
  await failsWith("slice-rolled-back", () => visit.desk.send(ADDRESS, CONTENT));
  assert.equal(visit.server.items.size, 0);
});

test("a server that has no keys of this week any more does not make those worthless that still are good", async () => {
  await visit.desk.unlock(CODENAME);
  await visit.desk.openOffice("inspektorat");
  visit.server.fault = ({ path }) => (path.startsWith("/api/directory") ? { status: 503, body: '{"error":"no-keys"}' } : undefined);
  await visit.desk.send(ADDRESS, CONTENT);
  assert.equal(visit.server.items.size, 1);
  visit.today = "2026-12-08";
  await failsWith("no-keys", () => visit.desk.send(ADDRESS, CONTENT));
  assert.equal(visit.server.items.size, 1);
});
