/**
 * What the page may ask of the worker. Keys, sealed bytes and network requests live in the worker only;
 * the page holds what the person typed and what may be shown.
 */

import type { Form, Limits } from "../crypto/forms";

export type { Form, FormField, Limits } from "../crypto/forms";

export type Language = "en" | "id";
export type Names = Readonly<Record<Language, string>>;

export interface ChannelView {
  readonly id: string;
  readonly kind: "aduan" | "aspirasi" | "permohonan-informasi";
  readonly titles: Names;
  /** The id of the form to be filled in. */
  readonly form: string;
  /** Ids of the reviewers who will be able to read. */
  readonly recipients: readonly string[];
}

/** What a verified directory slice says, without its keys. */
export interface OfficeView {
  readonly id: string;
  readonly names: Names;
  /** Plain text, maybe empty. */
  readonly notes: Names;
  readonly channels: readonly ChannelView[];
  readonly forms: readonly Form[];
  /** What files the office takes. */
  readonly evidence: Limits;
  readonly reviewers: readonly { readonly id: string; readonly titles: Names }[];
  /** Who keeps sealed identities, and how many of them open one together; none if the office takes no identities. */
  readonly custodians: readonly { readonly id: string; readonly titles: Names }[];
  readonly needed: number;
}

/** An office as site.json names it, before its slice has been verified. */
export interface OfficeEntry {
  readonly id: string;
  readonly names: Names;
  /** The root key's fingerprint, eight groups of five digits. */
  readonly digits: readonly string[];
  readonly words: Readonly<Record<Language, readonly string[]>>;
}

/** Where an item goes and who must not read it. */
export interface Address {
  readonly office: string;
  readonly channel: string;
  readonly excluded: readonly string[];
  /** Everybody whom the person was shown as a reader, the excluded as well. */
  readonly readers: readonly string[];
  readonly language: Language;
}

/** What a person writes for the readers. */
export type Written =
  | { readonly kind: "report"; readonly answers: Readonly<Record<string, string>> }
  | { readonly kind: "message" | "objection" | "threat" | "withdrawal"; readonly text: string }
  | { readonly kind: "rating"; readonly reply: number; readonly stars: number; readonly text: string };

/** A name for the custodians whom the person was shown; null takes back every one of this day and before. */
export interface IdentityContent {
  readonly kind: "identity";
  readonly words: string | null;
  readonly custodians: readonly string[];
  readonly needed: number;
}

export type Content = Written | IdentityContent;

export interface CodenameProblems {
  /** Parts that are on neither list, as typed. */
  readonly unknown: readonly string[];
  /** How many words were found; eight are needed. */
  readonly count: number;
}

export interface ReplyView {
  readonly number: number;
  /** Who wrote it: a reviewer of the office, or another office that the office lets reply. */
  readonly author: Names;
  readonly other: boolean;
  readonly day: string;
  readonly status: string | null;
  readonly text: string;
  /** False when a part of a long reply has not been published yet. */
  readonly complete: boolean;
}

/** Where a file is on its way; "offline" goes on by itself once the server answers. */
export type Phase = "reading" | "sending" | "offline" | "paused" | "finishing";

export interface Progress {
  readonly phase: Phase;
  /** Bytes of the file that have been read, or that the server has. */
  readonly done: number;
  readonly total: number;
  /** Those of `done` that the server had before this try. */
  readonly there: number;
  /** Given when it is too late to cancel: the office may have it already. */
  readonly final?: true;
}

/** What a person may tell a file on its way: "now" ends the wait for the next try. */
export type Order = "pause" | "resume" | "now" | "cancel";

/** What a sealed file says of itself. */
export interface SealedView {
  readonly office: Names;
  /** In the order of sending; sizes in bytes, padding included. */
  readonly parts: readonly { readonly evidence: boolean; readonly size: number }[];
}

/** What the server takes at the moment. */
export interface Intake {
  readonly evidence: "open" | "text-only";
  /** The largest file in bytes. */
  readonly largest: number;
}

export interface WorkerCalls {
  /** The offices of this server. */
  offices(): Promise<readonly OfficeEntry[]>;
  /** Fetches and verifies the office's slice; refuses with slice-* codes. */
  openOffice(office: string): Promise<OfficeView>;
  /** The bytes of payload this content would take, and the most that fit. */
  measure(address: Address, content: Written): Promise<{ readonly used: number; readonly limit: number }>;
  newCodename(language: Language): Promise<readonly string[]>;
  checkCodename(text: string): Promise<CodenameProblems>;
  /** Stretches the codename and keeps its keys until forget(). Refuses with unknown-words. */
  unlock(text: string): Promise<void>;
  /**
   * Seals to the readers of now and sends; done when the server has stored it. Network failures are retried with the
   * same bytes. Refused with new-readers, and their titles, when somebody would read whom the person was not shown.
   */
  send(address: Address, content: Content): Promise<void>;
  /** Those whom new-readers named last may read, for as long as the codename is unlocked. */
  agree(): Promise<void>;
  /** What files the server takes at the moment. */
  intake(): Promise<Intake>;
  /**
   * Reads the file, seals it and sends what the server has not got of it, then sends the evidence item.
   * A broken connection is waited out. `task` is the page's number for this file, also at another try.
   */
  sendFile(task: number, address: Address, file: File, progress: (now: Progress) => void): Promise<"sent" | "cancelled">;
  /** What this file, sealed without a network, says of itself; refuses what cannot be handed in here. */
  openSealed(file: File): Promise<SealedView>;
  /** Sends one part of the sealed file that was opened last; as sendFile otherwise. */
  handIn(task: number, part: number, progress: (now: Progress) => void): Promise<"sent" | "cancelled">;
  /** Pauses, resumes, hurries or cancels a file that is being sent; nothing happens when it is not. */
  steer(task: number, order: Order): Promise<void>;
  /**
   * Fetches the board as the protocol says (section 8.3) and opens what is for the unlocked codename: the office's own by
   * number, then those of others.
   */
  replies(office: string): Promise<readonly ReplyView[]>;
  /** A text that proves, to whoever can check it, that the unlocked codename made this statement. */
  proveAuthorship(office: string, statement: string): Promise<string>;
  /** Erases what this codename sent to the office on a day and is in no bundle yet; gives how many things there were. */
  erase(office: string, day: string): Promise<number>;
  /** Drops every key. */
  forget(): Promise<void>;
}

/** Codes a call can be refused with; each has a text in both catalogues. */
export const FAILURES = [
  "bad-item", "bad-piece", "bad-request", "bad-ticket", "complete", "file-changed", "incomplete", "internal",
  "network", "new-readers", "no-keys", "no-such-channel", "no-such-office", "no-such-page", "no-webcrypto", "slice-expired",
  "slice-forged", "slice-rolled-back", "slice-wrong-epoch", "stale-directory", "storage-full", "text-only", "too-large", "unknown-words",
  "no-recipient-left", "site-broken", "board-broken", "bad-statement", "locked", "not-sealed", "sealed-damaged", "sealed-elsewhere",
  "sealed-no-channel", "sealed-too-old", "other-custodians",
] as const;
export type FailureCode = (typeof FAILURES)[number];

export class Failure extends Error {
  constructor(readonly code: FailureCode, readonly details: readonly string[] = []) {
    super(code);
    this.name = "Failure";
  }
}
