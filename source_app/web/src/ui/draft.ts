/** What the person has typed and added, and its way to the office. */

import type { Address, Content, WorkerCalls, Written } from "../worker/calls";
import { shownName } from "./file-name";
import type { Task } from "./outbox";
import { text, type Key } from "./texts";

export interface Draft {
  readonly address: Address;
  readonly content: Written;
  readonly files: readonly File[];
}

/** What each kind of text is called where it is sent and once it has been. */
export const LABELS: Readonly<Record<Content["kind"], Key>> = {
  report: "task-report", message: "task-message", objection: "task-objection", threat: "task-threat",
  withdrawal: "task-withdrawal", rating: "task-rating", identity: "task-identity",
};

/** Sending the text. When it fails, the person may change it. */
export function textTask(
  calls: WorkerCalls, { address, content }: { readonly address: Address; readonly content: Content }, sent: () => void,
): Task {
  return {
    label: text(LABELS[content.kind]),
    otherwise: "edit",
    agree: () => agree(calls),
    async run() {
      await calls.send(address, content);
      sent();
    },
  };
}

/** Sending each file. When one fails, the person may leave it out. */
export function fileTasks(
  calls: WorkerCalls, { address, files }: Omit<Draft, "content">, sent: (file: File) => void = () => undefined,
): Task[] {
  return files.map((file) => {
    const task = newTask();
    return {
      label: text("task-file", { name: shownName(file.name) }),
      otherwise: "skip",
      agree: () => agree(calls),
      steer: (order) => void calls.steer(task, order).catch(() => undefined),
      async run(progress) {
        const end = await calls.sendFile(task, address, file, progress);
        if (end === "sent") sent(file);
        return end;
      },
    };
  });
}

/** If this does not reach the worker, the next try asks again. */
function agree(calls: WorkerCalls): Promise<void> {
  return calls.agree().catch(() => undefined);
}

let numbered = 0;

/** Everything that is on its way has a number of its own, by which the worker knows it again at another try. */
export function newTask(): number {
  numbered += 1;
  return numbered;
}
