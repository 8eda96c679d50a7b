/** The right of another office to reply directly (docs/protocol.md section 8.4). */

import { equal, type Bytes } from "./bytes";
import { INSTANCE_SIZE, MAX_GRANT_SIZE, VERIFY_KEY_SIZE } from "./constants";
import type { Day } from "./days";
import { demand } from "./errors";
import { checkSuite, Fields, type Names } from "./fields";
import { checkSignature, peek } from "./signed";

export interface Grant {
  /** The office that may reply, and what the reporter reads of it. */
  readonly to: string;
  readonly names: Names;
  /** Ed25519, made for this grant alone. */
  readonly key: Bytes;
  readonly expires: Day;
}

/** Whose thread it is: the office, its reviewers' keys by id, and the codename's verify key. */
export interface Thread {
  readonly instance: Bytes;
  readonly office: string;
  readonly reviewers: ReadonlyMap<string, Bytes>;
  readonly verify: Bytes;
}

/** A grant of the thread's own office for this very thread. */
export function readGrant(untrusted: Bytes, thread: Thread): Grant {
  const value = peek(untrusted, MAX_GRANT_SIZE);
  checkSuite(value);
  const fields = new Fields(value, [
    "expires", "instance", "key", "kind", "names", "office", "reviewer", "suite", "thread", "to",
  ]);
  fields.oneOf("kind", ["grant"]);
  const grant = { to: fields.id("to"), names: fields.names("names"), key: fields.data("key", VERIFY_KEY_SIZE), expires: fields.day("expires") };
  const instance = fields.data("instance", INSTANCE_SIZE);
  const verify = fields.data("thread", VERIFY_KEY_SIZE);
  const office = fields.id("office");
  const reviewer = thread.reviewers.get(fields.id("reviewer"));
  demand(grant.to !== office);
  demand(reviewer !== undefined, "wrong-context");
  checkSignature(untrusted, "grant", reviewer);
  const here = equal(instance, thread.instance) && office === thread.office && equal(verify, thread.verify);
  demand(here, "wrong-context");
  return grant;
}
