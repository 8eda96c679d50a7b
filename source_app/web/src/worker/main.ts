/** The worker: keys, sealed bytes and requests live here, out of the page's reach. */

import { systemRandom } from "../crypto/bytes";
import { dayOf } from "../crypto/days";
import { Failure, type Progress } from "./calls";
import { Desk } from "./desk";
import { asFailure } from "./failures";
import type { Asked, Told } from "./rpc";

/** The part of a worker's global scope that we use; TypeScript's own list of it clashes with the page's. */
interface Scope {
  onmessage: ((event: MessageEvent<Asked>) => void) | null;
  postMessage(told: Told): void;
}

const scope = globalThis as unknown as Scope;

const network = {
  fetch: (path: string, init: RequestInit) => fetch(path, init),
  sleep: (milliseconds: number) => new Promise<void>((resolve) => void setTimeout(resolve, milliseconds)),
  jitter: () => Math.random(),
  now: () => performance.now(),
};
const desk = new Desk(network, () => dayOf(Date.now() / 1000), systemRandom);

async function answer({ id, call, args }: Asked): Promise<Told> {
  try {
    // Without a secure context there is no WebCrypto. Nothing is sent then, least of all unsealed.
    if (globalThis.crypto?.subtle === undefined) throw new Failure("no-webcrypto");
    const progress = (now: Progress) => scope.postMessage({ id, kind: "progress", progress: now });
    const carryOut = desk[call].bind(desk) as (...all: unknown[]) => Promise<unknown>;
    return { id, kind: "done", value: await carryOut(...args, progress) };
  } catch (error) {
    const { code, details } = asFailure(error);
    return { id, kind: "refused", code, details };
  }
}

scope.onmessage = ({ data }) => void answer(data).then((told) => scope.postMessage(told));
