/** SHA-256, HMAC and HKDF from WebCrypto: native also where JIT and WebAssembly are off. */

import { bind, type Purpose } from "./binding";
import type { Bytes } from "./bytes";

export async function sha256(data: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", data));
}

/** For many HMACs under one key: importing it costs more than using it. */
export function hmacKey(key: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
}

export async function hmac(key: CryptoKey, data: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, data));
}

/** HKDF-SHA-256 (RFC 5869) of `key` for one purpose, 32 bytes. */
export async function hkdf(key: Bytes, purpose: Purpose, salt: Bytes = new Uint8Array()): Promise<Bytes> {
  const imported = await crypto.subtle.importKey("raw", key, "HKDF", false, ["deriveBits"]);
  const parameters = { name: "HKDF", hash: "SHA-256", salt, info: bind(purpose) };
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, imported, 256));
}
