/** Does what has to be sent, one thing after another; after a failure it goes on from where it was. */

import type { Order, Progress } from "../worker/calls";
import { byId } from "./dom";
import { ask } from "./failure";
import { Row } from "./row";

export interface Task {
  readonly label: string;
  /** What may be done when this fails, besides trying again. */
  readonly otherwise: "skip" | "edit";
  /** For what takes long: tells it to pause, go on or stop. */
  readonly steer?: (order: Order) => void;
  /** Says that the new readers, of whom the person was told when this failed, may read it. */
  readonly agree?: () => Promise<void>;
  run(progress: (now: Progress) => void): Promise<"sent" | "cancelled" | void>;
}

export interface Outcome {
  readonly skipped: number;
}

/**
 * Runs the tasks in order, with a list in `#<name>-tasks` and an announcement in `#<name>-state`.
 * Gives nothing when the person chose to change what had not been sent.
 */
export async function runTasks(section: string, name: string, tasks: readonly Task[]): Promise<Outcome | undefined> {
  const announce = (words: string) => {
    byId(`${name}-state`).textContent = words;
  };
  const rows = tasks.map(({ label, steer }) => new Row(label, steer, announce));
  byId(`${name}-tasks`).replaceChildren(...rows.map((row) => row.element));
  byId(`${name}-later`).hidden = !tasks.some(({ steer }) => steer);
  let skipped = 0;
  for (const [index, task] of tasks.entries()) {
    const end = await runTask(section, task, rows[index] as Row);
    if (end === "edit") return undefined;
    if (end === "skip") skipped += 1;
  }
  return { skipped };
}

async function runTask(section: string, task: Task, row: Row): Promise<"done" | "skip" | "edit"> {
  while (!row.cancelled) {
    row.state("state-working");
    try {
      if ((await task.run((now) => row.progress(now))) === "cancelled") break;
      row.state("state-done");
      return "done";
    } catch (error) {
      if (row.cancelled) break;
      row.state("state-failed");
      const choice = await ask(section, error, task.otherwise);
      if (choice === "agree") await task.agree?.();
      if (choice === "edit") return "edit";
      if (choice === "skip") {
        row.state("state-skipped");
        return "skip";
      }
    }
  }
  return "skip";
}
