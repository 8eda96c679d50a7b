/** The two word lists, read from the files that the Python side reads (crypto/wordlists/). */

import english from "../../../../crypto/wordlists/en.txt";
import indonesian from "../../../../crypto/wordlists/id.txt";

import { STEM_LENGTH, WORDLIST_SIZE, type LANGUAGES } from "./constants";

function words(file: string): readonly string[] {
  const list = file.split(/\r?\n/).filter((line) => line !== "" && !line.startsWith("#"));
  if (list.length !== WORDLIST_SIZE) throw new Error("word list of the wrong length");
  return list;
}

export const WORDS: Readonly<Record<(typeof LANGUAGES)[number], readonly string[]>> = {
  en: words(english),
  id: words(indonesian),
};

/** The words of both lists by stem: one, or one of each list. */
export const BY_STEM: ReadonlyMap<string, readonly string[]> = (() => {
  const found = new Map<string, string[]>();
  for (const word of [...WORDS.en, ...WORDS.id]) {
    const stem = word.slice(0, STEM_LENGTH);
    found.set(stem, [...(found.get(stem) ?? []), word]);
  }
  return found;
})();
