/** Puts the steps together. The state of a visit is in these objects and nowhere else. */

import { connect } from "../worker/client";
import { CodenameStep } from "./codename";
import { button, byId } from "./dom";
import type { Draft } from "./draft";
import { emptyForms, prepareLeaving } from "./leave";
import { canSeal } from "./ready";
import { ReturnStep } from "./return";
import { SendingStep } from "./sending";
import { show } from "./steps";
import { ThreadStep } from "./thread";
import { WriteStep } from "./write";

function start(): void {
  const calls = connect();
  let draft: Draft | undefined;

  const write = new WriteStep(calls, (written) => {
    draft = written;
    show("codename");
    void codename.open();
  });
  const codename = new CodenameStep(calls, (words) => {
    show("sending");
    void send(words);
  });
  const sending = new SendingStep(calls, () => codename.forget());
  const thread = new ThreadStep(calls);
  const back = new ReturnStep(calls, (view, replies) => {
    thread.open(view, replies);
    show("thread");
  });

  async function send(words: string): Promise<void> {
    if (draft === undefined) return;
    const sent = await sending.send(words, draft);
    draft = undefined;
    show(sent ? "sent" : "write");
    if (sent) write.clear();
    else void write.reopen();
  }

  button("door-report").addEventListener("click", () => {
    show("write");
    void write.open();
  });
  button("door-return").addEventListener("click", () => {
    show("return");
    void back.open();
  });
  button("write-to-start").addEventListener("click", () => show("landing"));
  button("return-to-start").addEventListener("click", () => {
    back.clear();
    show("landing");
  });
  button("back-to-write").addEventListener("click", () => {
    codename.close();
    show("write");
  });
  prepareLeaving(calls);
}

emptyForms();
const ready = canSeal();
if (ready) start();
byId("needs-scripts").remove();
byId(ready ? "doors" : "needs-crypto").hidden = false;
