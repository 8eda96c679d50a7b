/** What the office wrote in the conversation, with a form to rate it. */

import type { Content, Names, ReplyView } from "../worker/calls";
import { make } from "./dom";
import { dayText, named, statusText, text, type Key } from "./texts";

const STARS: readonly Key[] = ["stars-worst", "stars-bad", "stars-middle", "stars-good", "stars-best"];

export type Rating = Extract<Content, { readonly kind: "rating" }>;

/**
 * What the office wrote, with a form to rate it once all of it is there (a mere status is not rated); or what another
 * office wrote that this one, with these names, lets reply. `place` tells it from all others on the page.
 */
export function replyBubble(
  reply: ReplyView, place: number, office: Names, rate: (rating: Rating, form: HTMLFormElement) => void,
): HTMLElement {
  const id = reply.other ? `reply-other-${place}` : `reply-${reply.number}`;
  const { number } = reply;
  const author = named(reply.author);
  const title = reply.other ? text("reply-from", { number, office: author }) : text("reply-number", { number });
  const by = reply.other ? text("reply-passed-on", { office: named(office) }) : author;
  const article = make("article", { class: reply.other ? "reply other" : "reply", "aria-labelledby": id }, make("h2", { id }, title));
  article.append(make("p", { class: "by" }, `${by} · `, make("time", { datetime: reply.day }, dayText(reply.day))));
  const status = statusText(reply.status);
  if (status !== "") article.append(make("p", { class: "status" }, status));
  if (reply.text !== "") article.append(make("p", { class: "words" }, reply.text));
  if (reply.other) article.append(make("p", { class: "hint" }, text("reply-other", { office: named(office) })));
  if (!reply.complete) article.append(make("p", { class: "notice" }, text("reply-partial")));
  else if (!reply.other && reply.text !== "") article.append(ratingForm(number, rate));
  return article;
}

/** "4 of 5", with what the person wrote to it. */
export function ratingWords({ reply, stars, text: words }: Rating): string {
  return [text("rating-given", { number: reply, stars }), words].filter((part) => part !== "").join("\n");
}

function ratingForm(reply: number, rate: (rating: Rating, form: HTMLFormElement) => void): HTMLElement {
  const choices = STARS.map((key, i) => {
    const id = `stars-${reply}-${i + 1}`;
    const radio = make("input", { type: "radio", name: "stars", id, value: String(i + 1), required: "" });
    return make("p", { class: "tick" }, radio, " ", make("label", { for: id }, `${i + 1} – ${text(key)}`));
  });
  const words = make("textarea", { id: `rate-words-${reply}`, rows: "2" });
  const form = make("form", { autocomplete: "off" });
  form.append(
    make("fieldset", {}, make("legend", {}, text("rate-legend", { number: reply })), ...choices),
    make("div", { class: "field" }, make("label", { for: words.id }, text("rate-words")), words),
    make("button", { type: "submit", class: "quiet" }, text("rate-send")),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const stars = Number(form.querySelector<HTMLInputElement>(":checked")?.value);
    rate({ kind: "rating", reply, stars, text: words.value.trim() }, form);
  });
  return make("details", { class: "rate" }, make("summary", {}, text("rate", { number: reply })), form);
}
