/** A root key's fingerprint, for comparison with the poster (docs/protocol.md section 4). */

import { bind } from "./binding";
import { fromUint, type Bytes } from "./bytes";
import { WORDLIST_SIZE, type LANGUAGES } from "./constants";
import { sha256 } from "./digest";
import { WORDS } from "./wordlists";

export async function fingerprint(root: Bytes): Promise<Bytes> {
  return (await sha256(bind("fingerprint", root))).slice(0, 16);
}

/** Eight groups of five decimal digits, one for each 16 bits. */
export function asDigits(print: Bytes): readonly string[] {
  return Array.from({ length: 8 }, (_, i) => String(fromUint(print.subarray(2 * i, 2 * i + 2))).padStart(5, "0"));
}

/** The first 88 bits as eight words, 11 bits each. */
export function asWords(print: Bytes, language: (typeof LANGUAGES)[number]): readonly string[] {
  let bits = print.subarray(0, 11).reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  const words: string[] = [];
  for (let i = 0; i < 8; i += 1) {
    words.unshift(WORDS[language][Number(bits % BigInt(WORDLIST_SIZE))] as string);
    bits /= BigInt(WORDLIST_SIZE);
  }
  return words;
}
