/** The parts of the report's form that a follow-up has too: the page carries them once, and they are copied here. */

import { byId } from "./dom";

const PREFIX = "follow-up-";
const NAMES = ["id", "for", "aria-describedby"];

/** Puts a copy of each part in its place in the thread, its ids with a prefix. To be done before anyone fills the parts. */
export function copyParts(): void {
  for (const place of document.querySelectorAll<HTMLElement>("[data-copy]")) {
    const copy = byId(place.dataset["copy"] ?? "").cloneNode(true) as HTMLElement;
    for (const element of [copy, ...copy.querySelectorAll("*")]) {
      for (const name of NAMES) {
        const id = element.getAttribute(name);
        if (id !== null) element.setAttribute(name, PREFIX + id);
      }
    }
    place.replaceWith(copy);
  }
}
