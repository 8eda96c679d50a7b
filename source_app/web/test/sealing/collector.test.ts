import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { blobSize, openBlob, paddedSize } from "../../src/crypto/blob";
import { b64, equal, hex, systemRandom, utf8, type Bytes } from "../../src/crypto/bytes";
import { MAX_SEALED_HEAD, SEALED_START } from "../../src/crypto/constants";
import { addDays, epochOf } from "../../src/crypto/days";
import { allTokens } from "../../src/crypto/deletion";
import { sha256 } from "../../src/crypto/digest";
import { entrySize, headLength, readHead, type SealedEntry } from "../../src/crypto/sealed-file";
import { Collector, MOST_SEALED } from "../../src/sealing/collector";
import { Desk } from "../../src/worker/desk";
import { networkOf } from "../../src/worker/serve";
import { bytesOf, fileOf, livingFile, MIB } from "../support/evidence";
import { codenameKeys, CODENAME, INSTANCE, signedSlice, siteValue, TODAY } from "../support/office";
import { failsWith } from "../support/refuses";
import { ADDRESS, CONTENT, nothing, opened } from "../support/visit";

const WEEKS = [TODAY, addDays(TODAY, 7), addDays(TODAY, 14)];
const slices = Object.fromEntries(WEEKS.map((day) => [epochOf(day), b64(signedSlice({}, day))]));

let today: string;
let collector: Collector;
let desk: Desk;
beforeEach(async () => {
  today = TODAY;
  collector = new Collector({ site: siteValue() as { instance: string }, slices: { inspektorat: slices } }, () => today);
  desk = new Desk(networkOf(collector.fetch), () => today, systemRandom);
  await desk.unlock(CODENAME);
});

interface Part {
  readonly entry: SealedEntry;
  readonly bytes: Bytes;
}

/** The parts of the sealed file; nothing is left over. */
async function parts(): Promise<Part[]> {
  const file = new Uint8Array(await collector.sealedFile().file.arrayBuffer());
  const end = SEALED_START + headLength(file.subarray(0, SEALED_START));
  assert.ok(end <= SEALED_START + MAX_SEALED_HEAD);
  const head = readHead(file.subarray(SEALED_START, end), INSTANCE);
  assert.equal(head.office, "inspektorat");
  let at = end;
  const found = head.entries.map((entry) => {
    at += entrySize(entry);
    return { entry, bytes: file.slice(at - entrySize(entry), at) };
  });
  assert.equal(at, file.length);
  return found;
}

const kinds = async () => (await parts()).map(({ entry }) => entry.kind);

async function opens(blob: Part | undefined, item: Part | undefined, expected: Bytes): Promise<void> {
  assert.ok(blob?.entry.kind === "blob" && item?.entry.kind === "item");
  const { content } = await opened(item.bytes, "auditor");
  assert.ok(content.kind === "evidence" && hex(content.file.blob) === hex(blob.entry.blob));
  const { key, size, chunks } = content.file;
  assert.ok(equal(await openBlob(blob.bytes, content.file.blob, key, size, chunks), expected));
}

test("text and files become one file, in the order of sending, and open", async () => {
  await desk.send(ADDRESS, CONTENT);
  const sizes = [0, 65_537, 3 * MIB + 12_345];
  for (const [task, size] of sizes.entries()) {
    assert.equal(await desk.sendFile(task, ADDRESS, fileOf(size, "bukti.pdf", 31 + task), nothing), "sent");
  }
  const [text, ...files] = await parts();
  assert.deepEqual((await opened((text as Part).bytes, "auditor")).content, CONTENT);
  for (const [task, size] of sizes.entries()) await opens(files[2 * task], files[2 * task + 1], bytesOf(size, 31 + task));
  const tokens = await allTokens((await codenameKeys()).deletionSecret, TODAY, systemRandom);
  const known = new Set<string>();
  for (let at = 0; at < tokens.length; at += 32) known.add(hex(await sha256(tokens.slice(at, at + 32))));
  assert.ok((await parts()).every(({ entry }) => known.has(hex(entry.tokenHash))));
});

test("one content under two names is one blob, and two items tell of it", async () => {
  await desk.send(ADDRESS, CONTENT);
  await desk.sendFile(1, ADDRESS, fileOf(100_000, "a.pdf"), nothing);
  await desk.sendFile(2, ADDRESS, fileOf(100_000, "b.pdf"), nothing);
  assert.deepEqual(await kinds(), ["item", "blob", "item", "item"]);
});

