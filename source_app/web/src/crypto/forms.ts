/** What an office asks its reporters and what files it takes: signed data of its slice (docs/protocol.md section 4, "Forms"). */

import type { Json } from "./canonical";
import {
  EVIDENCE, MAX_ANSWERS, MAX_BLOB_SIZE, MAX_CHOICES, MAX_ENDING_LENGTH, MAX_REFUSED, MAX_ROWS, NEEDS,
} from "./constants";
import { demand } from "./errors";
import { asText, distinct, Fields, type Names } from "./fields";

export interface Choice {
  readonly id: string;
  readonly titles: Names;
}

export interface FormField {
  readonly id: string;
  readonly titles: Names;
  /** Plain text, maybe empty. */
  readonly examples: Names;
  readonly need: (typeof NEEDS)[number];
  /** Lines of the text to be written; without meaning where there are choices. */
  readonly rows: number;
  /** Empty for a text; else one is chosen, and its id is the answer. */
  readonly choices: readonly Choice[];
}

export interface Form {
  readonly id: string;
  /** Plain text, maybe empty; so are an office's. */
  readonly notes: Names;
  readonly evidence: (typeof EVIDENCE)[number];
  readonly fields: readonly FormField[];
}

export interface Limits {
  /** Bytes of the largest file. */
  readonly largest: number;
  /** File name endings without the dot, in lower case. */
  readonly refused: readonly string[];
}

export function readForm(untrusted: Json): Form {
  const members = new Fields(untrusted, ["evidence", "fields", "id", "notes"]);
  const fields = members.list("fields", readField, 1, MAX_ANSWERS);
  demand(distinct(fields.map(({ id }) => id)) && fields.some(({ need }) => need !== "optional"));
  return { id: members.id("id"), notes: members.notes("notes"), evidence: members.oneOf("evidence", EVIDENCE), fields };
}

export function readLimits(untrusted: Json): Limits {
  const members = new Fields(untrusted, ["largest", "refused"]);
  const refused = members.list("refused", asEnding, 0, MAX_REFUSED);
  demand(refused.every((ending, i) => i === 0 || (refused[i - 1] as string) < ending));
  return { largest: members.integer("largest", 1, MAX_BLOB_SIZE), refused };
}

function readField(untrusted: Json): FormField {
  const members = new Fields(untrusted, ["choices", "examples", "id", "need", "rows", "titles"]);
  const choices = members.list("choices", readChoice, 0, MAX_CHOICES);
  demand(distinct(choices.map(({ id }) => id)));
  return {
    id: members.id("id"),
    titles: members.names("titles"),
    examples: members.notes("examples"),
    need: members.oneOf("need", NEEDS),
    rows: members.integer("rows", 1, MAX_ROWS),
    choices,
  };
}

function readChoice(untrusted: Json): Choice {
  const members = new Fields(untrusted, ["id", "titles"]);
  return { id: members.id("id"), titles: members.names("titles") };
}

function asEnding(untrusted: Json): string {
  const ending = asText(untrusted, MAX_ENDING_LENGTH, 1);
  demand(/^[a-z0-9]+$/.test(ending));
  return ending;
}
