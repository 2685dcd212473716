// What says of a backup what is in it, and that it is whole: it is written last. Implements spec/operations.md 3.3.

import { bad, type JsonObject, ok, parseJson, type Result, type Shape, shapeFault } from "../../base/index.js";

export const BACKUP_MANIFEST = "manifest.json";
export const BACKUP_SCHEMA = "cavra.backup.v1";

export interface BackupFile {
  /** `state/…` or `config/…`. */
  readonly path: string;
  readonly size: number;
  readonly digest: string;
}

export interface BackupManifest {
  readonly schema_version: typeof BACKUP_SCHEMA;
  readonly made_at: string;
  /** Of CAVRA. */
  readonly version: string;
  /** The tree of its ledger; null where nothing was recorded. */
  readonly ledger: { readonly ledger_id: string; readonly size: number; readonly root: string } | null;
  /** By path, in the order of bytes. */
  readonly files: readonly BackupFile[];
}

const SHAPE: Shape = {
  schema_version: { $oneOf: [BACKUP_SCHEMA] },
  made_at: "time",
  version: "text",
  ledger: { $orNull: { ledger_id: "text", size: "count", root: "text" } },
  files: [{ path: "text", size: "count", digest: "digest" }],
};

/** Of a manifest with a million files. */
const MANIFEST_BYTES = 268_435_456;

export function formatManifest(manifest: BackupManifest): string {
  return `${JSON.stringify(manifest)}\n`;
}

/** Problem: `backup_damaged`. SECURITY: a path of it leads nowhere else than into the two folders. */
export function parseManifest(text: string): Result<BackupManifest> {
  const read = parseJson(text.trimEnd(), { sizeBytes: MANIFEST_BYTES, depth: 8 });
  const damaged = (why: string) => bad<BackupManifest>("backup_damaged", `the manifest is none: ${why}`, { hint: "take another backup" });
  if (!read.ok) return damaged(read.problem.message);
  const fault = shapeFault(read.value, SHAPE);
  if (fault !== "") return damaged(`\`${fault}\``);
  const manifest = read.value as JsonObject as unknown as BackupManifest;
  const stray = manifest.files.find(({ path }) => !/^(state|config)(\/(?!\.{1,2}(\/|$))[^/\0]+)+$/.test(path));
  if (stray !== undefined) return damaged(`\`${stray.path}\` is no path of a backup`);
  const paths = manifest.files.map(({ path }) => path);
  return new Set(paths).size === paths.length ? ok(manifest) : damaged("a path stands there twice");
}
