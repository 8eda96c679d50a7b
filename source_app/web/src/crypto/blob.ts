/** Evidence blobs: padding, chunks, pieces and the hash over the chunks (docs/protocol.md sections 7 and 11.4). */

import { bind } from "./binding";
import { concat, equal, isZero, type Bytes } from "./bytes";
import {
  CHUNK_SIZE, HASH_SIZE, ID_SIZE, ITEM_KEY_SIZE, MAX_BLOB_SIZE, MIN_BLOB_SIZE, PIECE_SIZE, TAG_SIZE,
} from "./constants";
import { sha256 } from "./digest";
import { demand } from "./errors";
import { openChunk, streamKey, type StreamKey } from "./stream";

/** Padmé: at most 12 % more, and O(log log L) bits of the length remain (Nikitin et al., PETS 2019). */
export function paddedSize(size: number): number {
  demand(Number.isSafeInteger(size) && 0 <= size && size <= MAX_BLOB_SIZE);
  if (size <= MIN_BLOB_SIZE) return MIN_BLOB_SIZE;
  const exponent = bitLength(size) - 1;
  // Divisions by a power of two are exact in floating point, where bit operations would cut at 32 bits.
  const step = 2 ** (exponent - bitLength(exponent));
  return Math.ceil(size / step) * step;
}

export function chunkCount(padded: number): number {
  return Math.ceil(padded / CHUNK_SIZE);
}

/** Where chunk `index` of the padded file begins and ends. */
export function chunkRange(padded: number, index: number): { readonly start: number; readonly end: number } {
  demand(Number.isSafeInteger(index) && 0 <= index && index < chunkCount(padded));
  return { start: index * CHUNK_SIZE, end: Math.min(padded, (index + 1) * CHUNK_SIZE) };
}

/** The size of the whole blob. */
export function blobSize(padded: number): number {
  return padded + chunkCount(padded) * TAG_SIZE;
}

/** How many pieces a blob is sent in. A whole chunk is 16 of them, so that none lies across two chunks. */
export function pieceCount(padded: number): number {
  return Math.ceil(blobSize(padded) / PIECE_SIZE);
}

export function blobStream(id: Bytes, key: Bytes): Promise<StreamKey> {
  demand(id.length === ID_SIZE && key.length === ITEM_KEY_SIZE);
  return streamKey(key, bind("blob", id));
}

/** WebCrypto hashes whole buffers only, so the file's hash is one over the hashes of its chunks, joined. */
export function chunksHash(hashes: Bytes): Promise<Bytes> {
  demand(hashes.length > 0 && hashes.length % HASH_SIZE === 0);
  return sha256(hashes);
}

/** The whole file of a blob; only for tests, as a real one need not fit into memory. */
export async function openBlob(
  untrusted: Bytes, id: Bytes, key: Bytes, size: number, chunks: Bytes,
): Promise<Bytes> {
  const padded = paddedSize(size);
  const count = chunkCount(padded);
  const stream = await blobStream(id, key);
  const parts: Bytes[] = [];
  let offset = 0;
  for (let i = 0; i < count; i += 1) {
    const { start, end } = chunkRange(padded, i);
    const sealed = untrusted.subarray(offset, offset + end - start + TAG_SIZE);
    // A shorter last chunk would open as well as any: the size in the message must be the one it was padded from.
    demand(sealed.length === end - start + TAG_SIZE, "cannot-open");
    parts.push(await openChunk(stream, i, i === count - 1, sealed));
    offset += sealed.length;
  }
  const plaintext = concat(...parts);
  demand(offset === untrusted.length && isZero(plaintext.subarray(size)));
  demand(equal(await chunksHash(concat(...(await Promise.all(parts.map(sha256))))), chunks), "wrong-checksum");
  return plaintext.slice(0, size);
}

function bitLength(value: number): number {
  return value.toString(2).length;
}
