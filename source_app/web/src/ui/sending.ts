/** Step 3: keys from the codename, then the text, then each file. */

import type { WorkerCalls } from "../worker/calls";
import { byId, say } from "./dom";
import { fileTasks, textTask, type Draft } from "./draft";
import { runTasks, type Task } from "./outbox";
import { text } from "./texts";
import { setUnsent } from "./unsent";

export class SendingStep {
  constructor(private readonly calls: WorkerCalls, private readonly textSent: () => void) {}

  /** The files that were sent, when everything that the person wanted sent has been stored; nothing to go back and change it. */
  async send(codename: string, draft: Draft): Promise<readonly File[] | undefined> {
    const files: File[] = [];
    const report = textTask(this.calls, draft, this.textSent);
    const tasks = [this.unlockTask(codename), report, ...fileTasks(this.calls, draft, (file) => files.push(file))];
    const outcome = await runTasks("sending", "sending", tasks);
    if (outcome === undefined) return undefined;
    setUnsent("report", false);
    say(byId("sent-skipped"), outcome.skipped > 0 ? text("files-skipped", { count: outcome.skipped }) : "");
    return files;
  }

  /** Before every try: the return page may have unlocked another codename since the last one. */
  private unlockTask(codename: string): Task {
    return { label: text("task-unlock"), otherwise: "edit", run: () => this.calls.unlock(codename) };
  }
}
