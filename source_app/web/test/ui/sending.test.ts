import assert from "node:assert/strict";
import { before, test } from "node:test";

import type { Draft } from "../../src/ui/draft";
import type { WorkerCalls } from "../../src/worker/calls";
import { openPage } from "../support/page";

const DRAFT: Draft = {
  address: { office: "inspektorat", channel: "aduan", excluded: [], readers: ["ketua"], language: "id" },
  content: { kind: "report", answers: { what: "Uang", who: "Kepala" } },
  files: [],
};

before(openPage);

test("a report goes out under the codename that was shown, whatever was unlocked in between", async () => {
  const { SendingStep } = await import("../../src/ui/sending");
  let unlocked = "";
  const under: string[] = [];
  const calls = {
    unlock: async (codename: string) => void (unlocked = codename),
    send: async () => void under.push(unlocked),
  } as unknown as WorkerCalls;
  const sending = new SendingStep(calls, () => undefined);
  await sending.send("shown", DRAFT);
  // What the return page does with another codename, before the person comes back to the report.
  await calls.unlock("another");
  await sending.send("shown", DRAFT);
  assert.deepEqual(under, ["shown", "shown"]);
});
