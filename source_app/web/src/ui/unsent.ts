/** Asks before the page is closed, only while something typed has not been sent. */

type Text = "report" | "follow-up" | "sealed";

const pending = new Set<Text>();

function ask(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

export function setUnsent(what: Text, present: boolean): void {
  if (present) pending.add(what);
  else pending.delete(what);
  if (pending.size > 0) addEventListener("beforeunload", ask);
  else removeEventListener("beforeunload", ask);
}

export function nothingUnsent(): void {
  for (const what of pending) setUnsent(what, false);
}
