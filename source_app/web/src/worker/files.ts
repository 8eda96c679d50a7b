/** Evidence: the file as a blob first, then the small item that says what it is (docs/protocol.md section 6). */

import { blobStream, chunksHash } from "../crypto/blob";
import { hex, type Bytes } from "../crypto/bytes";
import { MAX_BLOB_SIZE } from "../crypto/constants";
import type { Day } from "../crypto/days";
import { blobIdentity } from "../crypto/evidence";
import type { EvidenceFile } from "../crypto/message";
import { Api } from "./api";
import { Failure, type Address } from "./calls";
import type { Http, Network } from "./http";
import { evidenceName } from "./names";
import { Reading } from "./reading";
import { Sealing } from "./source";
import { deliver, sendSealed } from "./send";
import type { Parcel, Session, Unsent } from "./session";
import { Cancelled, type Transfer } from "./transfer";
import { Upload } from "./upload";

/** What every further try for one blob must use again. */
export interface Evidence {
  readonly tokenHash: Bytes;
  /** The item that says where the stored blob is. */
  unsent: Unsent | undefined;
}

/** Where a file is sent from: the visit, the way out, and the person's hand on it. */
export interface Route {
  readonly session: Session;
  readonly http: Http;
  readonly network: Network;
  readonly transfer: Transfer;
}

/** Seals the item that tells of the file, in one try: what was sealed `before`, if the same people read. */
type Seal = (file: EvidenceFile, before: Parcel | undefined) => Promise<Parcel>;

/** How long cancelling waits for the server to drop what it has. */
const DROP_PATIENCE_MS = 5_000;

export async function sendEvidence(
  route: Route, task: number, address: Address, file: File, today: Day, seal: Seal,
): Promise<"sent" | "cancelled"> {
  const { session, transfer, http, network } = route;
  if (file.size > MAX_BLOB_SIZE) throw new Failure("too-large");
  let upload: Upload | undefined;
  let secret: Bytes | undefined;
  try {
    const reading = new Reading(file);
    const hashes = session.hashes.get(task) ?? await reading.hashes(transfer);
    session.hashes.set(task, hashes);
    const chunks = await chunksHash(hashes);
    const { blob, key } = await blobIdentity(session.keys.uploadSecret, address.office, chunks);
    secret = key;
    const source = new Sealing(reading, file.size, hashes, await blobStream(blob, key));
    upload = new Upload(transfer, network, session.pace, source, { office: address.office, blob, size: reading.padded });
    const evidence = session.evidence.get(hex(blob)) ?? { tokenHash: await session.newTokenHash(today), unsent: undefined };
    session.evidence.set(hex(blob), evidence);
    await upload.run(evidence.tokenHash);
    const name = evidenceName(file.name, address.language);
    await deliverItem(route, evidence, address, { blob, chunks, key, name, size: file.size, type: file.type }, seal);
    session.evidence.delete(hex(blob));
    session.hashes.delete(task);
    return "sent";
  } catch (error) {
    const changed = error instanceof Failure && error.code === "file-changed";
    if (changed || error instanceof Cancelled) session.hashes.delete(task);
    if (!(error instanceof Cancelled)) throw error;
    await drop(http, upload);
    return "cancelled";
  } finally {
    secret?.fill(0);
  }
}

async function deliverItem(
  { transfer }: Route, evidence: Evidence, address: Address, file: EvidenceFile, seal: Seal,
): Promise<void> {
  // Whoever was left out since must not get an item that was sealed before.
  await sendSealed(evidence, JSON.stringify([address, file.name, file.type]), {
    seal: (before) => transfer.persist(() => seal(file, before)),
    async deliver(parcel) {
      await transfer.ready();
      transfer.commit();
      await transfer.persist(() => deliver(transfer.api, parcel));
    },
  });
}

/** Asks the server once to drop an unfinished blob; if that fails, it goes by itself after some days. */
export async function drop(http: Http, upload: Upload | undefined): Promise<void> {
  const ticket = await upload?.knownTicket?.catch(() => undefined);
  if (upload === undefined || ticket === undefined) return;
  const api = new Api((request) => http.once(request, AbortSignal.timeout(DROP_PATIENCE_MS)));
  await api.drop(upload.address, ticket).catch(() => undefined);
}
