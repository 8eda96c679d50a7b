/** A file as the padded chunks of its blob (docs/protocol.md section 7). Never more than a few are in memory. */

import { chunkCount, paddedSize } from "../crypto/blob";
import { equal, zeroPadded, type Bytes } from "../crypto/bytes";
import { CHUNK_SIZE, HASH_SIZE } from "../crypto/constants";
import { sha256 } from "../crypto/digest";
import { Failure } from "./calls";
import type { Transfer } from "./transfer";

/** Chunks that are read in one go at most: for 4 MiB Chromium takes a third less time than for four times 1 MiB. */
const LONGEST_STRETCH = 4;
/** A file of fewer stretches would not keep every connection busy. */
const FEWEST_STRETCHES = 12;
/** Stretches that are read and hashed at the same time. */
const AT_ONCE = 3;

/** So many times what is read. */
const COUNTS_AS = 8;

/**
 * Browsers collect large buffers late: a film of 200 MB left 220 MiB of unused ones in Firefox. In Chromium
 * ArrayBuffer.transfer(0) frees nothing before the next collection; posting does.
 */
const { port1: nowhere, port2 } = new MessageChannel();
port2.close();

const UNTOUCHED = 8 * CHUNK_SIZE;

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

  /** How many chunks to read in one go. */
  get atATime(): number {
    return Math.max(1, Math.min(LONGEST_STRETCH, Math.floor(this.count / FEWEST_STRETCHES)));
  }

  /** The hashes of all chunks, joined: the first pass. */
  async hashes(transfer: Transfer): Promise<Bytes> {
    const hashes = new Uint8Array(this.count * HASH_SIZE);
    let next = 0;
    let read = 0;
    await transfer.together(AT_ONCE, async () => {
      while (next < this.count) {
        const first = next;
        const end = Math.min(first + this.atATime, this.count);
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
    hurryCollection(padded);
    let data: Bytes;
    try {
      data = new Uint8Array(await this.file.slice(start, start + length).arrayBuffer());
    } catch {
      // Browsers refuse to read on in a file that was written to, moved or taken out.
      throw new Failure("file-changed");
    }
    if (data.length !== length) throw new Failure("file-changed");
    return { first, data: length === padded ? data : zeroPadded(data, padded) };
  }
}

/**
 * Browsers collect garbage when enough has been allocated, and with whole chunks find enough too late: a file of
 * 512 MiB made a content process grow by 170 to 220 MiB, and with this by 60 to 100, whatever the size
 * (bench/browser_memory.py). Memory that is never written to takes up no room, but it counts.
 */
function hurryCollection(length: number): void {
  void new ArrayBuffer(COUNTS_AS * length);
}

/** Chunk `index`, which must be what it was in the first pass: the blob's key is for that content only. */
export async function unchanged(stretch: Stretch, index: number, hashes: Bytes): Promise<Bytes> {
  const plaintext = part(stretch, index);
  const known = hashes.subarray(index * HASH_SIZE, (index + 1) * HASH_SIZE);
  if (!equal(await sha256(plaintext), known)) throw new Failure("file-changed");
  return plaintext;
}

/** Gives memory back now: a closed port takes what is posted to it, and drops it. */
export function release({ buffer }: Bytes): void {
  nowhere.postMessage(null, [buffer]);
}

/**
 * Makes the browser collect sooner: Chromium keeps a copy of each request's body until it does, and does not count
 * them. It counts this, of which no byte is ever touched (300 MB sent: 300 MiB of copies without, 85 with it).
 */
export function hastenCollection(): void {
  void new ArrayBuffer(UNTOUCHED);
}

function part({ first, data }: Stretch, index: number): Bytes {
  const start = (index - first) * CHUNK_SIZE;
  return data.subarray(start, start + CHUNK_SIZE);
}
