/**
 * exifreader without the parts that this page does not use: its own kind of custom build, which replaces the
 * same constants (see its webpack.config.js), done by esbuild. Formats are left out that we do not offer to read;
 * XMP is left out because its reader needs a DOMParser, which workers lack.
 */

import { readFile } from "node:fs/promises";

const LEFT_OUT = new Set(["XMP", "JXL", "GIF", "FILE", "JFIF", "PNG_FILE", "PHOTOSHOP", "MPF"]);

export const exifreader = {
  name: "exifreader",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]exifreader[\\/]src[\\/][\w-]+\.js$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const contents = source.replace(/\bConstants\.USE_(\w+)/g, (_, part) => String(!LEFT_OUT.has(part)));
      return { contents, loader: "js" };
    });
  },
};
