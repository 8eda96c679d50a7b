/** The last step: the sealed file, to be saved and carried. */

import { lastDayOf, type Day } from "../crypto/days";
import { byId } from "../ui/dom";
import { dayText, sizeText } from "../ui/texts";
import { setUnsent } from "../ui/unsent";
import type { SealedFile } from "./calls";

/** A name that says nothing to whoever looks through a folder; drawn, so that two do not get in each other's way. */
export function neutralName(random: Uint32Array): string {
  return `data-${((random[0] as number) % 10_000).toString().padStart(4, "0")}.sealed`;
}

export class SealedStep {
  private readonly link = byId("save-sealed", HTMLAnchorElement);

  constructor() {
    this.link.addEventListener("click", () => {
      byId("sealed-saved").hidden = false;
      setUnsent("sealed", false);
    });
  }

  /** Offers what was sealed on this day. Until it was saved once, the page asks before it is closed. */
  open({ file, epoch }: SealedFile, day: Day): void {
    this.link.href = URL.createObjectURL(file);
    this.link.download = neutralName(crypto.getRandomValues(new Uint32Array(1)));
    byId("sealed-name").textContent = this.link.download;
    byId("sealed-size").textContent = sizeText(file.size);
    // A server takes an item in the epoch of its keys and in the one after it.
    for (const [id, shown] of [["sealed-by", lastDayOf(epoch + 1)], ["sealed-day", day]] as const) {
      byId(id, HTMLTimeElement).dateTime = shown;
      byId(id).textContent = dayText(shown);
    }
    setUnsent("sealed", true);
  }
}
