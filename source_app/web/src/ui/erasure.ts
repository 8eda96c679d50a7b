/** Taking back what was sent on one of the last days and has not been fetched yet. */

import type { WorkerCalls } from "../worker/calls";
import { button, byId, make, onSubmit, say, select } from "./dom";
import { ask } from "./failure";
import { utcDay, type OwnBubbles } from "./own";
import { dayText, numberText, text } from "./texts";

const DAYS = 14;
const DAY_MS = 86_400_000;

/** The last days, today first, in UTC as everything the protocol dates. */
export function lastDays(now: number): readonly string[] {
  return Array.from({ length: DAYS }, (_, i) => utcDay(now - i * DAY_MS));
}

export class ErasureForm {
  /** Days of which an answer got lost: the server may have erased them already. */
  private readonly unsure = new Set<string>();

  constructor(private readonly calls: WorkerCalls, private readonly office: () => string, private readonly own: OwnBubbles) {
    onSubmit("erasure-form", () => void this.erase());
  }

  open(): void {
    const days = lastDays(Date.now());
    select("erasure-day").replaceChildren(
      ...days.map((day, i) => make("option", { value: day }, i === 0 ? text("today", { day: dayText(day) }) : dayText(day))),
    );
    say(byId("erasure-state"), "");
  }

  private async erase(): Promise<void> {
    const submit = button("erase");
    if (submit.disabled) return;
    const day = select("erasure-day").value;
    submit.disabled = true;
    say(byId("erasure-state"), text("erasing"));
    this.own.close(day);
    try {
      const count = await this.calls.erase(this.office(), day);
      if (count > 0 || this.unsure.delete(day)) this.own.erased(day);
      say(byId("erasure-state"), text(count === 0 ? "erased-nothing" : "erased", { count: numberText(count) }));
    } catch (error) {
      this.unsure.add(day);
      submit.disabled = false;
      say(byId("erasure-state"), "");
      if ((await ask("thread", error)) === "again") await this.erase();
    } finally {
      submit.disabled = false;
    }
  }
}
