/**
 * The real worker code in Node, with its outside in the hands of tests/uploads: network, clock, sleep and
 * files. One JSON command a line on standard input; after each, when nothing moves any more, one JSON line
 * that says what has happened since (`Report`).
 */

import { createInterface } from "node:readline";

import { guard } from "./guard";
import { quiet } from "./quiet";
import { Tab, type Outcome, type Sent } from "./tab";
import { PlainFile, type Edit } from "./plain_file";

type Command =
  | { readonly do: "begin"; readonly day: string }
  | { readonly do: "day"; readonly day: string }
  | { readonly do: "open"; readonly tab: string }
  | { readonly do: "file"; readonly file: string; readonly name: string; readonly type: string; readonly data: string }
  | { readonly do: "edit"; readonly file: string; readonly edit: Edit }
  | { readonly do: "call"; readonly tab: string; readonly name: string; readonly call: string; readonly args: unknown[] }
  | { readonly do: "answer"; readonly request: number; readonly after: number; readonly status: number; readonly body: string }
  | { readonly do: "break"; readonly request: number; readonly after: number }
  | { readonly do: "wake" };

interface Report {
  readonly requests: readonly Sent[];
  /** Requests that the worker itself gave up. */
  readonly dropped: readonly number[];
  readonly asleep: number;
  readonly outcomes: readonly Outcome[];
  /** Plaintexts that were sealed under a key and nonce that another had had: always none. */
  readonly violations: readonly string[];
}

/** What the tabs share: the machine they run on. */
export class World {
  readonly requests: Sent[] = [];
  readonly dropped: number[] = [];
  readonly outcomes: Outcome[] = [];
  readonly open = new Map<number, { settle(response: Response): void; fail(): void }>();
  readonly files = new Map<string, PlainFile>();
  sleepers: { readonly until: number; readonly wake: () => void }[] = [];
  /** Milliseconds; passes when a command says so. */
  time = 0;
  private readonly tabs = new Map<string, Tab>();
  private numbered = 0;
  private opened = 0;

  constructor(public day: string) {}

  number(): number {
    this.numbered += 1;
    return this.numbered;
  }

  /** A page load: what ran in the tab before is gone. */
  openTab(name: string): void {
    this.tabs.get(name)?.close();
    this.opened += 1;
    this.tabs.set(name, new Tab(this, name, this.opened));
  }

  carryOut(command: Command): void {
    switch (command.do) {
      case "begin": return;
      case "day": this.day = command.day; return;
      case "open": return this.openTab(command.tab);
      case "file": {
        const data = new Uint8Array(Buffer.from(command.data, "base64"));
        this.files.set(command.file, new PlainFile(command.name, command.type, data));
        return;
      }
      case "edit": return this.files.get(command.file)?.change(command.edit);
      case "call": return this.tabs.get(command.tab)?.call(command.name, command.call, command.args);
      case "answer": {
        this.time += command.after;
        const body = command.status === 204 ? null : Buffer.from(command.body, "base64");
        return this.open.get(command.request)?.settle(new Response(body, { status: command.status }));
      }
      case "break":
        this.time += command.after;
        return this.open.get(command.request)?.fail();
      case "wake": {
        const woken = this.sleepers.splice(0);
        this.time = Math.max(this.time, ...woken.map(({ until }) => until));
        for (const { wake } of woken) wake();
      }
    }
  }

  report(): Report {
    return {
      requests: this.requests.splice(0),
      dropped: this.dropped.splice(0),
      asleep: this.sleepers.length,
      outcomes: this.outcomes.splice(0),
      violations: guard.violations.splice(0),
    };
  }
}

let world = new World("");
for await (const line of createInterface({ input: process.stdin, terminal: false })) {
  const command = JSON.parse(line) as Command;
  if (command.do === "begin") {
    world = new World(command.day);
    guard.forget();
  }
  world.carryOut(command);
  await quiet();
  process.stdout.write(`${JSON.stringify(world.report())}\n`);
}

