/** The name that a person leaves with the office's identity custodians, sealed before it goes into a message. */

import type { Random } from "../crypto/bytes";
import { wellFormed } from "../crypto/canonical";
import type { Slice } from "../crypto/directory";
import { sealIdentity } from "../crypto/identity";
import type { MessageContent } from "../crypto/message";
import { Failure, type IdentityContent } from "./calls";
import type { Session } from "./session";

/** Refuses with other-custodians when they are not those whom the person was shown. */
export async function identityFor(
  slice: Slice, session: Session, { words, custodians, needed }: IdentityContent, random: Random,
): Promise<MessageContent> {
  if (words === null) return { kind: "identity", sealed: null };
  const shown = slice.needed === needed && slice.custodians.map(({ id }) => id).join() === custodians.join();
  if (!shown) throw new Failure("other-custodians");
  const owner = { instance: slice.instance, office: slice.office.id, verify: session.keys.verify };
  return { kind: "identity", sealed: await sealIdentity(wellFormed(words), owner, slice.custodians, needed, random) };
}
