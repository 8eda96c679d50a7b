/** One file on its way: what the person says about it, and a connection that comes and goes. */

import { Api } from "./api";
import { Failure, type Order, type Progress } from "./calls";
import { pauseAfter, Unreachable, type Http, type Network } from "./http";

/** A request of one piece in this time is 1 KB/s: slower than that is a circuit that hangs. */
const PATIENCE_MS = 60_000;
const LONGEST_PAUSE_MS = 60_000;
/** How long a server may say that it is busy before the person is asked. */
const LONGEST_BUSY_MS = 600_000;
/** One lost request is nothing to speak of. */
const FAILURES_TO_TELL = 2;
/** A page need not hear of every chunk. */
const REPORT_EVERY_MS = 250;

/** The person does not want this file sent. */
export class Cancelled extends Error {}

export class Transfer {
  /** Single tries, which end when the person pauses or cancels: to be made through `persist`. */
  readonly api: Api;
  private controller = new AbortController();
  private ended: Error | undefined;
  private paused = false;
  private committed = false;
  /** In a row. */
  private failures = 0;
  private busySince: number | undefined;
  private rest: Promise<void> | undefined;
  private waiting: (() => void)[] = [];
  private state: Progress;
  private told = -Infinity;

  constructor(http: Http, private readonly network: Network, total: number, private readonly tell: (now: Progress) => void) {
    this.api = new Api((request) => {
      return http.once(request, AbortSignal.any([this.controller.signal, AbortSignal.timeout(PATIENCE_MS)]));
    });
    this.state = { phase: "reading", done: 0, total, there: 0 };
  }

  steer(order: Order): void {
    if (this.ended) return;
    if (order === "cancel") {
      // Whoever was told that it is not sent must be able to rely on that.
      if (!this.committed) this.end(new Cancelled());
      return;
    }
    if (order === "pause" && !this.paused) {
      this.paused = true;
      this.controller.abort();
      this.controller = new AbortController();
    } else if (order === "resume") {
      this.paused = false;
      this.failures = 0;
    }
    this.stir();
    this.report(true);
  }

  /** What is asked for next makes the file readable for the office; an answer may get lost. */
  commit(): void {
    this.committed = true;
    this.state = { ...this.state, final: true };
    this.report(true);
  }

  /** Calls everything off; whoever waits or asks gets this error. */
  end(error: Error): void {
    this.ended ??= error;
    this.controller.abort();
    this.stir();
  }

  /** Whether what broke just now was broken off here. */
  get stopped(): boolean {
    return this.paused || this.ended !== undefined;
  }

  /** Waits while paused or between tries; throws what ended the transfer. */
  async ready(): Promise<void> {
    for (;;) {
      if (this.ended) throw this.ended;
      if (this.paused) await this.stirred();
      else if (this.rest) await this.rest;
      else return;
    }
  }

  /** Tries until the server has said yes or no, for as long as the person wants. */
  async persist<T>(attempt: () => Promise<T>): Promise<T> {
    for (;;) {
      await this.ready();
      const { signal } = this.controller;
      const before = this.failures;
      try {
        const result = await attempt();
        this.answered();
        return result;
      } catch (error) {
        // What was broken off here is waited for, or ended, in `ready`.
        if (!signal.aborted) this.unanswered(error, before);
      }
    }
  }

  /** Runs so many lanes at once. When one fails, the others are called off and end before it is passed on. */
  async together(lanes: number, lane: () => Promise<void>): Promise<void> {
    const guarded = () => lane().catch((error: Error) => this.end(error));
    await Promise.all(Array.from({ length: lanes }, guarded));
    if (this.ended) throw this.ended;
  }

  /** `done` and `there` are bytes of the file. */
  show(phase: "reading" | "sending" | "finishing", done: number, there = this.state.there): void {
    const changed = phase !== this.state.phase || there !== this.state.there;
    this.state = { ...this.state, phase, done, there };
    this.report(changed);
  }

  private report(atOnce: boolean): void {
    const now = this.network.now();
    if (this.ended || (!atOnce && now - this.told < REPORT_EVERY_MS)) return;
    this.told = now;
    if (this.paused) this.tell({ ...this.state, phase: "paused" });
    else this.tell(this.failures < FAILURES_TO_TELL ? this.state : { ...this.state, phase: "offline" });
  }

  private answered(): void {
    this.busySince = undefined;
    if (this.failures === 0) return;
    this.failures = 0;
    this.stir();
    this.report(true);
  }

  /** Lets the next try wait, longer each time; throws what no further try can mend. */
  private unanswered(error: unknown, before: number): void {
    const full = error instanceof Failure && error.code === "storage-full";
    if (!full && !(error instanceof Unreachable)) throw error;
    if (full || (error instanceof Unreachable && error.busy)) {
      this.busySince ??= this.network.now();
      if (this.network.now() - this.busySince > LONGEST_BUSY_MS) throw full ? error : new Failure("network");
    }
    // Requests that broke together are one failure.
    if (before !== this.failures) return;
    this.failures += 1;
    const pause = Math.min(LONGEST_PAUSE_MS, pauseAfter(Math.min(this.failures, 8), this.network.jitter()));
    const rest = Promise.race([this.network.sleep(pause), this.stirred()]).then(() => {
      if (this.rest === rest) this.rest = undefined;
    });
    this.rest = rest;
    this.report(true);
  }

  private stirred(): Promise<void> {
    return new Promise((resolve) => void this.waiting.push(resolve));
  }

  private stir(): void {
    const { waiting } = this;
    this.waiting = [];
    for (const wake of waiting) wake();
  }
}
