import assert from "node:assert/strict";
import { test } from "node:test";

import { Pace, type Trip } from "../../src/worker/pace";

const PIECE = 65537;

interface Request {
  readonly trip: Trip;
  readonly size: number;
  left: number;
  /** Until when nothing goes through: the way there and back. */
  readonly from: number;
}

interface Link {
  readonly bytesPerSecond: number;
  readonly roundTripMs: number;
  /** Every so often all that is under way is lost. */
  readonly cutEveryMs?: number;
  /** How long it takes until another request goes out after a cut. */
  readonly downMs?: number;
}

const STEP_MS = 20;
/** As worker/transfer.ts: a request that takes longer is given up. */
const PATIENCE_MS = 60_000;

/** A link that its requests share, in virtual time. */
class Road {
  readonly pace = new Pace();
  private now = 0;
  private downUntil = 0;
  private readonly underWay = new Set<Request>();

  constructor(public link: Link) {}

  /** Sends for so long; gives the bytes a second that got through. */
  send(milliseconds: number): number {
    let bytes = 0;
    for (const end = this.now + milliseconds; this.now < end; this.now += STEP_MS) bytes += this.step();
    return (bytes * 1000) / milliseconds;
  }

  private step(): number {
    const { now, pace, underWay, link } = this;
    const cut = link.cutEveryMs !== undefined && now % link.cutEveryMs === 0;
    for (const request of underWay) if (cut || now - request.trip.began > PATIENCE_MS) this.lose(request);
    while (now >= this.downUntil && underWay.size < pace.atOnce) {
      const size = pace.pieces * PIECE;
      underWay.add({ trip: pace.begin(now), size, left: size, from: now + link.roundTripMs });
    }
    const moving = [...underWay].filter(({ from }) => from <= now);
    let arrived = 0;
    for (const request of moving) {
      request.left -= (link.bytesPerSecond * STEP_MS) / 1000 / moving.length;
      if (request.left > 0) continue;
      underWay.delete(request);
      pace.succeeded(request.trip, request.size, now);
      arrived += request.size;
    }
    return arrived;
  }

  private lose(request: Request): void {
    this.underWay.delete(request);
    this.pace.failed(request.trip);
    this.downUntil = this.now + (this.link.downMs ?? 1000);
  }
}

test("loopback: whole chunks and all connections, soon", () => {
  const road = new Road({ bytesPerSecond: 100_000_000, roundTripMs: 5 });
  road.send(400);
  assert.deepEqual([road.pace.pieces, road.pace.atOnce], [16, 6]);
});

test("30 KB/s, 1.5 s there and back, cut every 20 s: steady progress", () => {
  const road = new Road({ bytesPerSecond: 30_000, roundTripMs: 1500, cutEveryMs: 20_000, downMs: 2_000 });
  road.send(60_000);
  for (let minute = 0; minute < 30; minute += 1) {
    const rate = road.send(60_000);
    assert.ok(rate > 10_000, `${Math.round(rate)} bytes a second`);
  }
});

test("5 KB/s, cut every 20 s: the least that can be asked still gets through", () => {
  const road = new Road({ bytesPerSecond: 5_000, roundTripMs: 1500, cutEveryMs: 20_000 });
  road.send(60_000);
  const rate = road.send(600_000);
  assert.equal(road.pace.atOnce, 1);
  assert.ok(rate > 2_500, `${Math.round(rate)} bytes a second`);
});

test("a link that is only far away is filled", () => {
  for (const bytesPerSecond of [30_000, 100_000, 300_000, 1_000_000]) {
    const road = new Road({ bytesPerSecond, roundTripMs: 1500 });
    road.send(120_000);
    const rate = road.send(120_000);
    assert.ok(rate > 0.7 * bytesPerSecond, `${Math.round(rate)} of ${bytesPerSecond}, ${road.pace.atOnce} × ${road.pace.pieces}`);
  }
});

test("a link that turns bad is asked for less, and for more when it is good again", () => {
  const good = { bytesPerSecond: 10_000_000, roundTripMs: 100 };
  const road = new Road(good);
  road.send(20_000);
  assert.equal(road.pace.pieces, 16);
  road.link = { bytesPerSecond: 20_000, roundTripMs: 1500 };
  road.send(300_000);
  assert.ok(road.pace.pieces * road.pace.atOnce <= 4, `${road.pace.atOnce} × ${road.pace.pieces}`);
  road.link = good;
  road.send(20_000);
  assert.ok(road.pace.pieces === 16 && road.pace.atOnce >= 3);
});

test("requests that break together count once", () => {
  const pace = new Pace();
  for (let i = 0; i < 9; i += 1) pace.succeeded(pace.begin(i * 10), pace.pieces * PIECE, i * 10 + 5);
  assert.deepEqual([pace.pieces, pace.atOnce], [16, 6]);
  const trips = Array.from({ length: 6 }, () => pace.begin(0));
  for (const trip of trips) pace.failed(trip);
  assert.deepEqual([pace.pieces, pace.atOnce], [4, 5]);
  for (let i = 0; i < 9; i += 1) pace.failed(pace.begin(0));
  assert.deepEqual([pace.pieces, pace.atOnce], [1, 1]);
});

test("what was begun before a change, and what was less than whole, says nothing about it", () => {
  const pace = new Pace();
  const old = pace.begin(0);
  pace.succeeded(pace.begin(0), 4 * PIECE, 10);
  assert.equal(pace.pieces, 8);
  pace.succeeded(old, 4 * PIECE, 11);
  pace.failed(old);
  pace.succeeded(pace.begin(11), PIECE, 12);
  assert.deepEqual([pace.pieces, pace.atOnce], [8, 2]);
});
