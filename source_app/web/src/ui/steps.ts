/** Which part of the page is shown. Nothing of it goes into the address, the history or any storage. */

import { byId } from "./dom";

const STEPS = ["landing", "write", "codename", "sending", "sent", "return", "thread"] as const;
export type Step = (typeof STEPS)[number];

/** Steps in which a person may be done, and those from which the other language can be reached without loss. */
const LEAVING: readonly Step[] = ["sent", "thread"];

/** Shows one part and moves the focus to its heading, so that a screen reader reads on from there. */
export function show(step: Step): void {
  for (const other of STEPS) byId(other).hidden = other !== step;
  byId("main").dataset["step"] = step;
  byId("leave-row").hidden = !LEAVING.includes(step);
  byId("languages").hidden = step !== "landing";
  byId("failure").hidden = true;
  byId(`${step}-title`).focus({ preventScroll: true });
  scrollTo(0, 0);
}
