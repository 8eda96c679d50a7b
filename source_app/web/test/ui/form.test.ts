import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { openSlice, type Slice } from "../../src/crypto/directory";
import { EXPECTED, signedSlice, TODAY } from "../support/office";
import { openPage, page, type FakeElement } from "../support/page";

beforeEach(openPage);

const slice: Slice = openSlice(signedSlice(), EXPECTED, TODAY);
const [first, second] = slice.forms as [Slice["forms"][number], Slice["forms"][number]];

async function form() {
  const { FormFields } = await import("../../src/ui/form");
  const fields = new FormFields();
  fields.show(first);
  return fields;
}

const places = () => ["form-fields", "form-details"].map((id) => page.getElementById(id));
const found = (id: string): FakeElement => {
  const element = places().flatMap((place) => place.all).find((each) => each.id === id);
  if (element === undefined) throw new Error(`no ${id}`);
  return element;
};
const fill = (id: string, words: string) => {
  found(`answer-${id}`).value = words;
};

test("fields stand in the office's order, with what is needed marked and an example beside", async () => {
  await form();
  const [heart, details] = places().map((place) => place.all.filter(({ tag }) => tag === "label").map(({ textContent }) => textContent));
  const both = "one of these is required";
  assert.deepEqual(heart, ["Category", "What? required", `Who? ${both}`, `Where? ${both}`]);
  assert.deepEqual(details, ["When?"]);
  assert.equal(found("example-what").textContent, "Say it.");
  assert.ok(found("example-who").hidden);
  assert.equal(found("answer-what").attributes["rows"], "6");
  const options = found("answer-category").children as FakeElement[];
  assert.deepEqual(options.map(({ attributes }) => attributes["value"]), ["", "suap", "lainnya"]);
  assert.equal(page.getElementById("form-notes").textContent, "First.onetwo");
});

test("answers are what was written, by field, less what is empty", async () => {
  const fields = await form();
  fill("what", " Suap \n");
  fill("who", "  ");
  fill("category", "suap");
  assert.deepEqual(fields.answers(), { category: "suap", what: "Suap" });
});

test("what is missing is said at its field, and the first gets the focus", async () => {
  const fields = await form();
  assert.equal(fields.complete(), false);
  assert.equal(page.activeElement, found("answer-what"));
  assert.equal(found("error-what").textContent, "Answer this first.");
  assert.equal(found("error-where").textContent, "Fill in at least one of: Who? / Where?");
  assert.equal(found("answer-who").attributes["aria-invalid"], "true");
  fill("what", "x");
  assert.equal(fields.complete(), false);
  assert.ok(found("error-what").hidden);
  assert.equal(page.activeElement, found("answer-who"));
  fill("where", "y");
  assert.equal(fields.complete(), true);
  assert.equal(found("answer-who").attributes["aria-invalid"], undefined);
});

test("another form keeps what was typed under the same name, and gives back what it did not ask for", async () => {
  const fields = await form();
  fill("what", "Suap");
  fill("when", "Maret");
  fields.show(second);
  assert.deepEqual(fields.answers(), { what: "Suap" });
  fill("what", "Suap dua");
  fields.show(first);
  assert.deepEqual(fields.answers(), { what: "Suap dua", when: "Maret" });
  fields.clear();
  fields.show(second);
  assert.deepEqual(fields.answers(), {});
});

test("a choice that another form does not know is not kept", async () => {
  const fields = await form();
  fill("category", "suap");
  const [category, ...rest] = first.fields as [typeof first.fields[number], ...typeof first.fields];
  fields.show({ ...first, fields: [{ ...category, choices: category.choices.slice(1) }, ...rest] });
  assert.deepEqual(fields.answers(), {});
});
