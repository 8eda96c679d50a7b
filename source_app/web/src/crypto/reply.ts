/** Replies to the reporter: slots opened, checked and joined (docs/protocol.md section 8.1). */

import { bind } from "./binding";
import { equal, fromUint, isZero, type Bytes } from "./bytes";
import type { Json } from "./canonical";
import type { CodenameKeys } from "./codename";
import {
  INSTANCE_SIZE, MAX_REPLY_PARTS, MAX_U32, REPLY_SIZE, SLOT_SIZE, STATUSES, VERIFY_KEY_SIZE,
} from "./constants";
import type { Day } from "./days";
import type { Slice } from "./directory";
import { demand } from "./errors";
import { checkSuite, Fields } from "./fields";
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
}

export interface Reply extends Pick<ReplyPart, "number" | "reviewer" | "day" | "status" | "text"> {
  /** False when a part is still to come. */
  readonly complete: boolean;
}

type ReplyKeys = Pick<CodenameKeys, "replySeed" | "verify">;

export function replyInfo(instance: Bytes, verify: Bytes): Bytes {
  return bind("reply", instance, verify);
}

/** What a reviewer of `slice` wrote to this codename. */
export async function openSlot(untrusted: Bytes, keys: ReplyKeys, slice: Slice): Promise<ReplyPart> {
  const reviewers = new Map(slice.reviewers.map(({ id, sign }) => [id, sign]));
  return openReply(untrusted, keys, slice.instance, slice.office.id, reviewers);
}

/** The part in a slot, signed by one of these reviewers (Ed25519 keys by id). */
export async function openReply(
  untrusted: Bytes, keys: ReplyKeys, instance: Bytes, office: string, reviewers: ReadonlyMap<string, Bytes>,
): Promise<ReplyPart> {
  demand(untrusted.length === SLOT_SIZE);
  const padded = await unwrap(keys.replySeed, replyInfo(instance, keys.verify), untrusted);
  const length = fromUint(padded.subarray(0, 2));
  demand(padded.length === REPLY_SIZE && 2 + length <= REPLY_SIZE && isZero(padded.subarray(2 + length)));
  const document = padded.slice(2, 2 + length);
  const part = readReply(peek(document, REPLY_SIZE));
  const key = reviewers.get(part.reviewer);
  demand(key !== undefined, "wrong-context");
  checkSignature(document, "reply-document", key);
  const mine = equal(part.instance, instance) && part.office === office && equal(part.thread, keys.verify);
  demand(mine, "wrong-context");
  return part;
}

/** Whole replies in rising order; a part that comes twice counts once. */
export function joinParts(parts: readonly ReplyPart[]): readonly Reply[] {
  const groups = new Map<string, ReplyPart[]>();
  for (const part of parts) {
    const { number, reviewer, day, status } = part;
    const group = JSON.stringify([number, reviewer, part.parts, day, status]);
    const known = groups.get(group) ?? [];
    if (!known.some((one) => one.part === part.part)) groups.set(group, [...known, part]);
  }
  const replies = [...groups.values()].map((group): Reply => {
    const sorted = [...group].sort((a, b) => a.part - b.part);
    const { number, reviewer, parts: count, day, status } = sorted[0] as ReplyPart;
    const text = sorted.map((part) => part.text).join("");
    return { number, reviewer, day, status, text, complete: sorted.length === count };
  });
  return replies.sort((a, b) => a.number - b.number);
}

function readReply(untrusted: Json): ReplyPart {
  checkSuite(untrusted);
  const fields = new Fields(untrusted, [
    "day", "instance", "kind", "number", "office", "part", "parts", "reviewer", "status", "suite", "text", "thread",
  ]);
  fields.oneOf("kind", ["reply"]);
  const parts = fields.integer("parts", 1, MAX_REPLY_PARTS);
  return {
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
  };
}
