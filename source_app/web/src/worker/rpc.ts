/** What page and worker say to each other. */

import type { SealingCalls } from "../sealing/calls";
import type { FailureCode, Progress, WorkerCalls } from "./calls";

export const CALLS = [
  "offices", "openOffice", "measure", "newCodename", "checkCodename", "unlock", "send", "agree", "intake", "sendFile",
  "openSealed", "handIn", "steer", "replies", "proveAuthorship", "erase", "forget",
] as const satisfies readonly (keyof WorkerCalls)[];

/** The sealing page has a worker of its own, which can do more. */
export type CallName = (typeof CALLS)[number] | keyof SealingCalls;

/** Functions cannot be sent: the progress of a call comes back under its id instead. */
export interface Asked {
  readonly id: number;
  readonly call: CallName;
  readonly args: readonly unknown[];
}

export type Told =
  | { readonly id: number; readonly kind: "progress"; readonly progress: Progress }
  | { readonly id: number; readonly kind: "done"; readonly value: unknown }
  | { readonly id: number; readonly kind: "refused"; readonly code: FailureCode; readonly details: readonly string[] };
