/** The calls of tests/vectors/README.md. To add one, add a line to the table. */

import { proveAuthorship, readAuthorship } from "../../src/crypto/authorship";
import { bind, type Purpose } from "../../src/crypto/binding";
import { blobStream, chunkCount, chunkRange, chunksHash, openBlob, paddedSize } from "../../src/crypto/blob";
import { parseIndex } from "../../src/crypto/board";
import { concat, fromB64, fromHex, hex, zeroPadded, type Bytes } from "../../src/crypto/bytes";
import { parse } from "../../src/crypto/canonical";
import { keysFrom, readCodename, stretch } from "../../src/crypto/codename";
import { CHUNK_SIZE, SEALED_START, TAG_SIZE } from "../../src/crypto/constants";
import { deletionToken, tokenHash } from "../../src/crypto/deletion";
import { hkdf, hmacKey, sha256 } from "../../src/crypto/digest";
import { blobIdentity } from "../../src/crypto/evidence";
import { openSlice } from "../../src/crypto/directory";
import { demand } from "../../src/crypto/errors";
import { asDigits, asWords, fingerprint } from "../../src/crypto/fingerprint";
import { makeHint } from "../../src/crypto/hint";
import { unwrap, wrap } from "../../src/crypto/kem";
import { openItem, parseItem, readMessage } from "../../src/crypto/open";
import { openIdentity, readSealedIdentity } from "../../src/crypto/open-identity";
import { openReply } from "../../src/crypto/reply";
import { entrySize, headLength, readHead, writeHead } from "../../src/crypto/sealed-file";
import { sign, verify, verifyKey } from "../../src/crypto/signed";
import { sealChunk } from "../../src/crypto/stream";

type Edit = readonly (string | number)[];

/** Every input that some call has; hex unless the README says otherwise. */
export type Given = Record<string, string> & {
  readonly size: number;
  readonly number: number;
  readonly parts: readonly string[];
  readonly recipients: readonly string[];
  readonly file: { readonly repeat: string; readonly size: number };
  readonly edits: readonly Edit[];
  readonly reviewers: Readonly<Record<string, string>>;
  readonly keys: Readonly<Record<string, string>>;
};

const at = (given: Given, name: string): Bytes => fromHex(textAt(given, name));

function textAt(given: Given, name: string): string {
  const value = given[name];
  if (typeof value !== "string") throw new Error(`the vector lacks ${name}`);
  return value;
}

const purposeAt = (given: Given): Purpose => textAt(given, "purpose") as Purpose;

function makeFile({ repeat, size }: Given["file"]): Bytes {
  const pattern = fromHex(repeat);
  return Uint8Array.from({ length: size }, (_, i) => pattern[i % pattern.length] as number);
}

async function sealFile(given: Given): Promise<{ readonly chunks: Bytes[]; readonly listed: Bytes }> {
  const padded = zeroPadded(makeFile(given.file), paddedSize(given.file.size));
  const stream = await blobStream(at(given, "id"), at(given, "key"));
  const count = chunkCount(padded.length);
  const plain = Array.from({ length: count }, (_, i) => {
    const { start, end } = chunkRange(padded.length, i);
    return padded.slice(start, end);
  });
  const chunks = await Promise.all(plain.map((part, i) => sealChunk(stream, i, i === count - 1, part)));
  return { chunks, listed: await chunksHash(concat(...(await Promise.all(plain.map(sha256))))) };
}

function edited(blob: Bytes, [kind, first, second]: Edit): Bytes {
  const step = CHUNK_SIZE + TAG_SIZE;
  const chunks = Array.from({ length: Math.ceil(blob.length / step) }, (_, i) => blob.slice(i * step, (i + 1) * step));
  const [i, j] = [Number(first), Number(second)];
  if (kind === "swap") [chunks[i], chunks[j]] = [chunks[j] as Bytes, chunks[i] as Bytes];
  else if (kind === "drop") chunks.splice(i, 1);
  else if (kind === "double") chunks.splice(i + 1, 0, chunks[i] as Bytes);
  else if (kind === "truncate") return blob.slice(0, i);
  else if (kind === "append") return concat(blob, fromHex(String(first)));
  else if (kind === "flip") return blob.map((byte, offset) => (offset === i ? byte ^ 1 : byte));
  else throw new Error(`unknown edit ${String(kind)}`);
  return concat(...chunks);
}

async function openEdited(given: Given): Promise<Bytes> {
  const { chunks } = await sealFile(given);
  const blob = given.edits.reduce(edited, concat(...chunks));
  return openBlob(blob, at(given, "id"), at(given, "key"), given.size, at(given, "chunks"));
}

async function codenameKeys(given: Given) {
  const seed = await stretch(readCodename(textAt(given, "text")), at(given, "instance"));
  const keys = await keysFrom(seed);
  return {
    seed: hex(seed), sign: hex(keys.verify), reply: hex(keys.replyPublic), hint: hex(keys.hintKey),
    deletion: hex(keys.deletionSecret), upload: hex(keys.uploadSecret), thread: hex(keys.thread),
  };
}

