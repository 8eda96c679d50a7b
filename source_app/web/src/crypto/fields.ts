/** Strict reading of parsed JSON: every field is asked for by name and type, and none may be left over. */

import { fromB64, type Bytes } from "./bytes";
import type { Json } from "./canonical";
import { LANGUAGES, MAX_NOTES_LENGTH, MAX_TITLE_LENGTH, SUITE } from "./constants";
import { isDay, type Day } from "./days";
import { demand } from "./errors";

export type Names = Readonly<Record<(typeof LANGUAGES)[number], string>>;

export function isId(value: unknown): value is string {
  return typeof value === "string" && /^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/.test(value);
}

/** An id of an office, channel, reviewer or form field. */
export function asId(value: Json): string {
  demand(isId(value));
  return value;
}

/** One untrusted object with exactly these keys. */
export class Fields {
  private readonly values: ReadonlyMap<string, Json>;

  constructor(untrusted: Json, keys: readonly string[]) {
    this.values = entries(untrusted);
    demand(this.values.size === keys.length && keys.every((key) => this.values.has(key)));
  }

  get(key: string): Json {
    const value = this.values.get(key);
    demand(value !== undefined);
    return value;
  }

  /** Any text but NUL, `shortest` to `longest` code points. */
  text(key: string, longest = Infinity, shortest = 0): string {
    return asText(this.get(key), longest, shortest);
  }

  integer(key: string, lowest: number, highest: number): number {
    const value = this.get(key);
    demand(typeof value === "number" && Number.isSafeInteger(value) && lowest <= value && value <= highest);
    return value;
  }

  data(key: string, size: number): Bytes {
    return asData(this.get(key), size);
  }

  id(key: string): string {
    return asId(this.get(key));
  }

  day(key: string): Day {
    const value = this.get(key);
    demand(isDay(value));
    return value;
  }

  list<T>(key: string, read: (member: Json) => T, shortest: number, longest: number): T[] {
    const value = this.get(key);
    demand(Array.isArray(value) && shortest <= value.length && value.length <= longest);
    return value.map(read);
  }

  oneOf<const T extends string>(key: string, allowed: readonly T[]): T {
    const found = allowed.find((one) => one === this.get(key));
    demand(found !== undefined);
    return found;
  }

  names(key: string): Names {
    return this.inEach(key, MAX_TITLE_LENGTH, 1);
  }

  /** Longer texts, which may be empty. */
  notes(key: string): Names {
    return this.inEach(key, MAX_NOTES_LENGTH, 0);
  }

  private inEach(key: string, longest: number, shortest: number): Names {
    const texts = new Fields(this.get(key), LANGUAGES);
    return { en: texts.text("en", longest, shortest), id: texts.text("id", longest, shortest) };
  }
}

/** The suite is looked at before the other keys are: another version may have other keys. */
export function checkSuite(untrusted: Json): void {
  const suite = entries(untrusted).get("suite");
  demand(suite !== undefined);
  demand(suite === SUITE, "wrong-version");
}

export function asText(value: Json, longest = Infinity, shortest = 0): string {
  demand(typeof value === "string" && !value.includes("\0"));
  const length = [...value].length;
  demand(shortest <= length && length <= longest);
  return value;
}

export function asData(value: Json, size: number): Bytes {
  demand(typeof value === "string");
  return fromB64(value, size);
}

/** A map, because an id like "constructor" must not find what every object has. */
export function entries(untrusted: Json): ReadonlyMap<string, Json> {
  demand(typeof untrusted === "object" && untrusted !== null && !Array.isArray(untrusted));
  return new Map(Object.entries(untrusted));
}

export function distinct(values: readonly string[]): boolean {
  return new Set(values).size === values.length;
}
