/** Replies to the reporter: slots opened, checked and joined (docs/protocol.md sections 8.1 and 8.4). */

import { bind } from "./binding";
import { equal, fromB64, fromUint, hex, isZero, type Bytes } from "./bytes";
import type { Json } from "./canonical";
import type { CodenameKeys } from "./codename";
import {
  INSTANCE_SIZE, MAX_GRANT_SIZE, MAX_REPLY_PARTS, MAX_U32, REPLY_SIZE, SLOT_SIZE, STATUSES, VERIFY_KEY_SIZE,
} from "./constants";
import type { Day } from "./days";
import type { Slice } from "./directory";
import { demand } from "./errors";
import { checkSuite, Fields, type Names } from "./fields";
import { readGrant, type Grant, type Thread } from "./grant";
import { unwrap } from "./kem";
import { checkSignature, peek } from "./signed";

export interface ReplyPart {
  readonly instance: Bytes;
  readonly office: string;
  readonly thread: Bytes;
  readonly number: number;
  readonly part: number;
  readonly parts: number;
  readonly reviewer: string;
  readonly day: Day;
  readonly status: (typeof STATUSES)[number] | null;
  readonly text: string;
  /** The document that lets another office write this; empty if it is the thread's own. */
  readonly untrustedGrant: Bytes;
}

/** A part that may be shown, and the grant it stands on. */
export interface OpenedPart extends ReplyPart {
  readonly grant: Grant | null;
}

export interface Reply extends Pick<ReplyPart, "number" | "reviewer" | "day" | "status" | "text"> {
  /** False when a part is still to come. */
  readonly complete: boolean;
  /** The names of the office that wrote it under a grant, null if it is the thread's own. */
  readonly other: Names | null;
}

type ReplyKeys = Pick<CodenameKeys, "replySeed" | "verify">;

export function replyInfo(instance: Bytes, verify: Bytes): Bytes {
  return bind("reply", instance, verify);
}

/** What a reviewer of `slice`, or an office with a grant of one, wrote to this codename. */
export async function openSlot(untrusted: Bytes, keys: ReplyKeys, slice: Slice): Promise<OpenedPart> {
  const reviewers = new Map(slice.reviewers.map(({ id, sign }) => [id, sign]));
  return openReply(untrusted, keys, slice.instance, slice.office.id, reviewers);
}

/** The part in a slot of a thread of `office`, whose reviewers have these Ed25519 keys (by id). */
export async function openReply(
  untrusted: Bytes, keys: ReplyKeys, instance: Bytes, office: string, reviewers: ReadonlyMap<string, Bytes>,
): Promise<OpenedPart> {
  demand(untrusted.length === SLOT_SIZE);
  const padded = await unwrap(keys.replySeed, replyInfo(instance, keys.verify), untrusted);
  const length = fromUint(padded.subarray(0, 2));
  demand(padded.length === REPLY_SIZE && 2 + length <= REPLY_SIZE && isZero(padded.subarray(2 + length)));
  return checked(padded.slice(2, 2 + length), { instance, office, reviewers, verify: keys.verify });
}

function checked(document: Bytes, thread: Thread): OpenedPart {
  const part = readReply(peek(document, REPLY_SIZE));
  const grant = part.untrustedGrant.length === 0 ? null : readGrant(part.untrustedGrant, thread);
  const key = grant === null ? thread.reviewers.get(part.reviewer) : grant.key;
  demand(key !== undefined, "wrong-context");
  checkSignature(document, "reply-document", key);
  const author = part.office === (grant === null ? thread.office : grant.to);
  demand(author && equal(part.instance, thread.instance) && equal(part.thread, thread.verify), "wrong-context");
  demand(grant === null || part.day <= grant.expires, "expired");
  return { ...part, grant };
}

/** Whole replies: the office's own by number, then those of others, which count for themselves. A part that comes twice counts once. */
export function joinParts(parts: readonly OpenedPart[]): readonly Reply[] {
  const groups = new Map<string, OpenedPart[]>();
  for (const part of parts) {
    const { number, reviewer, day, status, untrustedGrant } = part;
    const group = JSON.stringify([hex(untrustedGrant), number, reviewer, part.parts, day, status]);
    const known = groups.get(group) ?? [];
    if (!known.some((one) => one.part === part.part)) groups.set(group, [...known, part]);
  }
  const inOrder = [...groups.values()].sort(([a], [b]) => compare(placeOf(a as OpenedPart), placeOf(b as OpenedPart)));
  return inOrder.map((group): Reply => {
    const sorted = [...group].sort((a, b) => a.part - b.part);
    const { number, reviewer, parts: count, day, status, grant } = sorted[0] as OpenedPart;
    const text = sorted.map((part) => part.text).join("");
    return { number, reviewer, day, status, text, complete: sorted.length === count, other: grant?.names ?? null };
  });
}

function placeOf({ grant, untrustedGrant, number }: OpenedPart): string {
  return `${grant?.to ?? ""} ${hex(untrustedGrant)} ${String(number).padStart(10, "0")}`;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

function readReply(untrusted: Json): ReplyPart {
  checkSuite(untrusted);
  const fields = new Fields(untrusted, [
    "day", "grant", "instance", "kind", "number", "office", "part", "parts", "reviewer", "status", "suite", "text", "thread",
  ]);
  fields.oneOf("kind", ["reply"]);
  const parts = fields.integer("parts", 1, MAX_REPLY_PARTS);
  const part = {
    instance: fields.data("instance", INSTANCE_SIZE),
    office: fields.id("office"),
    thread: fields.data("thread", VERIFY_KEY_SIZE),
    number: fields.integer("number", 1, MAX_U32),
    part: fields.integer("part", 1, parts),
    parts,
    reviewer: fields.id("reviewer"),
    day: fields.day("day"),
    status: fields.get("status") === null ? null : fields.oneOf("status", STATUSES),
    text: fields.text("text"),
    untrustedGrant: fields.get("grant") === null ? new Uint8Array() : grantOf(fields),
  };
  // Only the thread's own office says where the report stands.
  demand(part.untrustedGrant.length === 0 || part.status === null);
  return part;
}

function grantOf(fields: Fields): Bytes {
  const text = fields.text("grant", Math.ceil((MAX_GRANT_SIZE * 4) / 3), 1);
  return fromB64(text, Math.floor((text.length * 3) / 4));
}
