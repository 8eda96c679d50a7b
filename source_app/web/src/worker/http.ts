/** One request at a time to our own server; what a text needs is tried again a few times. */

import { concat, type Bytes } from "../crypto/bytes";
import { demand, ProtocolError } from "../crypto/errors";
import { Failure } from "./calls";
import { isFailureCode } from "./failures";

/** What the worker needs of the outside; tests bring their own. */
export interface Network {
  readonly fetch: (path: string, init: RequestInit) => Promise<Response>;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** From 0 to 1, to keep clients that failed together from coming back together. */
  readonly jitter: () => number;
  /** Milliseconds on a clock that never jumps. */
  readonly now: () => number;
}

export interface HttpRequest {
  readonly method: "DELETE" | "GET" | "POST" | "PUT";
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Bytes;
  /** What our server answers with 204 alone: a page of some proxy's must not pass for "stored". */
  readonly silent?: true;
}

/** Gives the body of a successful answer. */
export type Send = (request: HttpRequest) => Promise<Bytes>;

/** Over Tor a request in two hundred is lost (measured); six tries last half a minute. */
const TRIES = 6;
const FIRST_PAUSE_MS = 1_000;
/** A circuit that gives less than 4 KB/s is given up for a new one. */
const SLOWEST_BYTES_PER_MS = 4;
const PATIENCE_MS = 120_000;
/** Larger than any answer of ours: one that goes on and on must not fill the memory. */
const LARGEST_ANSWER = 16_777_216;

/** Not an answer of the server's: worth another try. */
export class Unreachable extends Error {
  /** `busy`: something on the way did answer, and said that the server is not there for us now. */
  constructor(readonly busy: boolean) {
    super("unreachable");
    this.name = "Unreachable";
  }
}

/** How long to wait after so many failures in a row, from 1 on. */
export function pauseAfter(failures: number, jitter: number): number {
  return FIRST_PAUSE_MS * 2 ** (failures - 1) * (0.5 + jitter);
}

export class Http {
  constructor(private readonly network: Network) {}

  /** Tried again when the network and not the server refuses; the same bytes go out at every try. */
  readonly send: Send = async (request) => {
    for (let failures = 1; ; failures += 1) {
      try {
        const patience = PATIENCE_MS + Math.ceil((request.body?.length ?? 0) / SLOWEST_BYTES_PER_MS);
        return await this.once(request, AbortSignal.timeout(patience));
      } catch (error) {
        if (!(error instanceof Unreachable)) throw error;
        if (failures === TRIES) throw new Failure("network");
        await this.network.sleep(pauseAfter(failures, this.network.jitter()));
      }
    }
  };

  /** One try, until the signal; ProtocolError for an answer that is too large. */
  async once({ method, path, headers, body, silent }: HttpRequest, signal: AbortSignal): Promise<Bytes> {
    let response: Response;
    let content: Bytes;
    try {
      response = await this.network.fetch(path, {
        method,
        ...(headers && { headers: { ...headers } }),
        ...(body && { body }),
        cache: "no-store",
        credentials: "omit",
        redirect: "error",
        referrerPolicy: "no-referrer",
        signal,
      });
      content = await contentOf(response);
    } catch (error) {
      throw error instanceof ProtocolError ? error : new Unreachable(false);
    }
    if (silent && response.ok && response.status !== 204) throw new Unreachable(true);
    if (response.ok) return content;
    throw refusal(response.status, content);
  }
}

async function contentOf({ body }: Response): Promise<Bytes> {
  const parts: Uint8Array[] = [];
  const reader = body?.getReader();
  let size = 0;
  for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read()) {
    size += part.value.length;
    if (size > LARGEST_ANSWER) void reader?.cancel();
    demand(size <= LARGEST_ANSWER);
    parts.push(part.value);
  }
  return concat(...parts);
}

function refusal(status: number, content: Bytes): Error {
  const code = errorCode(content);
  if (code !== undefined) return new Failure(code);
  // Without our code it came from something on the way: a proxy whose server restarts, a throttle.
  return status >= 500 || status === 408 || status === 429 ? new Unreachable(true) : new Failure("internal");
}

function errorCode(content: Bytes): Failure["code"] | undefined {
  try {
    const { error } = JSON.parse(new TextDecoder().decode(content)) as { error?: unknown };
    return isFailureCode(error) ? error : undefined;
  } catch {
    return undefined;
  }
}
