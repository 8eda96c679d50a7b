/** The name of a file for the evidence item; what the device calls it may hold anything that its maker liked. */

import { MAX_NAME_LENGTH } from "../crypto/constants";
import type { Language } from "./calls";

const NAMELESS: Readonly<Record<Language, string>> = { en: "file", id: "berkas" };
/** Stays of a name that is too long, with the ending that says what it is. */
const TAIL_LENGTH = 60;

/**
 * One line of 1 to 255 code points: white space becomes one space, what is invisible goes (control characters,
 * marks that turn the direction of writing around), and what is too long loses its middle.
 */
export function evidenceName(untrusted: string, language: Language): string {
  const line = untrusted.replace(/[\s\p{Cc}]+/gu, " ").replace(/[\p{Cf}\p{Surrogate}]/gu, "").trim();
  const points = [...(line || NAMELESS[language])];
  if (points.length <= MAX_NAME_LENGTH) return points.join("");
  return [...points.slice(0, MAX_NAME_LENGTH - TAIL_LENGTH - 1), "…", ...points.slice(-TAIL_LENGTH)].join("");
}
