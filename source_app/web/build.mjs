/**
 * Builds the page into dist/: content-hashed names, and assets.json to find them by.
 * The same sources give the same bytes, on every machine: the operator's manifest of served files rests on it.
 */

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

import { exifreader } from "./exifreader.mjs";
import { wordlists } from "./wordlists.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const out = process.argv.find((argument) => argument.startsWith("--out="))?.slice("--out=".length);
const dist = out ?? join(here, "dist");
const served = "/assets/";

/** Firefox and Chromium of the last two years; Tor Browser follows Firefox ESR. */
const target = ["firefox128", "chrome120"];

async function bundle(entry, define = {}, inject = []) {
  const result = await build({
    absWorkingDir: here,
    entryPoints: [entry],
    bundle: true,
    // A classic script: it runs alike from a <script> of any type and as a worker.
    format: "iife",
    platform: "browser",
    target,
    minify: true,
    charset: "utf8",
    legalComments: "none",
    sourcemap: false,
    define,
    inject,
    plugins: [exifreader, wordlists],
    write: false,
    metafile: process.argv.includes("--sizes"),
    logLevel: "warning",
  });
  if (result.metafile) listSizes(result.metafile);
  return result.outputFiles[0].contents;
}

/** Writes the file under a name that holds its hash, and returns the name. */
function emit(name, extension, contents) {
  const hash = createHash("sha256").update(contents).digest("hex").slice(0, 16);
  const file = `${name}-${hash}.${extension}`;
  writeFileSync(join(dist, file), contents);
  return file;
}

/** The script of the sealing page, its workers inside; not served on its own, but put into that page. */
async function sealing() {
  const text = (contents) => JSON.stringify(new TextDecoder().decode(contents));
  const sources = {
    WORKER_SOURCE: text(await bundle("src/sealing/worker.ts")),
    METADATA_SOURCE: text(await bundle("src/metadata/main.ts")),
  };
  return bundle("src/sealing/main.ts", sources, ["src/sealing/worker-urls.ts"]);
}

function listSizes(metafile) {
  for (const output of Object.values(metafile.outputs)) {
    const packages = new Map();
    for (const [input, { bytesInOutput }] of Object.entries(output.inputs)) {
      const name = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1] ?? input.replace(/[^/]*$/, "");
      packages.set(name, (packages.get(name) ?? 0) + bytesInOutput);
    }
    for (const [name, bytes] of [...packages].sort((a, b) => b[1] - a[1])) console.log(`${bytes}\t${name}`);
  }
}

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
const assets = {};
// First the workers: the page has to know their names.
assets.worker = emit("worker", "js", await bundle("src/worker/main.ts"));
assets.metadata = emit("metadata", "js", await bundle("src/metadata/main.ts"));
const define = {
  WORKER_URL: JSON.stringify(served + assets.worker),
  METADATA_URL: JSON.stringify(served + assets.metadata),
};
assets.main = emit("main", "js", await bundle("src/ui/main.ts", define));
assets.sealing = emit("sealing", "txt", await sealing());
if (existsSync(join(here, "src/ui/style.css"))) assets.style = emit("style", "css", await bundle("src/ui/style.css"));
const sorted = Object.fromEntries(Object.entries(assets).sort());
writeFileSync(join(dist, "assets.json"), `${JSON.stringify(sorted, null, 2)}\n`);
for (const file of Object.values(sorted)) console.log(`${readFileSync(join(dist, file)).length}\t${file}`);
