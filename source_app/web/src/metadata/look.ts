/** Looking at a file for hidden data, and cleaning it: what the metadata worker does. */

import type { Bytes } from "../crypto/bytes";
import type { Cleaned } from "./cleaned";
import { CannotClean, need } from "./errors";
import { cleanJpeg } from "./jpeg";
import { kindOf, type Kind } from "./kind";
import { officeFindings } from "./office";
import { oleFindings } from "./ole";
import { pdfFindings } from "./pdf";
import { pictureFindings } from "./picture";
import { cleanPng } from "./png";
import { tidy, type Finding, type Part } from "./report";
import { cleanWebp } from "./webp";

export interface Look {
  readonly kind: Kind;
  readonly findings: readonly Finding[];
  /** Whether cleaning would drop something; undefined for a file that cannot be cleaned here. */
  readonly removable: boolean | undefined;
}

export interface Removed {
  readonly bytes: Bytes;
  readonly kind: Kind;
}

const CLEANERS: Readonly<Partial<Record<Kind, (untrusted: Uint8Array) => Cleaned>>> = {
  jpeg: cleanJpeg, png: cleanPng, webp: cleanWebp,
};

export async function look(untrusted: Bytes): Promise<Look> {
  const kind = kindOf(untrusted);
  const cleaned = tryClean(kind, untrusted);
  const findings = await findingsOf(kind, untrusted);
  if (findings === undefined) return { kind: "unknown", findings: [], removable: undefined };
  const parts = [...(cleaned?.dropped ?? [])].map(([part, size]) => partFinding(part, size, findings));
  return { kind, findings: tidy([...findings, ...parts.flat()]), removable: cleaned && cleaned.dropped.size > 0 };
}

/** The cleaned picture, looked at again: it is given out only if nothing is left. CannotClean otherwise. */
export async function remove(untrusted: Bytes): Promise<Removed> {
  const kind = kindOf(untrusted);
  const clean = CLEANERS[kind];
  need(clean !== undefined);
  const { bytes } = clean(untrusted);
  const again = await look(bytes);
  need(again.removable === false && again.findings.length === 0);
  return { bytes, kind };
}

function tryClean(kind: Kind, untrusted: Bytes): Cleaned | undefined {
  try {
    return CLEANERS[kind]?.(untrusted);
  } catch (error) {
    if (error instanceof CannotClean) return undefined;
    throw error;
  }
}

async function findingsOf(kind: Kind, untrusted: Bytes): Promise<Finding[] | undefined> {
  switch (kind) {
    case "jpeg": case "png": case "webp": case "picture": return pictureFindings(untrusted);
    case "pdf": return pdfFindings(untrusted);
    case "zip": return officeFindings(untrusted);
    case "ole": return oleFindings(untrusted);
    case "unknown": return undefined;
  }
}

/** A dropped piece, unless what it holds has been told already. */
function partFinding(part: Part, size: number, told: readonly Finding[]): Finding[] {
  if (told.some(({ what }) => what === part)) return [];
  return [{ group: "other", what: part, value: "", size }];
}
