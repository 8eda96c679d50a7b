/** Sealing what a reporter wrote and handing it to the server. */

import type { Random } from "../crypto/bytes";
import { INSTANCE_SIZE, PAYLOAD_SIZES } from "../crypto/constants";
import type { Day } from "../crypto/days";
import type { Slice } from "../crypto/directory";
import { payloadUse, sealItem, type RecipientKeys } from "../crypto/item";
import { messageLength, signMessage, type Message, type MessageContent } from "../crypto/message";
import type { Api } from "./api";
import { Failure, type Address, type Content } from "./calls";
import type { Parcel, Session } from "./session";

export const LARGEST_PAYLOAD = Math.max(...PAYLOAD_SIZES);

/** How much of the largest payload this content takes. Needs neither codename nor network. */
export function measure(address: Address, content: Content, order: number, today: Day): number {
  const instance = new Uint8Array(INSTANCE_SIZE);
  return payloadUse(messageLength(asMessage(instance, address, content, order, today)));
}

/** Seals and sends; after a failure of the network, the same content goes out as the same bytes. */
export async function sendContent(
  api: Api, session: Session, address: Address, content: Content, seal: () => Promise<Parcel>,
): Promise<void> {
  const from = JSON.stringify([address, content]);
  const parcel = session.unsent?.from === from ? session.unsent.parcel : await seal();
  session.unsent = { from, parcel };
  try {
    await deliver(api, parcel);
    session.unsent = undefined;
  } catch (error) {
    if (!mayBeRepeated(error)) session.unsent = undefined;
    throw error;
  }
}

export function deliver(api: Api, { office, channel, tokenHash, item }: Parcel): Promise<void> {
  return api.storeItem(office, channel, tokenHash, item);
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
    office: address.office,
    channel: address.channel,
    tokenHash: await session.newTokenHash(today),
    item,
  };
}

/** The server may or may not have it, or may take it later: only identical bytes are stored once. */
function mayBeRepeated(error: unknown): boolean {
  return error instanceof Failure && ["network", "storage-full", "internal"].includes(error.code);
}

function asMessage(
  instance: Message["instance"], address: Address, content: MessageContent, order: number, today: Day,
): Message {
  return { instance, ...address, content, order, day: today };
}
