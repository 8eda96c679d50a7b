/** Whether this browser can seal at all. */

/** Outside a secure context there is no WebCrypto, and nothing must be sent unsealed. */
export function canSeal(): boolean {
  return globalThis.isSecureContext && globalThis.crypto?.subtle !== undefined;
}
