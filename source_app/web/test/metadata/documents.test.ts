/** What documents tell, and what hostile ones cannot do. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateSync } from "node:zlib";

import { zipSync } from "fflate";

import { concat, own, utf8, type Bytes } from "../../src/crypto/bytes";
import { look } from "../../src/metadata/look";
import { XMP } from "./exif";

async function told(data: Uint8Array): Promise<readonly string[]> {
  const { findings, removable } = await look(own(data));
  assert.equal(removable, undefined, "documents cannot be cleaned");
  return findings.map(({ what, value }) => `${what}: ${value}`);
}

const DOCX = {
  "[Content_Types].xml": utf8("<Types/>"),
  "docProps/core.xml": utf8(
    "<cp:coreProperties><dc:creator>Siti Contoh</dc:creator><cp:lastModifiedBy>Budi &lt;b&gt;</cp:lastModifiedBy>"
    + '<dcterms:created xsi:type="dcterms:W3CDTF">2026-11-01T07:03:22Z</dcterms:created><dc:title>Kuitansi</dc:title></cp:coreProperties>',
  ),
  "docProps/app.xml": utf8("<Properties><Application>Microsoft Office Word</Application><Company>Dinas Contoh</Company></Properties>"),
  "word/document.xml": utf8('<w:document><w:p><w:ins w:id="1" w:author="Ani" w:date="2026-11-02T00:00:00Z"><w:t>title</w:t></w:ins></w:p></w:document>'),
  "word/media/image1.jpeg": new Uint8Array(10),
};

test("a Word document tells its people, its organisation, its program, its times and its changes", async () => {
  assert.deepEqual(await told(zipSync(DOCX)), [
    "author: Siti Contoh", "changed-by: Budi <b>", "made: 2026-11-01 07:03:22 Z", "title: Kuitansi",
    "software: Microsoft Office Word", "company: Dinas Contoh", "author: Ani", "changes: ", "pictures: 1",
  ]);
});

test("an OpenDocument text does too", async () => {
  const meta = "<office:meta><meta:initial-creator>Siti</meta:initial-creator><dc:creator>Budi</dc:creator>"
    + "<meta:generator>LibreOffice/24.8</meta:generator><dc:date>2026-11-01T14:03:22.123456789</dc:date></office:meta>";
  const content = "<office:text><text:tracked-changes><office:change-info><dc:creator>Ani</dc:creator></office:change-info></text:tracked-changes></office:text>";
  const data = zipSync({ "mimetype": utf8("application/vnd.oasis.opendocument.text"), "meta.xml": utf8(meta), "content.xml": utf8(content) });
  assert.deepEqual(await told(data), [
    "author: Siti", "author: Budi", "software: LibreOffice/24.8", "changed: 2026-11-01 14:03:22", "author: Ani", "changes: ",
  ]);
});

test("another archive is not a document", async () => {
  assert.deepEqual(await look(own(zipSync({ "a.txt": utf8("a") }))), { kind: "unknown", findings: [], removable: undefined });
});

test("an entry that would fill the memory is not opened", async () => {
  const bomb = zipSync({ ...DOCX, "docProps/core.xml": new Uint8Array(9 * 2 ** 20) });
  assert.ok(bomb.length < 100_000);
  assert.ok(!(await told(bomb)).some((line) => line.startsWith("author: Siti")));
  assert.ok((await told(bomb)).includes("company: Dinas Contoh"));
});

test("an archive cut off anywhere is answered", async () => {
  const data = zipSync(DOCX);
  for (let end = 4; end < data.length; end += 7) await look(own(data.subarray(0, end)));
});

function pdf(...parts: readonly (string | Uint8Array)[]): Bytes {
  return concat(...["%PDF-1.7\n", ...parts, "\n%%EOF"].map((part) => (typeof part === "string" ? Uint8Array.from(part, (c) => c.charCodeAt(0)) : part)));
}

test("a PDF tells what its information dictionary holds, in each spelling", async () => {
  const utf16 = "\xfe\xff\0S\0i\0t\0i\x4e\x93";
  const data = pdf(
    `1 0 obj << /Author (${utf16}) /Creator (Writer \\(x\\)\\041) /Producer <4c69627265> /CreationDate (D:20261101140322+07'00') >> endobj`,
  );
  assert.deepEqual(await told(data), ["author: Siti亓", "software: Writer (x)!", "software: Libre", "made: 2026-11-01 14:03:22 +07:00"]);
});

test("a PDF tells what is compressed, and its XMP", async () => {
  const packed = deflateSync(utf8("5 0 << /Author (Siti) /Title (Kuitansi) >>"));
  const data = pdf(
    `1 0 obj << /Type /ObjStm /Filter /FlateDecode /Length ${packed.length} >> stream\r\n`, packed, "\nendstream endobj",
    "2 0 obj << /Type /Metadata /Subtype /XML >> stream\n", utf8(XMP), "\nendstream endobj",
  );
  const lines = await told(data);
  assert.ok(lines.includes("author: Siti") && lines.includes("title: Kuitansi"));
  assert.ok(lines.includes("author: PLANTED Budi & Siti"));
});

test("a PDF that would inflate without end is read up to a limit", async () => {
  const bomb = deflateSync(concat(utf8("/Author (Siti) "), new Uint8Array(200 * 2 ** 20)));
  assert.deepEqual(await told(pdf("1 0 obj << /Type /ObjStm /Filter /FlateDecode >> stream\n", bomb, "\nendstream")), ["author: Siti"]);
});

test("an encrypted PDF tells nothing", async () => {
  assert.deepEqual(await told(pdf("1 0 obj << /Author (xyz) >> trailer << /Encrypt 9 0 R >>")), []);
});

/** A property set as Word 97 writes it, in the second sector of a compound file. */
function ole(): Bytes {
  const texts: readonly (readonly [number, string])[] = [[4, "Siti Contoh"], [8, "Budi"], [18, "Microsoft Word 9.0"]];
  const values = texts.map(([, value]) => {
    const bytes = utf8(`${value}\0`);
    const view = new DataView(new ArrayBuffer(8 + Math.ceil(bytes.length / 4) * 4));
    view.setUint32(0, 30, true);
    view.setUint32(4, bytes.length, true);
    new Uint8Array(view.buffer).set(bytes, 8);
    return new Uint8Array(view.buffer);
  });
  const made = new DataView(new ArrayBuffer(12));
  made.setUint32(0, 64, true);
  made.setBigUint64(4, (BigInt(Date.UTC(2001, 1, 3, 4, 5, 6)) + 11_644_473_600_000n) * 10_000n, true);
  const all = [...values, new Uint8Array(made.buffer)];
  const head = new DataView(new ArrayBuffer(8 + 8 * all.length));
  head.setUint32(4, all.length, true);
  let at = head.byteLength;
  [...texts.map(([id]) => id), 12].forEach((id, i) => {
    head.setUint32(8 + 8 * i, id, true);
    head.setUint32(12 + 8 * i, at, true);
    at += (all[i] as Uint8Array).length;
  });
  const stream = new Uint8Array(48);
  stream.set([0xfe, 0xff]);
  stream[24] = 1;
  stream.set([0xe0, 0x85, 0x9f, 0xf2, 0xf9, 0x4f, 0x68, 0x10, 0xab, 0x91, 0x08, 0x00, 0x2b, 0x27, 0xb3, 0xd9], 28);
  stream[44] = 48;
  const compound = new Uint8Array(512);
  compound.set([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
  return concat(compound, stream, new Uint8Array(head.buffer), ...all);
}

test("an old Office document tells what its summary holds, also when it is cut off", async () => {
  const data = ole();
  assert.deepEqual(await told(data), [
    "author: Siti Contoh", "changed-by: Budi", "software: Microsoft Word 9.0", "made: 2001-02-03 04:05:06 Z",
  ]);
  for (let end = 8; end < data.length; end += 1) await look(data.slice(0, end));
});
