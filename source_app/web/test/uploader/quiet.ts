/** Waiting until the worker's code can do nothing more without an answer, a wake-up or a command. */

import { guard } from "./guard";

/** A finished call of WebCrypto takes a few turns of the event loop to come through. */
const TURNS = 4;

export async function quiet(): Promise<void> {
  for (let still = 0; still < TURNS; still = guard.underWay === 0 ? still + 1 : 0) {
    await new Promise((resolve) => void setImmediate(resolve));
  }
}
