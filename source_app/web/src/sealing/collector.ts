/**
 * The sealing page's server: it answers from what is built into the page, and what a client would send it keeps as
 * the entries of a sealed file (docs/protocol.md section 9.2). It gets nothing but sealed bytes.
 */

import { blobSize, pieceCount } from "../crypto/blob";
import { fromB64, hex, type Bytes } from "../crypto/bytes";
import { HASH_SIZE, ID_SIZE, INSTANCE_SIZE, MAX_SEALED_ENTRIES, PIECE_SIZE } from "../crypto/constants";
import { epochOf } from "../crypto/days";
import { writeHead, type SealedEntry } from "../crypto/sealed-file";
import { Failure, type Intake } from "../worker/calls";
import type { Clock } from "../worker/offices";
import type { SealedFile } from "./calls";

/** What is built in. */
export interface Directory {
  /** As in site.json. */
  readonly site: { readonly instance: string };
  /** Signed slices in b64, by office and epoch. */
  readonly slices: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** In bytes. Firefox keeps what is sealed in memory until the page is closed. */
export const MOST_SEALED = 512 * 2 ** 20;
/** Whatever its padding, a file of this size fits. */
const LARGEST_FILE = 500_000_000;

/** A blob whose pieces come in, in any order. */
interface Coming {
  readonly name: string;
  readonly blob: Bytes;
  readonly size: number;
  readonly runs: Map<number, Blob>;
  tokenHash?: Bytes;
}

export class Collector {
  private office = "";
  /** Of the keys that were asked for last. */
  private epoch = 0;
  private readonly entries: SealedEntry[] = [];
  private readonly parts: Blob[] = [];
  private coming: Coming | undefined;
  /** Names of the blobs among the entries. */
  private readonly whole = new Set<string>();

  constructor(private readonly directory: Directory, private readonly today: Clock) {}

  /** Answers a request of section 11 as a server would. */
  readonly fetch = async (path: string, init: RequestInit): Promise<Response> => {
    try {
      const answer = this.answer(init.method ?? "GET", path.split("/").slice(1), init.body as Bytes | undefined);
      if (answer === undefined) return new Response(null, { status: 204 });
      return new Response(answer instanceof Uint8Array ? (answer as Bytes) : JSON.stringify(answer));
    } catch (error) {
      const code = error instanceof Failure ? error.code : "internal";
      return new Response(JSON.stringify({ error: code }), { status: 400 });
    }
  };

  /** The head and all entries; the browser may keep its bytes where it likes, for they are sealed. */
  sealedFile(): SealedFile {
    if (this.entries.length === 0) throw new Failure("incomplete");
    const instance = fromB64(this.directory.site.instance, INSTANCE_SIZE);
    const head = writeHead({ instance, office: this.office, entries: this.entries });
    return { file: new Blob([head, ...this.parts]), epoch: this.epoch };
  }

  /** What the answer's body says; nothing for a 204. */
  private answer(method: string, [first, call, office = "", ...rest]: readonly string[], body: Bytes = new Uint8Array()): unknown {
    if (first === "site.json") return this.directory.site;
    if (call === "intake") return { evidence: "open", largest: LARGEST_FILE } satisfies Intake;
    if (call === "directory") return this.slice(office);
    if (call === "item") return this.addItem(office, rest[0] as string, body);
    if (call === "ticket") return this.begin(JSON.parse(new TextDecoder().decode(body)) as { blob: string; size: number });
    if (call === "blob") return this.blob(method, `${rest[0]}/${rest[1]}`, rest[2], body);
    // Nothing else can be asked of a page without a network.
    throw new Failure("network");
  }

  /** Of today's epoch, else of the nearest: whoever opens it finds by the same clock that it is not good. */
  private slice(office: string): Bytes {
    const slices = Object.entries(this.directory.slices[office] ?? {});
    const now = epochOf(this.today());
    const [nearest] = slices.sort(([one], [other]) => Math.abs(Number(one) - now) - Math.abs(Number(other) - now));
    if (nearest === undefined) throw new Failure("no-keys");
    const [epoch, text] = nearest;
    this.epoch = Number(epoch);
    return fromB64(text, Math.floor((text.length * 3) / 4));
  }

  private addItem(office: string, channel: string, body: Bytes): void {
    this.office = office;
    const { coming } = this;
    // The item after a blob is the one that tells of it.
    if (coming?.tokenHash !== undefined) {
      const { name, blob, size, tokenHash, runs } = coming;
      this.entries.push({ kind: "blob", blob, size, tokenHash });
      this.parts.push(...inOrder(runs));
      this.whole.add(name);
      this.coming = undefined;
    }
    const item = body.slice(HASH_SIZE);
    this.entries.push({ kind: "item", channel, size: item.length, tokenHash: body.slice(0, HASH_SIZE) });
    this.parts.push(new Blob([item]));
  }

  /** One blob at a time: one that was begun and not finished gives way to the next. */
  private begin({ blob: id, size }: { readonly blob: string; readonly size: number }): { expires: string; ticket: string } {
    const blob = fromB64(id, ID_SIZE);
    const name = `${hex(blob)}/${size}`;
    if (!this.whole.has(name)) {
      const used = this.parts.reduce((sum, part) => sum + part.size, blobSize(size));
      if (used > MOST_SEALED || this.entries.length + 2 > MAX_SEALED_ENTRIES) throw new Failure("too-large");
      this.coming = { name, blob, size, runs: new Map() };
    }
    return { expires: this.today(), ticket: "local" };
  }

  private blob(method: string, name: string, what: string | undefined, body: Bytes): unknown {
    const size = Number(name.split("/")[1]);
    const known = this.whole.has(name);
    const { coming } = this;
    if (method === "GET") {
      // Another try for a blob begins anew.
      if (coming?.name === name) coming.runs.clear();
      return { complete: known, pieces: known ? [[0, pieceCount(size)]] : [] };
    }
    if (known) return undefined;
    if (coming?.name !== name) throw new Failure("bad-ticket");
    if (method === "DELETE") this.coming = undefined;
    else if (method === "PUT") coming.runs.set(Number(what), new Blob([body]));
    else if (!isWhole(coming)) throw new Failure("incomplete");
    else coming.tokenHash = body.slice();
    return undefined;
  }
}

function inOrder(runs: Coming["runs"]): Blob[] {
  return [...runs].sort(([one], [other]) => one - other).map(([, run]) => run);
}

/** Whether the runs follow one another from the first piece to the last. */
function isWhole({ runs, size }: Coming): boolean {
  let end = 0;
  for (const first of [...runs.keys()].sort((one, other) => one - other)) {
    if (first * PIECE_SIZE !== end) return false;
    end += (runs.get(first) as Blob).size;
  }
  return end === blobSize(size);
}
