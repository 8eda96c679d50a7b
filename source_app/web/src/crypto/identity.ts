/** A name that a reporter seals to the office's identity custodians (docs/protocol.md section 6.1). */

import { bind } from "./binding";
import { b64, concat, uint, utf8, zeroPadded, type Bytes, type Random } from "./bytes";
import type { Json } from "./canonical";
import { IDENTITY_SIZE, ITEM_KEY_SIZE } from "./constants";
import { mayNeed, type Custodian } from "./custodians";
import { hkdf, sha256 } from "./digest";
import { demand } from "./errors";
import { wrap } from "./kem";
import { sealChunk, streamKey, type StreamKey } from "./stream";

/** Bytes of text that fit. */
export const LONGEST_IDENTITY = IDENTITY_SIZE - 2;

/** Whose identity it is. */
export interface Owner {
  readonly instance: Bytes;
  readonly office: string;
  /** The thread's Ed25519 public key. */
  readonly verify: Bytes;
}

export interface SealedIdentity {
  readonly needed: number;
  /** Each custodian's secret, sealed, in rising order of the ids. */
  readonly stanzas: ReadonlyMap<string, Bytes>;
  /** The key, for each of `setsOf`, in that order. */
  readonly boxes: readonly Bytes[];
  readonly commitment: Bytes;
  readonly content: Bytes;
}

/** What `needed` of these custodians open together, and fewer never. */
export async function sealIdentity(
  words: string, owner: Owner, custodians: readonly Custodian[], needed: number, random: Random,
): Promise<SealedIdentity> {
  const text = utf8(words);
  demand(custodians.length > 0 && mayNeed(custodians.length, needed) && text.length <= LONGEST_IDENTITY);
  const stanzas = new Map<string, Bytes>();
  const secrets = new Map<string, Bytes>();
  for (const { id, key } of [...custodians].sort((one, other) => (one.id < other.id ? -1 : 1))) {
    const secret = random(ITEM_KEY_SIZE);
    secrets.set(id, secret);
    stanzas.set(id, await wrap(key, stanzaInfo(owner, id), secret));
  }
  const salt = await saltOf(owner, needed, stanzas);
  const key = random(ITEM_KEY_SIZE);
  const boxes = await Promise.all(setsOf([...secrets.keys()], needed).map(async (set) => {
    return sealChunk(await boxKey(set, secrets, salt), 0, true, key);
  }));
  const { content, commitment } = await contentKeys(key, salt);
  const padded = zeroPadded(concat(uint(text.length, 2), text), IDENTITY_SIZE);
  return { needed, stanzas, boxes, commitment, content: await sealChunk(content, 0, true, padded) };
}

export function identityJson({ needed, stanzas, boxes, commitment, content }: SealedIdentity): Json {
  return {
    boxes: boxes.map(b64),
    commitment: b64(commitment),
    content: b64(content),
    needed,
    stanzas: Object.fromEntries([...stanzas].map(([id, stanza]) => [id, b64(stanza)])),
  };
}

/** The HPKE info of a custodian's stanza. */
export function stanzaInfo({ instance, office, verify }: Owner, custodian: string): Bytes {
  return bind("identity", instance, utf8(office), verify, utf8(custodian));
}

/** Every set of so many of these, in their order. */
export function setsOf(ids: readonly string[], needed: number): string[][] {
  if (needed === 0) return [[]];
  return ids.flatMap((id, i) => setsOf(ids.slice(i + 1), needed - 1).map((set) => [id, ...set]));
}

/** What ties every key below to the thread, the office and all stanzas. */
export function saltOf({ instance, office, verify }: Owner, needed: number, stanzas: ReadonlyMap<string, Bytes>): Promise<Bytes> {
  const parts = [...stanzas].flatMap(([id, stanza]) => [utf8(id), stanza]);
  return sha256(bind("identity-head", instance, utf8(office), verify, uint(needed, 1), ...parts));
}

export async function boxKey(set: readonly string[], secrets: ReadonlyMap<string, Bytes>, salt: Bytes): Promise<StreamKey> {
  const joined = concat(...set.map((id) => secrets.get(id) as Bytes));
  return streamKey(await hkdf(joined, "identity-box", salt), bind("identity-box", ...set.map(utf8)));
}

/** All boxes must give the same identity: the commitment says which. */
export async function contentKeys(
  key: Bytes, salt: Bytes,
): Promise<{ readonly content: StreamKey; readonly commitment: Bytes }> {
  const content = await streamKey(await hkdf(key, "identity-key", salt), bind("identity-content"));
  return { content, commitment: await hkdf(key, "identity-commitment", salt) };
}
