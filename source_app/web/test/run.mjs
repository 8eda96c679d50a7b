/** Bundles every test the way the page is bundled (same packages, same word lists) and runs them in Node. */

import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

import { exifreader } from "../exifreader.mjs";
import { wordlists } from "../wordlists.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const out = join(here, "../node_modules/.cache/peluit-test");
const tests = readdirSync(here, { recursive: true }).map(String).filter((name) => name.endsWith(".test.ts")).sort();

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
await build({
  entryPoints: tests.map((name) => join(here, name)),
  outbase: here,
  outdir: out,
  bundle: true,
  format: "esm",
  platform: "node",
  mainFields: ["module", "main"],
  target: "node20",
  sourcemap: "inline",
  outExtension: { ".js": ".mjs" },
  define: {
    VECTORS: JSON.stringify(join(here, "../../../tests/vectors")),
    WEB: JSON.stringify(join(here, "..")),
    WORKER_URL: '"/assets/worker.js"',
    METADATA_URL: '"/assets/metadata.js"',
  },
  plugins: [exifreader, wordlists],
  logLevel: "warning",
});
const files = tests.map((name) => join(out, name.replace(/\.ts$/, ".mjs")));
console.log(`${files.length} test files from ${relative(process.cwd(), here) || "."}`);
const { status } = spawnSync(process.execPath, ["--enable-source-maps", "--test", ...files], { stdio: "inherit" });
process.exitCode = status ?? 1;
