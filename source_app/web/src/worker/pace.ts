/**
 * How much to ask of the link: pieces in one request, and requests at the same time. Nothing is known of it
 * but how long requests took and which of them broke; time comes as an argument, in milliseconds.
 *
 *   quick, and not yet the largest     twice as many pieces
 *   slow                               half as many pieces; with one piece, one request fewer
 *   broken                             a quarter of the pieces, and one request fewer
 *   a round of requests, in between    one request more, for as long as that carries more bytes a second
 */

import { MAX_PIECES, PIECE_SIZE } from "../crypto/constants";

/** A request as it was begun. */
export interface Trip {
  readonly setting: number;
  readonly began: number;
}

/** Browsers have six connections to a host. */
export const MOST_AT_ONCE = 6;
/** A request takes as much again as goes to and fro before its first byte counts (0.2-1.5 s over Tor). */
const QUICK_MS = 3_000;
/** Circuits break; more than this should not be lost with one. */
const SLOW_MS = 12_000;
/** Below this a whole chunk is no burden at all, and more at a time need no proof. */
const BRISK_MS = 500;
/** One request more must carry a twentieth more, or it only makes each of them slower. */
const WORTH_IT = 1.05;
/** Rounds before one request more is tried again. */
const AFTER_NO_GAIN = 8;
const AFTER_A_BREAK = 1;

export class Pace {
  /** In one request. */
  pieces = 4;
  /** Requests at the same time. */
  atOnce = 2;
  /** Counts the changes: what was begun before the last one says nothing about it. */
  private setting = 0;
  private began: number | undefined;
  private ended = 0;
  private bytes = 0;
  /** Bytes a millisecond with one request fewer, while one more is being tried. */
  private before: number | undefined;
  private rounds = 0;

  begin(now: number): Trip {
    this.began ??= now;
    return { setting: this.setting, began: now };
  }

  succeeded({ setting, began }: Trip, bytes: number, now: number): void {
    if (setting !== this.setting) return;
    const took = now - began;
    if (took > SLOW_MS) return this.slower();
    const full = bytes >= this.pieces * PIECE_SIZE;
    if (full && took < QUICK_MS && this.pieces < MAX_PIECES) return this.set(this.pieces * 2, this.atOnce);
    if (full && took < BRISK_MS && this.atOnce < MOST_AT_ONCE) return this.set(this.pieces, this.atOnce + 1);
    this.ended += 1;
    this.bytes += bytes;
    if (this.ended >= 2 * this.atOnce) this.round(this.bytes / Math.max(1, now - (this.began ?? began)));
  }

  failed({ setting }: Trip): void {
    if (setting !== this.setting) return;
    this.set(this.pieces / 4, this.atOnce - 1);
    this.rounds = AFTER_A_BREAK;
  }

  private slower(): void {
    if (this.pieces > 1) return this.set(this.pieces / 2, this.atOnce);
    this.set(1, this.atOnce - 1);
    this.rounds = AFTER_NO_GAIN;
  }

  private round(rate: number): void {
    const { before } = this;
    if (before !== undefined && rate < before * WORTH_IT) {
      this.set(this.pieces, this.atOnce - 1);
      this.rounds = AFTER_NO_GAIN;
    } else if (this.rounds > 0 || this.atOnce === MOST_AT_ONCE) {
      this.rounds = Math.max(0, this.rounds - 1);
      this.anew();
    } else {
      this.set(this.pieces, this.atOnce + 1);
      this.before = rate;
    }
  }

  private set(pieces: number, atOnce: number): void {
    this.pieces = Math.max(1, Math.floor(pieces));
    this.atOnce = Math.max(1, atOnce);
    this.setting += 1;
    this.anew();
  }

  private anew(): void {
    this.began = undefined;
    this.ended = this.bytes = 0;
    this.before = undefined;
  }
}
