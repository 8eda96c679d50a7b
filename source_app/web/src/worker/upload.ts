/** Storing the pieces of a blob that the server lacks (docs/protocol.md section 11.4). */

import { blobSize } from "../crypto/blob";
import type { Bytes } from "../crypto/bytes";
import { PIECE_SIZE } from "../crypto/constants";
import type { BlobAddress } from "./api";
import { Failure } from "./calls";
import { Gate } from "./gate";
import { Unreachable, type Network } from "./http";
import { hurryCollection, release } from "./memory";
import { MOST_AT_ONCE, type Pace } from "./pace";
import { Pieces, piecesOfChunk, type Run } from "./pieces";
import type { Source } from "./source";
import type { Transfer } from "./transfer";

/** Each has a stretch of chunks in memory and one of them sealed; a lane that reads or seals is not sending. */
const LANES = MOST_AT_ONCE;
/** How often the server may find pieces missing at the end before we give up. */
const ROUNDS = 5;

export class Upload {
  private pieces = new Pieces(0);
  private complete = false;
  private ticket: Promise<string> | undefined;

  constructor(
    private readonly transfer: Transfer,
    private readonly network: Network,
    private readonly pace: Pace,
    private readonly source: Source,
    readonly address: BlobAddress,
  ) {}

  /** Stores every piece that the server lacks, then closes the blob. */
  async run(tokenHash: Bytes): Promise<void> {
    const { api } = this.transfer;
    for (let round = 1; ; round += 1) {
      const held = await this.persist((ticket) => api.holdings(this.address, ticket));
      this.pieces = held.pieces;
      this.complete = held.complete;
      if (round === 1) this.transfer.show("sending", this.stored, this.stored);
      await this.sendMissing();
      this.transfer.show("finishing", this.source.size);
      try {
        return await this.persist((ticket) => api.finish(this.address, ticket, tokenHash));
      } catch (error) {
        if (!isFailure(error, "incomplete") || round === ROUNDS) throw error;
      }
    }
  }

  /** A ticket that was asked for already, for taking back what was sent. */
  get knownTicket(): Promise<string> | undefined {
    return this.ticket;
  }

  /** The server's share of the file, in bytes of the file. */
  private get stored(): number {
    const sealed = Math.min(this.pieces.count * PIECE_SIZE, blobSize(this.address.size));
    return Math.floor((this.source.size * sealed) / blobSize(this.address.size));
  }

  private async sendMissing(): Promise<void> {
    const gate = new Gate(() => this.pace.atOnce);
    const { count } = this.source;
    const atATime = this.source.atATime(LANES);
    let next = 0;
    await this.transfer.together(LANES, async () => {
      while (next < count) {
        const first = next;
        next += atATime;
        const lacking = range(first, Math.min(next, count)).filter((index) => this.lacks(this.runOf(index)));
        if (lacking.length > 0) await this.sendChunks(gate, lacking);
      }
    });
  }

  /** Reads, seals and sends chunks that lie close together. */
  private async sendChunks(gate: Gate, lacking: readonly number[]): Promise<void> {
    await this.transfer.ready();
    const chunks = await this.source.read(lacking[0] as number, (lacking.at(-1) as number) + 1);
    for (const index of lacking) {
      const run = this.runOf(index);
      if (!this.lacks(run)) continue;
      const sealed = await chunks.sealed(index);
      while (this.lacks(run)) await this.transfer.persist(() => gate.pass(() => this.sendSome(run, sealed)));
      release(sealed);
      hurryCollection();
    }
    chunks.release();
  }

  private runOf(chunk: number): Run {
    return piecesOfChunk(chunk, this.pieces.total);
  }

  private lacks(run: Run): boolean {
    return !this.complete && this.pieces.missing(run, 1) !== undefined;
  }

  /** As many pieces of a sealed chunk as the pace allows. */
  private async sendSome(chunk: Run, sealed: Bytes): Promise<void> {
    await this.transfer.ready();
    const run = this.pieces.missing(chunk, this.pace.pieces);
    if (run === undefined || this.complete) return;
    const start = (run.first - chunk.first) * PIECE_SIZE;
    const body = sealed.subarray(start, start + run.count * PIECE_SIZE);
    const trip = this.pace.begin(this.network.now());
    try {
      await this.withTicket((ticket) => this.transfer.api.storePieces(this.address, ticket, run.first, body));
    } catch (error) {
      if (error instanceof Unreachable && !this.transfer.stopped) this.pace.failed(trip);
      if (!isFailure(error, "complete")) throw error;
      // Another tab sent the last piece: it has the same name only because it is the same file.
      this.complete = true;
      return;
    }
    this.pace.succeeded(trip, body.length, this.network.now());
    this.pieces.add(run);
    this.transfer.show("sending", this.stored);
  }

  private persist<T>(action: (ticket: string) => Promise<T>): Promise<T> {
    return this.transfer.persist(() => this.withTicket(action));
  }

  /** A ticket is good for some days; an upload that takes longer asks for another. */
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
      const asked = this.transfer.api.ticket(this.address);
      this.ticket = asked;
      asked.catch(() => {
        if (this.ticket === asked) this.ticket = undefined;
      });
    }
    return this.ticket;
  }
}

function range(first: number, end: number): number[] {
  return Array.from({ length: end - first }, (_, i) => first + i);
}

function isFailure(error: unknown, code: Failure["code"]): boolean {
  return error instanceof Failure && error.code === code;
}
