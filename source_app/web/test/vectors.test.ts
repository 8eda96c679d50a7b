/** Every vector of tests/vectors/, each one success or one failure; the Python side runs the same files. */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { ProtocolError } from "../src/crypto/errors";
import { CALLS, type Given } from "./support/calls";

/** Set by run.mjs: the folder's path. */
declare const VECTORS: string;

interface Vector {
  readonly about: string;
  readonly call: string;
  readonly input: Given;
  readonly output?: unknown;
  readonly error?: string;
}

const names = readdirSync(VECTORS).filter((name) => name.endsWith(".json")).sort();
const vectors = names.map((name) => [name, JSON.parse(readFileSync(join(VECTORS, name), "utf8")) as Vector] as const);

test("there are vectors, and each call of the table has some", () => {
  assert.ok(vectors.length > 0);
  assert.deepEqual([...new Set(vectors.map(([, { call }]) => call))].sort(), Object.keys(CALLS).sort());
});

for (const [name, vector] of vectors) {
  test(`${name}: ${vector.about}`, async () => {
    const { call, input, output, error } = vector;
    assert.ok((output === undefined) !== (error === undefined), "one output or one error");
    const carryOut = CALLS[call];
    assert.ok(carryOut !== undefined, `unknown call ${call}`);
    if (error === undefined) {
      assert.deepEqual(await carryOut(input), output);
      return;
    }
    await assert.rejects(async () => carryOut(input), (thrown) => {
      assert.ok(thrown instanceof ProtocolError, String(thrown));
      assert.equal(thrown.kind, error);
      return true;
    });
  });
}
