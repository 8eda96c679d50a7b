/** Writes the sample pictures into FOLDER, and what cleaning makes of them into FOLDER/cleaned: node write-samples.mjs FOLDER */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { build } from "esbuild";

import { exifreader } from "../../exifreader.mjs";

const folder = process.argv[2];
const built = mkdtempSync(join(tmpdir(), "peluit-samples-"));
const outfile = join(built, "samples.mjs");
await build({
  entryPoints: [fileURLToPath(new URL("samples.ts", import.meta.url))],
  outfile,
  bundle: true,
  format: "esm",
  platform: "node",
  mainFields: ["module", "main"],
  plugins: [exifreader],
});
const { SAMPLES, OTHERS, cleaned } = await import(pathToFileURL(outfile).href);
for (const [name, data] of Object.entries({ ...SAMPLES, ...OTHERS })) writeFileSync(join(folder, name), data);
mkdirSync(join(folder, "cleaned"));
for (const name of Object.keys(SAMPLES)) writeFileSync(join(folder, "cleaned", name), await cleaned(name));
rmSync(built, { recursive: true });
