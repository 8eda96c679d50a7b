/** Signed documents: Ed25519 signature ‖ canonical JSON (docs/protocol.md section 1.1). */

import { ed25519 } from "@noble/curves/ed25519.js";

import { bind, type Purpose } from "./binding";
import { concat, own, type Bytes } from "./bytes";
import { dump, parse, type Json } from "./canonical";
import { SIGNATURE_SIZE } from "./constants";
import { demand, ProtocolError } from "./errors";

/** The public key (32 bytes) of a secret seed (32 bytes). */
export function verifyKey(seed: Bytes): Bytes {
  return own(ed25519.getPublicKey(seed));
}

/** The signed document of `value` for the place that `purpose` names. */
export function sign(value: Json, purpose: Purpose, seed: Bytes): Bytes {
  const text = dump(value);
  return concat(ed25519.sign(bind(purpose, text), seed), text);
}

/** The value of a document that the key `key` signed; the signature is checked before the text is parsed. */
export function verify(untrusted: Uint8Array, purpose: Purpose, key: Bytes, longest: number): Json {
  demand(SIGNATURE_SIZE < untrusted.length && untrusted.length <= longest);
  checkSignature(untrusted, purpose, key);
  return parse(untrusted.subarray(SIGNATURE_SIZE));
}

/** The value before its signature is checked: only to find the key that must have signed it. */
export function peek(untrusted: Uint8Array, longest: number): Json {
  demand(SIGNATURE_SIZE < untrusted.length && untrusted.length <= longest);
  return parse(untrusted.subarray(SIGNATURE_SIZE));
}

export function checkSignature(untrusted: Uint8Array, purpose: Purpose, key: Bytes): void {
  const signature = untrusted.subarray(0, SIGNATURE_SIZE);
  const text = untrusted.subarray(SIGNATURE_SIZE);
  let good = false;
  try {
    // Strict as RFC 8032 has it: ZIP 215 would let in other spellings of one signature.
    good = ed25519.verify(signature, bind(purpose, text), key, { zip215: false });
  } catch {
    good = false;
  }
  if (!good) throw new ProtocolError("bad-signature");
}
