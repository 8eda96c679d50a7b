/** AES-256-GCM of numbered chunks: STREAM (docs/protocol.md sections 5 and 7). */

import { concat, own, uint, type Bytes } from "./bytes";
import { TAG_SIZE } from "./constants";
import { ProtocolError } from "./errors";

export interface StreamKey {
  readonly key: CryptoKey;
  /** The same for every chunk; it ties them to their blob or item. */
  readonly associatedData: Bytes;
}

export async function streamKey(key: Bytes, associatedData: Bytes): Promise<StreamKey> {
  const usages: KeyUsage[] = ["encrypt", "decrypt"];
  return { key: await crypto.subtle.importKey("raw", key, "AES-GCM", false, usages), associatedData };
}

/** Index as 11 bytes, then whether it is the last: neither order nor end can be changed. */
function parameters(stream: StreamKey, index: number, last: boolean): AesGcmParams {
  const iv = concat(uint(index, 11), uint(last ? 1 : 0, 1));
  return { name: "AES-GCM", iv, additionalData: stream.associatedData, tagLength: TAG_SIZE * 8 };
}

/** A chunk of a stream may be sealed once only, or again from the very same plaintext. */
export async function sealChunk(stream: StreamKey, index: number, last: boolean, plaintext: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.encrypt(parameters(stream, index, last), stream.key, plaintext));
}

export async function openChunk(
  stream: StreamKey, index: number, last: boolean, untrusted: Uint8Array,
): Promise<Bytes> {
  try {
    return new Uint8Array(await crypto.subtle.decrypt(parameters(stream, index, last), stream.key, own(untrusted)));
  } catch {
    throw new ProtocolError("cannot-open");
  }
}
