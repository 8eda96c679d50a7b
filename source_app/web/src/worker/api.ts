/** The server's requests by name (docs/protocol.md section 11). */

import { pieceCount } from "../crypto/blob";
import { b64, concat, fromUtf8, hex, utf8, type Bytes } from "../crypto/bytes";
import type { Json } from "../crypto/canonical";
import { MAX_BLOB_SIZE } from "../crypto/constants";
import { demand } from "../crypto/errors";
import { Fields } from "../crypto/fields";
import type { Intake } from "./calls";
import { refusing } from "./failures";
import type { Send } from "./http";
import { Pieces, type Run } from "./pieces";

const OCTETS = { "Content-Type": "application/octet-stream" };
const JSON_TYPE = { "Content-Type": "application/json" };

/** A blob as its addresses name it. */
export interface BlobAddress {
  readonly office: string;
  readonly blob: Bytes;
  /** Padded size. */
  readonly size: number;
}

/** What the server has of a blob. */
export interface Holdings {
  readonly pieces: Pieces;
  readonly complete: boolean;
}

export class Api {
  constructor(private readonly send: Send) {}

  async site(): Promise<Json> {
    return asJson(await this.send({ method: "GET", path: "/site.json" }));
  }

  slice(office: string): Promise<Bytes> {
    return this.send({ method: "GET", path: `/api/directory/${office}` });
  }

  async storeItem(office: string, channel: string, tokenHash: Bytes, item: Bytes): Promise<void> {
    const path = `/api/item/${office}/${channel}`;
    await this.send({ method: "POST", path, headers: OCTETS, body: concat(tokenHash, item), silent: true });
  }

  async intake(): Promise<Intake> {
    const answer = await this.send({ method: "GET", path: "/api/intake" });
    return refusing("internal", () => {
      const fields = new Fields(asJson(answer), ["evidence", "largest"]);
      return {
        evidence: fields.oneOf("evidence", ["open", "text-only"]), largest: fields.integer("largest", 0, MAX_BLOB_SIZE),
      };
    });
  }

  async ticket({ office, blob, size }: BlobAddress): Promise<string> {
    const body = utf8(JSON.stringify({ blob: b64(blob), office, size }));
    const answer = await this.send({ method: "POST", path: "/api/ticket", headers: JSON_TYPE, body });
    return refusing("internal", () => {
      const fields = new Fields(asJson(answer), ["expires", "ticket"]);
      fields.day("expires");
      return fields.text("ticket", 1024, 1);
    });
  }

  async holdings(address: BlobAddress, ticket: string): Promise<Holdings> {
    const answer = await this.send({ method: "GET", path: blobPath(address), headers: ticketHeader(ticket) });
    return refusing("internal", () => {
      const fields = new Fields(asJson(answer), ["complete", "pieces"]);
      const pieces = new Pieces(pieceCount(address.size));
      let end = -1;
      for (const run of fields.list("pieces", readRun, 0, pieces.total)) {
        // Runs that overlap could keep us busy for hours.
        demand(run.first > end);
        pieces.add(run);
        end = run.first + run.count;
      }
      const complete = fields.get("complete") === true;
      demand(!complete || pieces.count === pieces.total);
      return { pieces, complete };
    });
  }

  /** Stores whole pieces, from piece `first` on. */
  async storePieces(address: BlobAddress, ticket: string, first: number, pieces: Bytes): Promise<void> {
    const headers = { ...OCTETS, ...ticketHeader(ticket) };
    await this.send({ method: "PUT", path: `${blobPath(address)}/${first}`, headers, body: pieces, silent: true });
  }

  /** Asks the server to forget what it holds of an unfinished blob. */
  async drop(address: BlobAddress, ticket: string): Promise<void> {
    await this.send({ method: "DELETE", path: blobPath(address), headers: ticketHeader(ticket) });
  }

  async finish(address: BlobAddress, ticket: string, tokenHash: Bytes): Promise<void> {
    const headers = { ...OCTETS, ...ticketHeader(ticket) };
    await this.send({ method: "POST", path: `${blobPath(address)}/done`, headers, body: tokenHash, silent: true });
  }

  /** Erases what carries one of these tokens and is in no bundle yet; gives how many things there were. */
  async erase(office: string, tokens: Bytes): Promise<number> {
    const answer = await this.send({ method: "POST", path: `/api/deletion/${office}`, headers: OCTETS, body: tokens });
    return refusing("internal", () => new Fields(asJson(answer), ["erased"]).integer("erased", 0, Number.MAX_SAFE_INTEGER));
  }

  boardIndex(): Promise<Bytes> {
    return this.send({ method: "GET", path: "/board/index" });
  }

  boardPage(version: string, page: number): Promise<Bytes> {
    return this.send({ method: "GET", path: `/board/${version}/${page}` });
  }
}

function readRun(untrusted: Json): Run {
  demand(Array.isArray(untrusted) && untrusted.length === 2 && untrusted.every(Number.isSafeInteger));
  const [first, count] = untrusted as [number, number];
  return { first, count };
}

function blobPath({ office, blob, size }: BlobAddress): string {
  return `/api/blob/${office}/${hex(blob)}/${size}`;
}

function ticketHeader(ticket: string): Record<string, string> {
  return { "Peluit-Ticket": ticket };
}

/** Null for what is no JSON: it has no field that anyone asks for. */
function asJson(untrusted: Bytes): Json {
  try {
    return JSON.parse(fromUtf8(untrusted)) as Json;
  } catch {
    return null;
  }
}
