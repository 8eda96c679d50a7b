/** A source server in memory (docs/protocol.md section 11), with a network in front of it that can fail. */

import { blobSize, pieceCount } from "../../src/crypto/blob";
import { concat, fromB64, hex, type Bytes } from "../../src/crypto/bytes";
import { MAX_PIECES, PIECE_SIZE } from "../../src/crypto/constants";
import { sha256 } from "../../src/crypto/digest";
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
export type Fault = "lost" | "answer-lost" | "hangs" | Promise<void> | { readonly status: number; readonly body: string };

/** What the server holds of a blob. */
export interface Blob {
  readonly pieces: Map<number, Bytes>;
  complete: boolean;
}

/** The stored bytes of a blob, in order. */
export function contents({ pieces }: Blob): Bytes {
  return concat(...[...pieces].sort(([a], [b]) => a - b).map(([, piece]) => piece));
}

/** How long the network takes for a request, in virtual milliseconds. */
const TRIP_MS = 50;

export class FakeServer {
  readonly seen: Seen[] = [];
  readonly pauses: number[] = [];
  /** PUTs that are under way. */
  puts = 0;
  readonly items = new Map<string, { readonly path: string; readonly tokenHash: Bytes; readonly item: Bytes }>();
  readonly blobs = new Map<string, Blob>();
  slice: Bytes = signedSlice();
  site: unknown = siteValue();
  board: readonly BoardSlot[] = [];
  ticket = "dGlja2V0";
  intake: unknown = { evidence: "open", largest: 8_000_000_000 };
  private clock = 0;
  private onTheWay: Promise<void> | undefined;
  /** Asked before each request; the first answer counts. */
  fault: (seen: Seen, nth: number) => Fault | undefined = () => undefined;

  readonly network: Network = {
    fetch: (path, init) => this.fetch(path, init),
    sleep: async (milliseconds) => {
      this.pauses.push(milliseconds);
      this.clock += milliseconds;
      await new Promise((resolve) => void setImmediate(resolve));
    },
    jitter: () => 0.5,
    now: () => this.clock,
  };

  paths(prefix = ""): string[] {
    return this.seen.map(({ method, path }) => `${method} ${path}`).filter((one) => one.includes(prefix));
  }

  /** The one blob that was begun. */
  get blob(): Blob {
    const [blob, ...more] = this.blobs.values();
    if (blob === undefined || more.length > 0) throw new Error("not one blob");
    return blob;
  }

  private async fetch(path: string, init: RequestInit): Promise<Response> {
    if (init.method !== "PUT") return this.carry(path, init);
    this.puts += 1;
    try {
      return await this.carry(path, init);
    } finally {
      this.puts -= 1;
    }
  }

  private async carry(path: string, init: RequestInit): Promise<Response> {
    if (init.signal?.aborted) throw new DOMException("aborted", "AbortError");
    // All that are under way share this time, and other events come in between.
    if (this.onTheWay === undefined) {
      this.onTheWay = new Promise((resolve) => void setImmediate(resolve)).then(() => {
        this.clock += TRIP_MS;
        this.onTheWay = undefined;
      });
    }
    await this.onTheWay;
    if (init.signal?.aborted) throw new DOMException("aborted", "AbortError");
    const body = (init.body as Bytes | undefined)?.slice() ?? new Uint8Array();
    const seen = { method: init.method as string, path, body, init };
    this.seen.push(seen);
    const fault = this.fault(seen, this.seen.filter((one) => one.path === path && one.method === seen.method).length);
    if (fault === "lost") throw new TypeError("network");
    if (fault === "hangs") {
      return new Promise((_, reject) => init.signal?.addEventListener("abort", () => reject(new Error("aborted"))));
    }
    if (fault instanceof Promise) await fault;
    else if (typeof fault === "object") return new Response(fault.body, { status: fault.status });
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
    if (parts[1] === "deletion") return json({ erased: await this.erase(parts[2] as string, body) });
    if (parts[1] === "intake") return json(this.intake);
    if (parts[1] === "ticket") {
      const asked = JSON.parse(new TextDecoder().decode(body)) as { blob: string; office: string; size: number };
      const { blob, office, size } = asked;
      const name = [office, hex(fromB64(blob, 16)), size].join("/");
      if (!this.blobs.has(name)) this.blobs.set(name, { pieces: new Map(), complete: false });
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
    const done = new Response(null, { status: 204 });
    if (method === "GET") return json({ complete: blob.complete, pieces: runs([...blob.pieces.keys()]) });
    if (method === "DELETE") {
      if (blob.complete) return refused(409, "complete");
      blob.pieces.clear();
      return done;
    }
    if (method === "PUT") {
      if (blob.complete) return refused(409, "complete");
      return storePieces(blob, size, Number(parts[3]), body) ? done : refused(400, "bad-piece");
    }
    if (!blob.complete && blob.pieces.size !== pieceCount(size)) return refused(409, "incomplete");
    blob.complete = true;
    return done;
  }

  /** Drops the items of an office that carry the hash of one of these tokens. */
  private async erase(office: string, tokens: Bytes): Promise<number> {
    const hashes = new Set<string>();
    for (let at = 0; at < tokens.length; at += 32) hashes.add(hex(await sha256(tokens.slice(at, at + 32))));
    const gone = [...this.items].filter(([, { path, tokenHash }]) => path.startsWith(`/api/item/${office}/`) && hashes.has(hex(tokenHash)));
    for (const [name] of gone) this.items.delete(name);
    return gone.length;
  }

  private async answerPage(version: string, page: number): Promise<Response> {
    const present = hex((await indexOf(this.board)).slice(8, 24));
    return version === present ? octets(pageOf(this.board, page)) : refused(404, "no-such-page");
  }
}

/** False for what is not a run of 1 to 16 whole pieces inside the blob. */
function storePieces({ pieces }: Blob, size: number, first: number, body: Bytes): boolean {
  const start = first * PIECE_SIZE;
  const end = start + body.length;
  const whole = end === blobSize(size) || (end < blobSize(size) && body.length % PIECE_SIZE === 0);
  if (!whole || body.length === 0 || body.length > MAX_PIECES * PIECE_SIZE) return false;
  for (let at = 0; at < body.length; at += PIECE_SIZE) {
    const piece = first + at / PIECE_SIZE;
    if (!pieces.has(piece)) pieces.set(piece, body.slice(at, at + PIECE_SIZE));
  }
  return true;
}

/** `[first, count]` of each run, in rising order. */
function runs(pieces: readonly number[]): number[][] {
  const found: [number, number][] = [];
  for (const piece of [...pieces].sort((a, b) => a - b)) {
    const last = found.at(-1);
    if (last !== undefined && last[0] + last[1] === piece) last[1] += 1;
    else found.push([piece, 1]);
  }
  return found;
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
