/** A name that is left, sealed, with the office's identity custodians, or taken back. Offered where an office has some. */

import type { IdentityContent, OfficeView } from "../worker/calls";
import { area, byId, fault, onSubmit, say } from "./dom";
import { named, numberText, text } from "./texts";

/** Bytes that fit (docs/protocol.md section 6.1). */
const LONGEST = 510;

export class IdentityForm {
  private readonly words = area("identity-words");
  private shown: Pick<IdentityContent, "custodians" | "needed"> = { custodians: [], needed: 0 };

  /** `send` is called with what is to be sent, what the page shows of it, and the form that it came from. */
  constructor(private readonly send: (content: IdentityContent, said: string, from: string) => void) {
    onSubmit("identity-form", () => this.leave());
    onSubmit("identity-back-form", () => this.give({ words: null }, text("identity-taken-back"), "identity-back-form"));
  }

  /** Says who would keep it. */
  show({ custodians, needed }: OfficeView): void {
    this.shown = { custodians: custodians.map(({ id }) => id), needed };
    const names = custodians.map(({ titles }) => named(titles)).join(", ");
    say(byId("identity-who"), text("identity-who", { needed, names }));
    byId("identity").hidden = custodians.length === 0;
  }

  private leave(): void {
    const words = this.words.value.trim();
    const over = new TextEncoder().encode(words).length > LONGEST ? text("identity-over", { limit: numberText(LONGEST) }) : "";
    const problem = words === "" ? text("need-identity") : over;
    fault(this.words, byId("identity-error"), problem);
    if (problem === "") this.give({ words }, text("identity-left"), "identity-form");
    else this.words.focus();
  }

  private give(what: Pick<IdentityContent, "words">, said: string, from: string): void {
    this.send({ kind: "identity", ...what, ...this.shown }, said, from);
  }
}
