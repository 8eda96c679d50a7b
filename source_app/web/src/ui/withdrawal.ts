/** A withdrawal is asked for twice. */

import { button, form, make, onSubmit } from "./dom";
import { text } from "./texts";

/** `withdraw` is called once the person is sure. */
export function prepareWithdrawal(withdraw: () => void): void {
  const question = make("p", { id: "withdrawal-question" }, text("withdraw-sure"));
  const keep = make("button", { type: "button", id: "withdraw-not", class: "quiet" }, text("withdraw-not"));
  const yes = make("button", { type: "button", id: "withdraw-yes" }, text("withdraw-yes"));
  const sure = make("div", { role: "group", "aria-labelledby": question.id }, question);
  sure.append(make("p", { class: "actions" }, keep, yes));
  sure.hidden = true;
  form("withdrawal-form").append(sure);
  const asking = (now: boolean) => {
    sure.hidden = !now;
    button("withdraw").hidden = now;
    (now ? keep : button("withdraw")).focus();
  };
  onSubmit("withdrawal-form", () => asking(true));
  keep.addEventListener("click", () => asking(false));
  yes.addEventListener("click", () => {
    asking(false);
    withdraw();
  });
}
