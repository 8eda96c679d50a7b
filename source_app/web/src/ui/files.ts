/** The files a person has added. Pictures and documents are looked at for hidden data; sending reads them again. */

import { MetadataClient } from "../metadata/client";
import type { Form, Limits, WorkerCalls } from "../worker/calls";
import { button, byId, input, make, say } from "./dom";
import { endingOf, nameElement, shownName } from "./file-name";
import { groupsText } from "./findings";
import { HiddenData, type Surroundings } from "./hidden-data";
import { sizeText, text } from "./texts";

/** Cleaned pictures stay in memory until they are sent: at most this many bytes of them. */
const MOST_HELD = 256 * 2 ** 20;

const metadata = new MetadataClient();

interface Entry {
  readonly original: File;
  readonly row: HTMLElement;
  readonly hidden: HiddenData;
}

export class FileList {
  private entries: readonly Entry[] = [];
  private added = 0;
  /** What the server takes at the moment, in bytes. */
  private largest = Infinity;
  private limits: Limits = { largest: Infinity, refused: [] };
  private evidence: Form["evidence"] = "advised";
  private asked = false;
  private readonly several: HTMLButtonElement;
  private readonly around: Surroundings = {
    metadata,
    mayHold: (size) => this.entries.reduce((sum, { hidden }) => sum + hidden.held, size) <= MOST_HELD,
    changed: () => this.update(),
    ended: ({ state, name }) => this.announce(text(state === "removed" ? "hidden-announced-removed" : "hidden-cannot", { name })),
  };

  /** `changed` is called whenever a file comes or goes. */
  constructor(
    private readonly prefix: string, private readonly calls: WorkerCalls, private readonly changed: () => void,
  ) {
    const picker = input(`${prefix}files`);
    button(`${prefix}files-add`).addEventListener("click", () => picker.click());
    picker.addEventListener("change", () => {
      void this.add([...(picker.files ?? [])]);
      picker.value = "";
    });
    this.several = make("button", { type: "button", id: `${prefix}files-clean`, class: "quiet small" });
    this.several.addEventListener("click", () => void this.cleanAll());
    byId(`${prefix}files-why`).append(make("p", {}, text("hidden-why")), this.several);
  }

  /** What is to be sent, as it is now. */
  get all(): readonly File[] {
    return this.entries.map(({ hidden }) => hidden.file);
  }

  /** Waits for removals under way; false, with the focus on the file, when one did not succeed. */
  async settled(): Promise<boolean> {
    const entries = this.entries;
    const ends = await Promise.all(entries.map(({ hidden }) => hidden.settled()));
    entries[ends.indexOf(false)]?.hidden.element.focus();
    return !ends.includes(false);
  }

  clear(): void {
    this.set([]);
  }

  /** What the office wants and takes. Files that were added are never put out of sight. */
  expect(evidence: Form["evidence"], limits: Limits): void {
    this.evidence = evidence;
    this.limits = limits;
    byId(`${this.prefix}files-how`).textContent = text(evidence === "required" ? "files-wanted" : "files-later");
    this.refuse();
    this.fit();
  }

  private fit(): void {
    byId(`${this.prefix}files-part`).hidden = this.evidence === "none" && this.entries.length === 0;
  }

  private async add(files: readonly File[]): Promise<void> {
    const taken = files.filter((file) => this.takes(file));
    const entries = taken.map((file) => this.entry(file));
    this.complain(this.refusal(files));
    this.set([...this.entries, ...entries]);
    if (entries.length === 0) return;
    void this.askIntake();
    await Promise.all(entries.map(({ hidden }) => hidden.look()));
    const left = entries.filter((entry) => this.entries.includes(entry));
    if (left.length > 0) this.announceFound(left);
  }

  private set(entries: readonly Entry[]): void {
    this.entries = entries;
    byId(`${this.prefix}files-list`).replaceChildren(...entries.map(({ row }) => row));
    this.fit();
    this.update();
    this.changed();
  }

  private entry(original: File): Entry {
    this.added += 1;
    const hidden = new HiddenData(original, this.added, this.around);
    const label = text("file-remove", { name: hidden.name });
    const remove = make("button", { type: "button", class: "quiet small", "aria-label": label }, text("remove"));
    const size = make("span", { class: "size" }, sizeText(original.size));
    const row = make("li", {}, nameElement(original.name), " ", size, " ", remove, hidden.element);
    const entry = { original, row, hidden };
    remove.addEventListener("click", () => {
      this.set(this.entries.filter((other) => other !== entry));
      button(`${this.prefix}files-add`).focus();
    });
    return entry;
  }

  /** Asks what the server takes, until it has once said that it takes files. */
  private async askIntake(): Promise<void> {
    if (this.asked) return;
    this.asked = true;
    const intake = await this.calls.intake().catch(() => undefined);
    this.asked = intake?.evidence === "open";
    this.largest = intake?.largest ?? this.largest;
    if (!this.refuse() && intake?.evidence === "text-only") this.complain(text("files-closed"));
  }

  private takes({ name, size }: File): boolean {
    return size <= this.most && !this.limits.refused.includes(endingOf(name));
  }

  private get most(): number {
    return Math.min(this.largest, this.limits.largest);
  }

  /** Takes out what is not taken, and says so; true if there was any. */
  private refuse(): boolean {
    const files = this.entries.map(({ original }) => original);
    const message = this.refusal(files);
    if (message === "") return false;
    this.set(this.entries.filter(({ original }) => this.takes(original)));
    this.complain(message);
    return true;
  }

  /** Which of these files are not taken, and what to do instead. */
  private refusal(files: readonly File[]): string {
    const kinds = files.filter(({ name }) => this.limits.refused.includes(endingOf(name)));
    const large = files.filter((file) => file.size > this.most && !kinds.includes(file));
    const names = (some: readonly File[]) => some.map(({ name }) => shownName(name)).join(", ");
    return [
      kinds.length > 0 ? text("files-refused", { names: names(kinds), endings: this.limits.refused.join(", ") }) : "",
      large.length > 0 ? text("files-too-large", { names: names(large), largest: sizeText(this.most) }) : "",
    ].filter((part) => part !== "").join(" ");
  }

  private complain(message: string): void {
    say(byId(`${this.prefix}files-error`), message);
  }

  private get removable(): readonly HiddenData[] {
    return this.entries.map(({ hidden }) => hidden).filter((hidden) => hidden.removable);
  }

  private async cleanAll(): Promise<void> {
    const removable = this.removable;
    byId(`${this.prefix}files-list`).focus({ preventScroll: true });
    const ends = await Promise.all(removable.map((hidden) => hidden.remove()));
    this.announce(text("hidden-cleaned-count", { count: ends.filter((done) => done).length }));
  }

  private update(): void {
    const { removable } = this;
    byId(`${this.prefix}files-why`).hidden = removable.length === 0;
    this.several.hidden = removable.length < 2;
    this.several.textContent = text("hidden-remove-all", { count: removable.length });
  }

  private announceFound(entries: readonly Entry[]): void {
    const findings = entries.flatMap(({ hidden }) => hidden.findings);
    const others = [...new Set(entries.map(({ hidden }) => hidden.message))].join(" ");
    this.announce(findings.length > 0 ? text("hidden-announced", { groups: groupsText(findings) }) : others);
  }

  private announce(message: string): void {
    byId(`${this.prefix}files-state`).textContent = message;
  }
}
