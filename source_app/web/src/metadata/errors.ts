/** What the code of this folder refuses with. */

/** The picture is damaged, or built in a way that is not known to be safe: nothing of it is given out as cleaned. */
export class CannotClean extends Error {
  constructor() {
    super("cannot be cleaned");
    this.name = "CannotClean";
  }
}

export function need(condition: boolean): asserts condition {
  if (!condition) throw new CannotClean();
}
