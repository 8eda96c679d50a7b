/** An office with three reviewers and two channels, as a station would make it. */

import { b64, type Bytes, type Random } from "../../src/crypto/bytes";
import type { Json } from "../../src/crypto/canonical";
import { keysOf, readCodename, type CodenameKeys } from "../../src/crypto/codename";
import { epochOf, lastDayOf } from "../../src/crypto/days";
import type { Expected } from "../../src/crypto/directory";
import { kemPublic } from "../../src/crypto/kem";
import { sign, verifyKey } from "../../src/crypto/signed";
import { WORDS } from "../../src/crypto/wordlists";

export const TODAY = "2026-11-23";
export const INSTANCE: Bytes = new Uint8Array(16).fill(9);
export const REVIEWERS = ["auditor", "ketua", "sekretaris"] as const;

const filled = (byte: number): Bytes => new Uint8Array(32).fill(byte);

export const ROOT_SEED = filled(1);
export const ROOT = verifyKey(ROOT_SEED);
export const KEM_SEEDS = new Map<string, Bytes>(REVIEWERS.map((id, i) => [id, filled(10 + i)]));
export const SIGN_SEEDS = new Map<string, Bytes>(REVIEWERS.map((id, i) => [id, filled(20 + i)]));
export const EXPECTED: Expected = { instance: INSTANCE, office: "inspektorat", root: ROOT };

/** Identity custodians, for a slice that has some: its `custodians` and `needed`. */
export const CUSTODIAN_SEEDS = new Map<string, Bytes>(["notaris", "provinsi", "rektor"].map((id, i) => [id, filled(30 + i)]));
export const withCustodians = (needed = 2): Members => ({
  custodians: [...CUSTODIAN_SEEDS].map(([id, seed]) => ({ id, key: b64(kemPublic(seed)), titles: same(`The ${id}`) })),
  needed,
});

const PUBLIC = new Map([...KEM_SEEDS].map(([id, seed]) => [id, b64(kemPublic(seed))]));

export type Members = Record<string, Json>;

const same = (text: string) => ({ en: text, id: text });

/** Fields of every sort: a choice, one that is needed, two of which one is, and one that may stay empty. */
export const FORMS: Members[] = [
  {
    evidence: "required",
    fields: [
      {
        choices: [{ id: "suap", titles: same("Bribe") }, { id: "lainnya", titles: same("Other") }],
        examples: same(""), id: "category", need: "optional", rows: 1, titles: same("Category"),
      },
      { choices: [], examples: same("Say it."), id: "what", need: "required", rows: 6, titles: same("What?") },
      { choices: [], examples: same(""), id: "who", need: "either", rows: 3, titles: same("Who?") },
      { choices: [], examples: same(""), id: "where", need: "either", rows: 3, titles: same("Where?") },
      { choices: [], examples: same(""), id: "when", need: "optional", rows: 2, titles: same("When?") },
    ],
    id: "dugaan",
    notes: same("First.\n\n- one\n- two"),
  },
  {
    evidence: "none",
    fields: [{ choices: [], examples: same(""), id: "what", need: "required", rows: 4, titles: same("What do you wish?") }],
    id: "usul",
    notes: same(""),
  },
];

export function sliceValue(changes: Members = {}, today = TODAY): Members {
  const epoch = epochOf(today);
  return {
    channels: [
      {
        family: "integrity", form: "dugaan", id: "aduan", kind: "aduan", recipients: [...REVIEWERS],
        titles: { en: "Complaints", id: "Aduan" },
      },
      {
        family: "none", form: "usul", id: "aspirasi", kind: "aspirasi", recipients: ["ketua"],
        titles: { en: "Wishes", id: "Aspirasi" },
      },
    ],
    custodians: [],
    epoch,
    evidence: { largest: 1_000_000, refused: ["apk", "exe"] },
    expires: lastDayOf(epoch),
    forms: FORMS,
    instance: b64(INSTANCE),
    keys: Object.fromEntries(PUBLIC),
    kind: "slice",
    needed: 0,
    notes: { en: "Closed on Fridays.", id: "Jumat tutup." },
    office: { id: "inspektorat", names: { en: "Inspectorate", id: "Inspektorat" } },
    reviewers: REVIEWERS.map((id) => ({
      id, sign: b64(verifyKey(SIGN_SEEDS.get(id) as Bytes)), titles: { en: `The ${id}`, id },
    })),
    root: b64(ROOT),
    serial: 3,
    suite: "peluit/1",
    ...changes,
  };
}

export function signedSlice(changes: Members = {}, today = TODAY, seed = ROOT_SEED): Bytes {
  return sign(sliceValue(changes, today), "slice", seed);
}

export function siteValue(): Members {
  return {
    instance: b64(INSTANCE),
    offices: [{ id: "inspektorat", names: { en: "Inspectorate", id: "Inspektorat" }, root: b64(ROOT) }],
    suite: "peluit/1",
  };
}

export const CODENAME = WORDS.id.slice(0, 8).join(" ");

let keys: Promise<CodenameKeys> | undefined;

/** The keys of CODENAME; a copy, because a session wipes its own. */
export async function codenameKeys(): Promise<CodenameKeys> {
  keys ??= keysOf(readCodename(CODENAME), INSTANCE);
  return structuredClone(await keys);
}

/** Bytes that come out the same at every run: a counter, spread by a multiplication. */
export function steadyRandom(seed = 1): Random {
  let state = seed;
  return (length) => Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
}

/** `data` with one bit turned over. */
export function flipped(data: Bytes, bit: number): Bytes {
  const copy = data.slice();
  copy[bit >> 3] = (copy[bit >> 3] as number) ^ (1 << (bit & 7));
  return copy;
}
