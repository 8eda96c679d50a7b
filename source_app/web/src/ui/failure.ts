/** The one panel that says what went wrong and what to do next. */

import { Failure, type FailureCode } from "../worker/calls";
import { button, byId, say } from "./dom";
import { text } from "./texts";

export type Choice = "again" | "skip" | "edit";

const BUTTONS: Readonly<Record<Choice, string>> = { again: "try-again", edit: "edit-again", skip: "skip-file" };

export function codeOf(error: unknown): FailureCode {
  return error instanceof Failure ? error.code : "internal";
}

/** After new keys, with maybe other readers, nothing is sent again before the person has looked at who reads. */
function mayRepeat(code: FailureCode, alternatives: number): boolean {
  return code !== "slice-expired" || alternatives === 0;
}

/** Shows the failure inside a section and waits for the person to choose how to go on. */
export function ask(section: string, error: unknown, ...extra: readonly ("skip" | "edit")[]): Promise<Choice> {
  const panel = byId("failure");
  byId(section).querySelector(".failure-place")?.append(panel);
  const code = codeOf(error);
  const choices: readonly Choice[] = mayRepeat(code, extra.length) ? ["again", ...extra] : extra;
  say(byId("failure-text"), text(`failure-${code}`));
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
