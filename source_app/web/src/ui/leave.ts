/** Leaving: nothing of this visit stays in the page's memory. */

import type { WorkerCalls } from "../worker/calls";
import { button, byId } from "./dom";
import { nothingUnsent } from "./unsent";

/** How long leaving waits for the worker; the worker ends with the page in any case. */
const PATIENCE_MS = 500;

/** Empties every field. Also run at the start: Firefox may give a page its old fields back. */
export function emptyForms(): void {
  for (const each of document.forms) each.reset();
}

function wipe(): void {
  nothingUnsent();
  emptyForms();
  byId("main").replaceChildren();
}

async function leave(calls: WorkerCalls, home: string): Promise<void> {
  const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
  const forgotten = calls.forget().catch(() => undefined);
  wipe();
  await Promise.race([forgotten, patience]);
  location.replace(home);
}

/** `home` is where leaving ends. */
export function prepareLeaving(calls: WorkerCalls, home: string): void {
  button("leave").addEventListener("click", () => void leave(calls, home));
  byId("quick-exit").addEventListener("click", (event) => {
    event.preventDefault();
    calls.forget().catch(() => undefined);
    wipe();
    location.replace("about:blank");
  });
}
