/** Which part of the page is shown. Nothing of it goes into the address, the history or any storage. */

import { byId } from "./dom";

const STEPS = ["landing", "write", "codename", "sending", "sent", "return", "thread", "hand-in"] as const;
export type Step = (typeof STEPS)[number];

/** Steps in which a person may be done, and those from which the other language can be reached without loss. */
const LEAVING: readonly Step[] = ["sent", "thread"];

/** Shows one of the parts and moves the focus to its heading, so that a screen reader reads on from there. */
export function showOnly<T extends string>(step: T, steps: readonly T[]): void {
  for (const other of steps) byId(other).hidden = other !== step;
  byId("main").dataset["step"] = step;
  byId("failure").hidden = true;
  const title = byId(`${step}-title`);
  title.tabIndex = -1;
  byId(step).setAttribute("aria-labelledby", title.id);
  title.focus({ preventScroll: true });
  scrollTo(0, 0);
}

export function show(step: Step): void {
  byId("leave-row").hidden = !LEAVING.includes(step);
  byId("languages").hidden = step !== "landing";
  showOnly(step, STEPS);
}
