/** The page's side of the worker: one thing at a time, removal first, and an answer whatever happens. */

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Asked, Told } from "../../src/metadata/calls";
import { MetadataClient, type Port } from "../../src/metadata/client";

class Workers {
  readonly started: FakeWorker[] = [];
  readonly start = (): Port => {
    const worker = new FakeWorker();
    this.started.push(worker);
    return worker;
  };
}

class FakeWorker implements Port {
  onmessage: Port["onmessage"] = null;
  onerror: Port["onerror"] = null;
  readonly asked: Asked[] = [];
  terminated = false;

  postMessage(asked: Asked): void {
    this.asked.push(asked);
  }

  terminate(): void {
    this.terminated = true;
  }

  tell(told: Told): void {
    this.onmessage?.({ data: told } as MessageEvent<Told>);
  }
}

const file = new Blob();
const nothing: Told = { look: { kind: "jpeg", findings: [], removable: false } };

test("nothing is loaded before it is needed, and one worker does everything in turn", async () => {
  const workers = new Workers();
  const client = new MetadataClient(workers.start);
  assert.equal(workers.started.length, 0);
  const first = client.ask({ call: "look", file });
  const second = client.ask({ call: "look", file });
  const removal = client.ask({ call: "remove", file });
  const [worker] = workers.started as [FakeWorker];
  assert.deepEqual(worker.asked.map(({ call }) => call), ["look"]);
  worker.tell(nothing);
  assert.deepEqual(await first, nothing);
  assert.deepEqual(worker.asked.map(({ call }) => call), ["look", "remove"]);
  worker.tell({ refused: "cannot-clean" });
  worker.tell(nothing);
  assert.deepEqual(await removal, { refused: "cannot-clean" });
  assert.deepEqual(await second, nothing);
  assert.equal(workers.started.length, 1);
});

test("a worker that does not load, or does not answer, is replaced", async () => {
  const workers = new Workers();
  const client = new MetadataClient(workers.start, 1);
  const first = client.ask({ call: "look", file });
  workers.started[0]?.onerror?.({} as ErrorEvent);
  assert.deepEqual(await first, { refused: "cannot-look" });
  assert.deepEqual(await client.ask({ call: "remove", file }), { refused: "cannot-clean" });
  assert.deepEqual(workers.started.map(({ terminated }) => terminated), [true, true]);
});
