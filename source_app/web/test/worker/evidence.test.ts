import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { openBlob } from "../../src/crypto/blob";
import { concat, hex, type Bytes } from "../../src/crypto/bytes";
import { CODENAME, REVIEWERS } from "../support/office";
import { failsWith, refuses } from "../support/refuses";
import { ADDRESS, nothing, opened, Visit } from "../support/visit";

const MIB = 1048576;

let visit: Visit;
beforeEach(() => {
  visit = new Visit();
});

async function fileOf(size: number): Promise<{ readonly file: File; readonly bytes: Bytes }> {
  const bytes = Uint8Array.from({ length: size }, (_, i) => (i * 31) % 253);
  return { file: new File([bytes], "bukti.pdf", { type: "application/pdf", lastModified: 1 }), bytes };
}

/** The evidence item that was sent last, and the file it opens. */
async function received(): Promise<{ readonly name: string; readonly bytes: Bytes }> {
  const last = visit.sent().at(-1) as ReturnType<Visit["sent"]>[number];
  const { content: found } = await opened(last.item, "auditor");
  assert.ok(found.kind === "evidence");
  const { blob, key, size, chunks, name } = found.file;
  const [stored] = [...visit.server.blobs].filter(([path]) => path.includes(hex(blob)));
  assert.ok(stored !== undefined && stored[1].complete);
  const parts = [...stored[1].chunks].sort(([a], [b]) => a - b).map(([, chunk]) => chunk);
  return { name, bytes: await openBlob(concat(...parts), blob, key, size, chunks) };
}

test("files of every shape arrive", async () => {
  await visit.desk.unlock(CODENAME);
  for (const size of [0, 1, 65536, MIB, 3 * MIB + 12345]) {
    const { file, bytes } = await fileOf(size);
    const seen: number[] = [];
    await visit.desk.sendFile(ADDRESS, file, ({ sent: now, total }) => {
      assert.equal(total, size);
      seen.push(now);
    });
    assert.equal(seen.at(-1), size);
    assert.deepEqual(seen, [...seen].sort((a, b) => a - b));
    const { name, bytes: arrived } = await received();
    assert.equal(name, "bukti.pdf");
    assert.equal(hex(arrived.slice(-64)), hex(bytes.slice(-64)));
    assert.ok(Buffer.from(arrived).equals(Buffer.from(bytes)));
  }
});

test("no request says what the file is called, how long it is or what it holds", async () => {
  await visit.desk.unlock(CODENAME);
  const { file, bytes } = await fileOf(100_000);
  await visit.desk.sendFile(ADDRESS, file, nothing);
  const all = Buffer.concat(visit.server.seen.flatMap(({ path, body }) => [Buffer.from(path), Buffer.from(body)]));
  for (const secret of ["bukti", "pdf", "100000"]) assert.ok(!all.includes(secret), secret);
  assert.ok(!all.includes(Buffer.from(bytes.slice(500, 532))));
});

test("a broken upload goes on where it stopped", async () => {
  await visit.desk.unlock(CODENAME);
  const { file, bytes } = await fileOf(6 * MIB);
  visit.server.fault = (seen) => (seen.method === "PUT" && seen.path.endsWith("/4") ? "lost" : undefined);
  await failsWith("network", () => visit.desk.sendFile(ADDRESS, file, nothing));
  const stored = [...visit.server.blobs.values()].map(({ chunks }) => chunks.size);
  assert.ok((stored[0] as number) >= 4);
  visit.server.fault = () => undefined;
  const before = visit.server.paths("PUT").length;
  await visit.desk.sendFile(ADDRESS, (await fileOf(6 * MIB)).file, nothing);
  assert.equal(visit.server.blobs.size, 1, "no second blob");
  assert.equal(visit.server.paths("PUT").length - before, 6 - (stored[0] as number), "only what was missing");
  assert.ok(Buffer.from((await received()).bytes).equals(Buffer.from(bytes)));
});

test("a file that has changed since is not sealed under the same key", async () => {
  await visit.desk.unlock(CODENAME);
  const name = ["bukti.pdf", { lastModified: 1 }] as const;
  visit.server.fault = (seen) => (seen.method === "PUT" && seen.path.endsWith("/1") ? "lost" : undefined);
  await failsWith("network", () => visit.desk.sendFile(ADDRESS, new File([new Uint8Array(2 * MIB)], ...name), nothing));
  visit.server.fault = () => undefined;
  const other = new File([new Uint8Array(2 * MIB).fill(1)], ...name);
  await failsWith("file-changed", () => visit.desk.sendFile(ADDRESS, other, nothing));
  await visit.desk.sendFile(ADDRESS, other, nothing);
  assert.equal(visit.server.blobs.size, 2, "it was sent as a new blob");
});

