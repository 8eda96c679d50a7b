/** A file as the padded chunks of its blob (docs/protocol.md section 7). Never more than a few are in memory. */

import { chunkCount, paddedSize } from "../crypto/blob";
import { equal, zeroPadded, type Bytes } from "../crypto/bytes";
import { CHUNK_SIZE, HASH_SIZE } from "../crypto/constants";
import { sha256 } from "../crypto/digest";
import { Failure } from "./calls";
import { release } from "./memory";
import type { Transfer } from "./transfer";

/** All lanes together hold so many chunks. For 4 MiB in one go Chromium takes a third less time than for 4 x 1 MiB. */
const MOST_CHUNKS = 12;
/** A file of fewer stretches would not keep every connection busy. */
const FEWEST_STRETCHES = 12;
/** Stretches that are read and hashed at the same time. */
const AT_ONCE = 3;

/** Chunks that follow one another, as one piece of memory. */
export interface Stretch {
  readonly first: number;
  readonly data: Bytes;
}

export class Reading {
  readonly padded: number;

  constructor(private readonly file: File) {
    this.padded = paddedSize(file.size);
  }

  get count(): number {
    return chunkCount(this.padded);
  }

  /** How many chunks each of so many lanes reads in one go. */
  atATime(lanes: number): number {
    return Math.max(1, Math.floor(Math.min(MOST_CHUNKS / lanes, this.count / FEWEST_STRETCHES)));
  }

  /** The hashes of all chunks, joined: the first pass. */
  async hashes(transfer: Transfer): Promise<Bytes> {
    const hashes = new Uint8Array(this.count * HASH_SIZE);
    const atATime = this.atATime(AT_ONCE);
    let next = 0;
    let read = 0;
    await transfer.together(AT_ONCE, async () => {
      while (next < this.count) {
        const first = next;
        const end = Math.min(first + atATime, this.count);
        next = end;
        await transfer.ready();
        const stretch = await this.read(first, end);
        for (let index = first; index < end; index += 1) {
          hashes.set(await sha256(part(stretch, index)), index * HASH_SIZE);
        }
        read += stretch.data.length;
        release(stretch.data);
        transfer.show("reading", Math.min(read, this.file.size));
      }
    });
    return hashes;
  }

  /** Chunks from `first` up to and without `end`, padded. */
  async read(first: number, end: number): Promise<Stretch> {
    const start = first * CHUNK_SIZE;
    const padded = Math.min(end * CHUNK_SIZE, this.padded) - start;
    const length = Math.max(0, Math.min(padded, this.file.size - start));
    const data = await readFrom(this.file, start, length);
    return { first, data: length === padded ? data : zeroPadded(data, padded) };
  }
}

/** So many bytes of a file, in memory of their own. */
export async function readFrom(file: File, start: number, length: number): Promise<Bytes> {
  let data: Bytes;
  try {
    data = new Uint8Array(await file.slice(start, start + length).arrayBuffer());
  } catch {
    // Browsers refuse to read on in a file that was written to, moved or taken out.
    throw new Failure("file-changed");
  }
  if (data.length !== length) throw new Failure("file-changed");
  return data;
}

/** Chunk `index`, which must be what it was in the first pass: the blob's key is for that content only. */
export async function unchanged(stretch: Stretch, index: number, hashes: Bytes): Promise<Bytes> {
  const plaintext = part(stretch, index);
  const known = hashes.subarray(index * HASH_SIZE, (index + 1) * HASH_SIZE);
  if (!equal(await sha256(plaintext), known)) throw new Failure("file-changed");
  return plaintext;
}

function part({ first, data }: Stretch, index: number): Bytes {
  const start = (index - first) * CHUNK_SIZE;
  return data.subarray(start, start + CHUNK_SIZE);
}
