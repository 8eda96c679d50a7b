/** Under a file in the list: what hidden data it holds, and for pictures a way to remove it before sending. */

import type { MetadataClient } from "../metadata/client";
import { ENDINGS, MAGIC_SIZE, kindOf, type Kind } from "../metadata/kind";
import { LARGEST_LOOKED_AT, type Finding } from "../metadata/report";
import { make } from "./dom";
import { shownName } from "./file-name";
import { findingsList } from "./findings";
import { sizeText, text, type Key } from "./texts";

type State =
  | "looking" | "found" | "none" | "told" | "nothing-told" | "general" | "large" | "unread" | "cannot"
  | "full" | "removing" | "removed";

/** States in which a person can ask for removal. */
const REMOVABLE: readonly State[] = ["found", "full"];
const NAMEABLE: readonly State[] = ["found", "full", "none", "removed"];

/** What is said in each state, before or in place of what was found. */
const TEXTS: Readonly<Record<State, Key>> = {
  "looking": "hidden-looking", "found": "hidden-found", "none": "hidden-none", "told": "hidden-told",
  "nothing-told": "hidden-nothing-told", "general": "hidden-general", "large": "hidden-large",
  "unread": "hidden-unread", "cannot": "hidden-cannot", "full": "hidden-full", "removing": "hidden-removing",
  "removed": "hidden-removed",
};

/** What the list of files does for each of them. */
export interface Surroundings {
  readonly metadata: MetadataClient;
  /** Whether this many bytes more may be kept in memory. */
  mayHold(size: number): boolean;
  /** Called after every step. */
  changed(): void;
  /** Called when a removal has ended, well or not. */
  ended(data: HiddenData): void;
}

export class HiddenData {
  readonly element = make("div", { class: "hidden-data", tabindex: "-1" });
  /** What will be sent: the file as it was added, or the cleaned one, maybe under another name. */
  file: File;
  state: State = "looking";
  findings: readonly Finding[] = [];
  private kind: Kind = "unknown";
  private cleaned: Blob | undefined;
  private neutral = false;
  private pending: Promise<boolean> = Promise.resolve(true);

  /** `number` is for the neutral name. */
  constructor(
    private readonly original: File, private readonly number: number, private readonly around: Surroundings,
  ) {
    this.file = original;
    this.show("looking");
  }

  /** Bytes that this page holds in memory for it, or is about to. */
  get held(): number {
    return this.cleaned?.size ?? (this.state === "removing" ? this.original.size : 0);
  }

  get name(): string {
    return shownName(this.original.name);
  }

  /** What is said about it. */
  get message(): string {
    return text(TEXTS[this.state]);
  }

  get removable(): boolean {
    return REMOVABLE.includes(this.state);
  }

  /** Waits for a removal that is under way; false when that one did not succeed. */
  settled(): Promise<boolean> {
    return this.pending;
  }

  async look(): Promise<void> {
    const start = await this.original.slice(0, MAGIC_SIZE).arrayBuffer().catch(() => new ArrayBuffer(0));
    this.kind = kindOf(new Uint8Array(start));
    if (this.kind === "unknown") return this.show("general");
    if (this.original.size > LARGEST_LOOKED_AT) return this.show("large");
    const told = await this.around.metadata.ask({ call: "look", file: this.original });
    if (!("look" in told)) return this.show("unread");
    this.findings = told.look.findings;
    this.show(this.after(told.look.kind, told.look.removable));
  }

  remove(): Promise<boolean> {
    if (!this.removable) return this.pending;
    if (!this.around.mayHold(this.original.size)) {
      this.show("full");
      return Promise.resolve(false);
    }
    this.show("removing");
    this.pending = this.clean().finally(() => {
      this.pending = Promise.resolve(true);
      this.around.ended(this);
    });
    return this.pending;
  }

  private after(kind: Kind, removable: boolean | undefined): State {
    if (kind === "unknown") return "general";
    if (removable === true) return "found";
    const told = this.findings.length > 0;
    // What is found in a picture's own data cannot be taken out of it.
    if (ENDINGS[kind] !== undefined) return removable === false && !told ? "none" : "cannot";
    return told ? "told" : "nothing-told";
  }

  private async clean(): Promise<boolean> {
    const told = await this.around.metadata.ask({ call: "remove", file: this.original });
    if (!("removed" in told)) {
      this.show("cannot");
      return false;
    }
    this.cleaned = new Blob([told.removed.bytes]);
    this.neutral = true;
    this.show("removed");
    return true;
  }

  private undo(): void {
    this.cleaned = undefined;
    this.neutral = false;
    this.show("found");
  }

  private get neutralName(): string {
    return `${text("neutral-name", { number: this.number })}.${ENDINGS[this.kind] ?? ""}`;
  }

  private show(state: State): void {
    const focused = this.element.contains(document.activeElement);
    this.state = state;
    this.element.dataset["state"] = state;
    this.element.replaceChildren(...this.parts());
    if (focused) this.element.focus({ preventScroll: true });
    this.update();
  }

  /** A file has no time of its own any more once it was changed or renamed here. */
  private update(): void {
    const name = this.neutral ? this.neutralName : this.original.name;
    const asAdded = this.cleaned === undefined && !this.neutral;
    const { type } = this.original;
    this.file = asAdded ? this.original : new File([this.cleaned ?? this.original], name, { type, lastModified: 0 });
    this.around.changed();
  }

  private parts(): Node[] {
    const { state } = this;
    const parts: Node[] = [make("p", {}, this.message)];
    if (this.findings.length > 0) parts.push(findingsList(this.findings));
    if (this.removable) parts.push(this.action("hidden-remove", "hidden-remove-from", () => void this.remove()));
    if (state === "removed") parts.push(...this.outcome(), this.action("undo", "hidden-undo", () => this.undo()));
    if (NAMEABLE.includes(state)) parts.push(this.nameChoice());
    return parts;
  }

  private outcome(): Node[] {
    const sizes = { before: sizeText(this.original.size), after: sizeText(this.held) };
    const lines = [make("p", { class: "done" }, text("hidden-clean", sizes))];
    if (this.findings.some(({ what }) => what === "profile")) lines.push(make("p", {}, text("hidden-colours")));
    return lines;
  }

  private action(key: Key, labelKey: Key, act: () => void): HTMLElement {
    const label = text(labelKey, { name: this.name });
    const made = make("button", { type: "button", class: "quiet small", "aria-label": label }, text(key));
    made.addEventListener("click", act);
    return made;
  }

  private nameChoice(): HTMLElement {
    const box = make("input", { type: "checkbox" });
    box.checked = this.neutral;
    box.addEventListener("change", () => {
      this.neutral = box.checked;
      this.update();
    });
    return make("label", { class: "tick" }, box, text("name-neutral", { name: this.neutralName }));
  }
}