test("of two files that look alike from outside, each is sent as itself", async () => {
  await visit.desk.unlock(CODENAME);
  const alike = (byte: number) => new File([new Uint8Array(2 * MIB).fill(byte)], "DSC01.jpg", { lastModified: 1 });
  visit.server.fault = (seen) => (seen.path.startsWith("/api/item") ? "lost" : undefined);
  await failsWith("network", () => visit.desk.sendFile(ADDRESS, alike(1), nothing));
  visit.server.fault = () => undefined;
  await failsWith("file-changed", () => visit.desk.sendFile(ADDRESS, alike(2), nothing));
  await visit.desk.sendFile(ADDRESS, alike(2), nothing);
  assert.equal((await received()).bytes[0], 2);
});

test("a file that cannot be read", async () => {
  await visit.desk.unlock(CODENAME);
  const gone = () => ({ arrayBuffer: () => Promise.reject(new Error("gone")) });
  const shorter = () => new Blob([new Uint8Array(9)]);
  for (const value of [gone, shorter]) {
    const file = Object.defineProperty(new File([new Uint8Array(10)], "x"), "slice", { value });
    await failsWith("file-changed", () => visit.desk.sendFile(ADDRESS, file, nothing));
  }
  assert.equal(visit.server.items.size, 0);
});

test("a ticket that ends at midnight is asked for again", async () => {
  await visit.desk.unlock(CODENAME);
  visit.server.fault = (seen) => {
    if (seen.method === "PUT" && seen.path.endsWith("/1")) visit.server.ticket = "bmV1";
    return undefined;
  };
  await visit.desk.sendFile(ADDRESS, (await fileOf(4 * MIB)).file, nothing);
  assert.equal(visit.server.paths("/api/ticket").length, 2);
  await received();
});

test("evidence of a retry is sealed for the address of the retry", async () => {
  await visit.desk.unlock(CODENAME);
  const { file } = await fileOf(10);
  visit.server.fault = (seen) => (seen.path.startsWith("/api/item") ? "lost" : undefined);
  await failsWith("network", () => visit.desk.sendFile({ ...ADDRESS, excluded: [] }, file, nothing));
  visit.server.fault = () => undefined;
  await visit.desk.sendFile(ADDRESS, file, nothing);
  assert.equal(visit.server.blobs.size, 1);
  const [{ item }] = visit.sent() as [ReturnType<Visit["sent"]>[number]];
  assert.deepEqual((await opened(item, "auditor")).excluded, ["ketua"]);
  await refuses("cannot-open", () => opened(item, "ketua"));
});

test("no upload begins for an address that nothing can be sealed to", async () => {
  await visit.desk.unlock(CODENAME);
  const { file } = await fileOf(10);
  const everybody = { ...ADDRESS, excluded: [...REVIEWERS] };
  await failsWith("no-recipient-left", () => visit.desk.sendFile(everybody, file, nothing));
  await failsWith("no-such-channel", () => visit.desk.sendFile({ ...ADDRESS, channel: "lain" }, file, nothing));
  assert.equal(visit.server.blobs.size, 0);
});

test("chunks that the server lost are sent again", async () => {
  await visit.desk.unlock(CODENAME);
  let lost = false;
  visit.server.fault = (seen) => {
    if (seen.path.endsWith("/done") && !lost) {
      lost = true;
      for (const { chunks } of visit.server.blobs.values()) chunks.delete(2);
    }
    return undefined;
  };
  const { file, bytes } = await fileOf(4 * MIB);
  await visit.desk.sendFile(ADDRESS, file, nothing);
  assert.ok(Buffer.from((await received()).bytes).equals(Buffer.from(bytes)));
});

test("forgetting stops an upload", async () => {
  await visit.desk.unlock(CODENAME);
  visit.server.fault = (seen) => {
    if (seen.path.endsWith("/0")) void visit.desk.forget();
    return undefined;
  };
  await failsWith("locked", async () => visit.desk.sendFile(ADDRESS, (await fileOf(20 * MIB)).file, nothing));
  assert.ok(visit.server.paths("PUT").length < 8);
  assert.equal(visit.server.items.size, 0);
});
