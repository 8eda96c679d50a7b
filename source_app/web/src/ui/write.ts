/** Step 1: office, kind, guided form, exclusions, files. */

import type { ChannelView, OfficeEntry, OfficeView, WorkerCalls, Written } from "../worker/calls";
import { AddressFields } from "./address";
import { byId, form, make, onSubmit, say, select } from "./dom";
import type { Draft } from "./draft";
import { ask, dismiss } from "./failure";
import { FileList } from "./files";
import { FormFields } from "./form";
import { showNotes } from "./notes";
import { chosenOffice, fillOffices } from "./offices";
import { RoomMeter } from "./room";
import { language, named, text } from "./texts";
import { setUnsent } from "./unsent";

export class WriteStep {
  private readonly address = new AddressFields("", (channel) => this.showForm(channel));
  private readonly fields = new FormFields();
  private readonly files: FileList;
  private readonly room = new RoomMeter("", async () => {
    const address = this.address.current();
    return address && this.calls.measure(address, this.content());
  });
  private view: OfficeView | undefined;

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
    this.view = undefined;
    await this.openOffice();
  }

  /** Drops what was typed and added, once it has been sent. */
  clear(): void {
    form("write-form").reset();
    this.fields.clear();
    this.files.clear();
  }

  private async openOffice(): Promise<void> {
    const office = select("office").value;
    dismiss();
    if (office === this.view?.id) return;
    this.view = undefined;
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
    this.view = view;
    showNotes(byId("office-notes"), named(view.notes));
    this.address.fill(view);
    byId("write-rest").hidden = false;
    this.room.update();
  }

  private showForm({ form: id, kind }: ChannelView): void {
    const asked = this.view?.forms.find((one) => one.id === id);
    if (this.view === undefined || asked === undefined) return;
    this.fields.show(asked);
    this.files.expect(asked.evidence, this.view.evidence);
    byId("facts").hidden = kind !== "aduan";
    this.room.update();
  }

  private content(): Written {
    return { kind: "report", answers: this.fields.answers() };
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
    setUnsent("report", Object.keys(this.fields.answers()).length > 0 || this.files.all.length > 0);
    this.room.update();
  }

  private async submit(): Promise<void> {
    if (chosenOffice("office") === undefined || this.view === undefined || !this.fields.complete()) return;
    const address = this.address.read();
    if (address === undefined) return;
    if (!(await this.room.check())) {
      this.fields.focusLongest();
      byId("room").scrollIntoView({ block: "center" });
      return;
    }
    if (!(await this.files.settled())) return;
    this.next({ address, content: this.content(), files: this.files.all });
  }
}
