/** Bytes, integers and their text forms (docs/protocol.md section 1). */

import { demand, ProtocolError } from "./errors";

/** Bytes that own an ordinary buffer: the only kind WebCrypto takes. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** Fresh random bytes; an argument wherever a test needs to know them. */
export type Random = (length: number) => Bytes;

export const systemRandom: Random = (length) => crypto.getRandomValues(new Uint8Array(length));

/** The libraries promise less than `Bytes`; a copy makes it true. */
export function own(data: Uint8Array): Bytes {
  return new Uint8Array(data);
}

export function concat(...parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** `data` followed by zeros up to `length`. */
export function zeroPadded(data: Uint8Array, length: number): Bytes {
  demand(data.length <= length);
  const padded = new Uint8Array(length);
  padded.set(data);
  return padded;
}

export function isZero(data: Uint8Array): boolean {
  return data.every((byte) => byte === 0);
}

export function utf8(text: string): Bytes {
  return own(new TextEncoder().encode(text));
}

/** Strict UTF-8; a byte order mark stays a character, so that it is refused further on. */
export function fromUtf8(data: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);
  } catch {
    throw new ProtocolError("malformed");
  }
}

/** Big-endian in `width` bytes; safe up to 2^53. */
export function uint(value: number, width: number): Bytes {
  const bytes = new Uint8Array(width);
  let rest = value;
  for (let i = width - 1; i >= 0; i -= 1) {
    bytes[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  demand(rest === 0 && value >= 0 && Number.isSafeInteger(value));
  return bytes;
}

export function fromUint(data: Uint8Array): number {
  const value = data.reduce((sum, byte) => sum * 256 + byte, 0);
  demand(Number.isSafeInteger(value));
  return value;
}

/** In time that depends on the lengths only. */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i += 1) difference |= (a[i] as number) ^ (b[i] as number);
  return difference === 0;
}

export function hex(data: Uint8Array): string {
  return Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function fromHex(text: string): Bytes {
  demand(/^([0-9a-f]{2})*$/.test(text));
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** base64url without padding (RFC 4648 section 5). */
export function b64(data: Uint8Array): string {
  const binary = Array.from(data, (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** The `size` bytes that `b64` made `text` from; any other spelling is malformed. */
export function fromB64(text: string, size: number): Bytes {
  demand(/^[A-Za-z0-9_-]*$/.test(text) && text.length === Math.ceil((size * 4) / 3));
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const data = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  // atob ignores the bits that the last character has too many; the spelling must be the only one.
  demand(data.length === size && b64(data) === text);
  return data;
}
