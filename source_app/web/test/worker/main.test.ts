import assert from "node:assert/strict";
import { test } from "node:test";

import type { Asked, Told } from "../../src/worker/rpc";

/** The worker's script, started in a stand-in for a worker's global scope. */
async function started() {
  const told: Told[] = [];
  const scope = globalThis as unknown as { postMessage: unknown; onmessage: (event: { data: Asked }) => void };
  scope.postMessage = (message: Told) => void told.push(message);
  await import("../../src/worker/main");
  return async (call: string, ...args: readonly unknown[]) => {
    told.length = 0;
    scope.onmessage({ data: { id: 7, call, args } as Asked });
    while (told.length === 0) await new Promise((resolve) => void setTimeout(resolve, 1));
    return told[0];
  };
}

test("calls are answered, refusals have codes, and surprises say nothing", async () => {
  const ask = await started();
  assert.deepEqual(await ask("checkCodename", "zzzz"), { id: 7, kind: "done", value: { unknown: ["zzzz"], count: 1 } });
  assert.deepEqual(await ask("unlock", "zzzz"), { id: 7, kind: "refused", code: "unknown-words", details: ["zzzz"] });
  assert.deepEqual(await ask("replies", "x"), { id: 7, kind: "refused", code: "locked", details: [] });
  assert.deepEqual(await ask("noSuchCall"), { id: 7, kind: "refused", code: "internal", details: [] });
});

test("without WebCrypto nothing is done", async () => {
  const ask = await started();
  const original = Object.getOwnPropertyDescriptor(globalThis, "crypto") as PropertyDescriptor;
  const refused = { id: 7, kind: "refused", code: "no-webcrypto", details: [] };
  for (const value of [{ getRandomValues: () => undefined }, undefined]) {
    Object.defineProperty(globalThis, "crypto", { value, configurable: true });
    assert.deepEqual(await ask("newCodename", "id"), refused);
    assert.deepEqual(await ask("offices"), refused);
  }
  Object.defineProperty(globalThis, "crypto", original);
});
