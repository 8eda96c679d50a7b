import assert from "node:assert/strict";
import { test } from "node:test";

import { b64 } from "../../src/crypto/bytes";
import type { Json } from "../../src/crypto/canonical";
import { epochOf, lastDayOf } from "../../src/crypto/days";
import { openSlice } from "../../src/crypto/directory";
import { sign, verifyKey } from "../../src/crypto/signed";
import {
  EXPECTED, flipped, FORMS, REVIEWERS, ROOT_SEED, signedSlice, sliceValue, TODAY, withCustodians, type Members,
} from "../support/office";
import { refuses, refusesAs } from "../support/refuses";

const open = (changes: Members) => openSlice(signedSlice(changes), EXPECTED, TODAY);

test("a good slice", () => {
  const slice = openSlice(signedSlice(), EXPECTED, TODAY);
  assert.deepEqual([...slice.keys.keys()].sort(), [...REVIEWERS]);
  assert.equal(slice.channels[0]?.recipients.length, 3);
  assert.equal(slice.epoch, epochOf(TODAY));
});

test("unsigned, signed by another or for another purpose", async () => {
  const other = new Uint8Array(32).fill(2);
  await refuses("bad-signature", () => openSlice(signedSlice({}, TODAY, other), EXPECTED, TODAY));
  await refuses("bad-signature", () => openSlice(sign(sliceValue(), "directory", ROOT_SEED), EXPECTED, TODAY));
  const unsigned = signedSlice();
  unsigned.fill(0, 0, 64);
  await refuses("bad-signature", () => openSlice(unsigned, EXPECTED, TODAY));
  await refuses("malformed", () => openSlice(new Uint8Array(), EXPECTED, TODAY));
  await refuses("malformed", () => openSlice(new Uint8Array(256 * 1024 + 1), EXPECTED, TODAY));
});

test("flipped bits", async () => {
  const slice = signedSlice();
  for (let bit = 0; bit < slice.length * 8; bit += 499) {
    await refuses("bad-signature", () => openSlice(flipped(slice, bit), EXPECTED, TODAY));
  }
});

test("another instance, office or root", async () => {
  await refuses("wrong-context", () => open({ instance: b64(new Uint8Array(16)) }));
  await refuses("wrong-context", () => open({ office: { id: "dinas", names: { en: "Agency", id: "Dinas" } } }));
  await refuses("wrong-context", () => open({ root: b64(verifyKey(new Uint8Array(32))) }));
});

test("time: one day either way, then expired or not yet", async () => {
  const slice = signedSlice({}, "2026-11-19");
  for (const day of ["2026-11-18", "2026-11-19", "2026-11-25", "2026-11-26"]) openSlice(slice, EXPECTED, day);
  await refuses("expired", () => openSlice(slice, EXPECTED, "2026-11-27"));
  await refuses("wrong-epoch", () => openSlice(slice, EXPECTED, "2026-11-17"));
});

test("every field must be there, and no other", async () => {
  const value = sliceValue(withCustodians());
  for (const key of Object.keys(value)) {
    const { [key]: _left, ...rest } = value;
    await refuses("malformed", () => openSlice(sign(rest, "slice", ROOT_SEED), EXPECTED, TODAY));
    await refusesAs(["malformed", "wrong-version"], () => open({ ...withCustodians(), [key]: null }));
    await refusesAs(["malformed", "wrong-version"], () => open({ ...withCustodians(), [key]: [] }));
  }
  await refuses("malformed", () => open({ extra: 1 }));
  await refuses("wrong-version", () => open({ suite: "peluit/2", extra: 1 }));
});

