/** The report as the person has typed it, and its way to the office. */

import type { Address, Content, WorkerCalls } from "../worker/calls";
import { shownName } from "./file-name";
import type { Task } from "./outbox";
import { text } from "./texts";

export interface Draft {
  readonly address: Address;
  readonly content: Content;
  readonly files: readonly File[];
}

/** Sending the text. When it fails, the person may change it. */
export function textTask(calls: WorkerCalls, { address, content }: Draft, sent: () => void): Task {
  return {
    label: text(content.kind === "report" ? "task-report" : "task-message"),
    otherwise: "edit",
    async run() {
      await calls.send(address, content);
      sent();
    },
  };
}

/** Sending each file. When one fails, the person may leave it out. */
export function fileTasks(calls: WorkerCalls, { address, files }: Draft): Task[] {
  return files.map((file) => {
    const task = (numbered += 1);
    return {
      label: text("task-file", { name: shownName(file.name) }),
      otherwise: "skip",
      steer: (order) => void calls.steer(task, order).catch(() => undefined),
      run: (progress) => calls.sendFile(task, address, file, progress),
    };
  });
}

/** Every file has a number of its own, by which the worker knows it again at another try. */
let numbered = 0;
