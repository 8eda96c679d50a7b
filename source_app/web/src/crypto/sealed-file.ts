/** Sealed files: what was sealed without a network, to be handed in later (docs/protocol.md section 9.2). */

import { blobSize, paddedSize } from "./blob";
import { b64, concat, equal, fromUint, hex, uint, utf8, type Bytes } from "./bytes";
import { dump, parse, type Json } from "./canonical";
import {
  HASH_SIZE, ID_SIZE, INSTANCE_SIZE, MAX_ITEM_SIZE, MAX_SEALED_ENTRIES, MAX_SEALED_HEAD, SEALED_MAGIC, SEALED_START,
  SUITE,
} from "./constants";
import { demand } from "./errors";
import { checkSuite, distinct, entries as membersOf, Fields } from "./fields";

export interface SealedItem {
  readonly kind: "item";
  readonly channel: string;
  /** Of the sealed item, in bytes. */
  readonly size: number;
  /** What the server stores of its deletion token (section 9). */
  readonly tokenHash: Bytes;
}

export interface SealedBlob {
  readonly kind: "blob";
  readonly blob: Bytes;
  /** The padded size: the blob itself is `entrySize` bytes long. */
  readonly size: number;
  readonly tokenHash: Bytes;
}

export type SealedEntry = SealedItem | SealedBlob;

export interface SealedHead {
  readonly instance: Bytes;
  readonly office: string;
  /** In the order in which their bytes follow the head, and are sent. */
  readonly entries: readonly SealedEntry[];
}

/** How many bytes of the file are the entry's. */
export function entrySize(entry: SealedEntry): number {
  return entry.kind === "item" ? entry.size : blobSize(entry.size);
}

/** The file's bytes up to its first entry; malformed for entries that section 9.2 does not allow. */
export function writeHead({ instance, office, entries }: SealedHead): Bytes {
  checkOrder(entries);
  const head = dump({ entries: entries.map(entryJson), instance: b64(instance), office, suite: SUITE });
  return concat(utf8(SEALED_MAGIC), uint(head.length, 4), head);
}

/** How long the head is that follows the file's first SEALED_START bytes; malformed if this is no sealed file. */
export function headLength(untrustedStart: Uint8Array): number {
  demand(untrustedStart.length === SEALED_START);
  const magic = utf8(SEALED_MAGIC);
  demand(equal(untrustedStart.subarray(0, magic.length), magic));
  const length = fromUint(untrustedStart.subarray(magic.length));
  demand(length <= MAX_SEALED_HEAD);
  return length;
}

/** Malformed, not canonical, wrong version; wrong context: sealed for another site. */
export function readHead(untrusted: Uint8Array, instance: Bytes): SealedHead {
  const value = parse(untrusted);
  checkSuite(value);
  const fields = new Fields(value, ["entries", "instance", "office", "suite"]);
  const head = {
    instance: fields.data("instance", INSTANCE_SIZE),
    office: fields.id("office"),
    entries: fields.list("entries", readEntry, 1, MAX_SEALED_ENTRIES),
  };
  checkOrder(head.entries);
  demand(equal(head.instance, instance), "wrong-context");
  return head;
}

function entryJson(entry: SealedEntry): Json {
  const { kind, size } = entry;
  const token = b64(entry.tokenHash);
  return entry.kind === "item" ? { channel: entry.channel, kind, size, token } : { blob: b64(entry.blob), kind, size, token };
}

function readEntry(untrusted: Json): SealedEntry {
  if (membersOf(untrusted).get("kind") === "item") {
    const fields = new Fields(untrusted, ["channel", "kind", "size", "token"]);
    const size = fields.integer("size", 1, MAX_ITEM_SIZE);
    return { kind: "item", channel: fields.id("channel"), size, tokenHash: fields.data("token", HASH_SIZE) };
  }
  const fields = new Fields(untrusted, ["blob", "kind", "size", "token"]);
  const kind = fields.oneOf("kind", ["blob"]);
  const size = fields.integer("size", 0, Number.MAX_SAFE_INTEGER);
  demand(paddedSize(size) === size);
  return { kind, blob: fields.data("blob", ID_SIZE), size, tokenHash: fields.data("token", HASH_SIZE) };
}

/** A blob that no item tells of would be of no use to anybody, and two of one name would be one. */
function checkOrder(entries: readonly SealedEntry[]): void {
  demand(1 <= entries.length && entries.length <= MAX_SEALED_ENTRIES);
  demand(entries[0]?.kind === "item" && entries.at(-1)?.kind === "item");
  demand(entries.every(({ kind }, i) => kind === "item" || entries[i + 1]?.kind === "item"));
  demand(distinct(entries.map((entry) => hex(entry.tokenHash))));
  demand(distinct(entries.flatMap((entry) => (entry.kind === "blob" ? [hex(entry.blob)] : []))));
}
