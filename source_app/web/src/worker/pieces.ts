/** Which pieces of a blob the server has (docs/protocol.md section 11.4). */

import { MAX_PIECES } from "../crypto/constants";
import { demand } from "../crypto/errors";

/** So many pieces, from `first` on. */
export interface Run {
  readonly first: number;
  readonly count: number;
}

/** A whole chunk is as many pieces as one request may carry. */
export function piecesOfChunk(index: number, all: number): Run {
  const first = index * MAX_PIECES;
  return { first, count: Math.min(MAX_PIECES, all - first) };
}

export class Pieces {
  private readonly there: Uint8Array;
  private stored = 0;

  constructor(readonly total: number) {
    this.there = new Uint8Array(total);
  }

  get count(): number {
    return this.stored;
  }

  add({ first, count }: Run): void {
    demand(first >= 0 && count > 0 && first + count <= this.total);
    for (let i = first; i < first + count; i += 1) {
      this.stored += 1 - (this.there[i] as number);
      this.there[i] = 1;
    }
  }

  /** The first pieces missing inside `run`, at most so many; nothing when all of it is there. */
  missing(run: Run, most: number): Run | undefined {
    const end = run.first + run.count;
    let first = run.first;
    while (first < end && this.there[first] === 1) first += 1;
    let count = 0;
    while (count < most && first + count < end && this.there[first + count] === 0) count += 1;
    return count === 0 ? undefined : { first, count };
  }
}
