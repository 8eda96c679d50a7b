/** The offices of this server and their verified slices. Nothing is sealed to anything else. */

import type { Bytes } from "../crypto/bytes";
import type { Json } from "../crypto/canonical";
import { INSTANCE_SIZE, MAX_OFFICES, VERIFY_KEY_SIZE } from "../crypto/constants";
import type { Day } from "../crypto/days";
import { checkTime, openSlice, type Slice } from "../crypto/directory";
import { demand } from "../crypto/errors";
import { checkSuite, distinct, Fields, type Names } from "../crypto/fields";
import { asDigits, asWords, fingerprint } from "../crypto/fingerprint";
import type { Api } from "./api";
import { Failure, type OfficeEntry, type OfficeView } from "./calls";
import { checkingSlice, isFailure, refusing } from "./failures";

export interface Site {
  readonly instance: Bytes;
  readonly offices: readonly { readonly id: string; readonly names: Names; readonly root: Bytes }[];
}

/** Today, in UTC. */
export type Clock = () => Day;

export class Offices {
  private known: Site | undefined;
  private readonly slices = new Map<string, Slice>();

  constructor(private readonly api: Api, private readonly today: Clock) {}

  async site(): Promise<Site> {
    this.known ??= await refusing("site-broken", async () => readSite(await this.api.site()));
    return this.known;
  }

  async list(): Promise<readonly OfficeEntry[]> {
    const { offices } = await this.site();
    return Promise.all(offices.map(async ({ id, names, root }) => {
      const print = await fingerprint(root);
      return { id, names, digits: asDigits(print), words: { en: asWords(print, "en"), id: asWords(print, "id") } };
    }));
  }

  /** Fetches and verifies the office's slice; one older than another of this visit is refused. */
  async open(office: string, api = this.api): Promise<Slice> {
    const { instance, offices } = await this.site();
    const root = offices.find((one) => one.id === office)?.root;
    if (root === undefined) throw new Failure("no-such-office");
    const slice = await checkingSlice(async () => {
      return openSlice(await api.slice(office), { instance, office, root }, this.today());
    });
    // What the office has replaced must not come back, though it was signed: its keys may be lost or stolen.
    if (slice.serial < (this.slices.get(office)?.serial ?? 0)) throw new Failure("slice-rolled-back");
    this.slices.set(office, slice);
    return slice;
  }

  /** The slice that came last, or another if that is not good any more. */
  async lately(office: string): Promise<Slice> {
    return this.stillGood(office) ?? this.open(office);
  }

  /**
   * The slice of this moment. A page may have been open for days: whom the office has replaced meanwhile has no
   * use for what is sealed now, and the server cannot tell whose keys an item is sealed to.
   */
  async forSealing(office: string, api = this.api): Promise<Slice> {
    try {
      return await this.open(office, api);
    } catch (error) {
      const known = this.stillGood(office);
      // Nothing newer is there than what this visit knows.
      if (known !== undefined && isFailure(error, "slice-rolled-back", "no-keys")) return known;
      throw error;
    }
  }

  private stillGood(office: string): Slice | undefined {
    const known = this.slices.get(office);
    try {
      if (known !== undefined) checkTime(known, this.today());
      return known;
    } catch {
      return undefined;
    }
  }
}

export function asView({ office, notes, channels, forms, evidence, reviewers, custodians, needed }: Slice): OfficeView {
  return {
    id: office.id,
    names: office.names,
    notes,
    channels,
    forms,
    evidence,
    reviewers: reviewers.map(({ id, titles }) => ({ id, titles })),
    custodians: custodians.map(({ id, titles }) => ({ id, titles })),
    needed,
  };
}

function readSite(untrusted: Json): Site {
  checkSuite(untrusted);
  const fields = new Fields(untrusted, ["instance", "offices", "suite"]);
  const offices = fields.list("offices", readEntry, 1, MAX_OFFICES);
  demand(distinct(offices.map((office) => office.id)));
  return { instance: fields.data("instance", INSTANCE_SIZE), offices };
}

function readEntry(untrusted: Json): Site["offices"][number] {
  const fields = new Fields(untrusted, ["id", "names", "root"]);
  return { id: fields.id("id"), names: fields.names("names"), root: fields.data("root", VERIFY_KEY_SIZE) };
}
