/** What was sent in this visit, in the conversation. The page knows it no longer once the person leaves. */

import type { Content } from "../worker/calls";
import { byId, make } from "./dom";
import { LABELS } from "./draft";
import { nameElement } from "./file-name";
import { dayText, text } from "./texts";

/** A calendar day in UTC, as everything the protocol dates. */
export function utcDay(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}

interface Own {
  readonly element: HTMLElement;
  /** The days on which sending began and ended. */
  readonly first: string;
  readonly last: string;
  /** Days that had been closed by then. */
  readonly closed: ReadonlySet<string>;
}

export class OwnBubbles {
  private bubbles: readonly Own[] = [];
  private readonly closed = new Set<string>();

  add(kind: Content["kind"] | "files", words: string, files: readonly File[], since: string): void {
    const heading = make("h2", {}, text(kind === "files" ? "own-files" : LABELS[kind]));
    const element = make("article", { class: "own" }, heading, make("p", { class: "by" }, text("own-now")));
    if (words !== "") element.append(make("p", { class: "words" }, words));
    if (files.length > 0) element.append(make("ul", {}, ...files.map(({ name }) => make("li", {}, nameElement(name)))));
    byId("replies").append(element);
    const last = utcDay(Date.now());
    this.bubbles = [...this.bubbles, { element, first: since, last, closed: new Set(this.closed) }];
  }

  /** The server is about to be told this day's tokens: what is sent on it from now on cannot be taken back. */
  close(day: string): void {
    this.closed.add(day);
  }

  /** Marks what was sent on this day. The office may have fetched some of it before: the words are right for both. */
  erased(day: string): void {
    byId("follow-up-sent").hidden = true;
    for (const { element, first, last, closed } of this.bubbles) {
      if (day < first || last < day || closed.has(day)) continue;
      element.dataset["state"] = "erased";
      element.append(make("p", { class: "erased" }, text("own-erased", { day: dayText(day) })));
    }
  }
}
