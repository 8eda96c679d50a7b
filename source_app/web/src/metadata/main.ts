/** The metadata worker: loaded when a first picture or document is added, one file at a time. */

import type { Asked, Told } from "./calls";
import { CannotClean } from "./errors";
import { look, remove } from "./look";

/** The part of a worker's global scope that we use; TypeScript's own list of it clashes with the page's. */
interface Scope {
  onmessage: ((event: MessageEvent<Asked>) => void) | null;
  postMessage(told: Told, transfer: readonly ArrayBuffer[]): void;
}

const scope = globalThis as unknown as Scope;

async function answer({ call, file }: Asked): Promise<Told> {
  try {
    const untrusted = new Uint8Array(await file.arrayBuffer());
    return call === "look" ? { look: await look(untrusted) } : { removed: await remove(untrusted) };
  } catch (error) {
    return { refused: error instanceof CannotClean ? "cannot-clean" : "cannot-look" };
  }
}

scope.onmessage = ({ data }) =>
  void answer(data).then((told) => scope.postMessage(told, "removed" in told ? [told.removed.bytes.buffer] : []));
