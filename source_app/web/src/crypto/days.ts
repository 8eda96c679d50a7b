/** Days and epochs, in UTC (docs/protocol.md section 1). The clock is always an argument. */

import { EPOCH_SECONDS } from "./constants";
import { demand } from "./errors";

/** `YYYY-MM-DD`. */
export type Day = string;

const DAY_SECONDS = 86_400;

export function isDay(value: unknown): value is Day {
  if (typeof value !== "string" || !/^(?!0000)\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const seconds = secondsOf(value);
  // Some engines read 30 February as 2 March: only a day that comes back unchanged exists.
  return !Number.isNaN(seconds) && dayOf(seconds) === value;
}

/** The day of a unix time in seconds; years have four digits. */
export function dayOf(seconds: number): Day {
  demand(-62_135_596_800 <= seconds && seconds < 253_402_300_800);
  return new Date(seconds * 1000).toISOString().slice(0, 10);
}

export function addDays(day: Day, days: number): Day {
  return dayOf(secondsOf(day) + days * DAY_SECONDS);
}

/** Epochs begin at midnight, so that a day lies in one. */
export function epochOf(day: Day): number {
  return Math.floor(secondsOf(day) / EPOCH_SECONDS);
}

export function lastDayOf(epoch: number): Day {
  return dayOf((epoch + 1) * EPOCH_SECONDS - 1);
}

/** Whether some day within `days` of this one lies in `epoch`: clocks go wrong. */
export function isNear(epoch: number, today: Day, days: number): boolean {
  return epochOf(addDays(today, -days)) <= epoch && epoch <= epochOf(addDays(today, days));
}

function secondsOf(day: Day): number {
  return Date.parse(`${day}T00:00:00Z`) / 1000;
}
