/** One visit of a reporter: the worker's desk in front of a server in memory. */

import { systemRandom, type Bytes } from "../../src/crypto/bytes";
import { openMessage, type OpenedMessage } from "../../src/crypto/open";
import type { Address } from "../../src/worker/calls";
import { Desk } from "../../src/worker/desk";
import { INSTANCE, KEM_SEEDS, REVIEWERS, TODAY } from "./office";
import { FakeServer } from "./server";

export const ADDRESS: Address = {
  office: "inspektorat", channel: "aduan", excluded: ["ketua"], readers: REVIEWERS, language: "id",
};
export const CONTENT = { kind: "message", text: "Halo" } as const;

export class Visit {
  today = TODAY;
  readonly desk: Desk;

  /** Another visit to the same server is another tab, or the same after a reload. */
  constructor(readonly server = new FakeServer()) {
    this.desk = new Desk(server.network, () => this.today, systemRandom);
  }

  /** Items in the order of their arrival. */
  sent() {
    return [...this.server.items.values()];
  }
}

export function opened(item: Bytes, reader: string): Promise<OpenedMessage> {
  const place = { instance: INSTANCE, office: "inspektorat", channel: "aduan" };
  return openMessage(item, place, KEM_SEEDS.get(reader) as Bytes, REVIEWERS, reader);
}

export const nothing = () => undefined;
