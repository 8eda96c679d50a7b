/** Giving memory back while a file goes through: browsers collect large buffers late, and a phone has little. */

import type { Bytes } from "../crypto/bytes";
import { CHUNK_SIZE } from "../crypto/constants";

/** So many chunks of memory that nobody touches, for each that is sent. */
const COUNTS_AS = 16;

const { port1: nowhere, port2 } = new MessageChannel();
port2.close();

/** Gives a buffer back now: a closed port takes what is posted to it, and drops it. */
export function release({ buffer }: Bytes): void {
  nowhere.postMessage(null, [buffer]);
}

/**
 * Makes the browser collect sooner. Chromium keeps a copy of each request's body until it does, and does not count
 * them; it counts this. Memory that is never written to takes up no room.
 */
export function hurryCollection(): void {
  void new ArrayBuffer(COUNTS_AS * CHUNK_SIZE);
}
