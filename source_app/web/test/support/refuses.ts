/** Assertions on how something is refused: the kind must be the right one, not just any. */

import assert from "node:assert/strict";

import { ProtocolError, type ErrorKind } from "../../src/crypto/errors";
import { Failure, type FailureCode } from "../../src/worker/calls";

export async function refuses(kind: ErrorKind, action: () => unknown): Promise<void> {
  await assert.rejects(async () => action(), (error) => {
    assert.ok(error instanceof ProtocolError, `no ProtocolError: ${String(error)}`);
    assert.equal(error.kind, kind);
    return true;
  });
}

/** Refused, as one of these kinds. */
export async function refusesAs(kinds: readonly ErrorKind[], action: () => unknown): Promise<void> {
  await assert.rejects(async () => action(), (error) => {
    assert.ok(error instanceof ProtocolError && kinds.includes(error.kind), `refused otherwise: ${String(error)}`);
    return true;
  });
}

export async function failsWith(code: FailureCode, action: () => unknown): Promise<Failure> {
  let failure: unknown;
  await assert.rejects(async () => action(), (error) => {
    failure = error;
    assert.ok(error instanceof Failure, `no Failure: ${String(error)}`);
    assert.equal(error.code, code);
    return true;
  });
  return failure as Failure;
}
