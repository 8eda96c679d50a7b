/** Proof of authorship: a statement goes in, a text to copy or keep comes out. Nothing is sent. */

import type { WorkerCalls } from "../worker/calls";
import { area, byId, fault, make, onSubmit } from "./dom";
import { ask } from "./failure";
import { numberText, text } from "./texts";

/** Code points, as the protocol has it. */
const LONGEST = 2_000;

export class AuthorshipForm {
  private readonly statement = area("authorship-statement");
  private readonly proof = make("textarea", {
    id: "authorship-proof", class: "proof", rows: "7", readonly: "", "aria-describedby": "authorship-proof-how",
    // As part of a form that is not to be completed, the browser does not write it down.
    form: "authorship-form",
  });
  private readonly keep = make("a", { id: "authorship-download" }, text("authorship-download"));
  private url = "";

  constructor(private readonly calls: WorkerCalls, private readonly office: () => string) {
    onSubmit("authorship-form", () => void this.prove());
    const label = make("label", { for: this.proof.id }, text("authorship-proof"));
    const how = make("p", { id: "authorship-proof-how", class: "hint" }, text("authorship-proof-how"));
    byId("authorship-result").append(make("div", { class: "field" }, label, how, this.proof), this.keep);
    this.proof.addEventListener("focus", () => this.proof.select());
  }

  private async prove(): Promise<void> {
    const statement = this.statement.value.trim();
    const length = [...statement].length;
    const over = length > LONGEST ? text("statement-over", { limit: numberText(LONGEST) }) : "";
    fault(this.statement, byId("authorship-error"), length === 0 ? text("need-statement") : over);
    if (length === 0 || over !== "") {
      this.statement.focus();
      return;
    }
    try {
      this.show(await this.calls.proveAuthorship(this.office(), statement));
    } catch (error) {
      if ((await ask("thread", error)) === "again") await this.prove();
    }
  }

  private show(proof: string): void {
    this.proof.value = proof;
    URL.revokeObjectURL(this.url);
    this.url = URL.createObjectURL(new Blob([`${proof}\n`], { type: "text/plain" }));
    this.keep.href = this.url;
    // A name that says nothing to whoever looks through the downloads.
    this.keep.download = text("neutral-text-name");
    byId("authorship-result").hidden = false;
    this.proof.focus();
  }
}
