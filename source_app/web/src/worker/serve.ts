/** The worker's side of the calls: carries out what the page asks, and says how it ended. */

import { dayOf, type Day } from "../crypto/days";
import type { SealingCalls } from "../sealing/calls";
import { Failure, type Progress, type WorkerCalls } from "./calls";
import { asFailure } from "./failures";
import type { Network } from "./http";
import type { Asked, Told } from "./rpc";

/** The part of a worker's global scope that we use; TypeScript's own list of it clashes with the page's. */
interface Scope {
  onmessage: ((event: MessageEvent<Asked>) => void) | null;
  postMessage(told: Told): void;
}

/** Today, in UTC. */
export const today = (): Day => dayOf(Date.now() / 1000);

/** This worker's clock and patience, with requests that go where `fetch` says. */
export function networkOf(fetch: Network["fetch"]): Network {
  return {
    fetch,
    sleep: (milliseconds) => new Promise<void>((resolve) => void setTimeout(resolve, milliseconds)),
    jitter: () => Math.random(),
    now: () => performance.now(),
  };
}

/** Answers the page with what the desk does under these names. */
export function serve(desk: WorkerCalls & Partial<SealingCalls>): void {
  const scope = globalThis as unknown as Scope;

  async function answer({ id, call, args }: Asked): Promise<Told> {
    try {
      // Without a secure context there is no WebCrypto. Nothing is sent then, least of all unsealed.
      if (globalThis.crypto?.subtle === undefined) throw new Failure("no-webcrypto");
      const progress = (now: Progress) => scope.postMessage({ id, kind: "progress", progress: now });
      const carryOut = desk[call]?.bind(desk) as (...all: unknown[]) => Promise<unknown>;
      return { id, kind: "done", value: await carryOut(...args, progress) };
    } catch (error) {
      const { code, details } = asFailure(error);
      return { id, kind: "refused", code, details };
    }
  }

  scope.onmessage = ({ data }) => void answer(data).then((told) => scope.postMessage(told));
}
