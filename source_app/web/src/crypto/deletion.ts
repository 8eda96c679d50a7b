/** Deletion tokens: only the codename can take back what it sent (docs/protocol.md section 9). */

import { bind } from "./binding";
import { concat, uint, utf8, type Bytes, type Random } from "./bytes";
import { DELETION_NUMBERS } from "./constants";
import type { Day } from "./days";
import { hmac, hmacKey, sha256 } from "./digest";
import { demand } from "./errors";
import { shuffled } from "./random";

export async function deletionToken(secret: Bytes, day: Day, number: number): Promise<Bytes> {
  demand(0 <= number && number < DELETION_NUMBERS);
  return tokenOf(await hmacKey(secret), day, number);
}

/** All tokens of a day in an order that says nothing, joined: what the server is sent to erase that day's things. */
export async function allTokens(secret: Bytes, day: Day, random: Random): Promise<Bytes> {
  const key = await hmacKey(secret);
  const tokens = await Promise.all(Array.from({ length: DELETION_NUMBERS }, (_, number) => tokenOf(key, day, number)));
  return concat(...shuffled(tokens, random));
}

function tokenOf(key: CryptoKey, day: Day, number: number): Promise<Bytes> {
  return hmac(key, bind("deletion", utf8(day), uint(number, 2)));
}

/** What the server keeps beside an item or blob. */
export function tokenHash(token: Bytes): Promise<Bytes> {
  return sha256(token);
}
