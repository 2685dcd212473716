// A consistent copy of all that was recorded and of what decides here, while everything goes on. Implements spec/operations.md section 3.
// INVARIANT: the ledger is copied before the journals, so that nothing that the copy of the ledger has taken is missing in theirs; the target gets its name when it is whole.
// SECURITY: no private key is ever in it.

import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { bad, compareBytes, formatTime, ok, type Result, sha256 } from "../../base/index.js";
import type { Clock } from "../clock.js";
import { replaceDurably } from "../durable-file.js";
import { ensurePrivateFolder, syncFolderChain } from "../folders.js";
import { endOfLast } from "../journal-follow.js";
import { journalEntries } from "../journal-reader.js";
import { JOURNAL_FOLDER } from "../journal-writer.js";
import { rootAt } from "../ledger/checkpoints.js";
import { copyDatabase } from "../ledger/database.js";
import { drainedFiles } from "../ledger/lag.js";
import { hasLedger, readLedger } from "../ledger/open.js";
import type { Places } from "../ledger/session.js";
import { treeSize } from "../ledger/tiles.js";
import { BACKUP_MANIFEST, BACKUP_SCHEMA, type BackupFile, type BackupManifest, formatManifest } from "./backup-manifest.js";
import { copyDurably, digestFile, filesUnder } from "./copy.js";
import { writeNote } from "./notes.js";

/** Of the state folder, beside journal and databases. Keys, sockets, what is compiled and what only runs are not in it. */
const FOLDERS = ["approvals", "parity", "promotion", "shadow", "tokens", "trust"] as const;
const DATABASES = ["ledger/ledger.sqlite", "notices/notices.sqlite", "witness/witness.sqlite"] as const;
/** A lease is its authority's, and over before anybody could restore it. */
const LEFT_OUT = /^promotion\/(leases\/|clock$)/;

export interface BackupMade {
  readonly target: string;
  readonly manifest: BackupManifest;
  readonly manifest_digest: string;
}

export interface BackupWish {
  readonly places: Places;
  /** Absolute; must not be there. */
  readonly target: string;
  readonly version: string;
  readonly clock: Clock;
  readonly onBytes: (done: number, all: number) => void;
}

