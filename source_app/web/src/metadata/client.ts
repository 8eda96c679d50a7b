/** The page's side of the metadata worker: starts it when it is first needed, and asks one thing at a time. */

import type { Asked, Told } from "./calls";

/** Set by the build: where the metadata worker built with this page is served. */
declare const METADATA_URL: string;

/** A file takes a second or two; after this long a hostile one has found a way to keep the reader busy. */
const PATIENCE_MS = 60_000;

/** The part of a worker that is used here. */
export interface Port {
  onmessage: ((event: MessageEvent<Told>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  postMessage(asked: Asked): void;
  terminate(): void;
}

interface Job {
  readonly asked: Asked;
  readonly resolve: (told: Told) => void;
}

export class MetadataClient {
  private readonly jobs: Job[] = [];
  private port: Port | undefined;
  private busy = false;

  constructor(
    private readonly start: () => Port = () => new Worker(METADATA_URL),
    private readonly patience = PATIENCE_MS,
  ) {}

  /** Never refuses: what goes wrong is an answer too. What a person asked for goes before mere looking. */
  ask(asked: Asked): Promise<Told> {
    return new Promise((resolve) => {
      const job = { asked, resolve };
      if (asked.call === "remove") this.jobs.unshift(job);
      else this.jobs.push(job);
      this.next();
    });
  }

  private next(): void {
    const job = this.busy ? undefined : this.jobs.shift();
    if (job === undefined) return;
    this.busy = true;
    this.port ??= this.start();
    const { port } = this;
    const end = (told: Told) => {
      clearTimeout(timer);
      port.onmessage = port.onerror = null;
      this.busy = false;
      job.resolve(told);
      this.next();
    };
    const giveUp = () => {
      port.terminate();
      this.port = undefined;
      end({ refused: job.asked.call === "look" ? "cannot-look" : "cannot-clean" });
    };
    const timer = setTimeout(giveUp, this.patience);
    port.onmessage = ({ data }) => end(data);
    port.onerror = giveUp;
    port.postMessage(job.asked);
  }
}
