/** What is built and from what: the operator's manifest of served files rests on it. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";

/** Set by run.mjs: the folder of package.json. */
declare const WEB: string;

const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function built(): ReadonlyMap<string, Buffer> {
  const folder = mkdtempSync(join(tmpdir(), "peluit-build-"));
  folders.push(folder);
  execFileSync(process.execPath, [join(WEB, "build.mjs"), `--out=${folder}`], { cwd: tmpdir(), stdio: "pipe" });
  return new Map(readdirSync(folder).sort().map((name) => [name, readFileSync(join(folder, name))]));
}

const files = built();
const assets = JSON.parse(String(files.get("assets.json"))) as Record<string, string>;
const contents = (name: string): string => String(files.get(assets[name] as string));

test("two builds are the same bytes", () => {
  assert.deepEqual(built(), files);
});

test("names hold the hash of what they name, and nothing else is in the folder", () => {
  assert.deepEqual([...files.keys()], ["assets.json", ...Object.values(assets)].sort());
  for (const [name, file] of Object.entries(assets)) {
    const hash = createHash("sha256").update(files.get(file) as Buffer).digest("hex").slice(0, 16);
    assert.match(file, new RegExp(`^${name}-${hash}\\.(js|css|txt)$`));
  }
});

test("the page knows its workers", () => {
  for (const name of ["worker", "metadata"]) assert.ok(contents("main").includes(`"/assets/${assets[name]}"`), name);
});

test("nothing of the machine that built it, and nothing a strict policy forbids", () => {
  for (const name of Object.keys(assets)) {
    const text = contents(name);
    const traces = [WEB, "node_modules", "sourceMappingURL", "/home/"];
    assert.deepEqual(traces.filter((trace) => text.includes(trace)), []);
    // One name space of XMP looks like an address; it is only compared with.
    const forbidden = [/\beval\(/, /new Function\b/, /WebAssembly/, /https?:\/\/(?!ns\.adobe\.com\/)/];
    assert.deepEqual(forbidden.filter((pattern) => pattern.test(text)), []);
  }
});

test("keys and codenames stay out of the page's own script", () => {
  for (const name of ["argon2", "peluit/1 ", "importKey"]) assert.ok(!contents("main").includes(name), name);
});

test("what reads pictures is loaded on its own, and asks nobody", () => {
  for (const part of ["GPSLatitude", "ICC_PROFILE", "docProps"]) assert.ok(!contents("main").includes(part), part);
  assert.ok(contents("metadata").includes("GPSLatitude"));
  for (const request of ["fetch(", "XMLHttpRequest", "WebSocket", "importScripts"]) {
    assert.ok(!contents("metadata").includes(request), request);
  }
});

test("scripts fit the budget of 120 KB, compressed as they are served", () => {
  const sizes = ["main", "worker", "metadata"].map((name) => gzipSync(contents(name)).length);
  assert.ok(sizes.reduce((sum, size) => sum + size, 0) < 120_000, String(sizes));
});

test("the sealing page has everything inside, and loads nothing", () => {
  const sealing = contents("sealing");
  for (const part of ["GPSLatitude", "peluit/1", "peluit-sealed/1"]) assert.ok(sealing.includes(part), part);
  for (const end of ["</script", "<!--", "/assets/"]) assert.ok(!sealing.toLowerCase().includes(end), end);
  for (const request of ["fetch(", "XMLHttpRequest", "WebSocket", "importScripts", "EventSource", "sendBeacon"]) {
    // The one that fetches is the collector's own, a method.
    assert.ok(!new RegExp(`(?<![.\\w])${request.replace("(", "\\(")}`).test(sealing), request);
  }
});

test("nothing of the sealing page is in the scripts that are served", () => {
  for (const name of ["main", "worker"]) assert.ok(!contents(name).includes("peluit-sealing"), name);
});

interface Lock {
  readonly packages: Readonly<Record<string, { readonly integrity?: string; readonly resolved?: string }>>;
}

const REGISTRY = "https://registry.npmjs.org/";

test("every package is locked by its hash, names no other registry, and is there once", () => {
  const { packages } = JSON.parse(readFileSync(join(WEB, "package-lock.json"), "utf8")) as Lock;
  const names = Object.keys(packages).filter((path) => path !== "");
  for (const path of names) {
    assert.match(packages[path]?.integrity ?? "", /^sha512-/, path);
    assert.ok((packages[path]?.resolved ?? REGISTRY).startsWith(REGISTRY), path);
  }
  const short = names.map((path) => path.replace(/^.*node_modules\//, ""));
  assert.equal(new Set(short).size, short.length, "one version of each package");
});