/** Problems: `target_exists`, `nothing_to_back_up`. Throws what the system and the databases refuse; then nothing stands at the target. */
export function makeBackup({ places, target, version, clock, onBytes }: BackupWish): Result<BackupMade> {
  const { stateFolder, configFolder } = places;
  if (existsSync(target)) return bad("target_exists", `\`${target}\` is there already`, { hint: "name a folder that is not there yet" });
  if (!existsSync(join(stateFolder, JOURNAL_FOLDER)) && !hasLedger(stateFolder))
    return bad("nothing_to_back_up", `nothing was recorded in \`${stateFolder}\` yet`, {
      hint: "run `cavra status` to see where yours is",
    });
  const draft = `${target}.partial-${Buffer.from(clock.randomBytes(6)).toString("hex")}`;
  try {
    mkdirSync(dirname(target), { recursive: true });
    ensurePrivateFolder(draft);
    const taken = newTaking(draft, weightOf(places), onBytes);
    const databases = DATABASES.filter((path) => (statSync(join(stateFolder, path), { throwIfNoEntry: false })?.size ?? 0) > 0);
    for (const path of databases) taken.database(join(stateFolder, path), `state/${path}`);
    const ledger = treeOf(draft);
    for (const { file, bytes } of journalsOf(stateFolder, draft))
      taken.file(join(stateFolder, JOURNAL_FOLDER, file), `state/${JOURNAL_FOLDER}/${file}`, bytes);
    for (const { from, path } of [...stateFiles(stateFolder), ...configFiles(configFolder)])
      taken.file(from, path, Number.MAX_SAFE_INTEGER);
    const files = taken.files().sort((left, right) => compareBytes(left.path, right.path));
    const manifest: BackupManifest = { schema_version: BACKUP_SCHEMA, made_at: formatTime(clock.nowMs()), version, ledger, files };
    const text = formatManifest(manifest);
    replaceDurably(join(draft, BACKUP_MANIFEST), text, clock);
    for (const folder of new Set(files.map(({ path }) => dirname(join(draft, path))))) syncFolderChain(folder);
    renameSync(draft, target);
    syncFolderChain(dirname(target));
    const made = { target, manifest, manifest_digest: sha256(text) };
    writeNote(
      stateFolder,
      "backup",
      { schema_version: "cavra.last-backup.v1", made_at: manifest.made_at, target, manifest_digest: made.manifest_digest },
      clock,
    );
    return ok(made);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

interface Taking {
  readonly file: (from: string, path: string, mostBytes: number) => void;
  readonly database: (from: string, path: string) => void;
  readonly files: () => BackupFile[];
}

function newTaking(draft: string, all: number, onBytes: BackupWish["onBytes"]): Taking {
  const files: BackupFile[] = [];
  let done = 0;
  const tell = (count: number) => {
    done += count;
    onBytes(done, all);
  };
  return {
    file: (from, path, mostBytes) => files.push({ path, ...copyDurably(from, join(draft, path), mostBytes, tell) }),
    database: (from, path) => {
      ensurePrivateFolder(dirname(join(draft, path)));
      copyDatabase(from, join(draft, path));
      files.push({ path, ...digestFile(join(draft, path), tell) });
    },
    files: () => files,
  };
}

function weightOf({ stateFolder }: Places): number {
  const paths = [...DATABASES, ...journalEntries(stateFolder).files.map((file) => `${JOURNAL_FOLDER}/${file}`)];
  return paths.reduce((sum, path) => sum + (statSync(join(stateFolder, path), { throwIfNoEntry: false })?.size ?? 0), 0);
}

/** Of the copy, not of what has grown since. */
function treeOf(draft: string): BackupManifest["ledger"] {
  return withCopy(draft, (ledger) => {
    const size = treeSize(ledger.database);
    return { ledger_id: ledger.ledgerId, size, root: Buffer.from(rootAt(ledger, size)).toString("base64") };
  });
}

function withCopy<T>(draft: string, action: (ledger: ReturnType<typeof readLedger>) => T): T | null {
  if (!hasLedger(join(draft, "state"))) return null;
  const ledger = readLedger(join(draft, "state"));
  try {
    return action(ledger);
  } finally {
    ledger.close();
  }
}

/** Each up to its last whole record, and never less than the copied ledger has drained: what is behind may be a write under way. */
function journalsOf(stateFolder: string, draft: string): readonly { readonly file: string; readonly bytes: number }[] {
  const drained = withCopy(draft, drainedFiles) ?? new Map();
  return journalEntries(stateFolder).files.map((file) => ({
    file,
    bytes: Math.max(endOfLast(stateFolder, file), drained.get(file)?.position ?? 0),
  }));
}

interface Source {
  readonly from: string;
  readonly path: string;
}

function stateFiles(stateFolder: string): readonly Source[] {
  return FOLDERS.flatMap((folder) => filesUnder(join(stateFolder, folder)).map((name) => `${folder}/${name}`))
    .filter((name) => !LEFT_OUT.test(name))
    .map((name) => ({ from: join(stateFolder, name), path: `state/${name}` }))
    .filter(({ from }) => !holdsPrivateKey(from));
}

function configFiles(configFolder: string): readonly Source[] {
  return filesUnder(configFolder)
    .map((name) => ({ from: join(configFolder, name), path: `config/${name}` }))
    .filter(({ from }) => !holdsPrivateKey(from));
}

const KEY_BYTES = 65_536;

/** A key's file is small. The temptation is to go by its name. */
function holdsPrivateKey(path: string): boolean {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  return size <= KEY_BYTES && /PRIVATE KEY-----/.test(readFileSync(path, "latin1"));
}
