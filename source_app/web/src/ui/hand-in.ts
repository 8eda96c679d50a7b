/** Handing in a file that was sealed on the sealing page. Whoever carries it needs no codename and sees no content. */

import type { SealedView, WorkerCalls } from "../worker/calls";
import { button, byId, input, onSubmit, say } from "./dom";
import { newTask } from "./draft";
import { codeOf } from "./failure";
import { runTasks, type Task } from "./outbox";
import { named, sizeText, text } from "./texts";

export class HandInStep {
  private view: SealedView | undefined;

  constructor(private readonly calls: WorkerCalls) {
    const picker = input("hand-in-file");
    button("hand-in-choose").addEventListener("click", () => picker.click());
    picker.addEventListener("change", () => {
      const [file] = picker.files ?? [];
      if (file !== undefined) void this.look(file);
      picker.value = "";
    });
    onSubmit("hand-in-form", () => void this.handIn());
  }

  clear(): void {
    this.found(undefined, "");
    byId("hand-in-done").hidden = true;
    byId("hand-in-before").hidden = false;
    byId("hand-in-tasks").replaceChildren();
  }

  private async look(file: File): Promise<void> {
    this.clear();
    try {
      const view = await this.calls.openSealed(file);
      const count = view.parts.filter(({ evidence }) => evidence).length;
      this.found(view, text("hand-in-what", { office: named(view.office), size: sizeText(file.size), count }));
    } catch (error) {
      say(byId("hand-in-error"), text(`failure-${codeOf(error)}`));
    }
  }

  private found(view: SealedView | undefined, what: string): void {
    this.view = view;
    say(byId("hand-in-error"), "");
    say(byId("hand-in-what"), what);
    button("hand-in-send").hidden = view === undefined;
  }

  private async handIn(): Promise<void> {
    if (this.view === undefined) return;
    byId("hand-in-before").hidden = true;
    byId("hand-in-title").focus();
    const outcome = await runTasks("hand-in", "hand-in", this.tasks(this.view));
    byId("hand-in-later").hidden = true;
    if (outcome?.skipped === 0) {
      byId("hand-in-done").hidden = false;
      byId("hand-in-done").focus();
    } else {
      byId("hand-in-before").hidden = false;
      if (outcome !== undefined) say(byId("hand-in-what"), text("hand-in-left", { count: outcome.skipped }));
      button("hand-in-send").focus();
    }
  }

  /** The texts are the report: without them no file is of use. */
  private tasks({ parts }: SealedView): Task[] {
    let files = 0;
    return parts.map(({ evidence, size }, part) => {
      const task = newTask();
      const label = evidence ? text("hand-in-part", { number: (files += 1), size: sizeText(size) }) : text("task-report");
      return {
        label,
        otherwise: evidence ? "skip" : "edit",
        steer: (order) => void this.calls.steer(task, order).catch(() => undefined),
        run: (progress) => this.calls.handIn(task, part, progress),
      };
    });
  }
}
