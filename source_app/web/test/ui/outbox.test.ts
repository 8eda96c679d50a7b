import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import type { Task } from "../../src/ui/outbox";
import { Failure, type Order, type Progress } from "../../src/worker/calls";
import { FakeElement, openPage, page } from "../support/page";

beforeEach(openPage);

const MB = 1e6;
const moment = () => new Promise((resolve) => void setImmediate(resolve));

/** A file task in the hands of the test. */
class Sent implements Task {
  readonly otherwise = "skip";
  readonly orders: Order[] = [];
  tries = 0;
  agreed = 0;
  tell: (now: Progress) => void = () => undefined;
  end: (how: "sent" | "cancelled") => void = () => undefined;
  fail: (error: Error) => void = () => undefined;

  constructor(readonly label: string) {}

  readonly agree = async () => void (this.agreed += 1);
  readonly steer = (order: Order) => void this.orders.push(order);

  run(progress: (now: Progress) => void): Promise<"sent" | "cancelled"> {
    this.tries += 1;
    this.tell = progress;
    return new Promise((resolve, reject) => {
      this.end = resolve;
      this.fail = reject;
    });
  }
}

async function begun(...labels: string[]) {
  const { runTasks } = await import("../../src/ui/outbox");
  const tasks = labels.map((label) => new Sent(label));
  const outcome = runTasks("sending", "sending", tasks);
  await moment();
  const rows = page.getElementById("sending-tasks").children as FakeElement[];
  return { tasks: tasks as [Sent, ...Sent[]], rows: rows as [FakeElement, ...FakeElement[]], outcome };
}

const said = () => page.getElementById("sending-state").textContent;

test("a file is read, sent and done; a screen reader hears of each phase once", async () => {
  const { tasks: [file], rows: [row], outcome } = await begun("film.mp4");
  file.tell({ phase: "reading", done: 20 * MB, total: 200 * MB, there: 0 });
  assert.ok(row.shown.includes("20 MB of 200 MB"), row.shown);
  assert.equal(said(), "film.mp4: reading the file");
  page.getElementById("sending-state").textContent = "";
  file.tell({ phase: "reading", done: 40 * MB, total: 200 * MB, there: 0 });
  assert.equal(said(), "", "nothing new is said");
  file.tell({ phase: "sending", done: 120 * MB, total: 200 * MB, there: 120 * MB });
  assert.ok(row.shown.includes("120 MB were already there"), row.shown);
  assert.equal(said(), "film.mp4: sending");
  file.end("sent");
  assert.deepEqual(await outcome, { skipped: 0 });
  assert.equal(row.dataset["state"], "state-done");
  assert.equal(said(), "film.mp4: done");
});

test("speed and time left are of what is sent now", async (t) => {
  let now = 0;
  t.mock.method(performance, "now", () => now);
  const { tasks: [file], rows: [row] } = await begun("film.mp4");
  file.tell({ phase: "sending", done: 100 * MB, total: 200 * MB, there: 100 * MB });
  now = 10_000;
  file.tell({ phase: "sending", done: 101 * MB, total: 200 * MB, there: 100 * MB });
  assert.ok(row.shown.includes("101 MB of 200 MB · 100 KB/s · about 15 minutes left"), row.shown);
  file.tell({ phase: "offline", done: 101 * MB, total: 200 * MB, there: 100 * MB });
  assert.ok(!row.shown.includes("left"), row.shown);
});

test("pause and resume are one button, which keeps the focus", async () => {
  const { tasks: [file], rows: [row] } = await begun("film.mp4");
  file.tell({ phase: "sending", done: 1, total: 2, there: 0 });
  const button = row.button("Pause");
  button.click();
  file.tell({ phase: "paused", done: 1, total: 2, there: 0 });
  assert.equal(page.activeElement, row.button("Resume"));
  row.button("Resume").click();
  assert.deepEqual(file.orders, ["pause", "resume"]);
});

