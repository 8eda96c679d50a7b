import assert from "node:assert/strict";
import { test } from "node:test";

import { Client, type Port } from "../../src/worker/client";
import type { Asked, Told } from "../../src/worker/rpc";
import { failsWith } from "../support/refuses";

class FakePort implements Port {
  onmessage: Port["onmessage"] = null;
  onerror: Port["onerror"] = null;
  readonly asked: Asked[] = [];

  ended = false;

  postMessage(asked: Asked): void {
    this.asked.push(asked);
  }

  terminate(): void {
    this.ended = true;
  }

  tell(told: Told): void {
    this.onmessage?.({ data: told } as MessageEvent<Told>);
  }
}

function connected() {
  const port = new FakePort();
  return { port, calls: new Client(() => port).calls };
}

test("answers find their questions in any order", async () => {
  const { port, calls } = connected();
  const first = calls.newCodename("id");
  const second = calls.checkCodename("x");
  assert.deepEqual(port.asked, [
    { id: 1, call: "newCodename", args: ["id"] }, { id: 2, call: "checkCodename", args: ["x"] },
  ]);
  port.tell({ id: 2, kind: "done", value: { unknown: [], count: 1 } });
  port.tell({ id: 1, kind: "done", value: ["a"] });
  assert.deepEqual(await first, ["a"]);
  assert.deepEqual(await second, { unknown: [], count: 1 });
});

test("a refusal has its code and details", async () => {
  const { port, calls } = connected();
  const unlocked = calls.unlock("x");
  port.tell({ id: 1, kind: "refused", code: "unknown-words", details: ["x"] });
  const failure = await failsWith("unknown-words", () => unlocked);
  assert.deepEqual(failure.details, ["x"]);
});

test("progress comes before the end", async () => {
  const { port, calls } = connected();
  const seen: number[] = [];
  const address = { office: "a", channel: "b", excluded: [], readers: [], language: "id" } as const;
  const sent = calls.sendFile(7, address, new File([], "x"), ({ done }) => seen.push(done));
  assert.equal(port.asked[0]?.args.length, 3, "functions stay in the page");
  port.tell({ id: 1, kind: "progress", progress: { phase: "sending", done: 1, total: 2, there: 0 } });
  port.tell({ id: 1, kind: "done", value: undefined });
  await sent;
  assert.deepEqual(seen, [1]);
});

test("a worker whose script did not load fails what waits, and the next call starts another", async () => {
  const ports: FakePort[] = [];
  const { calls } = new Client(() => {
    const port = new FakePort();
    ports.push(port);
    return port;
  });
  const waiting = calls.offices();
  ports[0]?.onerror?.({} as ErrorEvent);
  await failsWith("internal", () => waiting);
  assert.ok(ports[0]?.ended);
  const again = calls.offices();
  ports[1]?.tell({ id: 2, kind: "done", value: [] });
  assert.deepEqual(await again, []);
  assert.equal(ports.length, 2);
});
