/** What a reporter says: the document inside a sealed item (docs/protocol.md section 6). */

import { b64, type Bytes } from "./bytes";
import { dump, wellFormed, type Json } from "./canonical";
import type { CodenameKeys } from "./codename";
import {
  HASH_SIZE, KEM_PUBLIC_SIZE, MAX_NAME_LENGTH, MAX_TYPE_LENGTH, SIGNATURE_SIZE, SUITE, VERIFY_KEY_SIZE,
  type LANGUAGES,
} from "./constants";
import type { Day } from "./days";
import { identityJson, type SealedIdentity } from "./identity";
import { sign } from "./signed";

export type MessageContent =
  | { readonly kind: "report"; readonly answers: Readonly<Record<string, string>> }
  | { readonly kind: "message" | "objection" | "threat" | "withdrawal"; readonly text: string }
  /** One to five stars for the reply of this number. */
  | { readonly kind: "rating"; readonly reply: number; readonly stars: number; readonly text: string }
  /** A name for the custodians; null takes back every one of this day and before. */
  | { readonly kind: "identity"; readonly sealed: SealedIdentity | null }
  | { readonly kind: "evidence"; readonly file: EvidenceFile };

export interface EvidenceFile {
  readonly blob: Bytes;
  /** Hash over the hashes of all plaintext chunks. */
  readonly chunks: Bytes;
  readonly key: Bytes;
  readonly name: string;
  readonly size: number;
  readonly type: string;
}

export interface Message {
  readonly instance: Bytes;
  readonly office: string;
  readonly channel: string;
  readonly excluded: readonly string[];
  readonly language: (typeof LANGUAGES)[number];
  readonly day: Day;
  readonly order: number;
  readonly content: MessageContent;
}

type ThreadKeys = Pick<CodenameKeys, "hintKey" | "replyPublic" | "verify">;

export function signMessage(message: Message, keys: CodenameKeys): Bytes {
  return sign(asJson(message, keys), "message", keys.signSeed);
}

/** How long the signed document would be; needs no codename, as all keys are equally long. */
export function messageLength(message: Message): number {
  const keys = {
    hintKey: new Uint8Array(HASH_SIZE),
    replyPublic: new Uint8Array(KEM_PUBLIC_SIZE),
    verify: new Uint8Array(VERIFY_KEY_SIZE),
  };
  return SIGNATURE_SIZE + dump(asJson(message, keys)).length;
}

function asJson(message: Message, keys: ThreadKeys): Json {
  return {
    channel: message.channel,
    content: contentJson(message.content),
    day: message.day,
    excluded: [...message.excluded].sort(),
    instance: b64(message.instance),
    kind: message.content.kind,
    language: message.language,
    office: message.office,
    order: message.order,
    suite: SUITE,
    thread: { hint: b64(keys.hintKey), reply: b64(keys.replyPublic), verify: b64(keys.verify) },
  };
}

function contentJson(content: MessageContent): Json {
  if (content.kind === "evidence") return evidenceJson(content.file);
  if (content.kind === "identity") return { sealed: content.sealed && identityJson(content.sealed) };
  if (content.kind === "report") {
    const answers = Object.entries(content.answers).map(([field, text]) => [field, wellFormed(text)]);
    return { answers: Object.fromEntries(answers) as Record<string, string> };
  }
  const text = wellFormed(content.text);
  return content.kind === "rating" ? { reply: content.reply, stars: content.stars, text } : { text };
}

function evidenceJson({ blob, chunks, key, name, size, type }: EvidenceFile): Json {
  return {
    blob: b64(blob),
    chunks: b64(chunks),
    key: b64(key),
    // A file may lack a name where it comes from a camera; the protocol wants one.
    name: shortened(wellFormed(name), MAX_NAME_LENGTH) || "-",
    size,
    type: shortened(wellFormed(type), MAX_TYPE_LENGTH),
  };
}

/** The first `length` code points. */
function shortened(text: string, length: number): string {
  return [...text].slice(0, length).join("");
}
