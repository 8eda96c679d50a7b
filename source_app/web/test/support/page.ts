/** As much of a document as the sending step touches, enough to press buttons and to see what is shown. */

type Listener = (event: { preventDefault(): void }) => void;

const EVENT = { preventDefault: () => undefined };

export class FakeElement {
  readonly dataset: Record<string, string> = {};
  readonly attributes: Record<string, string> = {};
  readonly children: (FakeElement | string)[] = [];
  hidden = false;
  max = "1";
  value: string | number;
  onclick: Listener | null = null;
  private parent: FakeElement | undefined;
  private readonly listeners: Listener[] = [];

  constructor(readonly tag = "div") {
    this.value = tag === "progress" ? "0" : "";
  }

  get tagName(): string {
    return this.tag.toUpperCase();
  }

  get id(): string {
    return this.attributes["id"] ?? "";
  }

  get textContent(): string {
    return this.children.map((child) => (typeof child === "string" ? child : child.textContent)).join("");
  }

  set textContent(words: string) {
    this.children.splice(0, Infinity, words);
  }

  setAttribute(name: string, value: string): void {
    this.attributes[name] = value;
  }

  removeAttribute(name: string): void {
    delete this.attributes[name];
  }

  remove(): void {
    this.hidden = true;
  }

  append(...children: (FakeElement | string)[]): void {
    for (const child of children) if (child instanceof FakeElement) child.parent = this;
    this.children.push(...children);
  }

  replaceChildren(...children: (FakeElement | string)[]): void {
    this.children.splice(0);
    this.append(...children);
  }

  contains(other: FakeElement | null): boolean {
    return other !== null && (other === this || this.contains(other.parent ?? null));
  }

  closest(_hidden: "[hidden]"): FakeElement | null {
    return this.hidden ? this : this.parent?.closest(_hidden) ?? null;
  }

  querySelector(tag: string): FakeElement | null {
    return this.all.find((each) => each.tag === tag) ?? null;
  }

  addEventListener(_click: string, act: Listener): void {
    this.listeners.push(act);
  }

  focus(): void {
    page.activeElement = this;
  }

  click(): void {
    this.focus();
    this.onclick?.(EVENT);
    for (const act of this.listeners) act(EVENT);
  }

  /** Everything inside, in order. */
  get all(): FakeElement[] {
    return this.children.flatMap((child) => (child instanceof FakeElement ? [child, ...child.all] : []));
  }

  /** The button with these words, which must be there to be pressed. */
  button(words: string): FakeElement {
    const found = this.all.find((each) => each.tag === "button" && each.textContent === words && each.closest("[hidden]") === null);
    if (found === undefined) throw new Error(`no button ${words}`);
    return found;
  }

  /** What can be seen. */
  get shown(): string {
    if (this.hidden) return "";
    return this.children.map((child) => (typeof child === "string" ? child : child.shown)).join("");
  }
}

/** Every id has one element. */
export const page = {
  documentElement: { lang: "en" },
  activeElement: null as FakeElement | null,
  elements: new Map<string, FakeElement>(),
  getElementById(id: string): FakeElement {
    const found = this.elements.get(id) ?? new FakeElement();
    this.elements.set(id, found);
    return found;
  },
  createElement: (tag: string) => new FakeElement(tag),
};

/** Puts the page where a browser has its document; import what uses it afterwards. */
export function openPage(): void {
  page.elements.clear();
  page.activeElement = null;
  Object.assign(globalThis, {
    document: page, HTMLElement: FakeElement, HTMLButtonElement: FakeElement,
    HTMLFormElement: FakeElement, HTMLTextAreaElement: FakeElement,
    addEventListener: () => undefined, removeEventListener: () => undefined,
  });
}
