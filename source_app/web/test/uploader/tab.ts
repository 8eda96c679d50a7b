/** One open page: the worker's desk, and its requests on their way. */

import type { Bytes, Random } from "../../src/crypto/bytes";
import { Failure } from "../../src/worker/calls";
import { Desk } from "../../src/worker/desk";
import type { World } from "./main";

export interface Sent {
  readonly number: number;
  readonly tab: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Outcome {
  readonly name: string;
  /** The code of the failure, or null. */
  readonly refused: string | null;
  readonly value: unknown;
}

export class Tab {
  private readonly desk: Desk;
  private closed = false;

  constructor(private readonly world: World, private readonly name: string, seed: number) {
    const network = {
      fetch: (path: string, init: RequestInit) => this.fetch(path, init),
      sleep: (milliseconds: number) => this.sleep(milliseconds),
      jitter: () => 0.5,
      now: () => world.time,
    };
    this.desk = new Desk(network, () => world.day, randomFrom(seed));
  }

  /** Calls the desk; a file is named as `{"file": …}` among the arguments, progress goes nowhere. */
  call(name: string, call: string, args: readonly unknown[]): void {
    const given = args.map((each) => {
      const file = (each as { file?: string } | null)?.file;
      return file === undefined ? each : this.world.files.get(file);
    });
    const method = this.desk[call as keyof Desk] as unknown as (...all: unknown[]) => Promise<unknown>;
    method.call(this.desk, ...given, () => undefined).then(
      (value) => this.end({ name, refused: null, value: value ?? null }),
      (error: unknown) => this.end({ name, refused: error instanceof Failure ? error.code : `bug: ${String(error)}`, value: null }),
    );
  }

  close(): void {
    this.closed = true;
  }

  private end(outcome: Outcome): void {
    if (!this.closed) this.world.outcomes.push(outcome);
  }

  private sleep(milliseconds: number): Promise<void> {
    if (this.closed) return never();
    return new Promise((wake) => this.world.sleepers.push({ until: this.world.time + milliseconds, wake }));
  }

  private fetch(path: string, { method, headers, body, signal }: RequestInit): Promise<Response> {
    if (this.closed) return never();
    const number = this.world.number();
    this.world.requests.push({
      number,
      tab: this.name,
      method: method as string,
      path,
      headers: Object.fromEntries(new Headers(headers)),
      body: Buffer.from((body as Bytes | undefined) ?? []).toString("base64"),
    });
    return new Promise((resolve, reject) => {
      const end = (): boolean => this.world.open.delete(number);
      this.world.open.set(number, {
        settle: (response) => void (end() && resolve(response)),
        fail: () => void (end() && reject(new TypeError("network"))),
      });
      signal?.addEventListener("abort", () => {
        if (!end()) return;
        if (!this.closed) this.world.dropped.push(number);
        reject(signal.reason as Error);
      });
    });
  }
}

function never<T>(): Promise<T> {
  return new Promise(() => undefined);
}

/** Bytes that come out the same at every run, and differ from tab to tab. */
function randomFrom(seed: number): Random {
  let state = seed;
  return (length) => Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
}