test("a file that changes is left out, and may come again", async () => {
  await desk.send(ADDRESS, CONTENT);
  let reads = 0;
  const living = livingFile(3 * MIB, (start, end) => {
    reads += 1;
    return bytesOf(3 * MIB, reads > 4 ? 32 : 31).slice(start, end);
  });
  await failsWith("file-changed", () => desk.sendFile(1, ADDRESS, living, nothing));
  assert.deepEqual(await kinds(), ["item"]);
  await desk.sendFile(1, ADDRESS, fileOf(3 * MIB), nothing);
  const [, blob, item] = await parts();
  await opens(blob, item, bytesOf(3 * MIB));
});

test("a file that is cancelled leaves nothing", async () => {
  await desk.send(ADDRESS, CONTENT);
  const cancel = () => void desk.steer(1, "cancel");
  assert.equal(await desk.sendFile(1, ADDRESS, fileOf(3 * MIB), cancel), "cancelled");
  await desk.sendFile(2, ADDRESS, fileOf(10), nothing);
  const all = await parts();
  assert.equal(all.length, 3);
  await opens(all[1], all[2], bytesOf(10));
});

test("a blob whose item was never made stays out", async () => {
  await desk.send(ADDRESS, CONTENT);
  const sending = desk.sendFile(1, ADDRESS, fileOf(10), ({ phase }) => {
    // The keys end while the file is under way: its item cannot be sealed any more.
    if (phase === "finishing") today = addDays(TODAY, 60);
  });
  await failsWith("slice-expired", () => sending);
  today = TODAY;
  await desk.sendFile(2, ADDRESS, fileOf(20), nothing);
  assert.deepEqual(await kinds(), ["item", "blob", "item"]);
});

test("the keys are those of the day, and outside its weeks nothing is sealed", async () => {
  for (const [day, code] of [
    [TODAY, undefined], [addDays(TODAY, 14), undefined],
    [addDays(TODAY, -30), "slice-wrong-epoch"], [addDays(TODAY, 60), "slice-expired"],
  ] as const) {
    today = day;
    if (code === undefined) assert.equal((await desk.openOffice("inspektorat")).id, "inspektorat");
    else await failsWith(code, () => desk.openOffice("inspektorat"));
  }
  today = addDays(TODAY, 7);
  const fresh = new Desk(networkOf(collector.fetch), () => today, systemRandom);
  await fresh.unlock(CODENAME);
  await fresh.send(ADDRESS, CONTENT);
  const [item] = await parts();
  assert.equal(new DataView((item as Part).bytes.buffer).getUint32(8), epochOf(today));
  assert.equal(collector.sealedFile().epoch, epochOf(today));
});

test("what does not fit any more is refused before it is sealed", async () => {
  await desk.send(ADDRESS, CONTENT);
  const ask = async (size: number) => {
    const body = utf8(JSON.stringify({ blob: b64(new Uint8Array(16)), office: "inspektorat", size }));
    return (await collector.fetch("/api/ticket", { method: "POST", body })).json() as Promise<{ error?: string }>;
  };
  const { largest } = await desk.intake();
  assert.equal((await ask(paddedSize(largest))).error, undefined);
  const [text] = await parts();
  const room = MOST_SEALED - (text as Part).bytes.length;
  const fits = Math.floor(room / (1 + 16 / MIB)) - 16;
  assert.ok(blobSize(fits) <= room && blobSize(fits + 32) > room);
  assert.equal((await ask(fits)).error, undefined);
  assert.equal((await ask(fits + 32)).error, "too-large");
});

test("an office without keys, a file without entries, and what needs a network", async () => {
  collector = new Collector({ site: siteValue() as { instance: string }, slices: {} }, () => today);
  desk = new Desk(networkOf(collector.fetch), () => today, systemRandom);
  await failsWith("no-keys", () => desk.openOffice("inspektorat"));
  await desk.unlock(CODENAME);
  assert.throws(() => collector.sealedFile());
  await failsWith("network", () => desk.erase("inspektorat", TODAY));
  assert.equal((await collector.fetch("/board/index", {})).status, 400);
});
