/** Handing in a file that was sealed without a network (docs/protocol.md section 9.2). No codename is needed. */

import { SEALED_START } from "../crypto/constants";
import { entrySize, headLength, readHead, type SealedBlob, type SealedHead, type SealedItem } from "../crypto/sealed-file";
import { Failure, type FailureCode, type Order, type Progress, type SealedView } from "./calls";
import { mapped, refusing } from "./failures";
import { drop } from "./files";
import type { Http, Network } from "./http";
import type { Offices } from "./offices";
import { Pace } from "./pace";
import { readFrom } from "./reading";
import { Sealed } from "./source";
import { Cancelled, Transfer } from "./transfer";
import { Upload } from "./upload";

interface Placed<T> {
  readonly entry: T;
  /** Where its bytes begin. */
  readonly start: number;
}

/** An item, and the blob before it that it tells of. */
interface Part {
  readonly blob: Placed<SealedBlob> | undefined;
  readonly item: Placed<SealedItem>;
}

interface Opened {
  readonly file: File;
  readonly office: string;
  readonly parts: readonly Part[];
}

/** Nobody here can choose anew or seal again: what to do next is another thing than for what one wrote here. */
const REFUSALS: Partial<Record<FailureCode, FailureCode>> = {
  "bad-item": "sealed-too-old", "stale-directory": "sealed-too-old", "no-such-channel": "sealed-no-channel",
};

export class HandIn {
  private opened: Opened | undefined;
  private readonly transfers = new Map<number, Transfer>();
  private readonly pace = new Pace();

  constructor(private readonly http: Http, private readonly network: Network, private readonly known: Offices) {}

  /** Reads the head and nothing else, and asks the server for nothing but its offices. */
  async open(file: File): Promise<SealedView> {
    this.opened = undefined;
    const { instance, offices } = await this.known.site();
    const from = (start: number, length: number) => readFrom(file, start, Math.min(length, file.size - start));
    const start = await from(0, SEALED_START);
    const length = await refusing("not-sealed", () => headLength(start));
    const untrusted = await from(SEALED_START, length);
    const head = await mapped(() => readHead(untrusted, instance), (kind) => {
      return kind === "wrong-context" ? "sealed-elsewhere" : "sealed-damaged";
    });
    const parts = partsOf(head, SEALED_START + length, file.size);
    const office = offices.find(({ id }) => id === head.office);
    if (office === undefined) throw new Failure("no-such-office");
    this.opened = { file, office: office.id, parts };
    return { office: office.names, parts: parts.map(({ blob, item }) => ({ evidence: blob !== undefined, size: (blob ?? item).entry.size })) };
  }

  /** Sends one part of the file that was opened last. What the server has already is not sent again. */
  async send(task: number, part: number, progress: (now: Progress) => void): Promise<"sent" | "cancelled"> {
    if (this.opened === undefined) throw new Failure("locked");
    const { file, office, parts } = this.opened;
    const { blob, item } = parts[part] as Part;
    const size = entrySize((blob ?? item).entry);
    const transfer = new Transfer(this.http, this.network, size, progress);
    this.transfers.set(task, transfer);
    let upload: Upload | undefined;
    try {
      if (blob !== undefined) {
        const address = { office, blob: blob.entry.blob, size: blob.entry.size };
        upload = new Upload(transfer, this.network, this.pace, new Sealed(file, blob.start, address.size), address);
        await upload.run(blob.entry.tokenHash);
      }
      const { channel, tokenHash } = item.entry;
      const sealed = await readFrom(file, item.start, item.entry.size);
      await transfer.ready();
      transfer.show("finishing", size);
      transfer.commit();
      await transfer.persist(() => transfer.api.storeItem(office, channel, tokenHash, sealed));
      return "sent";
    } catch (error) {
      if (error instanceof Failure) throw new Failure(REFUSALS[error.code] ?? error.code);
      if (!(error instanceof Cancelled)) throw error;
      await drop(this.http, upload);
      return "cancelled";
    } finally {
      this.transfers.delete(task);
    }
  }

  steer(task: number, order: Order): void {
    this.transfers.get(task)?.steer(order);
  }

  end(): void {
    for (const transfer of this.transfers.values()) transfer.end(new Failure("locked"));
    this.opened = undefined;
  }
}

/** Each item with its blob; refuses with sealed-damaged when the entries do not end where the file does. */
function partsOf({ entries }: SealedHead, firstEntry: number, fileSize: number): readonly Part[] {
  const parts: Part[] = [];
  let start = firstEntry;
  let blob: Placed<SealedBlob> | undefined;
  for (const entry of entries) {
    if (entry.kind === "blob") {
      blob = { entry, start };
    } else {
      parts.push({ blob, item: { entry, start } });
      blob = undefined;
    }
    start += entrySize(entry);
  }
  if (start !== fileSize) throw new Failure("sealed-damaged");
  return parts;
}
