// The tables of the shared database as queries see them; migrations.ts makes them. Implements spec/evidence.md 10.2.

import type { Generated } from "kysely";

export interface Tables {
  readonly migration: { readonly version: number; readonly name: string; readonly applied_at: string };
  /** One row. Whoever appends or signs holds it locked: that is what makes one tree of many servers. */
  readonly ledger: { readonly one: boolean; readonly ledger_id: string; readonly made_at: string; readonly size: number };
  readonly journal_file: {
    readonly file_id: Generated<number>;
    readonly server_id: string;
    readonly name: string;
    readonly generation: number;
    readonly position: number;
    readonly last_offset: number;
    readonly last_item: string;
  };
  readonly record: RecordTable;
  readonly tile: { readonly level: number; readonly n: number; readonly hashes: Uint8Array };
  readonly damage: {
    readonly damage_id: Generated<number>;
    readonly file_id: number;
    readonly offset: number;
    readonly length: number;
    readonly code: string;
    readonly record_id: string;
    readonly seen_at: string;
  };
  readonly token: TokenTable;
  readonly checkpoint: { readonly size: number; readonly root: Uint8Array; readonly note: string; readonly signed_at: string };
}

export interface TokenTable {
  readonly token_id: string;
  readonly ends_at: string;
  /** All else that is kept, but for `revoked`. */
  readonly json: string;
  /** Null for one that was not. */
  readonly revoked: string | null;
}

export interface RecordTable {
  readonly idx: number;
  readonly record_id: string;
  readonly digest: string;
  /** The canonical text. */
  readonly json: string;
  /** A server's own journal: where in it. Null for what was pushed. */
  readonly file_id: number | null;
  readonly offset: number | null;
  readonly length: number | null;
  /** What was pushed: who brought it. Null for a server's own. */
  readonly brought_by: string | null;
  readonly received_at: string;
  /** What lists ask for, as JSON writes it between its quotes; "" where a record has none. Verifying compares them with `json`. */
  readonly schema_version: string;
  readonly recorded_at: string;
  readonly decision: string;
  readonly agent: string;
  readonly session: string;
  readonly repository: string;
  readonly action_type: string;
  readonly rule_id: string;
}
