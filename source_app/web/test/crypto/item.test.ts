import assert from "node:assert/strict";
import { test } from "node:test";

import { bind } from "../../src/crypto/binding";
import { concat, hex, systemRandom, uint, utf8, type Bytes } from "../../src/crypto/bytes";
import { epochOf } from "../../src/crypto/days";
import { itemHead, itemInfo, itemSecrets, padPayload, sealItem, type ItemContext } from "../../src/crypto/item";
import { kemPublic, wrap } from "../../src/crypto/kem";
import { openItem, parseItem } from "../../src/crypto/open";
import { sealChunk } from "../../src/crypto/stream";
import { flipped, INSTANCE, KEM_SEEDS, TODAY } from "../support/office";
import { refuses, refusesAs } from "../support/refuses";

const context: ItemContext = {
  instance: INSTANCE, office: "inspektorat", channel: "aduan", epoch: epochOf(TODAY),
};
const seeds = [...KEM_SEEDS.values()];
const keys = seeds.map(kemPublic);
const document = utf8("a signed document");
const seed = seeds[0] as Bytes;

test("every recipient opens it, and nobody else", async () => {
  const item = await sealItem(context, keys, document, systemRandom);
  assert.equal(item.length, 13 + 3 * 1168 + 32 + 8192 + 16);
  for (const one of seeds) assert.deepEqual(await openItem(item, context, one), document);
  await refuses("cannot-open", () => openItem(item, context, new Uint8Array(32)));
});

test("the excluded open nothing, and the item looks the same", async () => {
  const item = await sealItem(context, [null, keys[1] as Bytes, null], document, systemRandom);
  assert.equal(parseItem(item).stanzas.length, 3);
  assert.deepEqual(await openItem(item, context, seeds[1] as Bytes), document);
  for (const one of [seeds[0], seeds[2]]) await refuses("cannot-open", () => openItem(item, context, one as Bytes));
});

test("somebody must be left", async () => {
  await refuses("malformed", () => sealItem(context, [null], document, systemRandom));
  await refuses("malformed", () => sealItem(context, [], document, systemRandom));
  await refuses("malformed", () => sealItem(context, new Array<Bytes | null>(33).fill(null), document, systemRandom));
});

test("another place opens nothing", async () => {
  const item = await sealItem(context, keys, document, systemRandom);
  const places = [
    { ...context, office: "dinas" }, { ...context, channel: "aspirasi" }, { ...context, instance: new Uint8Array(16) },
  ];
  for (const place of places) await refuses("cannot-open", () => openItem(item, place, seed));
});

test("three sizes, and too large", async () => {
  const sizes = [[0, 8192], [8188, 8192], [8189, 32768], [32764, 32768], [32765, 131072], [131068, 131072]] as const;
  for (const [length, size] of sizes) assert.equal(padPayload(new Uint8Array(length)).length, size);
  await refuses("malformed", () => padPayload(new Uint8Array(131069)));
});

test("flipped bits", async () => {
  const item = await sealItem(context, [keys[0] as Bytes], document, systemRandom);
  const kinds = ["malformed", "wrong-version", "cannot-open", "commitment"] as const;
  for (let bit = 0; bit < item.length * 8; bit += 1009) {
    await refusesAs(kinds, () => openItem(flipped(item, bit), context, seed));
  }
  for (let bit = 0; bit < 13 * 8; bit += 1) {
    await refusesAs(kinds, () => openItem(flipped(item, bit), context, seed));
  }
  await refuses("wrong-version", () => openItem(flipped(item, 7 * 8), context, seed));
  await refuses("commitment", () => openItem(flipped(item, (13 + 1168) * 8), context, seed));
  await refuses("cannot-open", () => openItem(flipped(item, (13 + 1168 + 32) * 8), context, seed));
});

test("truncated at each seam, or longer", async () => {
  const item = await sealItem(context, keys, document, systemRandom);
  for (const length of [0, 6, 7, 8, 12, 13, 14, 13 + 1168, 13 + 3 * 1168, 13 + 3 * 1168 + 32, item.length - 1]) {
    await refuses("malformed", () => openItem(item.slice(0, length), context, seed));
  }
  await refuses("malformed", () => openItem(concat(item, new Uint8Array(1)), context, seed));
});

test("stanzas can be neither doubled, dropped nor put in another order", async () => {
  const item = await sealItem(context, keys, document, systemRandom);
  const { stanzas, commitment, payload } = parseItem(item);
  const [a, b, c] = stanzas as [Bytes, Bytes, Bytes];
  const made = (...all: Bytes[]) => concat(itemHead(context.epoch, all.length), ...all, commitment, payload);
  assert.equal(hex(made(a, b, c)), hex(item));
  await refuses("malformed", () => openItem(made(a, a, c), context, seed));
  await refuses("commitment", () => openItem(made(b, a, c), context, seed));
  await refusesAs(["commitment", "cannot-open"], () => openItem(made(a, b), context, seed));
});

/** An item with any padded payload, sealed to the first reviewer. */
async function withPayload(padded: Bytes): Promise<Bytes> {
  const itemKey = systemRandom(32);
  const head = concat(itemHead(context.epoch, 1), await wrap(keys[0] as Bytes, itemInfo(context), itemKey));
  const { payload, commitment } = await itemSecrets(itemKey, head);
  return concat(head, commitment, await sealChunk(payload, 0, true, padded));
}

test("padding is zero and no more than needed", async () => {
  const padded = padPayload(document);
  assert.deepEqual(await openItem(await withPayload(padded), context, seed), document);
  const dirty = padded.slice();
  dirty[8191] = 1;
  const larger = concat(padded, new Uint8Array(32768 - 8192));
  const beyond = concat(uint(8189, 4), new Uint8Array(8188));
  for (const wrong of [dirty, larger, beyond]) {
    const item = await withPayload(wrong);
    await refuses("malformed", () => openItem(item, context, seed));
  }
});

test("a stanza sealed for another purpose is not taken", async () => {
  const itemKey = systemRandom(32);
  const info = bind("reply", INSTANCE, utf8("inspektorat"), utf8("aduan"), uint(context.epoch, 4));
  const head = concat(itemHead(context.epoch, 1), await wrap(keys[0] as Bytes, info, itemKey));
  const { payload, commitment } = await itemSecrets(itemKey, head);
  const item = concat(head, commitment, await sealChunk(payload, 0, true, padPayload(document)));
  await refuses("cannot-open", () => openItem(item, context, seed));
});
