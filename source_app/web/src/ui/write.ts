/** Step 1: office, kind, guided form, exclusions, files. */

import type { Content, OfficeEntry, OfficeView, WorkerCalls } from "../worker/calls";
import { AddressFields } from "./address";
import { area, byId, fault, form, make, onSubmit, say, select } from "./dom";
import type { Draft } from "./draft";
import { ask, dismiss } from "./failure";
import { FileList } from "./files";
import { chosenOffice, fillOffices } from "./offices";
import { RoomMeter } from "./room";
import { language, text } from "./texts";
import { setUnsent } from "./unsent";

const QUESTIONS = [
  "what", "who", "where", "when", "how", "why", "amount", "evidence", "others", "elsewhere",
] as const;

function answers(): Readonly<Record<string, string>> {
  const given = QUESTIONS.map((name) => [name, area(`answer-${name}`).value.trim()] as const);
  return Object.fromEntries(given.filter(([, answer]) => answer !== ""));
}

function content(): Content {
  return { kind: "report", answers: answers() };
}

/** Says what is missing, at the field, and puts the focus on the first such field. */
function complete(): boolean {
  const given = answers();
  const what = given["what"] === undefined ? text("need-what") : "";
  const either = given["who"] === undefined && given["where"] === undefined ? text("need-who-or-where") : "";
  fault(area("answer-what"), byId("error-what"), what);
  fault(area("answer-who"), byId("error-who"), either);
  fault(area("answer-where"), byId("error-where"), either);
  if (what !== "") area("answer-what").focus();
  else if (either !== "") area("answer-who").focus();
  return what === "" && either === "";
}

export class WriteStep {
  private readonly address = new AddressFields("");
  private readonly files: FileList;
  private readonly room = new RoomMeter("", async () => {
    const address = this.address.current();
    return address && this.calls.measure(address, content());
  });
  private opened: string | undefined;

  constructor(private readonly calls: WorkerCalls, private readonly next: (draft: Draft) => void) {
    this.files = new FileList("", calls, () => this.changed());
    select("office").addEventListener("change", () => void this.openOffice());
    form("write-form").addEventListener("input", () => this.changed());
    onSubmit("write-form", () => void this.submit());
  }

  /** Gets the offices and, when there is a choice already, the keys of the chosen one. */
  async open(): Promise<void> {
    try {
      const entries = await fillOffices(this.calls, "office");
      this.showFingerprints(entries);
      await this.openOffice();
    } catch (error) {
      if ((await ask("write", error)) === "again") await this.open();
    }
  }

  /** Back to what could not be sent. The office's keys may have been the reason: they are fetched anew. */
  async reopen(): Promise<void> {
    this.opened = undefined;
    await this.openOffice();
  }

  /** Drops what was typed and added, once it has been sent. */
  clear(): void {
    form("write-form").reset();
    this.files.clear();
  }

  private async openOffice(): Promise<void> {
    const office = select("office").value;
    dismiss();
    if (office === this.opened) return;
    this.opened = undefined;
    byId("write-rest").hidden = true;
    if (office === "") return;
    const state = byId("office-state");
    say(state, text("opening-office"));
    let view: OfficeView;
    try {
      view = await this.calls.openOffice(office);
    } catch (error) {
      say(state, "");
      if (select("office").value === office && (await ask("write", error)) === "again") await this.openOffice();
      return;
    }
    if (select("office").value !== office) return;
    say(state, "");
    this.opened = office;
    this.address.fill(view);
    byId("write-rest").hidden = false;
    this.room.update();
  }

  /** The fingerprint of the key that this page will really check against, for the chosen office. */
  private showFingerprints(entries: readonly OfficeEntry[]): void {
    const list = select("office");
    const show = () => {
      const entry = entries.find(({ id }) => id === list.value);
      byId("office-check").hidden = entry === undefined;
      byId("office-digits").replaceChildren(...(entry?.digits ?? []).map((part) => make("span", {}, part)));
      byId("office-words").replaceChildren(...(entry?.words[language] ?? []).map((part) => make("span", {}, part)));
    };
    list.onchange = show;
    show();
  }

  private changed(): void {
    setUnsent("report", Object.keys(answers()).length > 0 || this.files.all.length > 0);
    this.room.update();
  }

  private async submit(): Promise<void> {
    if (chosenOffice("office") === undefined || this.opened === undefined || !complete()) return;
    const address = this.address.read();
    if (address === undefined) return;
    if (!(await this.room.check())) {
      area("answer-what").focus();
      byId("room").scrollIntoView({ block: "center" });
      return;
    }
    if (!(await this.files.settled())) return;
    this.next({ address, content: content(), files: this.files.all });
  }
}
