/** Slices of the key directory: read, and checked against what the site file and the clock say (section 4). */

import { equal, type Bytes } from "./bytes";
import type { Json } from "./canonical";
import {
  FAMILIES, INSTANCE_SIZE, KEM_PUBLIC_SIZE, KINDS, MAX_LIST, MAX_SLICE_SIZE, MAX_U32, SLICE_GRACE_DAYS, VERIFY_KEY_SIZE,
} from "./constants";
import { readCustodians, type Custodian } from "./custodians";
import { addDays, isNear, lastDayOf, type Day } from "./days";
import { demand } from "./errors";
import { asData, asId, checkSuite, distinct, entries, Fields, type Names } from "./fields";
import { readForm, readLimits, type Form, type Limits } from "./forms";
import { verify } from "./signed";

export interface Channel {
  readonly id: string;
  readonly kind: (typeof KINDS)[number];
  readonly family: (typeof FAMILIES)[number];
  /** The id of a form of the same slice. */
  readonly form: string;
  readonly recipients: readonly string[];
  readonly titles: Names;
}

export interface Reviewer {
  readonly id: string;
  readonly sign: Bytes;
  readonly titles: Names;
}

export interface Office {
  readonly id: string;
  readonly names: Names;
}

export interface Slice {
  readonly instance: Bytes;
  readonly root: Bytes;
  readonly office: Office;
  /** Plain text, maybe empty. */
  readonly notes: Names;
  readonly channels: readonly Channel[];
  readonly forms: readonly Form[];
  readonly evidence: Limits;
  /** So many of them as are `needed` open a sealed identity; none if the office takes no identities. */
  readonly custodians: readonly Custodian[];
  readonly needed: number;
  readonly reviewers: readonly Reviewer[];
  /** X-Wing public keys of this epoch by reviewer id. */
  readonly keys: ReadonlyMap<string, Bytes>;
  readonly epoch: number;
  readonly expires: Day;
  readonly serial: number;
}

/** What a client knows of an office before it has a slice. */
export interface Expected {
  readonly instance: Bytes;
  readonly office: string;
  readonly root: Bytes;
}

/** The slice, once everything about it is as it must be on this day. */
export function openSlice(untrusted: Bytes, expected: Expected, today: Day): Slice {
  const slice = readSlice(untrusted, expected.root);
  const here = equal(slice.instance, expected.instance) && slice.office.id === expected.office;
  demand(here, "wrong-context");
  checkTime(slice, today);
  return slice;
}

/** The slice that this root key signed, whatever its instance, office and time. */
export function readSlice(untrusted: Bytes, root: Bytes): Slice {
  const slice = sliceOf(verify(untrusted, "slice", root, MAX_SLICE_SIZE));
  demand(equal(slice.root, root), "wrong-context");
  demand(slice.expires === lastDayOf(slice.epoch));
  return slice;
}

/** A slice that was good when it came may not be any more: checked again before each use. */
export function checkTime(slice: Slice, today: Day): void {
  demand(today <= addDays(slice.expires, SLICE_GRACE_DAYS), "expired");
  demand(isNear(slice.epoch, today, SLICE_GRACE_DAYS), "wrong-epoch");
}

function sliceOf(untrusted: Json): Slice {
  checkSuite(untrusted);
  const fields = new Fields(untrusted, [
    "channels", "custodians", "epoch", "evidence", "expires", "forms", "instance", "keys", "kind", "needed", "notes", "office",
    "reviewers", "root", "serial", "suite",
  ]);
  fields.oneOf("kind", ["slice"]);
  const reviewers = fields.list("reviewers", readReviewer, 1, MAX_LIST);
  const ids = reviewers.map((reviewer) => reviewer.id);
  const channels = fields.list("channels", readChannel, 1, MAX_LIST);
  const forms = fields.list("forms", readForm, 1, MAX_LIST);
  const keys = new Map<string, Bytes>();
  for (const [id, key] of entries(fields.get("keys"))) keys.set(id, asData(key, KEM_PUBLIC_SIZE));
  demand(distinct(ids) && distinct(channels.map((channel) => channel.id)));
  demand(channels.every((channel) => channel.recipients.every((recipient) => ids.includes(recipient))));
  demand(distinct(forms.map((form) => form.id)));
  demand(channels.every((channel) => forms.some((form) => form.id === channel.form)));
  demand(keys.size === ids.length && ids.every((id) => keys.has(id)));
  return {
    instance: fields.data("instance", INSTANCE_SIZE),
    root: fields.data("root", VERIFY_KEY_SIZE),
    office: readOffice(fields.get("office")),
    notes: fields.notes("notes"),
    channels,
    forms,
    evidence: readLimits(fields.get("evidence")),
    ...readCustodians(fields),
    reviewers,
    keys,
    epoch: fields.integer("epoch", 0, MAX_U32),
    expires: fields.day("expires"),
    serial: fields.integer("serial", 1, MAX_U32),
  };
}

function readOffice(untrusted: Json): Office {
  const fields = new Fields(untrusted, ["id", "names"]);
  return { id: fields.id("id"), names: fields.names("names") };
}

function readChannel(untrusted: Json): Channel {
  const fields = new Fields(untrusted, ["family", "form", "id", "kind", "recipients", "titles"]);
  const recipients = fields.list("recipients", asId, 1, MAX_LIST);
  const kind = fields.oneOf("kind", KINDS);
  const family = fields.oneOf("family", FAMILIES);
  demand(distinct(recipients) && (kind === "aduan" || family === "none"));
  return { id: fields.id("id"), kind, family, form: fields.id("form"), recipients, titles: fields.names("titles") };
}

function readReviewer(untrusted: Json): Reviewer {
  const fields = new Fields(untrusted, ["id", "sign", "titles"]);
  return { id: fields.id("id"), sign: fields.data("sign", VERIFY_KEY_SIZE), titles: fields.names("titles") };
}
