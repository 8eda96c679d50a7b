/** Names of files as the page shows them; what is sent keeps its full name. */

import { make } from "./dom";

const LONGEST = 60;

/** One short line: no line breaks, no direction marks, the middle left out of a long name. */
export function shownName(name: string): string {
  const characters = [...name.replace(/[\p{C}\p{Z}]+/gu, " ").trim()];
  if (characters.length <= LONGEST) return characters.join("");
  return [...characters.slice(0, LONGEST - 16), "…", ...characters.slice(-15)].join("");
}

/** What stands behind the last dot, in lower case; dots and spaces at the end do not hide it. */
export function endingOf(name: string): string {
  return /\.([a-z0-9]+)[\s.\p{C}]*$/iu.exec(name)?.[1]?.toLowerCase() ?? "";
}

export function nameElement(name: string): HTMLElement {
  return make("bdi", { class: "name" }, shownName(name));
}