test("without an answer one may hurry; when it goes on, the focus stays in the row", async () => {
  const { tasks: [file], rows: [row] } = await begun("film.mp4");
  file.tell({ phase: "offline", done: 1, total: 2, there: 0 });
  row.button("Try now").click();
  assert.deepEqual(file.orders, ["now"]);
  file.tell({ phase: "sending", done: 1, total: 2, there: 0 });
  assert.throws(() => row.button("Try now"));
  assert.equal(page.activeElement, row);
});

test("not sending needs two presses, and the next file follows", async () => {
  const { tasks: [first, second], rows: [row], outcome } = await begun("a", "b");
  first.tell({ phase: "sending", done: 1, total: 2, there: 0 });
  row.button("Do not send").click();
  assert.equal(page.activeElement, row.button("Keep sending"));
  row.button("Keep sending").click();
  assert.equal(page.activeElement, row.button("Do not send"));
  row.button("Do not send").click();
  assert.deepEqual(first.orders, []);
  row.button("Do not send it").click();
  assert.deepEqual(first.orders, ["cancel"]);
  assert.equal(page.activeElement, row);
  first.tell({ phase: "sending", done: 2, total: 2, there: 0 });
  assert.equal(row.dataset["state"], "state-cancelled", "what comes late changes nothing");
  first.end("cancelled");
  await moment();
  second?.end("sent");
  assert.deepEqual(await outcome, { skipped: 1 });
});

test("a file that was too far to be called back is told as done", async () => {
  const { tasks: [file], rows: [row], outcome } = await begun("a");
  row.button("Do not send").click();
  row.button("Do not send it").click();
  file.end("sent");
  assert.deepEqual(await outcome, { skipped: 0 });
  assert.equal(row.dataset["state"], "state-done");
});

test("what the office may have already cannot be cancelled any more", async () => {
  const { tasks: [file], rows: [row] } = await begun("a");
  file.tell({ phase: "finishing", done: 2, total: 2, there: 0 });
  row.button("Do not send").click();
  file.tell({ phase: "offline", done: 2, total: 2, there: 0, final: true });
  assert.throws(() => row.button("Do not send it"));
  assert.throws(() => row.button("Do not send"));
  row.button("Try now");
});

test("a file that waits can be left out before its turn", async () => {
  const { tasks: [first, second], rows, outcome } = await begun("a", "b");
  rows[1]?.button("Do not send").click();
  rows[1]?.button("Do not send it").click();
  first.end("sent");
  assert.deepEqual(await outcome, { skipped: 1 });
  assert.equal(second?.tries, 0);
});

test("that new people would read it has to be agreed to, and is no fault to be tried again", async () => {
  const { tasks: [file], outcome } = await begun("a");
  file.fail(new Failure("new-readers", ["Auditor", "Inspektur"]));
  await moment();
  assert.match(page.getElementById("failure-text").textContent, /Auditor, Inspektur/);
  const offered = ["try-again", "send-to-them", "edit-again", "skip-file"].filter((id) => !page.getElementById(id).hidden);
  assert.deepEqual(offered, ["send-to-them", "skip-file"]);
  assert.equal(file.agreed, 0);
  page.getElementById("send-to-them").click();
  await moment();
  assert.deepEqual([file.agreed, file.tries], [1, 2]);
  file.end("sent");
  assert.deepEqual(await outcome, { skipped: 0 });
});

test("after a failure the same task is tried again, or skipped", async () => {
  const { tasks: [file], rows: [row], outcome } = await begun("a");
  file.fail(new Failure("text-only"));
  await moment();
  assert.equal(row.dataset["state"], "state-failed");
  assert.equal(page.getElementById("failure").dataset["code"], "text-only");
  page.getElementById("try-again").click();
  await moment();
  assert.equal(file.tries, 2);
  file.fail(new Failure("text-only"));
  await moment();
  page.getElementById("skip-file").click();
  assert.deepEqual(await outcome, { skipped: 1 });
});
