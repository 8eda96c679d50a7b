/** Hints say on the public board, to one person only, which slots are theirs (docs/protocol.md section 8.2). */

import { bind } from "./binding";
import { concat, equal, type Bytes } from "./bytes";
import { HINT_SIZE } from "./constants";
import { hmac } from "./digest";
import { demand } from "./errors";

const NONCE_SIZE = HINT_SIZE / 2;

export async function makeHint(hintKey: CryptoKey, nonce: Bytes): Promise<Bytes> {
  demand(nonce.length === NONCE_SIZE);
  return concat(nonce, (await hmac(hintKey, bind("hint", nonce))).slice(0, HINT_SIZE - NONCE_SIZE));
}

export async function isMine(hintKey: CryptoKey, hint: Bytes): Promise<boolean> {
  demand(hint.length === HINT_SIZE);
  return equal(hint, await makeHint(hintKey, hint.slice(0, NONCE_SIZE)));
}
