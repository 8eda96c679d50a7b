/** Step 2: the codename, made in the browser once per visit and shown until the text has been sent. */

import type { WorkerCalls } from "../worker/calls";
import { button, byId, form, input, make, onSubmit, say } from "./dom";
import { ask } from "./failure";
import { Practice } from "./practice";
import { language, text } from "./texts";

export class CodenameStep {
  private words: readonly string[] = [];
  private readonly practice = new Practice(() => this.words);

  constructor(private readonly calls: WorkerCalls, private readonly next: (codename: string) => void) {
    const ticked = input("written-down");
    ticked.addEventListener("change", () => {
      button("send").disabled = !ticked.checked;
    });
    onSubmit("codename-form", () => {
      if (!ticked.checked || this.words.length === 0) return;
      this.close();
      this.next(this.words.join(" "));
    });
  }

  /** Shows the codename; the same one when the person came back to it. */
  async open(): Promise<void> {
    form("codename-form").reset();
    button("send").disabled = true;
    try {
      await this.make();
    } catch (error) {
      if ((await ask("codename", error)) === "again") await this.open();
      return;
    } finally {
      say(byId("codename-state"), "");
    }
    byId("codename-words").replaceChildren(...this.words.map((word) => make("li", {}, word)));
  }

  /** Takes the words off the page when the person goes back or on. */
  close(): void {
    this.practice.close();
    byId("codename-words").replaceChildren();
  }

  /** Drops the words. */
  forget(): void {
    this.words = [];
    this.close();
  }

  private async make(): Promise<void> {
    if (this.words.length > 0) return;
    say(byId("codename-state"), text("making-codename"));
    this.words = await this.calls.newCodename(language);
  }
}
