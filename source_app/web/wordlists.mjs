/**
 * Packs a word list for the bundle: each word as the number of letters that it shares with the one before, and the
 * rest. Neighbours in an alphabet share much, so that the two lists weigh a quarter less than as they are.
 */

import { readFile } from "node:fs/promises";

export const wordlists = {
  name: "wordlists",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]wordlists[\\/]\w+\.txt$/ }, async ({ path }) => {
      const lines = (await readFile(path, "utf8")).split(/\r?\n/);
      return { contents: packed(lines.filter((line) => line !== "" && !line.startsWith("#"))), loader: "text" };
    });
  },
};

/** One digit is enough: no two words of a list have their first four letters in common. */
function packed(words) {
  return words.map((word, i) => {
    const shared = sharedBeginning(words[i - 1] ?? "", word);
    return shared + word.slice(shared);
  }).join("");
}

function sharedBeginning(one, other) {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return length;
}
