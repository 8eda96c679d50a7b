/** What scripts say, in the language of the page. */

import { script as en } from "../../../locales/en.json";
import { script as id } from "../../../locales/id.json";
import type { Language, Names } from "../worker/calls";
import type { Span } from "./speed";

export type Key = keyof typeof id;

export const language: Language = document.documentElement.lang === "en" ? "en" : "id";

const catalogue: Record<Key, string> = language === "en" ? { ...en } : { ...id };

/** Says these things in other words, for a page on which something else happens under the same name. */
export function reword(others: Partial<Record<Key, string>>): void {
  Object.assign(catalogue, others);
}

/** The text of a key, with {names} filled in. */
export function text(key: Key, values: Readonly<Record<string, string | number>> = {}): string {
  return catalogue[key].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}

/** Fills in the explanations that are of use only with scripts: they come with them, so that the page stays light. */
export function explain(): void {
  for (const place of document.querySelectorAll<HTMLElement>("[data-text]")) {
    place.textContent = text(place.dataset["text"] as Key);
  }
}

export function named(names: Names): string {
  return names[language];
}

/** The text of a status, or nothing for one that this page does not know. */
export function statusText(status: string | null): string {
  const key = `status-${status ?? ""}`;
  return key in catalogue ? text(key as Key) : "";
}

/** A calendar day, `2026-11-03`, as people of this language write it. */
export function dayText(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) return day;
  // The day before the month, as the office writes it too.
  const as = language === "en" ? "en-GB" : language;
  return new Intl.DateTimeFormat(as, { dateStyle: "long", timeZone: "UTC" }).format(date);
}

export function numberText(value: number): string {
  return new Intl.NumberFormat(language).format(value);
}

const UNITS = [["GB", 1e9], ["MB", 1e6], ["KB", 1e3]] as const;

export function sizeText(bytes: number): string {
  const [unit, scale] = UNITS.find(([, least]) => bytes >= least) ?? (["B", 1] as const);
  return `${new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(bytes / scale)} ${unit}`;
}

/** "35 minutes". */
export function spanText({ count, unit }: Span): string {
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(count);
}
