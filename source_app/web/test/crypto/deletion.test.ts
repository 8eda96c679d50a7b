import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";

import { hex } from "../../src/crypto/bytes";
import { deletionToken } from "../../src/crypto/deletion";
import { TODAY } from "../support/office";
import { refuses } from "../support/refuses";

const secret = new Uint8Array(32).fill(8);

test("the token is the HMAC of day and number", async () => {
  const bound = Buffer.concat([
    Buffer.from("peluit/1 deletion\0"), Buffer.from([0, 0, 0, 10]), Buffer.from(TODAY), Buffer.from([0, 0, 0, 1, 200]),
  ]);
  const expected = createHmac("sha256", secret).update(bound).digest("hex");
  assert.equal(hex(await deletionToken(secret, TODAY, 200)), expected);
});

test("256 numbers, 256 tokens", async () => {
  const tokens = await Promise.all(Array.from({ length: 256 }, (_, n) => deletionToken(secret, TODAY, n)));
  assert.equal(new Set(tokens.map(hex)).size, 256);
  await refuses("malformed", () => deletionToken(secret, TODAY, 256));
  await refuses("malformed", () => deletionToken(secret, TODAY, -1));
});
