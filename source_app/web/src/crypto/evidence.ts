/** The name and key of an evidence blob, from its content and the codename (docs/protocol.md section 7). */

import { bind } from "./binding";
import { utf8, type Bytes } from "./bytes";
import { HASH_SIZE, ID_SIZE } from "./constants";
import { hkdf, sha256 } from "./digest";
import { demand } from "./errors";

export interface BlobIdentity {
  readonly blob: Bytes;
  readonly key: Bytes;
}

/**
 * The same file has the same name and key whenever this codename sends it to this office, and any other file
 * another key: a nonce cannot meet two plaintexts.
 */
export async function blobIdentity(uploadSecret: Bytes, office: string, chunks: Bytes): Promise<BlobIdentity> {
  demand(uploadSecret.length === HASH_SIZE && chunks.length === HASH_SIZE);
  const salt = await sha256(bind("evidence", utf8(office), chunks));
  const [id, key] = await Promise.all([hkdf(uploadSecret, "blob-id", salt), hkdf(uploadSecret, "blob-key", salt)]);
  return { blob: id.slice(0, ID_SIZE), key };
}
