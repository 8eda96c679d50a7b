/** Where the sealed chunks of a blob come from: sealed as they are sent, or sealed long ago. */

import { blobSize, chunkCount } from "../crypto/blob";
import type { Bytes } from "../crypto/bytes";
import { CHUNK_SIZE, TAG_SIZE } from "../crypto/constants";
import { sealChunk, type StreamKey } from "../crypto/stream";
import { release } from "./memory";
import { readFrom, unchanged, type Reading } from "./reading";

export interface Source {
  /** What progress counts up to, in bytes. */
  readonly size: number;
  /** Of chunks. */
  readonly count: number;
  /** How many chunks each of so many lanes reads in one go. */
  atATime(lanes: number): number;
  /** Reads the chunks from `first` up to and without `end`. */
  read(first: number, end: number): Promise<Chunks>;
}

export interface Chunks {
  /** One of them, sealed; its memory is the caller's. */
  sealed(index: number): Promise<Bytes>;
  /** None of them is wanted any more. */
  release(): void;
}

/** A file that has been read once; each chunk is sealed when it is asked for. */
export class Sealing implements Source {
  /** `hashes` of the chunks, joined. */
  constructor(
    private readonly reading: Reading, readonly size: number, private readonly hashes: Bytes, private readonly stream: StreamKey,
  ) {}

  get count(): number {
    return this.reading.count;
  }

  atATime(lanes: number): number {
    return this.reading.atATime(lanes);
  }

  async read(first: number, end: number): Promise<Chunks> {
    const stretch = await this.reading.read(first, end);
    return {
      sealed: async (index) => {
        const plaintext = await unchanged(stretch, index, this.hashes);
        return sealChunk(this.stream, index, index === this.count - 1, plaintext);
      },
      release: () => release(stretch.data),
    };
  }
}

/** A blob that lies sealed in a file, from `start` on. */
export class Sealed implements Source {
  readonly size: number;
  readonly count: number;

  constructor(private readonly file: File, private readonly start: number, padded: number) {
    this.size = blobSize(padded);
    this.count = chunkCount(padded);
  }

  atATime(): number {
    return 1;
  }

  async read(): Promise<Chunks> {
    return { sealed: (index) => this.chunk(index), release: () => undefined };
  }

  private chunk(index: number): Promise<Bytes> {
    const first = index * (CHUNK_SIZE + TAG_SIZE);
    return readFrom(this.file, this.start + first, Math.min(CHUNK_SIZE + TAG_SIZE, this.size - first));
  }
}
