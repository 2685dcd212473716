// Puts a backup where nothing is, and says so only when it has verified what stands there. Implements spec/operations.md section 4.
// INVARIANT: nothing that is there is ever replaced. State and configuration get their names when everything in them is durable and verified.

import { existsSync, readdirSync, renameSync, rmdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { bad, type Problem, type Result } from "../../base/index.js";
import type { Clock } from "../clock.js";
import { readNoFollow } from "../durable-file.js";
import { ensurePrivateFolder, syncFolderChain } from "../folders.js";
import { checkHeads } from "../ledger/checkpoints.js";
import { hasLedger, readLedger } from "../ledger/open.js";
import type { Places } from "../ledger/session.js";
import { verifyLedger } from "../ledger/verify.js";
import { ownTrust } from "../trust-files.js";
import { BACKUP_MANIFEST, type BackupManifest, parseManifest } from "./backup-manifest.js";
import { copyDurably, digestFile, filesUnder } from "./copy.js";

export interface RestoreWish {
  /** A backup's folder, absolute. */
  readonly source: string;
  readonly places: Places;
  readonly clock: Clock;
  readonly onBytes: (done: number, all: number) => void;
}

/** Problems: `not_a_backup`, `backup_damaged`, `state_not_empty`, `config_not_empty`. */
export function restoreBackup({ source, places, clock, onBytes }: RestoreWish): Result<BackupManifest> {
  const manifest = manifestOf(source);
  if (!manifest.ok) return manifest;
  const taken = inTheWay(places, manifest.value);
  if (taken !== null) return { ok: false, problem: taken };
  const mark = Buffer.from(clock.randomBytes(6)).toString("hex");
  const drafts = { state: `${places.stateFolder}.restoring-${mark}`, config: `${places.configFolder}.restoring-${mark}` };
  try {
    for (const folder of [drafts.state, drafts.config]) ensurePrivateFolder(folder);
    const copied = copyAll(source, manifest.value, drafts, onBytes);
    if (copied !== null) return { ok: false, problem: copied };
    const wrong = verifyDraft(manifest.value, drafts, clock);
    if (wrong !== null) return { ok: false, problem: wrong };
    // The configuration first: who finds a state folder finds the pin that it is verified by.
    if (filesUnder(places.configFolder).length === 0) moveInto(drafts.config, places.configFolder);
    moveInto(drafts.state, places.stateFolder);
    return manifest;
  } finally {
    for (const folder of [drafts.state, drafts.config]) rmSync(folder, { recursive: true, force: true });
  }
}

function manifestOf(source: string): Result<BackupManifest> {
  const file = existsSync(join(source, BACKUP_MANIFEST)) ? readNoFollow(join(source, BACKUP_MANIFEST)) : null;
  if (file === null)
    return bad("not_a_backup", `there is no manifest in \`${source}\``, { hint: "name a folder that `cavra ops backup` made to its end" });
  return parseManifest(file.text);
}

/** A restore that was killed between its last two steps left this very configuration: that is nobody else's. */
function inTheWay({ stateFolder, configFolder }: Places, { files }: BackupManifest): Problem | null {
  const hint = "move it away, or set CAVRA_STATE_DIR and CAVRA_CONFIG_DIR to folders of their own";
  if (existsSync(stateFolder) && readdirSync(stateFolder).length > 0)
    return { code: "state_not_empty", message: `there is something in \`${stateFolder}\`, and nothing is ever replaced`, hint };
  const known = new Map(files.map(({ path, digest }) => [path, digest]));
  const other = filesUnder(configFolder).find((name) => known.get(`config/${name}`) !== digestFile(join(configFolder, name)).digest);
  if (other === undefined) return null;
  return { code: "config_not_empty", message: `\`${join(configFolder, other)}\` is there, and is not this backup's`, hint };
}

interface Drafts {
  readonly state: string;
  readonly config: string;
}

function copyAll(source: string, { files }: BackupManifest, drafts: Drafts, onBytes: RestoreWish["onBytes"]): Problem | null {
  const all = files.reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  const tell = (count: number) => {
    done += count;
    onBytes(done, all);
  };
  for (const { path, size, digest } of files) {
    const [folder = "", ...rest] = path.split("/");
    const to = join(folder === "state" ? drafts.state : drafts.config, ...rest);
    if (!existsSync(join(source, path))) return damaged(`\`${path}\` is missing`);
    const copied = copyDurably(join(source, path), to, Number.MAX_SAFE_INTEGER, tell);
    if (copied.size !== size || copied.digest !== digest) return damaged(`\`${path}\` is not what was backed up`);
    syncFolderChain(dirname(to));
  }
  return null;
}

function damaged(why: string): Problem {
  return { code: "backup_damaged", message: `the backup does not hold: ${why}`, hint: "take another backup; nothing was restored" };
}

/** Every record, tile, place and head, as `cavra evidence verify` looks at them. */
function verifyDraft({ ledger }: BackupManifest, { state, config }: Drafts, clock: Clock): Problem | null {
  if (ledger === null) return null;
  if (!hasLedger(state)) return damaged("its ledger is missing");
  const opened = readLedger(state);
  try {
    const trust = ownTrust(state, config, clock.nowMs());
    const document = trust.ok ? trust.value : null;
    const report = verifyLedger(opened, state, (findings, size) => checkHeads(opened, size, document, findings));
    const [first] = report.findings.filter(({ severity }) => severity === "damage");
    if (!report.holds) return damaged(`${first?.code ?? "a damage"} in ${first?.file ?? "the ledger"}`);
    const { ledger_id, size, root } = report.ledger;
    const same = ledger_id === ledger.ledger_id && size === ledger.size && root === ledger.root;
    return same ? null : damaged("its tree is another than the manifest says");
  } finally {
    opened.close();
  }
}

function moveInto(draft: string, place: string): void {
  if (existsSync(place)) removeEmpty(place);
  renameSync(draft, place);
  syncFolderChain(dirname(place));
}

/** Throws where something is in it after all. */
function removeEmpty(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) if (entry.isDirectory()) removeEmpty(join(folder, entry.name));
  rmdirSync(folder);
}
