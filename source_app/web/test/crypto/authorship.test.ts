import assert from "node:assert/strict";
import { before, test } from "node:test";

import { proveAuthorship, readAuthorship } from "../../src/crypto/authorship";
import { b64, hex } from "../../src/crypto/bytes";
import type { CodenameKeys } from "../../src/crypto/codename";
import { sign } from "../../src/crypto/signed";
import { codenameKeys, INSTANCE, TODAY, type Members } from "../support/office";
import { refuses } from "../support/refuses";

const PREFIX = "peluit-authorship-1:";
const place = { instance: INSTANCE, office: "inspektorat" };
let keys: CodenameKeys;
before(async () => {
  keys = await codenameKeys();
});

const prove = (statement: string) => proveAuthorship({ ...place, day: TODAY, statement }, keys);

/** A proof with some members changed, properly signed. */
function signedWith(changes: Members, purpose: "authorship" | "message" = "authorship"): string {
  const value = {
    day: TODAY, instance: b64(INSTANCE), kind: "authorship", office: "inspektorat", statement: "x", suite: "peluit/1",
    verify: b64(keys.verify), ...changes,
  };
  return PREFIX + b64(sign(value, purpose, keys.signSeed));
}

test("a proof comes back, also after paper and letters", () => {
  const proof = prove("Sayalah yang menulis laporan itu.");
  const folded = ` ${proof.replace(/.{40}/g, "$&\r\n\t")}\n`;
  for (const text of [proof, folded]) {
    const { day, statement, verify } = readAuthorship(text, place);
    assert.deepEqual([day, statement, hex(verify)], [TODAY, "Sayalah yang menulis laporan itu.", hex(keys.verify)]);
  }
});

test("statements of 1 to 2,000 code points", async () => {
  assert.equal(readAuthorship(prove("𝄞".repeat(2000)), place).statement.length, 4000);
  assert.equal(readAuthorship(prove("\u0001".repeat(2000)), place).statement.length, 2000);
  for (const wrong of ["", "a\0", "a\ud800", "x".repeat(2001)]) await refuses("malformed", () => prove(wrong));
});

test("another place, key, purpose or shape", async () => {
  await refuses("wrong-context", () => readAuthorship(prove("x"), { ...place, office: "dinas" }));
  await refuses("wrong-context", () => readAuthorship(prove("x"), { ...place, instance: new Uint8Array(16) }));
  await refuses("bad-signature", () => readAuthorship(signedWith({ verify: b64(new Uint8Array(32).fill(5)) }), place));
  await refuses("bad-signature", () => readAuthorship(signedWith({}, "message"), place));
  await refuses("wrong-version", () => readAuthorship(signedWith({ suite: "peluit/2" }), place));
  const malformed = [
    signedWith({ kind: "message" }), signedWith({ more: 1 }), signedWith({ statement: "" }), signedWith({ day: "today" }),
    signedWith({ statement: "x".repeat(2001) }), prove("x").slice(1), prove("x").replace("-1:", "-2:"), PREFIX, "",
    `${PREFIX}${"A".repeat(101)}`, `${prove("x")}=`,
  ];
  for (const text of malformed) await refuses("malformed", () => readAuthorship(text, place));
});
