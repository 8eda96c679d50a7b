/** The one panel that says what went wrong and what to do next. */

import { Failure, type FailureCode } from "../worker/calls";
import { button, byId, say } from "./dom";
import { text } from "./texts";

export type Choice = "again" | "agree" | "skip" | "edit";

const BUTTONS: Readonly<Record<Choice, string>> = {
  again: "try-again", agree: "send-to-them", edit: "edit-again", skip: "skip-file",
};

export function codeOf(error: unknown): FailureCode {
  return error instanceof Failure ? error.code : "internal";
}

/** Shows the failure inside a section and waits for the person to choose how to go on. */
export function ask(section: string, error: unknown, ...extra: readonly ("skip" | "edit")[]): Promise<Choice> {
  const panel = byId("failure");
  byId(section).querySelector(".failure-place")?.append(panel);
  const code = codeOf(error);
  // That new people read it is not something to be tried again, but to be agreed to.
  const choices: readonly Choice[] = [code === "new-readers" ? "agree" : "again", ...extra];
  const readers = error instanceof Failure ? error.details.join(", ") : "";
  say(byId("failure-text"), text(`failure-${code}`, { readers }));
  panel.dataset["code"] = code;
  panel.hidden = false;
  panel.focus();
  return new Promise((resolve) => {
    for (const [choice, id] of Object.entries(BUTTONS) as [Choice, string][]) {
      button(id).hidden = !choices.includes(choice);
      button(id).onclick = () => {
        panel.hidden = true;
        byId(`${section}-title`).focus({ preventScroll: true });
        resolve(choice);
      };
    }
  });
}

/** Takes the panel away when what it spoke of no longer matters. */
export function dismiss(): void {
  byId("failure").hidden = true;
}
