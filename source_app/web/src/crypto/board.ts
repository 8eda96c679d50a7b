/** The public board: its index, and which pages a visit asks for (docs/protocol.md section 8.3). */

import { equal, fromUint, hex, utf8, type Bytes, type Random } from "./bytes";
import {
  BOARD_HEADER_SIZE, BOARD_TYPE, HINT_SIZE, ID_SIZE, MAGIC, PAGE_SLOTS, SLOT_SIZE, VERSION,
} from "./constants";
import { hmacKey, sha256 } from "./digest";
import { demand } from "./errors";
import { isMine } from "./hint";
import { below, shuffled } from "./random";

export interface BoardIndex {
  /** 32 hex digits, as in the pages' addresses. */
  readonly version: string;
  readonly hints: readonly Bytes[];
}

/*
 *  0      6      7      8                24           28
 *  ├──────┼──────┼──────┼────────────────┼────────────┼──────────────────┤
 *  "peluit" type   0x01   version (16)     slots (u32)  hints (32 × slots)
 */
export async function parseIndex(untrusted: Bytes): Promise<BoardIndex> {
  demand(untrusted.length >= BOARD_HEADER_SIZE);
  demand(equal(untrusted.subarray(0, 6), utf8(MAGIC)) && untrusted[6] === BOARD_TYPE);
  demand(untrusted[7] === VERSION, "wrong-version");
  const version = untrusted.subarray(8, 8 + ID_SIZE);
  const count = fromUint(untrusted.subarray(24, BOARD_HEADER_SIZE));
  const hints = untrusted.slice(BOARD_HEADER_SIZE);
  demand(count > 0 && count % PAGE_SLOTS === 0 && hints.length === count * HINT_SIZE);
  demand(equal(version, (await sha256(hints)).subarray(0, ID_SIZE)));
  return {
    version: hex(version),
    hints: Array.from({ length: count }, (_, i) => hints.slice(i * HINT_SIZE, (i + 1) * HINT_SIZE)),
  };
}

/** Numbers of the slots that are this hint key's. */
export async function mySlots(index: BoardIndex, hintKey: Bytes): Promise<readonly number[]> {
  const key = await hmacKey(hintKey);
  const mine = await Promise.all(index.hints.map((hint) => isMine(key, hint)));
  return [...mine.keys()].filter((slot) => mine[slot]);
}

/** The pages to fetch, in random order; always one at least, or the server would learn who has no reply. */
export function pagesToFetch(index: BoardIndex, slots: readonly number[], random: Random): readonly number[] {
  const pages = [...new Set(slots.map((slot) => Math.floor(slot / PAGE_SLOTS)))];
  if (pages.length === 0) return [below(index.hints.length / PAGE_SLOTS, random)];
  return shuffled(pages, random);
}

/** A page of the board, once it holds as many slots as it must. */
export function readPage(untrusted: Bytes): Bytes {
  demand(untrusted.length === PAGE_SLOTS * SLOT_SIZE);
  return untrusted;
}

/** Slot `slot` of the board, out of the page that holds it. */
export function slotOf(page: Bytes, slot: number): Bytes {
  const offset = (slot % PAGE_SLOTS) * SLOT_SIZE;
  return page.slice(offset, offset + SLOT_SIZE);
}
