/** Files to send, and what arrived of them. */

import assert from "node:assert/strict";

import { openBlob } from "../../src/crypto/blob";
import { hex, type Bytes } from "../../src/crypto/bytes";
import type { OpenedMessage } from "../../src/crypto/open";
import type { Progress } from "../../src/worker/calls";
import { contents } from "./server";
import { opened, type Visit } from "./visit";

export const MIB = 1048576;

/** Bytes of which no two pieces are the same. */
export function bytesOf(size: number, seed = 31): Bytes {
  const bytes = new Uint8Array(size).fill(seed);
  for (let i = 0; i < size; i += 1000) bytes[i] = 1 + ((i / 1000) * seed) % 251;
  return bytes;
}

export function fileOf(size: number, name = "bukti.pdf", seed = 31): File {
  return new File([bytesOf(size, seed)], name, { type: "application/pdf", lastModified: 1 });
}

/** A file that is read through `read`, which may give something else each time. */
export function livingFile(size: number, read: (start: number, end: number) => Promise<Bytes> | Bytes): File {
  const slice = (start: number, end: number) => ({ arrayBuffer: async () => (await read(start, end)).slice().buffer });
  return Object.defineProperties(fileOf(0), { slice: { value: slice }, size: { value: size } });
}

type Told = Extract<OpenedMessage["content"], { readonly kind: "evidence" }>["file"];

/** The evidence item that came last, and the file it opens. */
export async function received(visit: Visit): Promise<Told & { readonly bytes: Bytes }> {
  const last = visit.sent().at(-1) as ReturnType<Visit["sent"]>[number];
  const { content: found } = await opened(last.item, "auditor");
  assert.ok(found.kind === "evidence");
  const { blob, key, size, chunks } = found.file;
  const [stored] = [...visit.server.blobs].filter(([path]) => path.includes(hex(blob)));
  assert.ok(stored !== undefined && stored[1].complete);
  return { ...found.file, bytes: await openBlob(contents(stored[1]), blob, key, size, chunks) };
}

/** The last item opens to exactly these bytes. */
export async function arrived(visit: Visit, bytes: Bytes): Promise<void> {
  assert.ok(Buffer.from((await received(visit)).bytes).equals(Buffer.from(bytes)));
}

/** Keeps what a call reports. */
export class Heard {
  readonly all: Progress[] = [];
  readonly note = (now: Progress) => void this.all.push(now);

  get phases(): string[] {
    return this.all.map(({ phase }) => phase).filter((phase, i, all) => phase !== all[i - 1]);
  }
}
