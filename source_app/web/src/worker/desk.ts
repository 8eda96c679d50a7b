/** Every call of the page, carried out (calls.ts says what each means). */

import { proveAuthorship } from "../crypto/authorship";
import type { Random } from "../crypto/bytes";
import { wellFormed } from "../crypto/canonical";
import { checkCodename, keysOf, newCodename, readCodename } from "../crypto/codename";
import type { Slice } from "../crypto/directory";
import { ProtocolError } from "../crypto/errors";
import type { MessageContent } from "../crypto/message";
import { Api } from "./api";
import {
  Failure, type Address, type CodenameProblems, type Content, type Intake, type Language, type OfficeEntry,
  type OfficeView, type Order, type Progress, type ReplyView, type SealedView, type WorkerCalls, type Written,
} from "./calls";
import { refusing } from "./failures";
import { sendEvidence } from "./files";
import { HandIn } from "./hand-in";
import { Http, type Network } from "./http";
import { identityFor } from "./identity";
import { asView, Offices, type Clock } from "./offices";
import { checkReaders, deliver, LARGEST_PAYLOAD, measure, recipientsFor, sealFor, sendSealed } from "./send";
import { Session, wipe, type Parcel } from "./session";
import { Transfer } from "./transfer";
import { visitBoard } from "./visit";

export class Desk implements WorkerCalls {
  private readonly http: Http;
  private readonly api: Api;
  private readonly known: Offices;
  private readonly handing: HandIn;
  private session: Session | undefined;

  constructor(private readonly network: Network, private readonly today: Clock, private readonly random: Random) {
    this.http = new Http(network);
    this.api = new Api(this.http.send);
    this.known = new Offices(this.api, today);
    this.handing = new HandIn(this.http, network, this.known);
  }

  offices(): Promise<readonly OfficeEntry[]> {
    return this.known.list();
  }

  async openOffice(office: string): Promise<OfficeView> {
    return asView(await this.known.open(office));
  }

  async measure(address: Address, content: Written): Promise<{ readonly used: number; readonly limit: number }> {
    const used = measure(address, content, this.session?.peekOrder() ?? 0, this.today());
    return { used, limit: LARGEST_PAYLOAD };
  }

  async newCodename(language: Language): Promise<readonly string[]> {
    return newCodename(language, this.random);
  }

  async checkCodename(text: string): Promise<CodenameProblems> {
    return checkCodename(text);
  }

  async unlock(text: string): Promise<void> {
    let codename;
    try {
      codename = readCodename(text);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      throw new Failure("unknown-words", checkCodename(text).unknown);
    }
    const { instance } = await this.known.site();
    const keys = await keysOf(codename, instance);
    // The same codename again goes on with its visit: what it has used stays used.
    if (this.session?.isOf(keys)) return wipe(keys);
    await this.forget();
    this.session = new Session(keys, this.random);
  }

  async send(address: Address, content: Content): Promise<void> {
    const session = this.unlocked();
    await sendSealed(session, JSON.stringify([address, content]), {
      seal: (before) => this.seal(this.api, session, address, (slice) => {
        return content.kind === "identity" ? identityFor(slice, session, content, this.random) : content;
      }, before),
      deliver: (parcel) => deliver(this.api, parcel),
    });
  }

  async agree(): Promise<void> {
    this.session?.agree();
  }

  intake(): Promise<Intake> {
    return this.api.intake();
  }

  async sendFile(
    task: number, address: Address, file: File, progress: (now: Progress) => void,
  ): Promise<"sent" | "cancelled"> {
    const session = this.unlocked();
    const transfer = new Transfer(this.http, this.network, file.size, progress);
    session.transfers.set(task, transfer);
    try {
      // Before the first byte goes out: an office that cannot be sealed to should not cost an upload.
      recipientsFor(await this.known.lately(address.office), address);
      const route = { session, http: this.http, network: this.network, transfer };
      return await sendEvidence(route, task, address, file, this.today(), (evidence, before) => {
        return this.seal(transfer.api, session, address, () => ({ kind: "evidence", file: evidence }), before);
      });
    } finally {
      session.transfers.delete(task);
    }
  }

  openSealed(file: File): Promise<SealedView> {
    return this.handing.open(file);
  }

  handIn(task: number, part: number, progress: (now: Progress) => void): Promise<"sent" | "cancelled"> {
    return this.handing.send(task, part, progress);
  }

  async steer(task: number, order: Order): Promise<void> {
    this.handing.steer(task, order);
    this.session?.transfers.get(task)?.steer(order);
  }

  async replies(office: string): Promise<readonly ReplyView[]> {
    const session = this.unlocked();
    const slice = await this.known.open(office);
    const replies = await visitBoard(this.api, session, slice, this.random);
    return replies.flatMap(({ reviewer, other, ...reply }) => {
      const author = other ?? slice.reviewers.find((one) => one.id === reviewer)?.titles;
      return author === undefined ? [] : [{ ...reply, author, other: other !== null }];
    });
  }

  async proveAuthorship(office: string, statement: string): Promise<string> {
    const { keys } = this.unlocked();
    const { instance } = await this.known.site();
    const made = { instance, office, day: this.today(), statement: wellFormed(statement) };
    return refusing("bad-statement", () => proveAuthorship(made, keys));
  }

  async erase(office: string, day: string): Promise<number> {
    return this.api.erase(office, await this.unlocked().tokensOf(day));
  }

  async forget(): Promise<void> {
    this.handing.end();
    this.session?.end();
    this.session = undefined;
  }

  private unlocked(): Session {
    if (this.session === undefined) throw new Failure("locked");
    return this.session;
  }

  /** For the readers of now: what was sealed `before`, if the directory is the same. */
  private async seal(
    api: Api, session: Session, address: Address, content: (slice: Slice) => MessageContent | Promise<MessageContent>,
    before: Parcel | undefined,
  ): Promise<Parcel> {
    const slice = await this.known.forSealing(address.office, api);
    checkReaders(slice, session, address);
    if (before?.serial === slice.serial) return before;
    return sealFor(slice, session, address, await content(slice), this.today(), this.random);
  }
}
