/** Typing the codename back from paper. Nothing of it leaves this script, and nobody has to. */

import { area, byId, fault, onSubmit, say } from "./dom";
import { text } from "./texts";

const STEM = 4;

/** The positions, from 1, whose word differs from what was typed or is missing. */
export function mistakes(words: readonly string[], typed: string): readonly number[] {
  const parts = typed.toLowerCase().split(/[^a-z]+/).filter((part) => part !== "");
  return words.flatMap((word, i) => ((parts[i] ?? "").length >= STEM && word.startsWith(parts[i] ?? "") ? [] : [i + 1]));
}

export class Practice {
  private readonly typed = area("practice-words");

  /** `words` gives the codename that is shown. */
  constructor(private readonly words: () => readonly string[]) {
    // From paper, not from the screen: while this is open, the words are out of sight.
    byId("practice").addEventListener("toggle", () => this.hideWords());
    onSubmit("practice-form", () => this.check());
  }

  close(): void {
    byId("practice", HTMLDetailsElement).open = false;
    this.typed.value = "";
    fault(this.typed, byId("practice-error"), "");
    say(byId("practice-state"), "");
    this.hideWords();
  }

  private hideWords(): void {
    byId("slip").classList.toggle("away", byId("practice", HTMLDetailsElement).open);
  }

  private check(): void {
    const count = this.typed.value.split(/[^A-Za-z]+/).filter((part) => part !== "").length;
    const wrong = mistakes(this.words(), this.typed.value);
    const surplus = count > this.words().length;
    const positions = wrong.join(", ");
    const complaint = wrong.length > 0 ? text("practice-wrong", { positions }) : surplus ? text("practice-surplus") : "";
    fault(this.typed, byId("practice-error"), complaint);
    say(byId("practice-state"), complaint === "" ? text("practice-right") : "");
    if (complaint !== "") this.typed.focus();
  }
}
