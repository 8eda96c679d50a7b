/** Lets only so many in at a time; the limit may change meanwhile. */

export class Gate {
  private inside = 0;
  private queue: (() => void)[] = [];

  constructor(private readonly limit: () => number) {}

  async pass<T>(action: () => Promise<T>): Promise<T> {
    while (this.inside >= this.limit()) await new Promise<void>((resolve) => void this.queue.push(resolve));
    this.inside += 1;
    try {
      return await action();
    } finally {
      this.inside -= 1;
      for (const next of this.queue.splice(0, this.limit() - this.inside)) next();
    }
  }
}
