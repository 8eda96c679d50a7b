/** Canonical JSON: RFC 8785 with the limits of docs/protocol.md section 1.1. */

import canonicalize from "canonicalize";

import { equal, fromUtf8, utf8, type Bytes } from "./bytes";
import { MAX_DEPTH } from "./constants";
import { demand, ProtocolError } from "./errors";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The one spelling of `value`; malformed if the protocol has none for it. */
export function dump(value: Json): Bytes {
  check(value, MAX_DEPTH);
  const text = canonicalize(value);
  demand(text !== undefined);
  return utf8(text);
}

/** The value of canonical bytes. Malformed: no JSON, or outside the limits. Not canonical: another spelling. */
export function parse(untrusted: Uint8Array): Json {
  const text = fromUtf8(untrusted);
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    throw new ProtocolError("malformed");
  }
  const again = dump(value);
  if (!equal(again, untrusted)) throw new ProtocolError(holdsFloat(text) ? "malformed" : "not-canonical");
  return value;
}

/** Text a person typed, as the protocol allows it: no NUL, no half of a surrogate pair. */
export function wellFormed(typed: string): string {
  return typed.replaceAll("\0", "").replace(/\p{Surrogate}/gu, "\uFFFD");
}

function check(value: unknown, depth: number): void {
  demand(depth > 0 || typeof value !== "object" || value === null);
  if (typeof value === "string") {
    demand(!/\p{Surrogate}/u.test(value));
  } else if (typeof value === "number") {
    demand(Number.isSafeInteger(value));
  } else if (Array.isArray(value)) {
    for (const member of value) check(member, depth - 1);
  } else if (typeof value === "object" && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      demand(/^[\x00-\x7f]*$/.test(key));
      check(member, depth - 1);
    }
  } else {
    demand(typeof value === "boolean" || value === null);
  }
}

/** JSON.parse reads 1.0 and 1e0 as the integer 1; a float is outside the limits however it is spelled. */
function holdsFloat(text: string): boolean {
  return /\d[.eE]/.test(text.replace(/"(?:[^"\\]|\\.)*"/g, ""));
}
