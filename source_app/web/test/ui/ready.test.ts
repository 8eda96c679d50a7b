import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { openPage, page } from "../support/page";

const crypto = Object.getOwnPropertyDescriptor(globalThis, "crypto") as PropertyDescriptor;
beforeEach(openPage);
afterEach(() => Object.defineProperty(globalThis, "crypto", crypto));

const secure = (isSecureContext: boolean) => Object.assign(globalThis, { isSecureContext });

test("sealing needs a secure context and WebCrypto", async () => {
  const { canSeal } = await import("../../src/ui/ready");
  secure(true);
  assert.equal(canSeal(), true);
  secure(false);
  assert.equal(canSeal(), false);
  secure(true);
  for (const value of [{ getRandomValues: () => undefined }, undefined]) {
    Object.defineProperty(globalThis, "crypto", { value, configurable: true });
    assert.equal(canSeal(), false);
  }
});

test("a page that cannot seal says so and opens no door", async () => {
  secure(false);
  Object.assign(page, { forms: [] });
  for (const id of ["doors", "needs-crypto"]) page.getElementById(id).hidden = true;
  await import("../../src/ui/main");
  assert.equal(page.getElementById("needs-crypto").hidden, false);
  assert.equal(page.getElementById("doors").hidden, true);
  assert.equal(page.getElementById("needs-scripts").hidden, true);
});
