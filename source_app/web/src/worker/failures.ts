/** The edge where the protocol's many kinds of failure become the few codes that a page can explain. */

import { ProtocolError } from "../crypto/errors";
import { FAILURES, Failure, type FailureCode } from "./calls";

export function isFailureCode(value: unknown): value is FailureCode {
  return FAILURES.some((code) => code === value);
}

/** Whether it is a failure with one of these codes. */
export function isFailure(error: unknown, ...codes: readonly FailureCode[]): boolean {
  return error instanceof Failure && codes.includes(error.code);
}

/** Runs `action`; a slice that is not as it must be says so with one of three codes. */
export async function checkingSlice<T>(action: () => T | Promise<T>): Promise<T> {
  return mapped(action, (kind) => {
    if (kind === "expired") return "slice-expired";
    return kind === "wrong-epoch" ? "slice-wrong-epoch" : "slice-forged";
  });
}

/** Runs `action`; whatever the protocol refuses in it has this one code. */
export async function refusing<T>(code: FailureCode, action: () => T | Promise<T>): Promise<T> {
  return mapped(action, () => code);
}

/** Anything at all as a failure that the page knows; what it was stays here. */
export function asFailure(error: unknown): Failure {
  return error instanceof Failure ? error : new Failure("internal");
}

/** Runs `action`; `code` names what the protocol refuses in it. */
export async function mapped<T>(
  action: () => T | Promise<T>, code: (kind: ProtocolError["kind"]) => FailureCode,
): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw error instanceof ProtocolError ? new Failure(code(error.kind)) : error;
  }
}