export const CALLS: Readonly<Record<string, (given: Given) => unknown>> = {
  "bind": (g) => ({ bytes: hex(bind(purposeAt(g), ...g.parts.map(fromHex))) }),
  "derive": async (g) => ({ bytes: hex(await hkdf(at(g, "key"), purposeAt(g), at(g, "salt"))) }),
  "unb64": (g) => {
    demand(typeof g["text"] === "string");
    return { bytes: hex(fromB64(g["text"], g.size)) };
  },
  "parse-canonical": (g) => {
    parse(at(g, "data"));
    return {};
  },
  "verify-signed": (g) => {
    verify(at(g, "document"), purposeAt(g), at(g, "key"), 2 ** 22);
    return {};
  },
  "read-codename": (g) => ({ canonical: readCodename(textAt(g, "text")) }),
  "codename-keys": codenameKeys,
  "fingerprint": async (g) => {
    const print = await fingerprint(at(g, "root"));
    return { digits: asDigits(print), en: asWords(print, "en"), id: asWords(print, "id") };
  },
  "check-slice": (g) => {
    const expected = { instance: at(g, "instance"), office: textAt(g, "office"), root: at(g, "root") };
    const { epoch, forms, serial, custodians, needed } = openSlice(at(g, "slice"), expected, textAt(g, "day"));
    const asked = Object.fromEntries(forms.map(({ id, fields }) => [id, fields.map((field) => field.id)]));
    return { epoch, forms: asked, serial, custodians: custodians.map(({ id }) => id), needed };
  },
  "wrap": async (g) => ({ size: (await wrap(at(g, "key"), at(g, "info"), at(g, "plaintext"))).length }),
  "unwrap": async (g) => ({ plaintext: hex(await unwrap(at(g, "seed"), at(g, "info"), at(g, "wrapped"))) }),
  "sign-message": (g) => ({ document: hex(sign(parse(at(g, "message")), "message", at(g, "seed"))) }),
  "read-message": (g) => {
    const place = { instance: at(g, "instance"), office: textAt(g, "office"), channel: textAt(g, "channel") };
    const { content } = readMessage(at(g, "document"), place, g.recipients);
    return content.kind === "evidence" || content.kind === "identity" ? { kind: content.kind } : content;
  },
  "open-identity": async (g) => {
    const owner = { instance: at(g, "instance"), office: textAt(g, "office"), verify: at(g, "verify") };
    const seeds = new Map(Object.entries(g.keys).map(([id, seed]) => [id, fromHex(seed)]));
    return { text: await openIdentity(readSealedIdentity(parse(at(g, "sealed"))), owner, seeds) };
  },
  "sign-authorship": (g) => {
    const seed = at(g, "seed");
    const made = { instance: at(g, "instance"), office: textAt(g, "office"), day: textAt(g, "day"), statement: textAt(g, "statement") };
    return { text: proveAuthorship(made, { signSeed: seed, verify: verifyKey(seed) }) };
  },
  "read-authorship": (g) => {
    const read = readAuthorship(textAt(g, "text"), { instance: at(g, "instance"), office: textAt(g, "office") });
    return { day: read.day, statement: read.statement, verify: hex(read.verify) };
  },
  "read-sealed-file": (g) => {
    const file = at(g, "file");
    const length = headLength(file.subarray(0, SEALED_START));
    const head = readHead(file.subarray(SEALED_START, SEALED_START + length), at(g, "instance"));
    return { length, lengths: head.entries.map(entrySize), office: head.office, written: hex(writeHead(head)) };
  },
  "item-shape": (g) => {
    const { epoch, stanzas, payload } = parseItem(at(g, "item"));
    return { epoch, stanzas: stanzas.length, payload: payload.length - TAG_SIZE };
  },
  "open-item": async (g) => {
    const place = { instance: at(g, "instance"), office: textAt(g, "office"), channel: textAt(g, "channel") };
    return { document: hex(await openItem(at(g, "item"), place, at(g, "seed"))) };
  },
  "padme": (g) => ({ padded: paddedSize(g.size) }),
  "seal-blob": async (g) => {
    const { chunks, listed } = await sealFile(g);
    return { blob: hex(await sha256(concat(...chunks))), chunks: hex(listed) };
  },
  "open-blob": async (g) => ({ file: hex(await sha256(await openEdited(g))) }),
  "blob-identity": async (g) => {
    const { blob, key } = await blobIdentity(at(g, "secret"), textAt(g, "office"), at(g, "chunks"));
    return { id: hex(blob), key: hex(key) };
  },
  "hint": async (g) => ({ hint: hex(await makeHint(await hmacKey(at(g, "key")), at(g, "nonce"))) }),
  "deletion-token": async (g) => {
    const token = await deletionToken(at(g, "secret"), textAt(g, "day"), g.number);
    return { token: hex(token), hash: hex(await tokenHash(token)) };
  },
  "read-index": async (g) => {
    const { version, hints } = await parseIndex(at(g, "index"));
    return { version, count: hints.length };
  },
  "open-reply": async (g) => {
    const reviewers = new Map(Object.entries(g.reviewers).map(([id, key]) => [id, fromHex(key)]));
    const keys = await keysFrom(at(g, "seed"));
    const instance = at(g, "instance");
    const { text, number, reviewer, status, grant } = await openReply(at(g, "slot"), keys, instance, textAt(g, "office"), reviewers);
    return { number, other: grant?.names ?? null, reviewer, status, text };
  },
};
