/**
 * What can be wrong with protocol data. The kinds are told apart for tests and vectors; the page shows
 * far fewer (src/worker/failures.ts), and the network none of them. A message never contains data.
 */

const SENTENCES = {
  "malformed": "The data does not have the shape that the protocol gives it.",
  "wrong-version": "The data is of a version that this program does not know.",
  "not-canonical": "The text is not in the one spelling that the protocol allows.",
  "bad-signature": "The signature does not belong to this text and key.",
  "cannot-open": "No key at hand opens this, or it was changed on the way.",
  "commitment": "The item opens to a key that it was not sealed with.",
  "wrong-context": "The content was made for another place: instance, office, channel or thread differ.",
  "expired": "The document's time is over.",
  "wrong-epoch": "The document is for another week than this one.",
  "wrong-checksum": "A part is damaged: its checksum differs.",
  "unknown-word": "A word of the codename is on neither list, or there are not eight.",
} as const;

export type ErrorKind = keyof typeof SENTENCES;

export class ProtocolError extends Error {
  constructor(readonly kind: ErrorKind) {
    super(SENTENCES[kind]);
    this.name = "ProtocolError";
  }
}

/** A one-line guard: `demand(length === 32)`. */
export function demand(condition: boolean, kind: ErrorKind = "malformed"): asserts condition {
  if (!condition) throw new ProtocolError(kind);
}
