/** Does what has to be sent, one thing after another; after a failure it goes on from where it was. */

import type { Progress } from "../worker/calls";
import { byId, make } from "./dom";
import { ask } from "./failure";
import { sizeText, text, type Key } from "./texts";

export interface Task {
  readonly label: string;
  /** What may be done when this fails, besides trying again. */
  readonly otherwise: "skip" | "edit";
  run(progress: (now: Progress) => void): Promise<void>;
}

export interface Outcome {
  readonly skipped: number;
}

interface Row {
  readonly element: HTMLElement;
  state(key: Key): void;
  progress(now: Progress): void;
}

function makeRow(task: Task): Row {
  const bar = make("progress", { "aria-label": task.label, max: "1", value: "0" });
  const state = make("span", { class: "size" }, text("state-waiting"));
  const name = make("span", { class: "name" }, task.label);
  const element = make("li", { "data-state": "state-waiting" }, name, " ", state, bar);
  bar.hidden = task.otherwise !== "skip";
  return {
    element,
    state(key) {
      element.dataset["state"] = key;
      state.textContent = text(key);
      if (key === "state-done") bar.value = bar.max;
    },
    progress({ sent, total }) {
      bar.max = Math.max(total, 1);
      bar.value = sent;
      state.textContent = text("sent-bytes", { sent: sizeText(sent), total: sizeText(total) });
    },
  };
}

/**
 * Runs the tasks in order, with a list in `#<name>-tasks` and an announcement in `#<name>-state`.
 * Gives nothing when the person chose to change what had not been sent.
 */
export async function runTasks(section: string, name: string, tasks: readonly Task[]): Promise<Outcome | undefined> {
  const rows = tasks.map(makeRow);
  byId(`${name}-tasks`).replaceChildren(...rows.map((row) => row.element));
  let skipped = 0;
  for (const [index, task] of tasks.entries()) {
    const end = await runTask(section, name, task, rows[index] as Row);
    if (end === "edit") return undefined;
    if (end === "skip") skipped += 1;
  }
  return { skipped };
}

async function runTask(section: string, name: string, task: Task, row: Row): Promise<"done" | "skip" | "edit"> {
  const announce = (key: Key) => {
    row.state(key);
    byId(`${name}-state`).textContent = `${task.label}: ${text(key)}`;
  };
  for (;;) {
    announce("state-working");
    try {
      await task.run(row.progress);
      announce("state-done");
      return "done";
    } catch (error) {
      announce("state-failed");
      const choice = await ask(section, error, task.otherwise);
      if (choice === "edit") return "edit";
      if (choice === "skip") {
        announce("state-skipped");
        return "skip";
      }
    }
  }
}
