/** Which part of the sealing page is shown. */

import { byId } from "../ui/dom";
import { showOnly } from "../ui/steps";

const STEPS = ["start", "write", "codename", "sending", "sealed"] as const;
export type Step = (typeof STEPS)[number];

export function show(step: Step): void {
  byId("leave-row").hidden = step !== "sealed";
  showOnly(step, STEPS);
}
