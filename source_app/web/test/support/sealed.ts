/** Sealed files, as the sealing page makes them; what is in them need not open. */

import { blobSize, paddedSize } from "../../src/crypto/blob";
import { concat, systemRandom, type Bytes } from "../../src/crypto/bytes";
import { writeHead, type SealedEntry } from "../../src/crypto/sealed-file";
import { bytesOf } from "./evidence";
import { INSTANCE } from "./office";

export interface Made {
  readonly bytes: Bytes;
  readonly entries: readonly SealedEntry[];
  /** The bytes of each entry. */
  readonly contents: readonly Bytes[];
}

/** One text and then, for each size, a blob and its item. */
export function sealed(sizes: readonly number[], place: { readonly instance?: Bytes; readonly office?: string } = {}): Made {
  const parts = [text(0), ...sizes.flatMap((size, i) => [evidence(size, i), text(i + 1)])];
  const entries = parts.map(([entry]) => entry);
  const contents = parts.map(([, content]) => content);
  const head = writeHead({ instance: INSTANCE, office: "inspektorat", ...place, entries });
  return { bytes: concat(head, ...contents), entries, contents };
}

export function fileOf(bytes: Bytes): File {
  return new File([bytes], "data-0417.sealed");
}

function text(number: number): [SealedEntry, Bytes] {
  const content = bytesOf(9_000 + number, 7 + number);
  return [{ kind: "item", channel: "aduan", size: content.length, tokenHash: systemRandom(32) }, content];
}

function evidence(size: number, number: number): [SealedEntry, Bytes] {
  const padded = paddedSize(size);
  const entry = { kind: "blob", blob: systemRandom(16), size: padded, tokenHash: systemRandom(32) } as const;
  return [entry, bytesOf(blobSize(padded), 31 + number)];
}
