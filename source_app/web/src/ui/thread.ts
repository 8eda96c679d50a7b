/** What the office answered, and a follow-up under the same codename. */

import type { Content, OfficeView, ReplyView, WorkerCalls } from "../worker/calls";
import { AddressFields } from "./address";
import { area, button, byId, fault, form, make, onSubmit, say } from "./dom";
import { fileTasks, textTask, type Draft } from "./draft";
import { FileList } from "./files";
import { runTasks, type Task } from "./outbox";
import { RoomMeter } from "./room";
import { dayText, named, statusText, text } from "./texts";
import { setUnsent } from "./unsent";

function replyArticle(reply: ReplyView): HTMLElement {
  const id = `reply-${reply.number}`;
  const heading = make("h2", { id }, text("reply-number", { number: reply.number }));
  const day = make("time", { datetime: reply.day }, dayText(reply.day));
  const article = make("article", { class: "reply", "aria-labelledby": id }, heading);
  article.append(make("p", { class: "by" }, `${named(reply.reviewer)} · `, day));
  const status = statusText(reply.status);
  if (status !== "") article.append(make("p", { class: "status" }, status));
  article.append(make("p", { class: "words" }, reply.text));
  if (!reply.complete) article.append(make("p", { class: "notice" }, text("reply-partial")));
  return article;
}

export class ThreadStep {
  private readonly address = new AddressFields("follow-up-");
  private readonly message = area("follow-up");
  private readonly files: FileList;
  private readonly room = new RoomMeter("follow-up-", async () => {
    const address = this.address.current();
    return address && this.calls.measure(address, this.content());
  });

  constructor(private readonly calls: WorkerCalls) {
    this.files = new FileList("follow-up-", calls, () => this.changed());
    form("follow-up-form").addEventListener("input", () => this.changed());
    onSubmit("follow-up-form", () => void this.submit());
  }

  open(view: OfficeView, replies: readonly ReplyView[]): void {
    const inOrder = [...replies].sort((one, other) => one.number - other.number);
    say(byId("thread-office"), named(view.names));
    byId("replies").replaceChildren(...inOrder.map(replyArticle));
    byId("no-replies").hidden = replies.length > 0;
    this.address.fill(view);
    this.room.update();
  }

  private content(): Content {
    return { kind: "message", text: this.message.value.trim() };
  }

  private written(): boolean {
    return this.message.value.trim() !== "";
  }

  private changed(): void {
    setUnsent("follow-up", this.written() || this.files.all.length > 0);
    byId("follow-up-sent").hidden = true;
    this.room.update();
  }

  private async submit(): Promise<void> {
    const empty = !this.written() && this.files.all.length === 0;
    fault(this.message, byId("follow-up-error"), empty ? text("need-message") : "");
    if (empty || !(await this.room.check())) {
      this.message.focus();
      return;
    }
    if (!(await this.files.settled())) return;
    const address = this.address.read();
    if (address === undefined || button("send-follow-up").disabled) return;
    await this.send({ address, content: this.content(), files: this.files.all });
  }

  /** Sends; the form stays away meanwhile, and comes back as it was if the person wants to change it. */
  private async send(draft: Draft): Promise<void> {
    const fields = form("follow-up-form");
    fields.hidden = byId("leave-row").hidden = true;
    byId("follow-up-tasks").focus();
    const clearMessage = () => {
      this.message.value = "";
    };
    const first: Task[] = this.written() ? [textTask(this.calls, draft, clearMessage)] : [];
    const outcome = await runTasks("thread", "follow-up", [...first, ...fileTasks(this.calls, draft)]);
    fields.hidden = byId("leave-row").hidden = false;
    byId("follow-up-tasks").replaceChildren();
    byId("follow-up-later").hidden = true;
    if (outcome === undefined) {
      this.message.focus();
      // The office's keys or readers may have changed; without an answer the old ones stay.
      await this.calls.openOffice(draft.address.office).then((view) => this.address.fill(view), () => undefined);
      return;
    }
    this.files.clear();
    const done = byId("follow-up-sent");
    say(byId("follow-up-skipped"), outcome.skipped > 0 ? text("files-skipped", { count: outcome.skipped }) : "");
    done.hidden = false;
    done.focus();
  }
}
