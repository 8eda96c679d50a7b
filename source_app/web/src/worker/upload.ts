/** An evidence file on its way: cut, sealed and stored chunk by chunk (docs/protocol.md sections 7 and 11.4). */

import { blobStream, chunkCount, chunkRange, chunksHash, paddedSize } from "../crypto/blob";
import { equal, zeroPadded, type Bytes, type Random } from "../crypto/bytes";
import { ID_SIZE, ITEM_KEY_SIZE } from "../crypto/constants";
import { sha256 } from "../crypto/digest";
import { sealChunk, type StreamKey } from "../crypto/stream";
import type { Api, BlobAddress } from "./api";
import { Failure, type Progress } from "./calls";

/** Chunks on the way at the same time; each takes 2 MiB of memory. */
const IN_FLIGHT = 3;
/** How often the server may find a chunk missing at the end before we give up. */
const ROUNDS = 3;

export class Upload {
  private readonly hashes: (Bytes | undefined)[];
  private ticket: Promise<string> | undefined;

  private constructor(
    private readonly api: Api,
    readonly address: BlobAddress,
    readonly key: Bytes,
    private readonly stream: StreamKey,
  ) {
    this.hashes = new Array<Bytes | undefined>(this.count).fill(undefined);
  }

  static async begin(api: Api, office: string, file: File, random: Random): Promise<Upload> {
    const address = { office, blob: random(ID_SIZE), size: paddedSize(file.size) };
    const key = random(ITEM_KEY_SIZE);
    return new Upload(api, address, key, await blobStream(address.blob, key));
  }

  /** Stores every chunk that the server lacks, then closes the blob; gives the hash for the evidence item. */
  async run(
    file: File, tokenHash: Bytes, stillWanted: () => void, progress: (now: Progress) => void,
  ): Promise<Bytes> {
    for (let round = 1; ; round += 1) {
      const { chunks, complete } = await this.withTicket((ticket) => this.api.holdings(this.address, ticket));
      await this.storeMissing(file, complete ? "all" : chunks, stillWanted, progress);
      try {
        await this.withTicket((ticket) => this.api.finish(this.address, ticket, tokenHash));
        return await chunksHash(this.hashes as Bytes[]);
      } catch (error) {
        if (!isFailure(error, "incomplete") || round === ROUNDS) throw error;
      }
    }
  }

  private get count(): number {
    return chunkCount(this.address.size);
  }

  private async storeMissing(
    file: File, stored: ReadonlySet<number> | "all", stillWanted: () => void, progress: (now: Progress) => void,
  ): Promise<void> {
    let next = 0;
    let sent = 0;
    let failed = false;
    const lane = async (): Promise<void> => {
      while (next < this.count && !failed) {
        const index = next;
        next += 1;
        try {
          stillWanted();
          await this.store(file, index, stored === "all" || stored.has(index));
        } catch (error) {
          failed = true;
          throw error;
        }
        sent += this.partOfFile(file, index);
        progress({ sent, total: file.size });
      }
    };
    // All lanes end before a failure is passed on, so that another try does not meet them.
    const ends = await Promise.allSettled(Array.from({ length: IN_FLIGHT }, lane));
    for (const end of ends) if (end.status === "rejected") throw end.reason;
  }

  private async store(file: File, index: number, stored: boolean): Promise<void> {
    const known = this.hashes[index];
    const plaintext = await this.read(file, index);
    const hash = await sha256(plaintext);
    // A nonce must never meet two plaintexts, and an item speaks of one file: another try needs the same one.
    if (known !== undefined && !equal(known, hash)) throw new Failure("file-changed");
    this.hashes[index] = hash;
    if (stored) return;
    const sealed = await sealChunk(this.stream, index, index === this.count - 1, plaintext);
    try {
      await this.withTicket((ticket) => this.api.storeChunk(this.address, ticket, index, sealed));
    } catch (error) {
      // Only a blob with all its chunks is complete.
      if (!isFailure(error, "complete")) throw error;
    }
  }

  private async read(file: File, index: number): Promise<Bytes> {
    const { start, end } = chunkRange(this.address.size, index);
    let data: Bytes;
    try {
      data = new Uint8Array(await file.slice(start, Math.min(end, file.size)).arrayBuffer());
    } catch {
      // Browsers refuse to read on in a file that was written to, moved or taken out.
      throw new Failure("file-changed");
    }
    if (data.length !== this.partOfFile(file, index)) throw new Failure("file-changed");
    return zeroPadded(data, end - start);
  }

  /** Bytes of the file itself, padding apart, in a chunk. */
  private partOfFile(file: File, index: number): number {
    const { start, end } = chunkRange(this.address.size, index);
    return Math.max(0, Math.min(end, file.size) - start);
  }

  /** A ticket ends with the day; an upload that goes on after midnight asks for another. */
  private async withTicket<T>(action: (ticket: string) => Promise<T>): Promise<T> {
    const first = this.currentTicket();
    try {
      return await action(await first);
    } catch (error) {
      if (!isFailure(error, "bad-ticket")) throw error;
      if (this.ticket === first) this.ticket = undefined;
      return action(await this.currentTicket());
    }
  }

  private currentTicket(): Promise<string> {
    if (this.ticket === undefined) {
      const asked = this.api.ticket(this.address);
      this.ticket = asked;
      asked.catch(() => {
        if (this.ticket === asked) this.ticket = undefined;
      });
    }
    return this.ticket;
  }
}

function isFailure(error: unknown, code: Failure["code"]): boolean {
  return error instanceof Failure && error.code === code;
}
