/** Injective framing of everything that is derived, signed or authenticated (docs/protocol.md section 1). */

import { concat, uint, utf8, type Bytes } from "./bytes";
import { SUITE } from "./constants";

/** The purposes of section 13 that a browser meets. */
export type Purpose =
  | "codename" | "sign-key" | "reply-key" | "hint-key" | "deletion-secret" | "upload-secret" | "thread"
  | "fingerprint" | "directory" | "slice" | "item" | "payload-key" | "commitment" | "payload" | "message"
  | "blob" | "evidence" | "blob-id" | "blob-key" | "reply" | "reply-document" | "hint" | "deletion" | "authorship"
  | "identity" | "identity-head" | "identity-box" | "identity-key" | "identity-commitment" | "identity-content" | "bundle" | "grant";

/** `"peluit/1 " ‖ purpose ‖ 0x00 ‖ (u32 length ‖ part)…`: no two different calls give the same bytes. */
export function bind(purpose: Purpose, ...parts: readonly Uint8Array[]): Bytes {
  return concat(utf8(`${SUITE} ${purpose}\0`), ...parts.flatMap((part) => [uint(part.length, 4), part]));
}
