/** The few verbs this page has on its document. Data goes in as text, never as markup. */

type Kind<T extends HTMLElement> = new () => T;

/** The element with this id; a page without it does not fit these scripts. */
export function byId<T extends HTMLElement = HTMLElement>(id: string, kind?: Kind<T>): T {
  const found = document.getElementById(id);
  if (found === null || !(found instanceof (kind ?? HTMLElement))) throw new Error(`no #${id}`);
  return found as T;
}

export const button = (id: string) => byId(id, HTMLButtonElement);
export const form = (id: string) => byId(id, HTMLFormElement);
export const input = (id: string) => byId(id, HTMLInputElement);
export const select = (id: string) => byId(id, HTMLSelectElement);
export const area = (id: string) => byId(id, HTMLTextAreaElement);

/** A new element holding texts and other elements. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Shows a message in its own place, or hides the place when there is none. */
export function say(place: HTMLElement, message: string): void {
  place.textContent = message;
  place.hidden = message === "";
}

/** Marks a field as wrong and says why, or clears the mark. */
export function fault(field: HTMLElement, place: HTMLElement, message: string): void {
  if (message === "") field.removeAttribute("aria-invalid");
  else field.setAttribute("aria-invalid", "true");
  say(place, message);
}

/** The form says itself what is missing, and is never sent anywhere. */
export function onSubmit(id: string, act: () => void): void {
  form(id).noValidate = true;
  form(id).addEventListener("submit", (event) => {
    event.preventDefault();
    act();
  });
}

/** Runs `act` once things have been quiet for a moment. */
export function settled(milliseconds: number, act: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(act, milliseconds);
  };
}
