/** What is said about a file's hidden data. Every value is untrusted text from the file, fit to be shown. */

export const GROUPS = ["place", "device", "time", "author", "other"] as const;
export type Group = (typeof GROUPS)[number];

export type What =
  | "position" | "altitude" | "place-name"
  | "device" | "serial" | "lens" | "software"
  | "made" | "changed"
  | "author" | "changed-by" | "company" | "title" | "copyright" | "comment"
  | Part | "pictures" | "changes";

/** A piece of a picture that cleaning drops. */
export type Part =
  | "camera-data" | "edit-notes" | "captions" | "text" | "profile" | "preview" | "second-picture" | "after-end" | "unknown";

export interface Finding {
  readonly group: Group;
  readonly what: What;
  /** Empty where only its presence can be told. */
  readonly value: string;
  /** Bytes it takes up, where that says something. */
  readonly size?: number;
}

/** Files that are looked at hold at most this many bytes; a larger one is not read. */
export const LARGEST_LOOKED_AT = 64 * 2 ** 20;

const LONGEST = 80;
const MOST_IN_A_GROUP = 10;

/** A value from a file as one short line: no control, formatting (direction marks) or unpaired characters. */
export function plain(untrusted: unknown): string {
  const characters = [...String(untrusted).slice(0, 4 * LONGEST).replace(/[\p{C}\p{Z}]+/gu, " ").trim()];
  return characters.length <= LONGEST ? characters.join("") : `${characters.slice(0, LONGEST - 1).join("")}…`;
}

/** Without repetitions and empty ones, and never long. Parts come first-come first-served like everything else. */
export function tidy(findings: Iterable<Finding>): Finding[] {
  const seen = new Set<string>();
  const counts = new Map<Group, number>();
  const kept: Finding[] = [];
  for (const finding of findings) {
    const key = JSON.stringify([finding.group, finding.what, finding.value]);
    const count = counts.get(finding.group) ?? 0;
    if (seen.has(key) || count === MOST_IN_A_GROUP) continue;
    seen.add(key);
    counts.set(finding.group, count + 1);
    kept.push(finding);
  }
  return kept;
}
