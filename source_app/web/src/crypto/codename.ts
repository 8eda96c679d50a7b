/** Codenames: made, read, and stretched into every key of a reporter (docs/protocol.md section 3). */

import { argon2id } from "@noble/hashes/argon2.js";

import { bind } from "./binding";
import { own, utf8, type Bytes, type Random } from "./bytes";
import {
  ARGON2_MEMORY_KIB, ARGON2_PASSES, CODENAME_WORDS, HASH_SIZE, STEM_LENGTH, WORDLIST_SIZE, type LANGUAGES,
} from "./constants";
import { hkdf, sha256 } from "./digest";
import { demand } from "./errors";
import { kemPublic } from "./kem";
import { verifyKey } from "./signed";
import { BY_STEM, WORDS } from "./wordlists";

/** Eight stems joined by spaces, whatever was typed. */
export type CanonicalCodename = string & { readonly codename: never };

export interface CodenameKeys {
  readonly signSeed: Bytes;
  readonly verify: Bytes;
  readonly replySeed: Bytes;
  readonly replyPublic: Bytes;
  readonly hintKey: Bytes;
  readonly deletionSecret: Bytes;
  readonly uploadSecret: Bytes;
  readonly thread: Bytes;
}

export interface Reading {
  /** Parts that are on neither list, as typed. */
  readonly unknown: readonly string[];
  readonly count: number;
}

/** Eight words, each drawn on its own: 88 bits. */
export function newCodename(language: (typeof LANGUAGES)[number], random: Random): readonly string[] {
  const drawn = random(2 * CODENAME_WORDS);
  return Array.from({ length: CODENAME_WORDS }, (_, i) => {
    const bits = (drawn[2 * i] as number) * 256 + (drawn[2 * i + 1] as number);
    return WORDS[language][bits % WORDLIST_SIZE] as string;
  });
}

/** What is wrong with a typed codename, if anything. */
export function checkCodename(typed: string): Reading {
  const parts = partsOf(typed);
  return { unknown: parts.filter((part) => !isBeginning(lower(part))), count: parts.length };
}

/** The canonical form; unknown-word unless eight known words were typed. */
export function readCodename(typed: string): CanonicalCodename {
  const { unknown, count } = checkCodename(typed);
  demand(unknown.length === 0 && count === CODENAME_WORDS, "unknown-word");
  return partsOf(typed).map((part) => lower(part).slice(0, STEM_LENGTH)).join(" ") as CanonicalCodename;
}

/** 32 bytes; takes 0.2 s, or several seconds where JavaScript is only interpreted. */
export async function stretch(codename: CanonicalCodename, instance: Bytes): Promise<Bytes> {
  const salt = (await sha256(bind("codename", instance))).slice(0, 16);
  const cost = { m: ARGON2_MEMORY_KIB, t: ARGON2_PASSES, p: 1, dkLen: HASH_SIZE };
  return own(argon2id(utf8(codename), salt, cost));
}

export async function keysOf(codename: CanonicalCodename, instance: Bytes): Promise<CodenameKeys> {
  const seed = await stretch(codename, instance);
  const keys = await keysFrom(seed);
  seed.fill(0);
  return keys;
}

/** The keys that a stretched codename gives. */
export async function keysFrom(seed: Bytes): Promise<CodenameKeys> {
  const signSeed = await hkdf(seed, "sign-key");
  const replySeed = await hkdf(seed, "reply-key");
  const verify = verifyKey(signSeed);
  return {
    signSeed,
    verify,
    replySeed,
    replyPublic: kemPublic(replySeed),
    hintKey: await hkdf(seed, "hint-key"),
    deletionSecret: await hkdf(seed, "deletion-secret"),
    uploadSecret: await hkdf(seed, "upload-secret"),
    thread: await threadId(verify),
  };
}

export async function threadId(verify: Bytes): Promise<Bytes> {
  return (await sha256(bind("thread", verify))).slice(0, 16);
}

// Only ASCII: lower-casing by Unicode rules would turn the Kelvin sign into a "k".
function lower(part: string): string {
  return part.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function partsOf(typed: string): readonly string[] {
  return typed.split(/[^A-Za-z]+/).filter((part) => part !== "");
}

function isBeginning(part: string): boolean {
  const candidates = BY_STEM.get(part.slice(0, STEM_LENGTH)) ?? [];
  return part.length >= STEM_LENGTH && candidates.some((word) => word.startsWith(part));
}
