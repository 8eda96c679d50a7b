/** Proof of authorship: a statement signed by the key of a codename (docs/protocol.md section 9.1). */

import { b64, equal, fromB64, type Bytes } from "./bytes";
import type { CodenameKeys } from "./codename";
import { AUTHORSHIP_PREFIX, INSTANCE_SIZE, MAX_AUTHORSHIP_SIZE, MAX_STATEMENT_LENGTH, SUITE, VERIFY_KEY_SIZE } from "./constants";
import type { Day } from "./days";
import { demand } from "./errors";
import { asText, checkSuite, Fields } from "./fields";
import { checkSignature, peek, sign } from "./signed";

export interface Authorship {
  readonly instance: Bytes;
  readonly office: string;
  readonly day: Day;
  /** 1 to 2,000 code points. */
  readonly statement: string;
}

/** The proof as text, for paper or a letter; malformed for a statement that is empty, too long or not well-formed. */
export function proveAuthorship(made: Authorship, keys: Pick<CodenameKeys, "signSeed" | "verify">): string {
  const { day, office } = made;
  const statement = asText(made.statement, MAX_STATEMENT_LENGTH, 1);
  const value = {
    day, instance: b64(made.instance), kind: "authorship", office, statement, suite: SUITE, verify: b64(keys.verify),
  };
  return AUTHORSHIP_PREFIX + b64(sign(value, "authorship", keys.signSeed));
}

/** What a proof for this office says, and the key that made it. The page does not need it; vectors and tests do. */
export function readAuthorship(
  untrusted: string, expected: Pick<Authorship, "instance" | "office">,
): Authorship & { readonly verify: Bytes } {
  const text = untrusted.replace(/\s/gu, "");
  demand(text.startsWith(AUTHORSHIP_PREFIX));
  const encoded = text.slice(AUTHORSHIP_PREFIX.length);
  const document = fromB64(encoded, Math.floor((encoded.length * 3) / 4));
  const value = peek(document, MAX_AUTHORSHIP_SIZE);
  checkSuite(value);
  const fields = new Fields(value, ["day", "instance", "kind", "office", "statement", "suite", "verify"]);
  fields.oneOf("kind", ["authorship"]);
  const read = {
    instance: fields.data("instance", INSTANCE_SIZE),
    office: fields.id("office"),
    day: fields.day("day"),
    statement: fields.text("statement", MAX_STATEMENT_LENGTH, 1),
    verify: fields.data("verify", VERIFY_KEY_SIZE),
  };
  checkSignature(document, "authorship", read.verify);
  demand(equal(read.instance, expected.instance) && read.office === expected.office, "wrong-context");
  return read;
}
