/** Opening identities: the custodians' half. The page does not need it; the vectors and tests do (section 6.1). */

import { equal, fromUint, fromUtf8, isZero, type Bytes } from "./bytes";
import type { Json } from "./canonical";
import {
  BOX_SIZE, COMMITMENT_SIZE, FEWEST_CUSTODIANS, IDENTITY_SIZE, ITEM_KEY_SIZE, MOST_NEEDED, STANZA_SIZE, TAG_SIZE,
} from "./constants";
import { mayNeed } from "./custodians";
import { demand } from "./errors";
import { asData, asId, entries, Fields } from "./fields";
import { boxKey, contentKeys, saltOf, setsOf, stanzaInfo, type Owner, type SealedIdentity } from "./identity";
import { unwrap } from "./kem";
import { openChunk } from "./stream";

export function readSealedIdentity(untrusted: Json): SealedIdentity {
  const fields = new Fields(untrusted, ["boxes", "commitment", "content", "needed", "stanzas"]);
  const stanzas = new Map([...entries(fields.get("stanzas"))].map(([id, stanza]) => [asId(id), asData(stanza, STANZA_SIZE)]));
  const needed = fields.integer("needed", FEWEST_CUSTODIANS, MOST_NEEDED);
  demand(mayNeed(stanzas.size, needed));
  const count = setsOf([...stanzas.keys()], needed).length;
  return {
    needed,
    stanzas: new Map([...stanzas].sort(([one], [other]) => (one < other ? -1 : 1))),
    boxes: fields.list("boxes", (box) => asData(box, BOX_SIZE), count, count),
    commitment: fields.data("commitment", COMMITMENT_SIZE),
    content: fields.data("content", IDENTITY_SIZE + TAG_SIZE),
  };
}

/** What the reporter wrote, with the X-Wing seeds of exactly as many custodians as are needed. */
export async function openIdentity(sealed: SealedIdentity, owner: Owner, seeds: ReadonlyMap<string, Bytes>): Promise<string> {
  const sets = setsOf([...sealed.stanzas.keys()], sealed.needed);
  const at = sets.findIndex((set) => set.length === seeds.size && set.every((id) => seeds.has(id)));
  const set = sets[at];
  demand(set !== undefined, "cannot-open");
  const secrets = new Map<string, Bytes>();
  for (const id of set) {
    const secret = await unwrap(seeds.get(id) as Bytes, stanzaInfo(owner, id), sealed.stanzas.get(id) as Bytes);
    demand(secret.length === ITEM_KEY_SIZE, "cannot-open");
    secrets.set(id, secret);
  }
  const salt = await saltOf(owner, sealed.needed, sealed.stanzas);
  const key = await openChunk(await boxKey(set, secrets, salt), 0, true, sealed.boxes[at] as Bytes);
  const { content, commitment } = await contentKeys(key, salt);
  demand(equal(commitment, sealed.commitment), "commitment");
  const padded = await openChunk(content, 0, true, sealed.content);
  const length = fromUint(padded.subarray(0, 2));
  demand(2 + length <= padded.length && isZero(padded.subarray(2 + length)));
  return fromUtf8(padded.subarray(2, 2 + length));
}
