/** The page's side: starts the worker and gives its calls as ordinary functions. */

import { Failure, type Progress, type WorkerCalls } from "./calls";
import type { Asked, CallName, Told } from "./rpc";

/** Set by the build: where the worker built with this page is served. */
declare const WORKER_URL: string;

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (failure: Failure) => void;
  readonly progress: ((now: Progress) => void) | undefined;
}

export function connect(): WorkerCalls {
  return new Client(() => new Worker(WORKER_URL)).calls;
}

/** The part of a worker that the page uses. */
export interface Port {
  onmessage: ((event: MessageEvent<Told>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  postMessage(asked: Asked): void;
  terminate(): void;
}

export class Client {
  readonly calls: WorkerCalls = {
    offices: () => this.ask("offices", []),
    openOffice: (office) => this.ask("openOffice", [office]),
    measure: (address, content) => this.ask("measure", [address, content]),
    newCodename: (language) => this.ask("newCodename", [language]),
    checkCodename: (text) => this.ask("checkCodename", [text]),
    unlock: (text) => this.ask("unlock", [text]),
    send: (address, content) => this.ask("send", [address, content]),
    agree: () => this.ask("agree", []),
    intake: () => this.ask("intake", []),
    sendFile: (task, address, file, progress) => this.ask("sendFile", [task, address, file], progress),
    openSealed: (file) => this.ask("openSealed", [file]),
    handIn: (task, part, progress) => this.ask("handIn", [task, part], progress),
    steer: (task, order) => this.ask("steer", [task, order]),
    replies: (office) => this.ask("replies", [office]),
    proveAuthorship: (office, statement) => this.ask("proveAuthorship", [office, statement]),
    erase: (office, day) => this.ask("erase", [office, day]),
    forget: () => this.ask("forget", []),
  };
  private readonly waiting = new Map<number, Waiting>();
  private asked = 0;
  private port: Port | undefined;

  /** The worker is started at once: on a slow link its script takes a while. */
  constructor(private readonly start: () => Port) {
    this.port = this.started();
  }

  private started(): Port {
    const port = this.start();
    port.onmessage = ({ data }) => this.hear(data);
    // The script did not load, or only half of it: another try loads it anew.
    port.onerror = () => this.giveUp();
    return port;
  }

  ask<T>(call: CallName, args: readonly unknown[], progress?: (now: Progress) => void): Promise<T> {
    const port = (this.port ??= this.started());
    this.asked += 1;
    const id = this.asked;
    return new Promise<T>((resolve, reject) => {
      this.waiting.set(id, { resolve: resolve as (value: unknown) => void, reject, progress });
      port.postMessage({ id, call, args });
    });
  }

  private hear(told: Told): void {
    const waiting = this.waiting.get(told.id);
    if (told.kind === "progress") {
      waiting?.progress?.(told.progress);
      return;
    }
    this.waiting.delete(told.id);
    if (told.kind === "done") waiting?.resolve(told.value);
    else waiting?.reject(new Failure(told.code, told.details));
  }

  private giveUp(): void {
    this.port?.terminate();
    this.port = undefined;
    for (const { reject } of this.waiting.values()) reject(new Failure("internal"));
    this.waiting.clear();
  }
}
