import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { openSlice } from "../../src/crypto/directory";
import type { IdentityContent } from "../../src/worker/calls";
import { asView } from "../../src/worker/offices";
import { CUSTODIAN_SEEDS, EXPECTED, signedSlice, TODAY, withCustodians, type Members } from "../support/office";
import { openPage, page } from "../support/page";

let sent: { readonly content: IdentityContent; readonly said: string; readonly from: string }[];
beforeEach(() => {
  openPage();
  sent = [];
});

async function shown(changes: Members): Promise<void> {
  const { IdentityForm } = await import("../../src/ui/identity");
  const form = new IdentityForm((content, said, from) => sent.push({ content, said, from }));
  form.show(asView(openSlice(signedSlice(changes), EXPECTED, TODAY)));
}

const write = (words: string) => {
  page.getElementById("identity-words").value = words;
  page.getElementById("identity-form").click();
};
const complaint = () => page.getElementById("identity-error").textContent;

test("it is offered where the office has custodians, who are named", async () => {
  await shown({});
  assert.ok(page.getElementById("identity").hidden);
  await shown(withCustodians());
  assert.ok(!page.getElementById("identity").hidden);
  const who = "Opened only by 2 of these custodians together: The notaris, The provinsi, The rektor";
  assert.equal(page.getElementById("identity-who").textContent, who);
});

test("a name that fits goes to those who were shown, and is not repeated on the page", async () => {
  await shown(withCustodians(3));
  for (const [words, message] of [[" ", /^Write your name/], ["x".repeat(511), /^Too long/], ["é".repeat(256), /510/]] as const) {
    write(words);
    assert.match(complaint(), message);
  }
  assert.equal(sent.length, 0);
  write("é".repeat(255));
  const keepers = { custodians: [...CUSTODIAN_SEEDS.keys()], needed: 3 };
  assert.deepEqual(sent[0]?.content, { kind: "identity", words: "é".repeat(255), ...keepers });
  assert.ok(!sent[0]?.said.includes("é"));
  page.getElementById("identity-back-form").click();
  assert.deepEqual(sent[1]?.content, { kind: "identity", words: null, ...keepers });
});
