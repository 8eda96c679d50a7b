/** What a picture tells, read by the library exifreader; XMP apart, for which it needs what a worker lacks. */

import { loadView, type ExpandedTags } from "exifreader";

import { finding } from "./names";
import { plain, type Finding } from "./report";
import { xmpFindings } from "./xmp";

const LARGEST_TEXT = 2 ** 20;

/** Never refuses: what cannot be read is not listed. */
export async function pictureFindings(untrusted: Uint8Array<ArrayBuffer>): Promise<Finding[]> {
  return [...(await libraryFindings(untrusted)), ...xmpFindings(untrusted)];
}

async function libraryFindings(untrusted: Uint8Array<ArrayBuffer>): Promise<Finding[]> {
  let tags: ExpandedTags;
  try {
    const view = new DataView(untrusted.buffer, untrusted.byteOffset, untrusted.byteLength);
    const limits = { maxDecompressedSize: LARGEST_TEXT };
    tags = await loadView(view, { expanded: true, async: true, decompress: limits });
  } catch {
    // No metadata at all is an error to the library, as is a damaged picture.
    return [];
  }
  return [...positions(tags), ...fields(tags)];
}

function* positions({ gps }: ExpandedTags): Generator<Finding> {
  const { Latitude: latitude, Longitude: longitude, Altitude: altitude } = gps ?? {};
  if (isNumber(latitude) && isNumber(longitude)) {
    yield { group: "place", what: "position", value: `${degrees(latitude)}, ${degrees(longitude)}` };
  }
  if (isNumber(altitude)) yield { group: "place", what: "altitude", value: `${Math.round(altitude)} m` };
}

const isNumber = (value: number | undefined): value is number => Number.isFinite(value);

/** Five decimals are about a metre. */
function degrees(value: number): string {
  return String(Math.round(value * 1e5) / 1e5);
}

function* fields(tags: ExpandedTags): Generator<Finding> {
  for (const group of ["exif", "iptc", "makerNotes", "png", "pngText"] as const) {
    for (const [name, tag] of Object.entries(tags[group] ?? {})) {
      // Latitudes without their sign: the position is told above.
      if (name.startsWith("GPS") && !name.startsWith("GPSDate") && name !== "GPSAreaInformation") continue;
      const text = described(tag);
      const found = finding(name, text);
      if (found !== undefined) yield found;
      else if (group === "pngText" && isFreeText(name, tag)) {
        yield { group: "author", what: "comment", value: plain(`${name}: ${text}`) };
      }
    }
  }
  const profile = described(tags.icc?.["ICC Description"]);
  if (profile !== "") yield { group: "other", what: "profile", value: plain(profile) };
  if (tags.Thumbnail !== undefined) yield { group: "other", what: "preview", value: "" };
}

/** Programs put texts under names of their own into a PNG; the library lists numbers from other chunks with them. */
function isFreeText(name: string, tag: unknown): boolean {
  const { value } = (tag ?? {}) as { readonly value?: unknown };
  return typeof value === "string" && name !== "XML:com.adobe.xmp";
}

/** The library's words for a value, or for each of several. */
function described(tag: unknown): string {
  if (Array.isArray(tag)) return tag.map(described).join(", ");
  const { description } = (tag ?? {}) as { readonly description?: unknown };
  return typeof description === "string" || typeof description === "number" ? String(description) : "";
}
