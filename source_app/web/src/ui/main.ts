/** Puts the steps together. The state of a visit is in these objects and nowhere else. */

import { connect } from "../worker/client";
import { CodenameStep } from "./codename";
import { copyParts } from "./copies";
import { button, byId } from "./dom";
import type { Draft } from "./draft";
import { HandInStep } from "./hand-in";
import { emptyForms, prepareLeaving } from "./leave";
import { utcDay } from "./own";
import { canSeal } from "./ready";
import { ReturnStep } from "./return";
import { SendingStep } from "./sending";
import { SentStep } from "./sent";
import { show } from "./steps";
import { explain, language } from "./texts";
import { ThreadStep } from "./thread";
import { WriteStep } from "./write";

function start(): void {
  const calls = connect();
  let draft: Draft | undefined;

  explain();
  copyParts();
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
  const sent = new SentStep(calls, (view, replies, report) => {
    thread.open(view, replies, report);
    show("thread");
  });
  const back = new ReturnStep(calls, (view, replies) => {
    thread.open(view, replies);
    show("thread");
  });

  async function send(words: string): Promise<void> {
    if (draft === undefined) return;
    const { address } = draft;
    const since = utcDay(Date.now());
    const files = await sending.send(words, draft);
    draft = undefined;
    show(files === undefined ? "write" : "sent");
    if (files === undefined) {
      void write.reopen();
      return;
    }
    write.clear();
    sent.open({ address, files, since });
  }

  const handIn = new HandInStep(calls);
  button("door-sealed").addEventListener("click", () => show("hand-in"));
  for (const id of ["hand-in-to-start", "hand-in-over"]) {
    button(id).addEventListener("click", () => {
      handIn.clear();
      show("landing");
    });
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
  prepareLeaving(calls, `/${language}/`);
}

emptyForms();
const ready = canSeal();
if (ready) start();
byId(ready ? "obstacle" : "needs-scripts").remove();
byId(ready ? "doors" : "needs-crypto").hidden = false;
