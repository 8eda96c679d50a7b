/** Opening items: the reviewer's half. The page does not need it; the vectors and tests do (sections 5 and 6). */

import { equal, fromUint, hex, isZero, utf8, type Bytes } from "./bytes";
import type { Json } from "./canonical";
import {
  COMMITMENT_SIZE, HASH_SIZE, ID_SIZE, INSTANCE_SIZE, ITEM_HEADER_SIZE, ITEM_KEY_SIZE, ITEM_TYPE, KEM_PUBLIC_SIZE,
  LANGUAGES, MAGIC, MAX_ANSWERS, MAX_BLOB_SIZE, MAX_NAME_LENGTH, MAX_STANZAS, MAX_STARS, MAX_TYPE_LENGTH, MAX_U32,
  PAYLOAD_SIZES, STANZA_SIZE, TAG_SIZE, VERIFY_KEY_SIZE, VERSION,
} from "./constants";
import { demand, ProtocolError } from "./errors";
import { asId, asText, checkSuite, distinct, entries, Fields } from "./fields";
import { itemInfo, itemSecrets, padPayload, type ItemContext } from "./item";
import { unwrap } from "./kem";
import type { EvidenceFile, Message, MessageContent } from "./message";
import { readSealedIdentity } from "./open-identity";
import { checkSignature, peek } from "./signed";
import { openChunk } from "./stream";

export interface ItemShape {
  readonly epoch: number;
  readonly stanzas: readonly Bytes[];
  /** All bytes before the commitment. */
  readonly head: Bytes;
  readonly commitment: Bytes;
  readonly payload: Bytes;
}

export interface OpenedMessage extends Message {
  readonly thread: { readonly hint: Bytes; readonly reply: Bytes; readonly verify: Bytes };
}

const MESSAGE_KINDS = ["report", "message", "evidence", "identity", "objection", "rating", "threat", "withdrawal"] as const;

/** Where an item was received. */
export type Place = Omit<ItemContext, "epoch">;

export function parseItem(untrusted: Bytes): ItemShape {
  demand(untrusted.length >= ITEM_HEADER_SIZE);
  demand(equal(untrusted.subarray(0, 6), utf8(MAGIC)) && untrusted[6] === ITEM_TYPE);
  demand(untrusted[7] === VERSION, "wrong-version");
  const count = untrusted[12] as number;
  demand(1 <= count && count <= MAX_STANZAS);
  const end = ITEM_HEADER_SIZE + count * STANZA_SIZE;
  const payload = untrusted.slice(end + COMMITMENT_SIZE);
  demand(PAYLOAD_SIZES.some((size) => payload.length === size + TAG_SIZE));
  const stanzas = Array.from({ length: count }, (_, i) => {
    const start = ITEM_HEADER_SIZE + i * STANZA_SIZE;
    return untrusted.slice(start, start + STANZA_SIZE);
  });
  demand(distinct(stanzas.map(hex)));
  return {
    epoch: fromUint(untrusted.subarray(8, 12)),
    stanzas,
    head: untrusted.slice(0, end),
    commitment: untrusted.slice(end, end + COMMITMENT_SIZE),
    payload,
  };
}

/** The signed document in an item, not yet read. */
export async function openItem(untrusted: Bytes, place: Place, seed: Bytes): Promise<Bytes> {
  const item = parseItem(untrusted);
  const itemKey = await firstOpened(item.stanzas, itemInfo({ ...place, epoch: item.epoch }), seed);
  const { payload, commitment } = await itemSecrets(itemKey, item.head);
  demand(equal(commitment, item.commitment), "commitment");
  const padded = await openChunk(payload, 0, true, item.payload);
  const length = fromUint(padded.subarray(0, 4));
  demand(4 + length <= padded.length && isZero(padded.subarray(4 + length)));
  const document = padded.slice(4, 4 + length);
  demand(padPayload(document).length === padded.length);
  return document;
}

