/** What kind of file this is, by its first bytes: names and media types are only claims. */

export type Kind = "jpeg" | "png" | "webp" | "picture" | "pdf" | "zip" | "ole" | "unknown";

/** The first bytes that `kindOf` looks at. */
export const MAGIC_SIZE = 16;

const PICTURE_BRANDS: ReadonlySet<string> = new Set(["heic", "heix", "heim", "heis", "hevc", "mif1", "msf1", "avif", "avis"]);

export function kindOf(start: Uint8Array): Kind {
  const text = String.fromCharCode(...start.subarray(0, MAGIC_SIZE));
  if (text.startsWith("\xff\xd8\xff")) return "jpeg";
  if (text.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (text.startsWith("RIFF") && text.slice(8, 12) === "WEBP") return "webp";
  if (text.startsWith("II*\0") || text.startsWith("MM\0*")) return "picture";
  if (text.slice(4, 8) === "ftyp" && PICTURE_BRANDS.has(text.slice(8, 12))) return "picture";
  if (text.startsWith("%PDF-")) return "pdf";
  if (text.startsWith("PK\x03\x04")) return "zip";
  if (text.startsWith("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")) return "ole";
  return "unknown";
}

/** The kinds that can be cleaned, and the ending that their names get. */
export const ENDINGS: Readonly<Partial<Record<Kind, string>>> = { jpeg: "jpg", png: "png", webp: "webp" };
