/** One visit under one codename: its keys, and what must not be used twice. Gone with forget(). */

import { equal, type Bytes, type Random } from "../crypto/bytes";
import type { CodenameKeys } from "../crypto/codename";
import { DELETION_NUMBERS, HASH_SIZE } from "../crypto/constants";
import type { Day } from "../crypto/days";
import { allTokens, deletionToken, tokenHash } from "../crypto/deletion";
import { below } from "../crypto/random";
import { Failure } from "./calls";
import type { Evidence } from "./files";
import { Pace } from "./pace";
import type { Transfer } from "./transfer";

/** A sealed item on its way; to try again is to send these very bytes again. */
export interface Parcel {
  /** Of the directory whose readers it is sealed to. */
  readonly serial: number;
  readonly office: string;
  readonly channel: string;
  readonly tokenHash: Bytes;
  readonly item: Bytes;
}

/** An item that could not be sent yet, and what it was made from. */
export interface Unsent {
  readonly from: string;
  readonly parcel: Parcel;
}

export class Session {
  unsent: Unsent | undefined;
  /** Readers who joined after the page had shown who reads, by office and id: those whom the person was told of last. */
  joined: readonly string[] = [];
  /** Those to whom the person has agreed. */
  readonly agreed = new Set<string>();
  /** Blobs that have begun to be sent, by their names. */
  readonly evidence = new Map<string, Evidence>();
  /** The hashes of files that were read for a task of the page: another try need not read all of it twice. */
  readonly hashes = new Map<number, Bytes>();
  /** Files on their way, by the page's tasks. */
  readonly transfers = new Map<number, Transfer>();
  /** What has been learned about the link. */
  readonly pace = new Pace();
  /** The one page that was asked for of a board, by the board's version. */
  readonly visited = new Map<string, number>();
  private order = 0;
  private readonly used = new Set<number>();
  /** Days of which the server has been told every token. */
  private readonly told = new Set<Day>();
  private ended = false;

  constructor(private readonly secrets: CodenameKeys, private readonly random: Random) {}

  /** Refuses with locked when the visit has ended, so that nothing goes on with wiped keys. */
  get keys(): CodenameKeys {
    if (this.ended) throw new Failure("locked");
    return this.secrets;
  }

  agree(): void {
    for (const one of this.joined) this.agreed.add(one);
    this.joined = [];
  }

  isOf(keys: CodenameKeys): boolean {
    return !this.ended && equal(this.secrets.verify, keys.verify);
  }

  /** The number of the item about to be sealed, for its message. */
  peekOrder(): number {
    return this.order;
  }

  takeOrder(): number {
    this.order += 1;
    return this.order - 1;
  }

  /** Every token of a day, for the server to erase what carries one. */
  async tokensOf(day: Day): Promise<Bytes> {
    const { deletionSecret } = this.keys;
    this.told.add(day);
    return allTokens(deletionSecret, day, this.random);
  }

  /** The hash of a deletion token that this visit has not used. */
  async newTokenHash(day: Day): Promise<Bytes> {
    const { deletionSecret } = this.keys;
    // One token on two objects, or one that the server knows, would tell the server what belongs together. So a
    // visit that has used them all, or has told them, sends what cannot be taken back.
    if (this.used.size === DELETION_NUMBERS || this.told.has(day)) return this.random(HASH_SIZE);
    let number = below(DELETION_NUMBERS, this.random);
    while (this.used.has(number)) number = below(DELETION_NUMBERS, this.random);
    this.used.add(number);
    return tokenHash(await deletionToken(deletionSecret, day, number));
  }

  end(): void {
    this.ended = true;
    this.unsent = undefined;
    for (const transfer of this.transfers.values()) transfer.end(new Failure("locked"));
    this.evidence.clear();
    this.hashes.clear();
    wipe(this.secrets);
  }
}

/** Overwrites keys that are not needed any more. */
export function wipe(keys: CodenameKeys): void {
  for (const secret of Object.values(keys) as Bytes[]) secret.fill(0);
}
