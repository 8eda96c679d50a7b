/** One request at a time to our own server, tried again when the network and not the server refuses. */

import type { Bytes } from "../crypto/bytes";
import { Failure } from "./calls";
import { isFailureCode } from "./failures";

/** What the worker needs of the outside; tests bring their own. */
export interface Network {
  readonly fetch: (path: string, init: RequestInit) => Promise<Response>;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** From 0 to 1, to keep clients that failed together from coming back together. */
  readonly jitter: () => number;
}

export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT";
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Bytes;
}

/** Over Tor a request in two hundred is lost (measured); six tries last half a minute. */
const TRIES = 6;
const FIRST_PAUSE_MS = 1_000;
/** A circuit that gives less than 4 KB/s is given up for a new one. */
const SLOWEST_BYTES_PER_MS = 4;
const PATIENCE_MS = 120_000;

/** Not an answer of the server's: worth another try. */
class Unreachable extends Error {}

export class Http {
  constructor(private readonly network: Network) {}

  /** The body of a successful answer. The same bytes go out at every try. */
  async send(request: HttpRequest): Promise<Bytes> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.once(request);
      } catch (error) {
        if (!(error instanceof Unreachable)) throw error;
        if (attempt + 1 === TRIES) throw new Failure("network");
        await this.network.sleep(FIRST_PAUSE_MS * 2 ** attempt * (0.5 + this.network.jitter()));
      }
    }
  }

  private async once({ method, path, headers, body }: HttpRequest): Promise<Bytes> {
    const patience = PATIENCE_MS + Math.ceil((body?.length ?? 0) / SLOWEST_BYTES_PER_MS);
    const signal = AbortSignal.timeout(patience);
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
      content = new Uint8Array(await response.arrayBuffer());
    } catch {
      throw new Unreachable();
    }
    if (response.ok) return content;
    throw refusal(response.status, content);
  }
}

function refusal(status: number, content: Bytes): Error {
  const code = errorCode(content);
  if (code !== undefined) return new Failure(code);
  // Without our code it came from something on the way: a proxy whose server restarts, a throttle.
  return status >= 500 || status === 408 || status === 429 ? new Unreachable() : new Failure("internal");
}

function errorCode(content: Bytes): Failure["code"] | undefined {
  try {
    const { error } = JSON.parse(new TextDecoder().decode(content)) as { error?: unknown };
    return isFailureCode(error) ? error : undefined;
  } catch {
    return undefined;
  }
}