async function firstOpened(stanzas: readonly Bytes[], info: Bytes, seed: Bytes): Promise<Bytes> {
  for (const stanza of stanzas) {
    try {
      const itemKey = await unwrap(seed, info, stanza);
      demand(itemKey.length === ITEM_KEY_SIZE);
      return itemKey;
    } catch (error) {
      if (!(error instanceof ProtocolError && error.kind === "cannot-open")) throw error;
    }
  }
  throw new ProtocolError("cannot-open");
}

/** The message in a document, checked for the place it came by and the recipients of its channel. */
export function readMessage(untrusted: Bytes, place: Place, recipients: readonly string[]): OpenedMessage {
  const value = peek(untrusted, Math.max(...PAYLOAD_SIZES));
  checkSuite(value);
  const fields = new Fields(value, [
    "channel", "content", "day", "excluded", "instance", "kind", "language", "office", "order", "suite", "thread",
  ]);
  const thread = new Fields(fields.get("thread"), ["hint", "reply", "verify"]);
  const message: OpenedMessage = {
    instance: fields.data("instance", INSTANCE_SIZE),
    office: fields.id("office"),
    channel: fields.id("channel"),
    excluded: fields.list("excluded", asId, 0, MAX_STANZAS - 1),
    language: fields.oneOf("language", LANGUAGES),
    day: fields.day("day"),
    order: fields.integer("order", 0, MAX_U32),
    content: readContent(fields.oneOf("kind", MESSAGE_KINDS), fields.get("content")),
    thread: {
      hint: thread.data("hint", HASH_SIZE),
      reply: thread.data("reply", KEM_PUBLIC_SIZE),
      verify: thread.data("verify", VERIFY_KEY_SIZE),
    },
  };
  checkSignature(untrusted, "message", message.thread.verify);
  const here = equal(message.instance, place.instance) && message.office === place.office;
  demand(here && message.channel === place.channel, "wrong-context");
  const rising = message.excluded.every((id, i) => i === 0 || (message.excluded[i - 1] as string) < id);
  demand(rising && message.excluded.every((id) => recipients.includes(id)));
  demand(message.excluded.length < recipients.length);
  return message;
}

/** The message in an item that `reader` opens; wrong-context too if it says that the reader must not. */
export async function openMessage(
  untrusted: Bytes, place: Place, seed: Bytes, recipients: readonly string[], reader: string,
): Promise<OpenedMessage> {
  const message = readMessage(await openItem(untrusted, place, seed), place, recipients);
  demand(!message.excluded.includes(reader), "wrong-context");
  return message;
}

function readContent(kind: MessageContent["kind"], untrusted: Json): MessageContent {
  if (kind === "evidence") return { kind, file: readEvidence(untrusted) };
  if (kind === "identity") {
    const sealed = new Fields(untrusted, ["sealed"]).get("sealed");
    return { kind, sealed: sealed === null ? null : readSealedIdentity(sealed) };
  }
  if (kind === "rating") {
    const fields = new Fields(untrusted, ["reply", "stars", "text"]);
    return {
      kind, reply: fields.integer("reply", 1, MAX_U32), stars: fields.integer("stars", 1, MAX_STARS), text: fields.text("text"),
    };
  }
  if (kind !== "report") return { kind, text: new Fields(untrusted, ["text"]).text("text") };
  const answers = [...entries(new Fields(untrusted, ["answers"]).get("answers"))];
  demand(1 <= answers.length && answers.length <= MAX_ANSWERS);
  return { kind, answers: Object.fromEntries(answers.map(([field, text]) => [asId(field), asText(text)])) };
}

function readEvidence(untrusted: Json): EvidenceFile {
  const fields = new Fields(untrusted, ["blob", "chunks", "key", "name", "size", "type"]);
  return {
    blob: fields.data("blob", ID_SIZE),
    chunks: fields.data("chunks", HASH_SIZE),
    key: fields.data("key", ITEM_KEY_SIZE),
    name: fields.text("name", MAX_NAME_LENGTH, 1),
    size: fields.integer("size", 0, MAX_BLOB_SIZE),
    type: fields.text("type", MAX_TYPE_LENGTH),
  };
}
