/** XMP packets, wherever in a file they stand uncompressed (ISO 16684-1): every format embeds them as plain XML. */

import { finding } from "./names";
import type { Finding } from "./report";
import { textsIn } from "./xml";

const START = "<x:xmpmeta";
const END = "</x:xmpmeta>";
const MOST_PACKETS = 16;
const LONGEST_PACKET = 2 ** 20;

export function* xmpFindings(untrusted: Uint8Array): Generator<Finding> {
  for (const packet of packets(untrusted)) {
    for (const [name, text] of textsIn(packet)) {
      const found = finding(name, text);
      if (found !== undefined) yield found;
    }
  }
}

function* packets(data: Uint8Array): Generator<string> {
  let at = 0;
  for (let count = 0; count < MOST_PACKETS; count += 1) {
    const start = find(data, START, at, data.length);
    if (start < 0) return;
    const limit = Math.min(data.length, start + LONGEST_PACKET);
    const end = find(data, END, start, limit);
    at = end < 0 ? limit : end + END.length;
    yield new TextDecoder().decode(data.subarray(start, at));
  }
}

/** Where `text` stands; the engine's own search finds the candidates. */
function find(data: Uint8Array, text: string, from: number, limit: number): number {
  const first = text.charCodeAt(0);
  for (let at = data.indexOf(first, from); at >= 0 && at < limit; at = data.indexOf(first, at + 1)) {
    let matched = 1;
    while (matched < text.length && data[at + matched] === text.charCodeAt(matched)) matched += 1;
    if (matched === text.length) return at;
  }
  return -1;
}
