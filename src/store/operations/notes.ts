// What the operations of a state folder leave behind for those that come after them: when the ledger was verified, when it was backed up, who serves.
// Implements spec/operations.md section 2. A note is small, replaced whole, and never a reason to refuse a decision: who cannot read one finds none.

import { rmSync } from "node:fs";
import { join } from "node:path";
import { CavraError, type JsonObject, parseJson, type Shape, shapeFault } from "../../base/index.js";
import type { Clock } from "../clock.js";
import { readNoFollow, replaceDurably } from "../durable-file.js";

/** The whole ledger was verified, and did it hold? */
export interface VerifiedNote {
  readonly schema_version: "cavra.ledger-verified.v1";
  readonly verified_at: string;
  readonly ledger_id: string;
  readonly size: number;
  /** Base64. */
  readonly root: string;
  readonly holds: boolean;
}

/** The last backup that was made whole. */
export interface BackupNote {
  readonly schema_version: "cavra.last-backup.v1";
  readonly made_at: string;
  /** Absolute. */
  readonly target: string;
  readonly manifest_digest: string;
}

/** The server that listens, and whom it lets ask. */
export interface ServingNote {
  readonly schema_version: "cavra.serving.v1";
  readonly pid: number;
  readonly process_start: string;
  readonly boot: string;
  readonly url: string;
  readonly host: string;
  readonly behind_proxy: boolean;
  readonly origins: readonly string[];
}

interface Notes {
  readonly verified: VerifiedNote;
  readonly backup: BackupNote;
  readonly serving: ServingNote;
}

const FORMS: Readonly<Record<keyof Notes, { readonly file: string; readonly shape: Shape }>> = {
  verified: {
    file: "ledger-verified.json",
    shape: {
      schema_version: { $oneOf: ["cavra.ledger-verified.v1"] },
      verified_at: "time",
      ledger_id: "text",
      size: "count",
      root: "text",
      holds: "flag",
    },
  },
  backup: {
    file: "last-backup.json",
    shape: { schema_version: { $oneOf: ["cavra.last-backup.v1"] }, made_at: "time", target: "text", manifest_digest: "digest" },
  },
  serving: {
    file: "serving.json",
    shape: {
      schema_version: { $oneOf: ["cavra.serving.v1"] },
      pid: "count",
      process_start: "text",
      boot: "text",
      url: "text",
      host: "text",
      behind_proxy: "flag",
      origins: ["text"],
    },
  },
};

/** Null where there is none. Throws `note_damaged` for what is no such note. */
export function readNote<K extends keyof Notes>(stateFolder: string, kind: K): Notes[K] | null {
  const path = notePath(stateFolder, kind);
  const file = readNoFollow(path);
  if (file === null) return null;
  const read = parseJson(file.text.trimEnd());
  if (read.ok && shapeFault(read.value, FORMS[kind].shape) === "") return read.value as JsonObject as unknown as Notes[K];
  throw new CavraError("note_damaged", `\`${path}\` is not what CAVRA wrote there`, { hint: "remove it, and do again what it tells of" });
}

export function writeNote<K extends keyof Notes>(stateFolder: string, kind: K, note: Notes[K], clock: Clock): void {
  replaceDurably(notePath(stateFolder, kind), `${JSON.stringify(note)}\n`, clock);
}

export function removeNote(stateFolder: string, kind: keyof Notes): void {
  rmSync(notePath(stateFolder, kind), { force: true });
}

function notePath(stateFolder: string, kind: keyof Notes): string {
  return join(stateFolder, FORMS[kind].file);
}
