import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { openPage, type FakeElement } from "../support/page";

beforeEach(openPage);

async function shape(notes: string): Promise<unknown> {
  const { notesElements } = await import("../../src/ui/notes");
  const elements = notesElements(notes) as unknown as FakeElement[];
  return elements.map(({ tag, children, textContent }) => (tag === "ul" ? children.map((child) => (child as FakeElement).textContent) : textContent));
}

test("empty lines part paragraphs, a dash begins an item", async () => {
  assert.deepEqual(await shape(""), []);
  assert.deepEqual(await shape("one\ntwo\n\nthree"), ["one\ntwo", "three"]);
  assert.deepEqual(await shape("see:\n- a\n- b\nafter\n\n\n- c"), ["see:", ["a", "b"], "after", ["c"]]);
  assert.deepEqual(await shape("-a\n - b"), ["-a\n - b"], "only a dash at the start and a space make an item");
});

test("markup is text like any other", async () => {
  assert.deepEqual(await shape("<b>x</b> [y](https://z) &amp;"), ["<b>x</b> [y](https://z) &amp;"]);
});
