import assert from "node:assert/strict";
import { test } from "node:test";

import { roughly, Speed } from "../../src/ui/speed";

test("nothing is said in the first moments, then bytes a second", () => {
  const speed = new Speed();
  assert.equal(speed.rate, undefined);
  speed.observe(0, 1000);
  speed.observe(500, 2000);
  assert.equal(speed.rate, undefined);
  speed.observe(3000, 4000);
  assert.equal(speed.rate, 1000);
});

test("what came long ago does not count, and a burst does not either", () => {
  const speed = new Speed();
  for (let second = 0; second <= 100; second += 1) speed.observe(second * 1000, second * 1000);
  for (let second = 101; second <= 140; second += 1) speed.observe(100_000 + (second - 100) * 100, second * 1000);
  assert.ok(Math.abs((speed.rate ?? 0) - 100) < 1, String(speed.rate));
  const bursts = new Speed();
  for (let i = 0; i <= 60; i += 1) bursts.observe(Math.floor(i / 6) * 6000, i * 1000);
  assert.ok(Math.abs((bursts.rate ?? 0) - 1000) < 250, String(bursts.rate));
});

test("a reset begins anew", () => {
  const speed = new Speed();
  speed.observe(0, 0);
  speed.observe(9000, 3000);
  speed.reset();
  assert.equal(speed.rate, undefined);
  speed.observe(9000, 60_000);
  speed.observe(9000, 63_000);
  assert.equal(speed.rate, 0);
});

test("times as people say them", () => {
  const said = (seconds: number) => {
    const span = roughly(seconds);
    return span === undefined ? "" : `${span.count} ${span.unit}`;
  };
  const known = [
    [0, ""], [44, ""], [45, "1 minute"], [89, "1 minute"], [95, "2 minute"], [9 * 60, "9 minute"], [9.6 * 60, "10 minute"],
    [33 * 60, "35 minute"], [57 * 60, "55 minute"], [58 * 60, "1 hour"], [100 * 60, "1.5 hour"], [11.4 * 3600, "11 hour"],
    [30 * 3600, "30 hour"], [50 * 3600, "2 day"], [240 * 3600, "10 day"],
  ] as const;
  for (const [seconds, words] of known) assert.equal(said(seconds), words, String(seconds));
});
