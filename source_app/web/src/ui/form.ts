/** The fields that an office asks for, built from its signed form. What was typed stays with the field's id. */

import type { Form, FormField } from "../worker/calls";
import { byId, fault, make } from "./dom";
import { showNotes } from "./notes";
import { named, text } from "./texts";

type Box = HTMLSelectElement | HTMLTextAreaElement;

interface Asked {
  readonly field: FormField;
  readonly box: Box;
  readonly error: HTMLElement;
}

export class FormFields {
  private asked: readonly Asked[] = [];
  /** What stood in the fields of forms that were shown before. */
  private readonly typed = new Map<string, string>();

  /** Asks the questions of this form instead of those before. */
  show(form: Form): void {
    this.keep();
    showNotes(byId("form-notes"), named(form.notes));
    this.asked = form.fields.map((field) => this.ask(field));
    // The first fields up to the last that is needed are the heart of it; what follows may stay empty.
    const heart = Math.max(...form.fields.map(({ need }, i) => (need === "optional" ? 0 : i + 1)));
    const rows = this.asked.map(row);
    byId("form-fields").replaceChildren(...rows.slice(0, heart));
    byId("form-details").replaceChildren(...rows.slice(heart));
    byId("form-details-part").hidden = heart === rows.length;
  }

  /** The answers that are not empty, by field. */
  answers(): Readonly<Record<string, string>> {
    const given = this.asked.map(({ field, box }) => [field.id, box.value.trim()] as const);
    return Object.fromEntries(given.filter(([, answer]) => answer !== ""));
  }

  /** Says what is missing, at the field, and puts the focus on the first such field. */
  complete(): boolean {
    const either = this.asked.filter(({ field }) => field.need === "either");
    const titles = either.map(({ field }) => named(field.titles)).join(" / ");
    const oneGiven = either.some(({ box }) => box.value.trim() !== "");
    const missing = this.asked.filter(({ field, box, error }) => {
      const empty = field.need === "either" ? !oneGiven : field.need === "required" && box.value.trim() === "";
      const words = field.need === "either" && either.length > 1 ? text("need-either", { titles }) : text("need-answer");
      fault(box, error, empty ? words : "");
      return empty;
    });
    missing[0]?.box.focus();
    return missing.length === 0;
  }

  /** Puts the focus where most was written. */
  focusLongest(): void {
    const [longest] = [...this.asked].sort((one, other) => other.box.value.length - one.box.value.length);
    longest?.box.focus();
  }

  clear(): void {
    for (const { box } of this.asked) box.value = "";
    this.typed.clear();
  }

  private keep(): void {
    for (const { field, box } of this.asked) this.typed.set(field.id, box.value);
  }

  private ask(field: FormField): Asked {
    const id = `answer-${field.id}`;
    const error = make("p", { id: `error-${field.id}`, class: "error" });
    error.hidden = true;
    const described = `example-${field.id} error-${field.id}`;
    const box = field.choices.length > 0
      ? make("select", { id, "aria-describedby": described }, ...options(field))
      : make("textarea", { id, rows: String(field.rows), "aria-describedby": described });
    const before = this.typed.get(field.id) ?? "";
    // Another form may know the field's id but not the choice.
    if (field.choices.length === 0 || field.choices.some((choice) => choice.id === before)) box.value = before;
    return { field, box, error };
  }
}

function options({ choices }: FormField): HTMLElement[] {
  const each = choices.map(({ id, titles }) => make("option", { value: id }, named(titles)));
  return [make("option", { value: "" }, text("choose")), ...each];
}

function row({ field, box, error }: Asked, _: number, all: readonly Asked[]): HTMLElement {
  const label = make("label", { for: box.id }, named(field.titles));
  const alone = all.filter((other) => other.field.need === "either").length === 1;
  if (field.need === "required" || (field.need === "either" && alone)) label.append(" ", note(text("required")));
  else if (field.need === "either") label.append(" ", note(text("either")));
  const example = make("div", { id: `example-${field.id}`, class: "hint" });
  showNotes(example, named(field.examples));
  return make("div", { class: "field" }, label, example, box, error);
}

function note(words: string): HTMLElement {
  return make("span", { class: "note" }, words);
}
