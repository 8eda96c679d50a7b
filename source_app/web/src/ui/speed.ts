/** How fast a file goes, smoothed, and how long the rest of it takes. Times come as arguments, in milliseconds. */

/** Pieces come in bursts on a bad link: what counts is the last while, not the last piece. */
const WINDOW_MS = 30_000;
/** Before this nothing sensible can be said. */
const FIRST_MS = 2_000;

export class Speed {
  private samples: { readonly sent: number; readonly at: number }[] = [];

  /** So many bytes have been sent by now, since the last `reset`. */
  observe(sent: number, at: number): void {
    this.samples.push({ sent, at });
    while ((this.samples[1]?.at ?? at) < at - WINDOW_MS) this.samples.shift();
  }

  /** What was before a pause says nothing about what comes after it. */
  reset(): void {
    this.samples = [];
  }

  /** Bytes a second; nothing while too little is known. */
  get rate(): number | undefined {
    const [first] = this.samples;
    const last = this.samples.at(-1);
    if (first === undefined || last === undefined || last.at - first.at < FIRST_MS) return undefined;
    return ((last.sent - first.sent) * 1000) / (last.at - first.at);
  }
}

export interface Span {
  readonly count: number;
  readonly unit: "minute" | "hour" | "day";
}

/** A time as people say it: whole minutes, then fives, half hours, days. Nothing for less than a minute. */
export function roughly(seconds: number): Span | undefined {
  const minutes = seconds / 60;
  if (minutes < 0.75) return undefined;
  if (minutes < 9.5) return { count: Math.round(minutes), unit: "minute" };
  if (minutes < 57.5) return { count: Math.round(minutes / 5) * 5, unit: "minute" };
  if (minutes < 10 * 60) return { count: Math.round(minutes / 30) / 2, unit: "hour" };
  if (minutes < 47.5 * 60) return { count: Math.round(minutes / 60), unit: "hour" };
  return { count: Math.round(minutes / 60 / 24), unit: "day" };
}
