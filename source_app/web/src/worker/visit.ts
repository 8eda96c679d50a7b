/** A visit to the public board: the same requests whether there are replies or not (docs/protocol.md section 8.3). */

import type { Bytes, Random } from "../crypto/bytes";
import { mySlots, pagesToFetch, parseIndex, readPage, slotOf } from "../crypto/board";
import { PAGE_SLOTS } from "../crypto/constants";
import type { Slice } from "../crypto/directory";
import { ProtocolError } from "../crypto/errors";
import { joinParts, openSlot, type Reply, type OpenedPart } from "../crypto/reply";
import type { Api } from "./api";
import { Failure } from "./calls";
import { refusing } from "./failures";
import type { Session } from "./session";

export async function visitBoard(api: Api, session: Session, slice: Slice, random: Random): Promise<readonly Reply[]> {
  const slots = await refusing("board-broken", async () => {
    try {
      return await fetchSlots(api, session, random);
    } catch (error) {
      // The board was published anew twice since we asked for its index: begin again, once.
      if (!(error instanceof Failure && error.code === "no-such-page")) throw error;
      return fetchSlots(api, session, random);
    }
  });
  const parts: OpenedPart[] = [];
  for (const slot of slots) {
    const part = await opened(slot, session, slice);
    if (part !== undefined) parts.push(part);
  }
  return joinParts(parts);
}

/** One's own slots. Nothing is opened before the last request is out, so that its time tells nothing. */
async function fetchSlots(api: Api, session: Session, random: Random): Promise<readonly Bytes[]> {
  const index = await parseIndex(await api.boardIndex());
  const mine = await mySlots(index, session.keys.hintKey);
  const pages = new Map<number, Bytes>();
  for (const page of sameAgain(session, index.version, pagesToFetch(index, mine, random))) {
    // Whether it holds a reply or not: who tries again after a broken page would tell the server that it did.
    pages.set(page, readPage(await api.boardPage(index.version, page)));
  }
  return mine.map((slot) => slotOf(pages.get(Math.floor(slot / PAGE_SLOTS)) ?? new Uint8Array(), slot));
}

/** Without replies too, another try asks for the page that the first one asked for. */
function sameAgain(session: Session, version: string, pages: readonly number[]): readonly number[] {
  const [page] = pages;
  if (page === undefined || pages.length > 1) return pages;
  const first = session.visited.get(version) ?? page;
  session.visited.set(version, first);
  return [first];
}

/** A slot that is not from a reviewer of this office to this thread is not shown, and does not hide the others. */
async function opened(slot: Bytes, session: Session, slice: Slice): Promise<OpenedPart | undefined> {
  try {
    return await openSlot(slot, session.keys, slice);
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}
