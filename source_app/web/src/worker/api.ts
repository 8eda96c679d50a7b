/** The server's requests by name (docs/protocol.md section 11). */

import { b64, concat, fromUtf8, hex, utf8, type Bytes } from "../crypto/bytes";
import type { Json } from "../crypto/canonical";
import { Fields } from "../crypto/fields";
import { refusing } from "./failures";
import type { Http } from "./http";

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
  readonly chunks: ReadonlySet<number>;
  readonly complete: boolean;
}

export class Api {
  constructor(private readonly http: Http) {}

  async site(): Promise<Json> {
    return asJson(await this.http.send({ method: "GET", path: "/site.json" }));
  }

  slice(office: string): Promise<Bytes> {
    return this.http.send({ method: "GET", path: `/api/directory/${office}` });
  }

  async storeItem(office: string, channel: string, tokenHash: Bytes, item: Bytes): Promise<void> {
    const path = `/api/item/${office}/${channel}`;
    await this.http.send({ method: "POST", path, headers: OCTETS, body: concat(tokenHash, item) });
  }

  async ticket({ office, blob, size }: BlobAddress): Promise<string> {
    const body = utf8(JSON.stringify({ blob: b64(blob), office, size }));
    const answer = await this.http.send({ method: "POST", path: "/api/ticket", headers: JSON_TYPE, body });
    return refusing("internal", () => {
      const fields = new Fields(asJson(answer), ["expires", "ticket"]);
      fields.day("expires");
      return fields.text("ticket", 1024, 1);
    });
  }

  async holdings(address: BlobAddress, ticket: string): Promise<Holdings> {
    const answer = await this.http.send({ method: "GET", path: blobPath(address), headers: ticketHeader(ticket) });
    return refusing("internal", () => {
      const fields = new Fields(asJson(answer), ["chunks", "complete"]);
      const chunks = fields.list("chunks", (member) => Number(member), 0, Infinity);
      return { chunks: new Set(chunks), complete: fields.get("complete") === true };
    });
  }

  async storeChunk(address: BlobAddress, ticket: string, index: number, sealed: Bytes): Promise<void> {
    const headers = { ...OCTETS, ...ticketHeader(ticket) };
    await this.http.send({ method: "PUT", path: `${blobPath(address)}/${index}`, headers, body: sealed });
  }

  async finish(address: BlobAddress, ticket: string, tokenHash: Bytes): Promise<void> {
    const headers = { ...OCTETS, ...ticketHeader(ticket) };
    await this.http.send({ method: "POST", path: `${blobPath(address)}/done`, headers, body: tokenHash });
  }

  boardIndex(): Promise<Bytes> {
    return this.http.send({ method: "GET", path: "/board/index" });
  }

  boardPage(version: string, page: number): Promise<Bytes> {
    return this.http.send({ method: "GET", path: `/board/${version}/${page}` });
  }
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
