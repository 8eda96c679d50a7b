/** The sealing page: the steps of a report, which end in a file instead of a server. */

import { sealing_script as en } from "../../../locales/en.json";
import { sealing_script as id } from "../../../locales/id.json";
import { dayOf, type Day } from "../crypto/days";
import { CodenameStep } from "../ui/codename";
import { button, byId } from "../ui/dom";
import type { Draft } from "../ui/draft";
import { ask } from "../ui/failure";
import { emptyForms, prepareLeaving } from "../ui/leave";
import { canSeal } from "../ui/ready";
import { SendingStep } from "../ui/sending";
import { language, reword } from "../ui/texts";
import { WriteStep } from "../ui/write";
import { Client } from "../worker/client";
import type { SealedFile } from "./calls";
import { SealedStep } from "./sealed";
import { show } from "./steps";
import { WORKER_URL } from "./worker-urls";

function start(): void {
  const client = new Client(() => new Worker(WORKER_URL));
  const { calls } = client;
  let draft: Draft | undefined;

  const write = new WriteStep(calls, (written) => {
    draft = written;
    show("codename");
    void codename.open();
  });
  const codename = new CodenameStep(calls, (words) => {
    show("sending");
    void seal(words);
  });
  const sealing = new SendingStep(calls, () => codename.forget());
  const sealed = new SealedStep();

  async function seal(words: string): Promise<void> {
    if (draft === undefined) return;
    const day = dayOf(Date.now() / 1000);
    const done = await sealing.send(words, draft);
    draft = undefined;
    if (done === undefined) {
      show("write");
      await write.reopen();
      return;
    }
    await offer(day);
    write.clear();
    await calls.forget();
  }

  async function offer(day: Day): Promise<void> {
    try {
      sealed.open(await client.ask<SealedFile>("sealedFile", []), day);
      show("sealed");
    } catch (error) {
      if ((await ask("sending", error)) === "again") await offer(day);
    }
  }

  button("door-report").addEventListener("click", () => {
    show("write");
    void write.open();
  });
  button("write-to-start").addEventListener("click", () => show("start"));
  button("back-to-write").addEventListener("click", () => {
    codename.close();
    show("write");
  });
  prepareLeaving(calls, "about:blank");
}

reword(language === "en" ? en : id);
emptyForms();
const ready = canSeal();
if (ready) start();
byId("needs-scripts").remove();
byId(ready ? "doors" : "needs-crypto").hidden = false;
