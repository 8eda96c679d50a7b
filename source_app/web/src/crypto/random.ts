/** Uniform choices from random bytes. */

import { fromUint, type Random } from "./bytes";

/** A number from 0 to `bound - 1`, each equally likely; `bound` at most 2^32. */
export function below(bound: number, random: Random): number {
  // The last, incomplete run of `bound` numbers below 2^32 would favour small results: draw again.
  const limit = 2 ** 32 - (2 ** 32 % bound);
  for (;;) {
    const drawn = fromUint(random(4));
    if (drawn < limit) return drawn % bound;
  }
}

/** A copy in an order that says nothing (Fisher and Yates). */
export function shuffled<T>(values: readonly T[], random: Random): T[] {
  const result = [...values];
  for (let i = result.length - 1; i > 0; i -= 1) {
    const j = below(i + 1, random);
    [result[i], result[j]] = [result[j] as T, result[i] as T];
  }
  return result;
}
