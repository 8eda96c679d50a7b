import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";

import { hex } from "../../src/crypto/bytes";
import { DELETION_NUMBERS } from "../../src/crypto/constants";
import { deletionToken } from "../../src/crypto/deletion";
import { TODAY } from "../support/office";
import { refuses } from "../support/refuses";

const secret = new Uint8Array(32).fill(8);

test("the token is the HMAC of day and number", async () => {
  const bound = Buffer.concat([
    Buffer.from("peluit/1 deletion\0"), Buffer.from([0, 0, 0, 10]), Buffer.from(TODAY), Buffer.from([0, 0, 0, 2, 15, 200]),
  ]);
  const expected = createHmac("sha256", secret).update(bound).digest("hex");
  assert.equal(hex(await deletionToken(secret, TODAY, 0xfc8)), expected);
});

test("every number gives a token of its own", async () => {
  const tokens = await Promise.all(Array.from({ length: DELETION_NUMBERS }, (_, n) => deletionToken(secret, TODAY, n)));
  assert.equal(new Set(tokens.map(hex)).size, DELETION_NUMBERS);
  await refuses("malformed", () => deletionToken(secret, TODAY, DELETION_NUMBERS));
  await refuses("malformed", () => deletionToken(secret, TODAY, -1));
});
