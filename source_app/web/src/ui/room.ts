/** How much more text fits, shown before the limit is hit. */

import { byId, say, settled } from "./dom";
import { numberText, text } from "./texts";

export interface Room {
  readonly used: number;
  readonly limit: number;
}

export class RoomMeter {
  /** Measures again once typing pauses. */
  readonly update: () => void;
  private round = 0;

  constructor(private readonly prefix: string, private readonly measure: () => Promise<Room | undefined>) {
    this.update = settled(300, () => void this.check());
  }

  /** Whether the text fits; shows what was found. */
  async check(): Promise<boolean> {
    const round = ++this.round;
    const room = await this.measure().catch(() => undefined);
    if (room === undefined) return true;
    if (round === this.round) this.show(room);
    return room.used <= room.limit;
  }

  private show({ used, limit }: Room): void {
    const meter = byId(`${this.prefix}room`, HTMLMeterElement);
    const percent = Math.max(0, Math.floor((100 * (limit - used)) / limit));
    meter.value = 100 - percent;
    const over = used > limit;
    const key = over ? "room-over" : "room-left";
    say(byId(`${this.prefix}room-text`), text(key, { percent, count: numberText(used - limit) }));
    meter.parentElement?.classList.toggle("over", over);
  }
}
