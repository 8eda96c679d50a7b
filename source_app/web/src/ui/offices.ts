/** The select that names an office, filled from site.json and checked against nothing yet. */

import type { OfficeEntry, WorkerCalls } from "../worker/calls";
import { fault, byId, make, select } from "./dom";
import { named, text } from "./texts";

/** Fills the select with the server's offices. With more than one, the person has to choose. */
export async function fillOffices(calls: WorkerCalls, id: string): Promise<readonly OfficeEntry[]> {
  const list = select(id);
  const entries = await calls.offices();
  if (list.options.length > 0) return entries;
  if (entries.length > 1) list.append(make("option", { value: "" }, text("choose")));
  for (const entry of entries) list.append(make("option", { value: entry.id }, named(entry.names)));
  return entries;
}

/** The chosen office, or nothing after saying that one is needed. */
export function chosenOffice(id: string): string | undefined {
  const list = select(id);
  const missing = list.value === "";
  fault(list, byId(`${id}-error`), missing ? text("need-office") : "");
  if (missing) list.focus();
  return missing ? undefined : list.value;
}
