/** The second door: a codename is checked and stretched here, and what was published for it is fetched. */

import type { OfficeView, ReplyView, WorkerCalls } from "../worker/calls";
import { area, button, byId, fault, onSubmit, say, settled } from "./dom";
import { ask, dismiss } from "./failure";
import { chosenOffice, fillOffices } from "./offices";
import { text } from "./texts";

export type Opened = (office: OfficeView, replies: readonly ReplyView[]) => void;

export class ReturnStep {
  private readonly words = area("codename-input");
  private listing: Promise<void> | undefined;

  constructor(private readonly calls: WorkerCalls, private readonly next: Opened) {
    this.words.addEventListener("input", settled(600, () => void this.check(false)));
    onSubmit("return-form", () => void this.submit());
  }

  async open(): Promise<void> {
    try {
      await this.offices();
    } catch (error) {
      if ((await ask("return", error)) === "again") await this.open();
    }
  }

  /** Fills in the offices; on a slow link a person may be quicker with the words, and then waits for this too. */
  private offices(): Promise<void> {
    this.listing ??= this.list().catch((error: unknown) => {
      this.listing = undefined;
      throw error;
    });
    return this.listing;
  }

  private async list(): Promise<void> {
    const entries = await fillOffices(this.calls, "return-office");
    byId("return-office-field").hidden = entries.length === 1;
  }

  /** Takes the codename off the page. */
  clear(): void {
    this.words.value = "";
    fault(this.words, byId("codename-input-error"), "");
  }

  /** Names words that are on no list. While the person types, the last word may be unfinished. */
  private async check(finished: boolean): Promise<boolean> {
    const typed = this.words.value;
    const judged = finished ? typed : typed.replace(/[^\s]*$/, "");
    const { unknown, count } = await this.calls.checkCodename(judged);
    let message = "";
    if (unknown.length > 0) message = text("words-unknown", { words: [...new Set(unknown)].join(", ") });
    else if (finished && count !== 8) message = text("words-count", { count });
    fault(this.words, byId("codename-input-error"), message);
    return message === "";
  }

  private async submit(): Promise<void> {
    if (button("unlock").disabled) return;
    dismiss();
    button("unlock").disabled = true;
    try {
      if (await this.check(true)) await this.unlock();
      else this.words.focus();
    } catch (error) {
      this.rest();
      if ((await ask("return", error)) === "again") await this.submit();
      return;
    }
    this.rest();
  }

  private rest(): void {
    button("unlock").disabled = false;
    say(byId("return-state"), "");
  }

  private async unlock(): Promise<void> {
    const state = byId("return-state");
    say(state, text("opening-office"));
    await this.offices();
    const office = chosenOffice("return-office");
    if (office === undefined) return;
    const view = await this.calls.openOffice(office);
    say(state, text("unlocking"));
    await this.calls.unlock(this.words.value);
    say(state, text("fetching-replies"));
    const replies = await this.calls.replies(office);
    this.clear();
    this.next(view, replies);
  }
}
