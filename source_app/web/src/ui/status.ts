/** Where the report stands, as steps: what was, what is now, what may still come. In words, for people who see no colours. */

import type { ReplyView } from "../worker/calls";
import { make } from "./dom";
import { dayText, statusText, text, type Key } from "./texts";

/** The way that every report goes. Other states stand beside the second: what happens there stays coarse on purpose. */
const WAY: readonly Key[] = ["status-received", "status-reviewing", "status-answered", "step-closed"];

function rankOf(status: string): number {
  if (status.startsWith("closed-")) return 3;
  if (status === "answered") return 2;
  return status === "received" ? 0 : 1;
}

/** The steps of these replies, in order; nothing while the office has not named a state. */
export function statusSteps(replies: readonly ReplyView[]): readonly HTMLElement[] {
  const named = replies.filter(({ status }) => statusText(status) !== "");
  const told = named.filter(({ status }, i) => status !== named[i - 1]?.status);
  const last = told.at(-1);
  if (last === undefined) return [];
  const steps = told.map((reply) => step(statusText(reply.status), dayText(reply.day), reply === last ? "now" : "done"));
  const ahead = WAY.slice(rankOf(last.status as string) + 1).map((key) => step(text(key), text("step-ahead"), "ahead"));
  return [step(text("step-sent"), "", "done"), ...steps, ...ahead];
}

function step(words: string, when: string, state: "done" | "now" | "ahead"): HTMLElement {
  const element = make("li", { "data-step": state }, make("b", {}, words));
  if (when !== "") element.append(" ", make("span", { class: "size" }, when));
  if (state === "now") {
    element.setAttribute("aria-current", "step");
    element.append(" ", make("span", { class: "now" }, text("step-now")));
  }
  return element;
}
