/** After the report: the way to its conversation in the same visit, without loading the page or typing the words again. */

import type { OfficeView, ReplyView, WorkerCalls } from "../worker/calls";
import { button, byId, say } from "./dom";
import { ask } from "./failure";
import { text } from "./texts";
import type { Report } from "./thread";

export type Looked = (office: OfficeView, replies: readonly ReplyView[], report: Report) => void;

export class SentStep {
  private report: Report | undefined;

  constructor(private readonly calls: WorkerCalls, private readonly next: Looked) {
    button("look").addEventListener("click", () => void this.look());
  }

  open(report: Report): void {
    this.report = report;
  }

  private async look(): Promise<void> {
    const { report } = this;
    if (report === undefined || button("look").disabled) return;
    button("look").disabled = true;
    say(byId("sent-state"), text("fetching-replies"));
    try {
      const view = await this.calls.openOffice(report.address.office);
      this.next(view, await this.calls.replies(view.id), report);
    } catch (error) {
      this.rest();
      if ((await ask("sent", error)) === "again") await this.look();
      return;
    }
    this.rest();
  }

  private rest(): void {
    button("look").disabled = false;
    say(byId("sent-state"), "");
  }
}
