/** The two word lists, packed by the build (wordlists.mjs) from the files that the Python side reads (crypto/wordlists/). */

import english from "../../../../crypto/wordlists/en.txt";
import indonesian from "../../../../crypto/wordlists/id.txt";

import { STEM_LENGTH, WORDLIST_SIZE, type LANGUAGES } from "./constants";

/** "0abacus1board" is abacus and aboard: so many letters of the word before, and the rest. */
function words(packed: string): readonly string[] {
  let word = "";
  const list = Array.from(packed.matchAll(/(\d)([a-z]+)/g), ([, shared, rest]) => (word = word.slice(0, Number(shared)) + rest));
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
