/** What an Office document tells: OOXML (docx, xlsx, pptx) and OpenDocument (odt, ods, odp), which are zip archives. */

import { unzipSync } from "fflate";

import { finding } from "./names";
import type { Finding } from "./report";
import { textsIn } from "./xml";

/** Entries about the document as a whole: everything that they say counts. */
const PROPERTIES = /^(?:docProps\/(?:core|app|custom)\.xml|meta\.xml)$/;
/** Entries in which people's names stand beside changes and comments. */
const REMARKS =
  /^(?:word\/(?:document|comments|people|footnotes)\.xml|xl\/(?:comments\d*|persons\/person)\.xml|ppt\/(?:commentAuthors|authors)\.xml|content\.xml)$/;
const CHANGED = /<(?:w:ins|w:del|text:tracked-changes)[ >]/;
const PICTURE = /\.(?:jpe?g|png|tiff?|heic|webp)$/i;

/** An entry that is, or says it will become, larger than this is not opened. */
const LARGEST_PACKED = 2 ** 20;
const LARGEST_ENTRY = 8 * 2 ** 20;
const MOST_ENTRIES = 10_000;

/** Undefined if the archive is no Office document, or cannot be read. */
export function officeFindings(untrusted: Uint8Array): Finding[] | undefined {
  let pictures = 0;
  let entries = 0;
  let opened: Record<string, Uint8Array>;
  try {
    opened = unzipSync(untrusted, {
      filter({ name, size, originalSize }) {
        entries += 1;
        if (entries > MOST_ENTRIES) throw new RangeError("too many entries");
        if (PICTURE.test(name)) pictures += 1;
        const wanted = PROPERTIES.test(name) || REMARKS.test(name) || name === "[Content_Types].xml";
        return wanted && size <= LARGEST_PACKED && originalSize <= LARGEST_ENTRY;
      },
    });
  } catch {
    return undefined;
  }
  if (!("[Content_Types].xml" in opened || "meta.xml" in opened)) return undefined;
  return [...documentFindings(opened), ...(pictures > 0 ? [pictureCount(pictures)] : [])];
}

function pictureCount(count: number): Finding {
  return { group: "other", what: "pictures", value: String(count) };
}

function* documentFindings(opened: Readonly<Record<string, Uint8Array>>): Generator<Finding> {
  for (const [name, data] of Object.entries(opened)) {
    const xml = new TextDecoder().decode(data);
    const whole = PROPERTIES.test(name);
    for (const [field, text] of textsIn(xml)) {
      const found = finding(field, text);
      if (found !== undefined && (whole || found.what === "author")) yield found;
    }
    if (CHANGED.test(xml)) yield { group: "other", what: "changes", value: "" };
  }
}
