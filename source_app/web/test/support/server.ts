/** A source server in memory (docs/protocol.md section 11), with a network in front of it that can fail. */

import { fromB64, hex, type Bytes } from "../../src/crypto/bytes";
import type { Network } from "../../src/worker/http";
import { indexOf, pageOf, type BoardSlot } from "./replies";
import { signedSlice, siteValue, TODAY } from "./office";

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly body: Bytes;
  readonly init: RequestInit;
}

/** What the network does with a request instead of passing it on. */
export type Fault = "lost" | "answer-lost" | { readonly status: number; readonly body: string };

interface Blob {
  readonly chunks: Map<number, Bytes>;
  complete: boolean;
}

const CHUNK = 1048576;

export class FakeServer {
  readonly seen: Seen[] = [];
  readonly pauses: number[] = [];
  readonly items = new Map<string, { readonly path: string; readonly tokenHash: Bytes; readonly item: Bytes }>();
  readonly blobs = new Map<string, Blob>();
  slice: Bytes = signedSlice();
  site: unknown = siteValue();
  board: readonly BoardSlot[] = [];
  ticket = "dGlja2V0";
  /** Asked before each request; the first answer counts. */
  fault: (seen: Seen, nth: number) => Fault | undefined = () => undefined;

  readonly network: Network = {
    fetch: (path, init) => this.fetch(path, init),
    sleep: async (milliseconds) => void this.pauses.push(milliseconds),
    jitter: () => 0.5,
  };

  paths(prefix = ""): string[] {
    return this.seen.map(({ method, path }) => `${method} ${path}`).filter((one) => one.includes(prefix));
  }

  private async fetch(path: string, init: RequestInit): Promise<Response> {
    const body = (init.body as Bytes | undefined)?.slice() ?? new Uint8Array();
    const seen = { method: init.method as string, path, body, init };
    this.seen.push(seen);
    const fault = this.fault(seen, this.seen.filter((one) => one.path === path && one.method === seen.method).length);
    if (fault === "lost") throw new TypeError("network");
    if (typeof fault === "object") return new Response(fault.body, { status: fault.status });
    const answer = await this.answer(seen);
    if (fault === "answer-lost") throw new TypeError("network");
    return answer;
  }

  private async answer({ method, path, body, init }: Seen): Promise<Response> {
    const parts = path.split("/").slice(1);
    if (path === "/site.json") return json(this.site);
    if (parts[1] === "directory") {
      return parts[2] === "inspektorat" ? octets(this.slice) : refused(404, "no-such-office");
    }
    if (parts[1] === "item") {
      const item = body.slice(32);
      this.items.set(hex(item), { path, tokenHash: body.slice(0, 32), item });
      return new Response(null, { status: 204 });
    }
    if (parts[1] === "ticket") {
      const asked = JSON.parse(new TextDecoder().decode(body)) as { blob: string; office: string; size: number };
      const { blob, office, size } = asked;
      const name = [office, hex(fromB64(blob, 16)), size].join("/");
      if (!this.blobs.has(name)) this.blobs.set(name, { chunks: new Map(), complete: false });
      return json({ expires: TODAY, ticket: this.ticket });
    }
    if (parts[1] === "blob") return this.answerBlob(method, parts.slice(2), body, init);
    if (path === "/board/index") return octets(await indexOf(this.board));
    if (parts[0] === "board") return this.answerPage(parts[1] as string, Number(parts[2]));
    return refused(404, "internal");
  }

  private answerBlob(method: string, parts: readonly string[], body: Bytes, init: RequestInit): Response {
    const blob = this.blobs.get(parts.slice(0, 3).join("/"));
    const ticket = new Headers(init.headers).get("Peluit-Ticket");
    if (blob === undefined || ticket !== this.ticket) return refused(403, "bad-ticket");
    const size = Number(parts[2]);
    if (method === "GET") return json({ chunks: [...blob.chunks.keys()], complete: blob.complete });
    if (method === "PUT") {
      const index = Number(parts[3]);
      if (blob.complete) return refused(409, "complete");
      if (body.length !== Math.min(CHUNK, size - index * CHUNK) + 16) return refused(400, "bad-chunk");
      if (!blob.chunks.has(index)) blob.chunks.set(index, body);
      return new Response(null, { status: 204 });
    }
    if (blob.chunks.size !== Math.ceil(size / CHUNK)) return refused(409, "incomplete");
    blob.complete = true;
    return new Response(null, { status: 204 });
  }

  private async answerPage(version: string, page: number): Promise<Response> {
    const present = hex((await indexOf(this.board)).slice(8, 24));
    return version === present ? octets(pageOf(this.board, page)) : refused(404, "no-such-page");
  }
}

function octets(body: Bytes): Response {
  return new Response(body);
}

function json(value: unknown): Response {
  return new Response(JSON.stringify(value));
}

function refused(status: number, error: string): Response {
  return new Response(JSON.stringify({ error }), { status });
}
