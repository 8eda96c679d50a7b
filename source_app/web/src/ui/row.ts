/** One thing in the list of what is being sent: its state, and for a file its progress and what may be done about it. */

import type { Order, Phase, Progress } from "../worker/calls";
import { make, say } from "./dom";
import { roughly, Speed } from "./speed";
import { sizeText, spanText, text, type Key } from "./texts";

const PHASES: Readonly<Record<Phase, Key>> = {
  reading: "state-reading", sending: "state-sending", offline: "state-offline", paused: "state-paused",
  finishing: "state-finishing",
};
/** Nothing more happens to it by itself. */
const OVER: readonly Key[] = ["state-done", "state-failed", "state-skipped", "state-cancelled"];

function small(key: Key, act: () => void): HTMLButtonElement {
  const made = make("button", { type: "button", class: "quiet small" }, text(key));
  made.addEventListener("click", act);
  return made;
}

export class Row {
  readonly element: HTMLElement;
  /** The person does not want this any more. */
  cancelled = false;
  private readonly label: HTMLElement;
  private readonly bar = make("progress", { max: "1", value: "0" });
  private readonly detail = make("p", { class: "hint" });
  private readonly there = make("p", { class: "hint" });
  private readonly controls = make("p", { class: "controls" });
  private readonly question = make("p", { class: "controls", role: "group" });
  private readonly pause = small("pause", () => this.order(this.current === "state-paused" ? "resume" : "pause"));
  private readonly hurry = small("try-now", () => this.order("now"));
  private readonly cancel = small("cancel", () => this.ask());
  private readonly speed = new Speed();
  private current: Key = "state-waiting";
  /** Too late to cancel. */
  private final = false;

  /** `steer` is there for what can be paused and cancelled; `announce` hears of every change of state. */
  constructor(
    private readonly name: string, private readonly steer: ((order: Order) => void) | undefined,
    private readonly announce: (words: string) => void,
  ) {
    this.label = make("span", { class: "size" }, text(this.current));
    this.bar.setAttribute("aria-label", name);
    this.question.setAttribute("aria-label", text("cancel-sure"));
    const keep = small("cancel-not", () => this.askNoMore());
    const stop = small("cancel-yes", () => this.stop());
    this.question.append(make("span", {}, text("cancel-sure")), " ", keep, " ", stop);
    this.controls.append(this.pause, " ", this.hurry, " ", this.cancel);
    this.element = make("li", { tabindex: "-1" }, make("span", { class: "name" }, name), " ", this.label);
    if (steer) this.element.append(this.bar, this.detail, this.there, this.controls, this.question);
    for (const each of [this.detail, this.there, this.question]) each.hidden = true;
    this.state("state-waiting");
  }

  /** Shows the state; it is announced when it has changed. */
  state(key: Key): void {
    if (key !== this.current) {
      this.announce(`${this.name}: ${text(key)}`);
      this.speed.reset();
    }
    this.current = key;
    this.element.dataset["state"] = key;
    this.label.textContent = text(key);
    if (key === "state-done") this.bar.value = this.bar.max;
    if (OVER.includes(key)) say(this.detail, "");
    this.fit();
  }

  progress({ phase, done, total, there, final }: Progress): void {
    if (this.cancelled) return;
    this.final = final === true;
    this.state(PHASES[phase]);
    this.bar.max = Math.max(total, 1);
    this.bar.value = done;
    if (phase === "sending") this.speed.observe(done - there, performance.now());
    const words = [text("sent-bytes", { sent: sizeText(done), total: sizeText(total) })];
    const { rate } = this.speed;
    if (rate !== undefined && rate > 0) words.push(`${sizeText(rate)}/s`, left((total - done) / rate));
    say(this.detail, words.join(" · "));
    say(this.there, there > 0 ? text("already-there", { size: sizeText(there) }) : "");
  }

  /** Shows the buttons that mean something in this state; the focus stays in the row when its button goes. */
  private fit(): void {
    const held = this.element.contains(document.activeElement);
    const over = OVER.includes(this.current);
    const begun = this.current !== "state-waiting" && this.current !== "state-finishing";
    const paused = this.current === "state-paused";
    this.pause.textContent = text(paused ? "resume" : "pause");
    this.bar.hidden = this.current === "state-waiting";
    this.pause.hidden = !begun;
    this.hurry.hidden = this.current !== "state-offline";
    if (over || this.final) this.question.hidden = true;
    this.cancel.hidden = this.final;
    this.controls.hidden = over || !this.question.hidden;
    const active = document.activeElement;
    if (held && active instanceof HTMLElement && active.closest("[hidden]") !== null) this.element.focus();
  }

  private order(order: Order): void {
    this.steer?.(order);
  }

  private ask(): void {
    this.question.hidden = false;
    this.controls.hidden = true;
    this.question.querySelector("button")?.focus();
  }

  private askNoMore(): void {
    this.question.hidden = true;
    this.controls.hidden = false;
    this.cancel.focus();
  }

  private stop(): void {
    this.cancelled = true;
    this.order("cancel");
    this.state("state-cancelled");
  }
}

function left(seconds: number): string {
  const span = roughly(seconds);
  return span === undefined ? text("time-left-moment") : text("time-left", { time: spanText(span) });
}
