import assert from "node:assert/strict";
import { test } from "node:test";

import { addDays, dayOf, epochOf, isDay, isNear, lastDayOf } from "../../src/crypto/days";
import { refuses } from "../support/refuses";

test("only days that exist are days", () => {
  for (const day of ["2026-11-23", "2024-02-29", "0001-01-01", "9999-12-31"]) assert.ok(isDay(day), day);
  const wrong = [
    "2026-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "26-01-01", "2026-1-1", "0000-01-01",
    "2026-11-23T00:00:00Z", "+2026-11-23", "2026-11-23\n", "", 20261123, null,
  ];
  for (const day of wrong) assert.ok(!isDay(day), String(day));
});

test("an epoch is seven days from Thursday", () => {
  assert.equal(epochOf("1970-01-01"), 0);
  assert.equal(epochOf("1970-01-07"), 0);
  assert.equal(epochOf("1970-01-08"), 1);
  assert.equal(lastDayOf(epochOf("2026-11-23")), "2026-11-25");
  assert.equal(epochOf(addDays("2026-11-25", 1)), epochOf("2026-11-23") + 1);
});

test("one day's difference is near", () => {
  const epoch = epochOf("2026-11-23");
  for (const day of ["2026-11-18", "2026-11-19", "2026-11-25", "2026-11-26"]) assert.ok(isNear(epoch, day, 1), day);
  for (const day of ["2026-11-17", "2026-11-27"]) assert.ok(!isNear(epoch, day, 1), day);
});

test("a time outside four-digit years is refused", async () => {
  assert.equal(dayOf(253_402_300_799), "9999-12-31");
  await refuses("malformed", () => dayOf(253_402_300_800));
  await refuses("malformed", () => lastDayOf(2 ** 32 - 1));
});
