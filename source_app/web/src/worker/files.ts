/** Evidence: the file as a blob first, then the small item that says what it is (docs/protocol.md section 6). */

import type { Bytes, Random } from "../crypto/bytes";
import { MAX_BLOB_SIZE } from "../crypto/constants";
import type { Day } from "../crypto/days";
import type { EvidenceFile } from "../crypto/message";
import type { Api } from "./api";
import { Failure, type Address, type Progress } from "./calls";
import { deliver } from "./send";
import type { Parcel, Session } from "./session";
import { Upload } from "./upload";

/** A file that is being sent, and what every further try must use again. */
export interface Evidence {
  readonly upload: Upload;
  readonly tokenHash: Bytes;
  /** The item that says where the stored blob is, and the address it was sealed for. */
  sealed?: { readonly for: string; readonly parcel: Parcel };
}

export async function sendEvidence(
  api: Api, session: Session, address: Address, file: File, today: Day, random: Random,
  seal: (file: EvidenceFile) => Promise<Parcel>, progress: (now: Progress) => void,
): Promise<void> {
  const { office } = address;
  if (file.size > MAX_BLOB_SIZE) throw new Failure("too-large");
  // Two files may share all of this; the hashes of their chunks then tell them apart (file-changed).
  const name = JSON.stringify([office, file.name, file.size, file.lastModified]);
  const evidence = session.evidence.get(name) ?? await begin(api, session, office, file, today, random);
  session.evidence.set(name, evidence);
  try {
    // Also when all of it is stored: it must be the same file that the item would speak of.
    const chunks = await store(session, evidence, file, progress);
    // Whoever was left out since must not get an item that was sealed before.
    const target = JSON.stringify(address);
    if (evidence.sealed?.for !== target) {
      evidence.sealed = { for: target, parcel: await seal(described(evidence.upload, chunks, file)) };
    }
    await deliver(api, evidence.sealed.parcel);
    session.evidence.delete(name);
  } catch (error) {
    if (error instanceof Failure && STARTS_ANEW.has(error.code)) session.evidence.delete(name);
    throw error;
  }
}

/** After these nothing of what was begun can be used. */
const STARTS_ANEW: ReadonlySet<Failure["code"]> = new Set(["bad-chunk", "bad-item", "complete", "file-changed"]);

async function begin(
  api: Api, session: Session, office: string, file: File, today: Day, random: Random,
): Promise<Evidence> {
  const tokenHash = await session.newTokenHash(today);
  return { upload: await Upload.begin(api, office, file, random), tokenHash };
}

function store(
  session: Session, { upload, tokenHash }: Evidence, file: File, progress: (now: Progress) => void,
): Promise<Bytes> {
  const stillWanted = () => void session.keys;
  return upload.run(file, tokenHash, stillWanted, progress);
}

function described({ address, key }: Upload, chunks: Bytes, { name, size, type }: File): EvidenceFile {
  return { blob: address.blob, chunks, key, name, size, type };
}
