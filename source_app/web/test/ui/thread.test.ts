import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import type { ReplyView } from "../../src/worker/calls";
import { openPage, page, type FakeElement } from "../support/page";

beforeEach(openPage);

const reply = (number: number, status: string | null): ReplyView => ({
  number, status, day: `2026-11-0${number}`, author: { en: "Chair", id: "Ketua" }, other: false, text: "x", complete: true,
});

async function steps(...statuses: (string | null)[]): Promise<string[]> {
  const { statusSteps } = await import("../../src/ui/status");
  const elements = statusSteps(statuses.map((status, i) => reply(i + 1, status))) as unknown as FakeElement[];
  return elements.map(({ dataset, attributes, textContent }) => {
    const state = attributes["data-step"] ?? dataset["step"];
    assert.equal(attributes["aria-current"], state === "now" ? "step" : undefined);
    return `${state}: ${textContent}`;
  });
}

test("steps tell what was, what is and what may come, in words", async () => {
  assert.deepEqual(await steps(), []);
  assert.deepEqual(await steps(null), []);
  assert.deepEqual(await steps("received"), [
    "done: Sent", "now: Received 1 November 2026 now", "ahead: Under review not yet", "ahead: Answered not yet", "ahead: Closed not yet",
  ]);
  assert.deepEqual(await steps("received", null, "incomplete", "incomplete", "examining"), [
    "done: Sent", "done: Received 1 November 2026", "done: Needs completion 3 November 2026",
    "now: Under examination 5 November 2026 now", "ahead: Answered not yet", "ahead: Closed not yet",
  ]);
  assert.deepEqual((await steps("answered", "closed-partly")).at(-1), "now: Closed: partly substantiated 2 November 2026 now");
});

test("another office's answer names both offices, tells where words go, and has no form", async () => {
  const { replyBubble } = await import("../../src/ui/bubbles");
  const office = { en: "Inspectorate", id: "Inspektorat" };
  const bubble = (other: boolean) => {
    const view = { ...reply(1, null), author: { en: "Agency", id: "Dinas" }, other };
    return replyBubble(view, 3, office, () => undefined) as unknown as FakeElement;
  };
  const forms = (element: FakeElement) => element.all.filter(({ tag }) => tag === "form").length;
  assert.match(bubble(true).textContent, /^Answer 1 from Agencypassed on by Inspectorate · .*goes to Inspectorate alone\.$/);
  assert.match(bubble(false).textContent, /^Answer 1Agency · /);
  assert.deepEqual([forms(bubble(true)), forms(bubble(false))], [0, 1]);
});

test("a state that this page does not know is left out", async () => {
  assert.equal((await steps("received", "promoted")).length, 5);
});

test("the last two weeks, today first", async () => {
  const { lastDays } = await import("../../src/ui/erasure");
  const days = lastDays(Date.parse("2026-03-01T23:59:59Z"));
  assert.deepEqual([days.length, days[0], days[1], days[13]], [14, "2026-03-01", "2026-02-28", "2026-02-16"]);
});

test("what was sent before a day was erased is marked, and nothing else", async () => {
  const { OwnBubbles, utcDay } = await import("../../src/ui/own");
  const [own, now] = [new OwnBubbles(), Date.now()];
  const today = utcDay(now);
  own.add("report", "first", [], utcDay(now - 2 * 86_400_000));
  own.close(today);
  own.add("message", "second", [], today);
  own.erased("2020-02-02");
  own.erased(today);
  const marked = () => page.getElementById("replies").all.filter(({ tag, dataset }) => tag === "article" && dataset["state"] === "erased");
  assert.equal(marked().length, 1);
  assert.match(marked()[0]?.textContent ?? "", /^Written report.*first.*unless the office had fetched it before\.$/);
});

test("practice names the words that differ", async () => {
  const { mistakes } = await import("../../src/ui/practice");
  const words = ["kebun", "meja", "rumah"];
  assert.deepEqual(mistakes(words, "KEBUN-meja\n rumah"), []);
  assert.deepEqual(mistakes(words, "kebu meja ruma"), []);
  assert.deepEqual(mistakes(words, "keb meja rumahku"), [1, 3]);
  assert.deepEqual(mistakes(words, "meja kebun"), [1, 2, 3]);
  assert.deepEqual(mistakes(words, ""), [1, 2, 3]);
});
