/** Sealed items: a signed document for the recipients of a channel (docs/protocol.md section 5). */

import { bind } from "./binding";
import { concat, uint, utf8, zeroPadded, type Bytes, type Random } from "./bytes";
import {
  ITEM_KEY_SIZE, ITEM_TYPE, KEM_SEED_SIZE, MAGIC, MAX_STANZAS, PAYLOAD_SIZES, VERSION,
} from "./constants";
import { hkdf, sha256 } from "./digest";
import { demand } from "./errors";
import { kemPublic, wrap } from "./kem";
import { shuffled } from "./random";
import { sealChunk, streamKey, type StreamKey } from "./stream";

/** Where an item is sealed for; every stanza is bound to it. */
export interface ItemContext {
  readonly instance: Bytes;
  readonly office: string;
  readonly channel: string;
  readonly epoch: number;
}

/** The recipients of the channel: a key, or null for one whom the reporter leaves out. */
export type RecipientKeys = readonly (Bytes | null)[];

export function itemInfo(context: ItemContext): Bytes {
  const { instance, office, channel, epoch } = context;
  return bind("item", instance, utf8(office), utf8(channel), uint(epoch, 4));
}

export function itemHead(epoch: number, stanzas: number): Bytes {
  return concat(utf8(MAGIC), Uint8Array.of(ITEM_TYPE, VERSION), uint(epoch, 4), uint(stanzas, 1));
}

/** The sealed item. Each call makes a new item key: to try again, send the same bytes again. */
export async function sealItem(
  context: ItemContext, recipients: RecipientKeys, document: Bytes, random: Random,
): Promise<Bytes> {
  demand(1 <= recipients.length && recipients.length <= MAX_STANZAS);
  demand(recipients.some((key) => key !== null));
  const padded = padPayload(document);
  const itemKey = random(ITEM_KEY_SIZE);
  const info = itemInfo(context);
  const stanzas: Bytes[] = [];
  for (const key of recipients) {
    // The server must not see that anyone was left out: the place is filled with a stanza nobody can open.
    const stanza = key === null ? await wrap(kemPublic(random(KEM_SEED_SIZE)), info, random(ITEM_KEY_SIZE))
      : await wrap(key, info, itemKey);
    stanzas.push(stanza);
  }
  const head = concat(itemHead(context.epoch, stanzas.length), ...shuffled(stanzas, random));
  const { payload, commitment } = await itemSecrets(itemKey, head);
  return concat(head, commitment, await sealChunk(payload, 0, true, padded));
}

/** AES-GCM does not commit to its key, so the header does; the salt ties both to every byte before. */
export async function itemSecrets(
  itemKey: Bytes, head: Bytes,
): Promise<{ readonly payload: StreamKey; readonly commitment: Bytes }> {
  const salt = await sha256(head);
  const payload = await streamKey(await hkdf(itemKey, "payload-key", salt), bind("payload"));
  return { payload, commitment: await hkdf(itemKey, "commitment", salt) };
}

/** Bytes that a document of this length takes of the largest payload. */
export function payloadUse(documentLength: number): number {
  return 4 + documentLength;
}

export function padPayload(document: Bytes): Bytes {
  const size = PAYLOAD_SIZES.find((one) => payloadUse(document.length) <= one);
  demand(size !== undefined);
  return zeroPadded(concat(uint(document.length, 4), document), size);
}

/** What the server stores an item under. */
export async function itemId(item: Bytes): Promise<Bytes> {
  return (await sha256(item)).slice(0, 16);
}
