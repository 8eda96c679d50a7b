/** What the office answered, and all that can be sent under the same codename. */

import type { Address, Content, OfficeView, ReplyView, WorkerCalls } from "../worker/calls";
import { AddressFields } from "./address";
import { AuthorshipForm } from "./authorship";
import { ratingWords, replyBubble, type Rating } from "./bubbles";
import { area, byId, fault, form, onSubmit, say } from "./dom";
import { fileTasks, textTask } from "./draft";
import { ErasureForm } from "./erasure";
import { FileList } from "./files";
import { IdentityForm } from "./identity";
import { runTasks } from "./outbox";
import { OwnBubbles, utcDay } from "./own";
import { RoomMeter } from "./room";
import { statusSteps } from "./status";
import { named, text } from "./texts";
import { setUnsent } from "./unsent";
import { prepareWithdrawal } from "./withdrawal";

/** A report of this visit: where it went, its files, and the UTC day on which sending began. */
export interface Report {
  readonly address: Address;
  readonly files: readonly File[];
  readonly since: string;
}

export class ThreadStep {
  private readonly address = new AddressFields("follow-up-");
  private readonly message = area("follow-up");
  private readonly files: FileList;
  private readonly own = new OwnBubbles();
  private readonly erasure: ErasureForm;
  private readonly identity: IdentityForm;
  private readonly room = new RoomMeter("follow-up-", async () => {
    const address = this.address.current();
    return address && this.calls.measure(address, { kind: "message", text: this.message.value.trim() });
  });
  private office = "";
  private sending = false;

  constructor(private readonly calls: WorkerCalls) {
    this.files = new FileList("follow-up-", calls, () => this.changed());
    const office = () => this.office;
    this.erasure = new ErasureForm(calls, office, this.own);
    new AuthorshipForm(calls, office);
    byId("thread").addEventListener("input", () => this.changed());
    onSubmit("follow-up-form", () => void this.submit());
    onSubmit("threat-form", () => void this.sendWords("threat"));
    onSubmit("objection-form", () => void this.object());
    this.identity = new IdentityForm((content, said, from) => void this.send(content, said, form(from)));
    prepareWithdrawal(() => void this.sendWords("withdrawal"));
  }

  /** Shows the thread; of a report that was sent in this visit, it takes over who must not read. */
  open(view: OfficeView, replies: readonly ReplyView[], report?: Report): void {
    this.office = view.id;
    say(byId("thread-office"), named(view.names));
    const bubbles = replies.map((reply, place) => {
      return replyBubble(reply, place, view.names, (rating, form) => void this.rate(rating, form));
    });
    byId("replies").replaceChildren(...bubbles);
    const steps = statusSteps(replies);
    byId("status-steps").replaceChildren(...steps);
    byId("status-steps").hidden = steps.length === 0;
    byId("no-replies").hidden = replies.length > 0;
    byId("objection").hidden = replies.length === 0;
    if (report !== undefined) {
      this.own.add("report", "", report.files, report.since);
    }
    this.address.explain(text(report === undefined ? "exclude-again" : "exclude-kept"));
    this.show(view, report?.address);
    this.erasure.open();
    this.room.update();
  }

  private show(view: OfficeView, before?: Address): void {
    this.address.fill(view, before);
    this.files.expect("advised", view.evidence);
    this.identity.show(view);
  }

  private changed(): void {
    const areas = [...byId("thread").querySelectorAll("textarea")];
    const written = areas.some((each) => !each.readOnly && each.value.trim() !== "");
    setUnsent("follow-up", written || this.files.all.length > 0);
    byId("follow-up-sent").hidden = true;
    this.room.update();
  }

  private async submit(): Promise<void> {
    const words = this.message.value.trim();
    const empty = words === "" && this.files.all.length === 0;
    fault(this.message, byId("follow-up-error"), empty ? text("need-message") : "");
    if (empty || !(await this.room.check())) {
      this.message.focus();
      return;
    }
    if (!(await this.files.settled())) return;
    const content = words === "" ? undefined : { kind: "message", text: words } as const;
    await this.send(content, words, form("follow-up-form"), this.files.all);
  }

  private async object(): Promise<void> {
    const words = area("objection-words");
    const empty = words.value.trim() === "";
    fault(words, byId("objection-error"), empty ? text("need-objection") : "");
    if (empty) words.focus();
    else await this.sendWords("objection");
  }

  private async sendWords(kind: "objection" | "threat" | "withdrawal"): Promise<void> {
    const words = area(`${kind}-words`).value.trim();
    await this.send({ kind, text: words }, words, form(`${kind}-form`));
  }

  private async rate(rating: Rating, place: HTMLFormElement): Promise<void> {
    await this.send(rating, ratingWords(rating), place);
  }

  /** Sends; the forms stay away meanwhile, and come back as they were if the person wants to change something. */
  private async send(content: Content | undefined, words: string, from: HTMLFormElement, files: readonly File[] = []): Promise<void> {
    if (this.sending) return;
    const address = this.address.read();
    if (address === undefined) return;
    this.setSending(true);
    const since = utcDay(Date.now());
    const sentFiles: File[] = [];
    const first = content === undefined ? [] : [textTask(this.calls, { address, content }, () => this.settle(from))];
    const tasks = [...first, ...fileTasks(this.calls, { address, files }, (file) => sentFiles.push(file))];
    const outcome = await runTasks("thread", "follow-up", tasks);
    this.setSending(false);
    if (outcome === undefined) {
      from.querySelector("textarea")?.focus();
      // The office's keys or readers may have changed; without an answer the old ones stay.
      await this.calls.openOffice(address.office).then((view) => this.show(view), () => undefined);
      return;
    }
    if (files.length > 0) this.files.clear();
    this.changed();
    const kind = content?.kind ?? "files";
    if (content !== undefined || sentFiles.length > 0) this.own.add(kind, words, sentFiles, since);
    const done = byId("follow-up-sent");
    say(byId("follow-up-skipped"), outcome.skipped > 0 ? text("files-skipped", { count: outcome.skipped }) : "");
    done.hidden = false;
    done.focus();
  }

  /** What has been sent leaves its form. */
  private settle(sent: HTMLFormElement): void {
    sent.reset();
    const around = sent.closest("details");
    if (around !== null) around.open = false;
  }

  private setSending(now: boolean): void {
    this.sending = now;
    byId("thread-actions").hidden = byId("leave-row").hidden = now;
    byId("replies").inert = now;
    if (now) {
      byId("follow-up-tasks").focus();
      return;
    }
    byId("follow-up-tasks").replaceChildren();
    byId("follow-up-later").hidden = true;
  }
}
