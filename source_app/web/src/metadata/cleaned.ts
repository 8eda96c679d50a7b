/** The cleaned picture while it is being written, and what was left out of it. */

import type { Bytes } from "../crypto/bytes";
import { need } from "./errors";
import { MINIMAL_SIZE } from "./orientation";
import type { Part } from "./report";

export interface Cleaned {
  readonly bytes: Bytes;
  /** Bytes dropped of each kind. What carries no information about its maker is dropped without being listed. */
  readonly dropped: ReadonlyMap<Part, number>;
}

/** Room for what is written anew: a header that was missing or short, and the orientation. */
const SPARE = 256 + 4 * MINIMAL_SIZE;

export class Output {
  private readonly buffer: Bytes;
  private readonly dropped = new Map<Part, number>();
  private length = 0;

  constructor(private readonly input: Uint8Array) {
    this.buffer = new Uint8Array(input.length + SPARE);
  }

  /** Where the next byte goes. */
  get position(): number {
    return this.length;
  }

  /** Takes over input[start, end). */
  copy(start: number, end: number): void {
    this.put(this.input.subarray(start, end));
  }

  put(bytes: Uint8Array | readonly number[]): void {
    need(this.length + bytes.length <= this.buffer.length);
    this.buffer.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** A 32-bit number in little-endian order, over what was written before. */
  patch32(position: number, value: number): void {
    new DataView(this.buffer.buffer).setUint32(position, value, true);
  }

  drop(part: Part, size: number): void {
    if (size > 0) this.dropped.set(part, (this.dropped.get(part) ?? 0) + size);
  }

  done(): Cleaned {
    return { bytes: this.buffer.subarray(0, this.length), dropped: this.dropped };
  }
}

/** Whether `text`, one character a byte, stands at `position`. */
export function standsAt(data: Uint8Array, position: number, text: string): boolean {
  for (let i = 0; i < text.length; i += 1) if (data[position + i] !== text.charCodeAt(i)) return false;
  return true;
}
