// What the route that takes journals asks for. Implements spec/service.md 11.3.

import type { JournalRecord } from "../../evidence/index.js";
import type { Caller } from "../identity/caller.js";

export interface JournalsPort {
  /** Durable when it settles. Rejects with `database_missing`, `database_unavailable`, `database_too_new`. */
  readonly take: (frames: readonly PushedFrame[], caller: Caller) => Promise<JournalsTaken>;
}

/** A whole frame: its record, with the digest that it came with and that it has. */
export interface PushedFrame {
  readonly digest: string;
  readonly text: string;
  readonly record: JournalRecord;
}

export interface JournalsTaken {
  readonly taken: number;
  readonly known: number;
  /** `record_differs`, `record_foreign` */
  readonly refused: readonly { readonly record_id: string; readonly code: string }[];
}
