/** HPKE (RFC 9180) with X-Wing keys (docs/protocol.md section 2). */

import { MLKEM768X25519 } from "@noble/post-quantum/hybrid.js";
import { KEM_MLKEM768_X25519 } from "@panva/hpke-noble";
import { AEAD_AES_256_GCM, CipherSuite, KDF_HKDF_SHA256 } from "hpke";

import { concat, own, type Bytes } from "./bytes";
import { HPKE_OVERHEAD, KEM_ENC_SIZE, KEM_PUBLIC_SIZE, KEM_SEED_SIZE } from "./constants";
import { demand, ProtocolError } from "./errors";

// The key encapsulation is JavaScript (no browser at hand has X-Wing), the rest is the browser's own.
const suite = new CipherSuite(KEM_MLKEM768_X25519, KDF_HKDF_SHA256, AEAD_AES_256_GCM);

/** The public key (1,216 bytes) of a secret seed (32 bytes). */
export function kemPublic(seed: Bytes): Bytes {
  demand(seed.length === KEM_SEED_SIZE);
  return own(MLKEM768X25519.keygen(seed).publicKey);
}

/** `enc (1120) ‖ ciphertext ‖ tag (16)`; malformed if the key is none or of low order. */
export async function wrap(recipient: Bytes, info: Bytes, plaintext: Bytes): Promise<Bytes> {
  demand(recipient.length === KEM_PUBLIC_SIZE);
  try {
    const key = await suite.DeserializePublicKey(recipient);
    const { encapsulatedSecret, ciphertext } = await suite.Seal(key, plaintext, { info });
    return concat(encapsulatedSecret, ciphertext);
  } catch {
    throw new ProtocolError("malformed");
  }
}

export async function unwrap(seed: Bytes, info: Bytes, untrusted: Uint8Array): Promise<Bytes> {
  demand(seed.length === KEM_SEED_SIZE);
  demand(untrusted.length >= HPKE_OVERHEAD, "cannot-open");
  try {
    const key = await suite.DeserializePrivateKey(seed, false);
    const enc = untrusted.slice(0, KEM_ENC_SIZE);
    return own(await suite.Open(key, enc, untrusted.slice(KEM_ENC_SIZE), { info }));
  } catch {
    throw new ProtocolError("cannot-open");
  }
}
