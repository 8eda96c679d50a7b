/** What page and metadata worker say to each other. Functions cannot be sent, so these are messages. */

import type { Look, Removed } from "./look";

/** The file cannot be read, the worker cannot be loaded, or it took too long; or the picture is damaged or unusual. */
export type Refusal = "cannot-look" | "cannot-clean";

export interface Asked {
  readonly call: "look" | "remove";
  readonly file: Blob;
}

export type Told = { readonly look: Look } | { readonly removed: Removed } | { readonly refused: Refusal };
