/** Bundles the worker's code with what stands in for a browser around it (main.ts), and starts it. */

import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { build } from "esbuild";

import { wordlists } from "../../wordlists.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const out = join(here, `../../node_modules/.cache/peluit-uploader/${process.pid}.mjs`);

await build({
  entryPoints: [join(here, "main.ts")],
  outfile: out,
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20",
  plugins: [wordlists],
  logLevel: "warning",
});
try {
  await import(pathToFileURL(out).href);
} finally {
  rmSync(out, { force: true });
}
