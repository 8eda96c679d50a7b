/** Reply slots and boards, as station and server make them. */

import { b64, concat, uint, utf8, zeroPadded, type Bytes } from "../../src/crypto/bytes";
import type { CodenameKeys } from "../../src/crypto/codename";
import { hmacKey, sha256 } from "../../src/crypto/digest";
import { makeHint } from "../../src/crypto/hint";
import { wrap } from "../../src/crypto/kem";
import { replyInfo } from "../../src/crypto/reply";
import { sign, verifyKey } from "../../src/crypto/signed";
import { INSTANCE, SIGN_SEEDS, steadyRandom, TODAY, type Members } from "./office";

export interface BoardSlot {
  readonly hint: Bytes;
  readonly slot: Bytes;
}

export function replyValue(keys: CodenameKeys, changes: Members): Members {
  return {
    day: TODAY, grant: null, instance: b64(INSTANCE), kind: "reply", number: 1, office: "inspektorat", part: 1, parts: 1,
    reviewer: "ketua", status: "received", suite: "peluit/1", text: "Terima kasih.", thread: b64(keys.verify),
    ...changes,
  };
}

export async function replySlot(keys: CodenameKeys, changes: Members, signer = "ketua"): Promise<Bytes> {
  return sealedReply(keys, sign(replyValue(keys, changes), "reply-document", SIGN_SEEDS.get(signer) as Bytes));
}

async function sealedReply(keys: CodenameKeys, document: Bytes): Promise<Bytes> {
  const padded = zeroPadded(concat(uint(document.length, 2), document), 2960);
  return wrap(keys.replyPublic, replyInfo(INSTANCE, keys.verify), padded);
}

const GRANTED_SEED = new Uint8Array(32).fill(77);

/** A reply of another office under a grant of the office. */
export async function grantedSlot(keys: CodenameKeys, changes: Members, grantChanges: Members = {}): Promise<Bytes> {
  const grant: Members = {
    expires: TODAY, instance: b64(INSTANCE), key: b64(verifyKey(GRANTED_SEED)), kind: "grant", names: { en: "Agency", id: "Dinas" },
    office: "inspektorat", reviewer: "ketua", suite: "peluit/1", thread: b64(keys.verify), to: "dinas", ...grantChanges,
  };
  const value = replyValue(keys, {
    grant: b64(sign(grant, "grant", SIGN_SEEDS.get("ketua") as Bytes)), office: grant["to"] as string, reviewer: "kepala", status: null,
    ...changes,
  });
  return sealedReply(keys, sign(value, "reply-document", GRANTED_SEED));
}

export async function hintFor(keys: CodenameKeys, nonce: number): Promise<Bytes> {
  return makeHint(await hmacKey(keys.hintKey), new Uint8Array(16).fill(nonce));
}

/** `count` slots of noise with some slots put in place. */
export function board(count: number, placed: ReadonlyMap<number, BoardSlot>): readonly BoardSlot[] {
  const random = steadyRandom(count);
  return Array.from({ length: count }, (_, i) => placed.get(i) ?? { hint: random(32), slot: random(4096) });
}

export async function indexOf(slots: readonly BoardSlot[]): Promise<Bytes> {
  const hints = concat(...slots.map(({ hint }) => hint));
  const version = (await sha256(hints)).slice(0, 16);
  return concat(utf8("peluit"), Uint8Array.of(0x62, 1), version, uint(slots.length, 4), hints);
}

export function pageOf(slots: readonly BoardSlot[], page: number): Bytes {
  return concat(...slots.slice(16 * page, 16 * page + 16).map(({ slot }) => slot));
}
