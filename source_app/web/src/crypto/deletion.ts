/** Deletion tokens: only the codename can take back what it sent (docs/protocol.md section 9). */

import { bind } from "./binding";
import { uint, utf8, type Bytes } from "./bytes";
import { DELETION_NUMBERS } from "./constants";
import type { Day } from "./days";
import { hmac, hmacKey, sha256 } from "./digest";
import { demand } from "./errors";

export async function deletionToken(secret: Bytes, day: Day, number: number): Promise<Bytes> {
  demand(0 <= number && number < DELETION_NUMBERS);
  return hmac(await hmacKey(secret), bind("deletion", utf8(day), uint(number, 2)));
}

/** What the server keeps beside an item or blob. */
export function tokenHash(token: Bytes): Promise<Bytes> {
  return sha256(token);
}