test("what contradicts itself", async () => {
  const epoch = epochOf(TODAY);
  const { channels, keys, reviewers } = sliceValue() as { channels: Members[]; keys: Members; reviewers: Members[] };
  const recipients = (ids: string[]) => ({ channels: [{ ...channels[0], recipients: ids }] }) as Members;
  const wrong: Members[] = [
    { kind: "directory" }, { expires: TODAY }, { expires: lastDayOf(epoch + 1) }, { epoch: -1 }, { epoch: 2 ** 32 },
    { epoch: 2 ** 32 - 1 }, { serial: 0 }, { channels: [] }, { reviewers: [] },
    { channels: [channels[0], channels[0]] }, { reviewers: [reviewers[0], ...reviewers] } as Members,
    recipients([]), recipients(["ketua", "ketua"]), recipients(["nobody"]), recipients(["constructor"]),
    { keys: {} }, { keys: { ...keys, nobody: keys["ketua"] } } as Members, { keys: { ...keys, ketua: "AA" } },
    { office: { id: "-", names: { en: "a", id: "b" } } }, { office: { id: "inspektorat", names: { en: "a" } } },
    { office: { id: "inspektorat", names: { en: "", id: "b" } } },
    { channels: new Array(33).fill(0).map((_, i) => ({ ...channels[0], id: `c${i}` })) },
  ] as Members[];
  for (const changes of wrong) await refuses("malformed", () => open(changes));
});

test("what an office asks and takes", () => {
  const { channels, evidence, forms, notes } = openSlice(signedSlice(), EXPECTED, TODAY);
  assert.deepEqual(channels.map(({ family, form }) => [family, form]), [["integrity", "dugaan"], ["none", "usul"]]);
  assert.deepEqual(evidence, { largest: 1_000_000, refused: ["apk", "exe"] });
  assert.deepEqual(forms[0]?.fields.map(({ id }) => id), ["category", "what", "who", "where", "when"]);
  assert.deepEqual(forms[0]?.fields[0]?.choices.map(({ id }) => id), ["suap", "lainnya"]);
  assert.equal(notes.en, "Closed on Fridays.");
});

test("forms at their limits", async () => {
  const [first, second] = FORMS as [Members, Members];
  const [field] = second["fields"] as [Members];
  const fields = (...list: Members[]) => ({ forms: [first, { ...second, fields: list }] });
  const some = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
  const choices = (count: number) => fields({ ...field, choices: some(count, (i) => ({ id: `c${i}`, titles: field["titles"] as Json })) });
  const ending = (...refused: string[]) => ({ evidence: { largest: 1, refused } });
  const good: Members[] = [
    fields(...some(16, (i) => ({ ...field, id: `f${i}` }))), fields({ ...field, rows: 12 }), choices(32),
    fields({ ...field, examples: { en: "x".repeat(2000), id: "" } }), { notes: { en: "𝄞".repeat(2000), id: "" } },
    { evidence: { largest: 2 ** 40, refused: [] } }, ending("7z", "a".repeat(16)),
    ending(...some(64, (i) => `e${String(i).padStart(2, "0")}`)),
  ];
  for (const changes of good) open(changes);
  const wrong: Members[] = [
    { forms: [] }, { forms: [first] }, { forms: [first, second, second] }, fields(), fields(field, field),
    fields({ ...field, need: "optional" }), fields({ ...field, rows: 0 }), fields({ ...field, rows: 13 }),
    fields({ ...field, need: "maybe" }), fields({ ...field, extra: 1 }), fields({ ...field, titles: { en: "", id: "x" } }),
    fields(...some(17, (i) => ({ ...field, id: `f${i}` }))), choices(33),
    fields({ ...field, choices: some(2, () => ({ id: "c", titles: field["titles"] as Json })) }),
    fields({ ...field, examples: { en: "x".repeat(2001), id: "" } }), { notes: { en: "x".repeat(2001), id: "" } },
    { evidence: { largest: 0, refused: [] } }, { evidence: { largest: 2 ** 40 + 1, refused: [] } },
    ending("b", "a"), ending("a", "a"), ending(".a"), ending("A"), ending(""), ending("a".repeat(17)),
    ending(...some(65, (i) => `e${String(i).padStart(2, "0")}`)),
  ] as Members[];
  for (const changes of wrong) await refuses("malformed", () => open(changes));
});

test("only complaints are of a family", async () => {
  const [complaint, wish] = sliceValue()["channels"] as [Members, Members];
  open({ channels: [{ ...complaint, family: "none" }, { ...complaint, family: "service", id: "layanan" }] });
  await refuses("malformed", () => open({ channels: [{ ...wish, family: "service" }] }));
  await refuses("malformed", () => open({ channels: [{ ...complaint, family: "other" }] }));
});
