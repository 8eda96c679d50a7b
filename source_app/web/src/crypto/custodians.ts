/** Who keeps the identities that reporters seal for an office (docs/protocol.md sections 4 and 6.1). */

import type { Bytes } from "./bytes";
import type { Json } from "./canonical";
import { FEWEST_CUSTODIANS, KEM_PUBLIC_SIZE, MOST_CUSTODIANS, MOST_NEEDED } from "./constants";
import { demand } from "./errors";
import { distinct, Fields, type Names } from "./fields";

export interface Custodian {
  readonly id: string;
  readonly titles: Names;
  /** An X-Wing public key that lasts. */
  readonly key: Bytes;
}

/** `custodians` and `needed`, how many of them open an identity; 0 where the office offers none. */
export function readCustodians(fields: Fields): { readonly custodians: readonly Custodian[]; readonly needed: number } {
  const custodians = fields.list("custodians", readCustodian, 0, MOST_CUSTODIANS);
  const needed = fields.integer("needed", 0, MOST_NEEDED);
  demand(distinct(custodians.map(({ id }) => id)) && mayNeed(custodians.length, needed));
  return { custodians, needed };
}

/** Whether `needed` of `count` custodians may be asked for: never one alone, and none only of none. */
export function mayNeed(count: number, needed: number): boolean {
  if (count === 0) return needed === 0;
  return FEWEST_CUSTODIANS <= needed && needed <= Math.min(count, MOST_NEEDED) && count <= MOST_CUSTODIANS;
}

function readCustodian(untrusted: Json): Custodian {
  const fields = new Fields(untrusted, ["id", "key", "titles"]);
  return { id: fields.id("id"), titles: fields.names("titles"), key: fields.data("key", KEM_PUBLIC_SIZE) };
}
