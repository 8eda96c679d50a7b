/** An office's notes: plain text in which an empty line parts paragraphs and `- ` begins an item of a list. */

import { make } from "./dom";

export function notesElements(notes: string): readonly HTMLElement[] {
  return notes.split(/\n\s*\n/).flatMap(block);
}

/** Fills the place with the notes, or hides it when there are none. */
export function showNotes(place: HTMLElement, notes: string): void {
  place.replaceChildren(...notesElements(notes));
  place.hidden = notes.trim() === "";
}

/** Runs of items become lists, what stands between them paragraphs. */
function block(text: string): HTMLElement[] {
  const elements: HTMLElement[] = [];
  let open: HTMLElement | undefined;
  for (const line of text.split("\n").filter((one) => one.trim() !== "")) {
    const item = line.startsWith("- ");
    if (open?.tagName !== (item ? "UL" : "P")) {
      open = make(item ? "ul" : "p");
      elements.push(open);
    } else if (!item) {
      open.append("\n");
    }
    open.append(item ? make("li", {}, line.slice(2)) : line);
  }
  return elements;
}
