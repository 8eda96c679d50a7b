/**
 * The names and texts in an XML document, good enough to show what it tells; a worker has no DOMParser.
 *
 * Nothing is checked or resolved: no namespaces, no entities but XML's own five and numbers. Time grows with
 * the length: each `<` is paired with the `>` that follows it.
 */

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };
const ATTRIBUTE = /(?<=\s)([\w.:-]{1,80})\s?=\s?(?:"([^"]*)"|'([^']*)')/g;
/** Longer tags have no attributes that we would show. */
const LONGEST_TAG = 20_000;
const DEEPEST = 64;

/** Each attribute and each text, under the local name of the attribute or of the element around it, in order. */
export function* textsIn(xml: string): Generator<readonly [name: string, text: string]> {
  const open: string[] = [];
  let at = 0;
  for (;;) {
    const start = xml.indexOf("<", at);
    const end = xml.indexOf(">", start);
    if (start < 0 || end < 0) return;
    const text = decoded(xml.slice(at, Math.min(start, at + 1000))).trim();
    const name = open.filter((each) => !isContainer(each)).at(-1);
    if (text !== "" && name !== undefined) yield [local(name), text];
    const tag = xml.slice(start + 1, Math.min(end, start + LONGEST_TAG));
    at = end + 1;
    if (tag.startsWith("/")) {
      open.pop();
    } else if (/^[A-Za-z_]/.test(tag)) {
      if (!xml.startsWith("/", end - 1) && open.length < DEEPEST) open.push(/^[^\s/]*/.exec(tag)?.[0] ?? "");
      for (const [, attribute = "", first, second] of tag.matchAll(ATTRIBUTE)) {
        yield [local(attribute), decoded(first ?? second ?? "")];
      }
    }
  }
}

/** RDF wraps values into lists and descriptions, which say nothing about what they are. */
function isContainer(name: string): boolean {
  return name.startsWith("rdf:");
}

function local(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}

function decoded(text: string): string {
  return text.replace(/&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|([a-z]{2,4}));/g, (whole, hexadecimal, decimal, name) => {
    if (name !== undefined) return ENTITIES[name as string] ?? whole;
    const code = hexadecimal === undefined ? Number(decimal) : Number.parseInt(hexadecimal as string, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : "";
  });
}
