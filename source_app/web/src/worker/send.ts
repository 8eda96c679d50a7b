/** Sealing what a reporter wrote and handing it to the server. */

import type { Random } from "../crypto/bytes";
import { INSTANCE_SIZE, PAYLOAD_SIZES } from "../crypto/constants";
import type { Day } from "../crypto/days";
import type { Slice } from "../crypto/directory";
import { payloadUse, sealItem, type RecipientKeys } from "../crypto/item";
import { messageLength, signMessage, type Message, type MessageContent } from "../crypto/message";
import type { Api } from "./api";
import { Failure, type Address, type Written } from "./calls";
import { isFailure } from "./failures";
import type { Parcel, Session, Unsent } from "./session";

export const LARGEST_PAYLOAD = Math.max(...PAYLOAD_SIZES);

/** How much of the largest payload this content takes. Needs neither codename nor network. */
export function measure(address: Address, content: Written, order: number, today: Day): number {
  const instance = new Uint8Array(INSTANCE_SIZE);
  return payloadUse(messageLength(asMessage(instance, address, content, order, today)));
}

/** How an item is made and sent. */
export interface Way {
  /** For the readers of now: what was sealed `before`, if they are the same. */
  readonly seal: (before: Parcel | undefined) => Promise<Parcel>;
  readonly deliver: (parcel: Parcel) => Promise<void>;
}

/**
 * Seals and sends what is made `from` this; after a failure of the network, the same goes out as the same bytes. `kept`
 * is where they are until then.
 */
export async function sendSealed(kept: { unsent: Unsent | undefined }, from: string, way: Way): Promise<void> {
  try {
    await sendOnce(kept, from, way);
  } catch (error) {
    // The readers became more or fewer between the sealing and the sending.
    if (!isFailure(error, "stale-directory")) throw error;
    await sendOnce(kept, from, way);
  }
}

async function sendOnce(kept: { unsent: Unsent | undefined }, from: string, { seal, deliver }: Way): Promise<void> {
  const parcel = await seal(kept.unsent?.from === from ? kept.unsent.parcel : undefined);
  kept.unsent = { from, parcel };
  try {
    await deliver(parcel);
    kept.unsent = undefined;
  } catch (error) {
    if (!mayBeRepeated(error)) kept.unsent = undefined;
    throw error;
  }
}

export function deliver(api: Api, { office, channel, tokenHash, item }: Parcel): Promise<void> {
  return api.storeItem(office, channel, tokenHash, item);
}

/** Refuses when somebody would read whom the person was not shown and has not agreed to. */
export function checkReaders(slice: Slice, session: Session, { office, channel, readers, language }: Address): void {
  const recipients = slice.channels.find((one) => one.id === channel)?.recipients ?? [];
  const joined = recipients.filter((id) => !readers.includes(id) && !session.agreed.has(`${office}/${id}`));
  if (joined.length === 0) return;
  session.joined = joined.map((id) => `${office}/${id}`);
  throw new Failure("new-readers", slice.reviewers.filter(({ id }) => joined.includes(id)).map(({ titles }) => titles[language]));
}

interface Recipients {
  readonly keys: RecipientKeys;
  /** Those of the channel whom the reporter leaves out. */
  readonly excluded: readonly string[];
}

/** The channel's recipients as the verified slice names them. */
export function recipientsFor(slice: Slice, address: Address): Recipients {
  const channel = slice.channels.find((one) => one.id === address.channel);
  if (channel === undefined) throw new Failure("no-such-channel");
  const excluded = channel.recipients.filter((id) => address.excluded.includes(id));
  if (excluded.length === channel.recipients.length) throw new Failure("no-recipient-left");
  const keys = channel.recipients.map((id) => {
    if (excluded.includes(id)) return null;
    const key = slice.keys.get(id);
    // A verified slice has a key for each reviewer; if not, that must not pass for an exclusion.
    if (key === undefined) throw new Failure("slice-forged");
    return key;
  });
  return { keys, excluded };
}

/** The item for a channel's recipients, less those left out. */
export async function sealFor(
  slice: Slice, session: Session, address: Address, content: MessageContent, today: Day, random: Random,
): Promise<Parcel> {
  const { keys, excluded } = recipientsFor(slice, address);
  const exact = { ...address, excluded };
  const length = messageLength(asMessage(slice.instance, exact, content, session.peekOrder(), today));
  if (payloadUse(length) > LARGEST_PAYLOAD) throw new Failure("too-large");
  const document = signMessage(asMessage(slice.instance, exact, content, session.takeOrder(), today), session.keys);
  const context = { instance: slice.instance, office: address.office, channel: address.channel, epoch: slice.epoch };
  const item = await sealItem(context, keys, document, random);
  return {
    serial: slice.serial,
    office: address.office,
    channel: address.channel,
    tokenHash: await session.newTokenHash(today),
    item,
  };
}

/** The server may or may not have it, or may take it later: only identical bytes are stored once. */
function mayBeRepeated(error: unknown): boolean {
  return isFailure(error, "network", "storage-full", "internal");
}

function asMessage(
  instance: Message["instance"], address: Address, content: MessageContent, order: number, today: Day,
): Message {
  return { instance, ...address, content, order, day: today };
}
