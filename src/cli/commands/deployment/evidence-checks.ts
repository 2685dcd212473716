// Does the evidence hold, and would it outlive this disk: keys, ledger, backup, journals, clock. Implements spec/service.md section 16.
// It looks and changes nothing: nothing is drained, signed or verified here.

import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { CavraError, parseTime } from "../../../base/index.js";
import { daemonPlaces, isAlive, readAbout } from "../../../daemon/index.js";
import { activeKeys } from "../../../evidence/index.js";
import { isClockBehind } from "../../../release/index.js";
import {
  BACKWARDS_MS,
  configDir,
  drainedFiles,
  hasKey,
  hasLedger,
  journalLag,
  keysFolder,
  type Ledger,
  lastItems,
  ownTrust,
  REDACTION_KEY_FILE,
  readLedger,
  readNote,
  readSigner,
  rootAt,
  stateDir,
} from "../../../store/index.js";
import { count } from "../../count.js";
import type { Terminal } from "../../terminal.js";
import { backupFound } from "./backup-check.js";
import { checked, type Found, type ProductionCheck } from "./check.js";

interface Here {
  readonly state: string;
  readonly config: string;
  readonly env: Terminal["env"];
  readonly nowMs: number;
}

export function evidenceChecks({ env }: Terminal, nowMs: number): readonly ProductionCheck[] {
  const here = { state: stateDir(env), config: configDir(env), env, nowMs };
  return [
    checked("keys", "run `cavra keys show`", () => keysFound(here)),
    checked("ledger", "run `cavra evidence verify`", () => ledgerFound(here)),
    checked("backup", "run `cavra ops backup TARGET`", () => backupFound(here)),
    checked("journals", "run `cavra evidence list`, which drains them, and keep `cavra serve` or `cavra up` running", () =>
      journalsFound(here),
    ),
    checked("clock", "set the clock, and keep it by NTP", () => clockFound(here)),
  ];
}

function keysFound({ state, config, nowMs }: Here): Found {
  const trust = ownTrust(state, config, nowMs);
  if (!trust.ok) return { ...trust.problem, hint: trust.problem.hint ?? "run `cavra keys init`" };
  const folder = keysFolder(state);
  const exposed = [folder, ...readdirSync(folder).map((name) => join(folder, name)), join(state, REDACTION_KEY_FILE)].find(isExposed);
  if (exposed !== undefined)
    return {
      code: "key_exposed",
      message: `others than you may reach \`${exposed}\``,
      hint: `run \`chmod go= ${exposed}\`, then rotate the key`,
    };
  const here = activeKeys(trust.value.keys, "ledger").filter(({ key_id }) => hasKey(folder, key_id));
  const [first] = here;
  if (first === undefined)
    return { code: "key_missing", message: "no active ledger key is in the state folder", hint: "run `cavra keys rotate ledger`" };
  for (const { key_id } of here) readSigner(folder, key_id, "ledger");
  return `heads are signed by ${first.key_id}, and its owner alone may read it`;
}

/** A file that is another's, or that others may read; what is not there is neither. */
function isExposed(path: string): boolean {
  const about = lstatSync(path, { throwIfNoEntry: false });
  if (about === undefined || process.platform === "win32") return false;
  return about.isSymbolicLink() || about.uid !== process.getuid?.() || (about.mode & 0o077) !== 0;
}

/** A verification counts for so long: 7 days, in milliseconds. */
export const VERIFIED_FOR_MS = 604_800_000;

function ledgerFound({ state, nowMs }: Here): Found {
  if (!hasLedger(state))
    return { code: "ledger_missing", message: "nothing was recorded yet", hint: "run `cavra evidence list`: it makes a ledger" };
  const note = readNote(state, "verified");
  if (note === null) return { code: "ledger_unverified", message: "the ledger was never verified here" };
  const { holds, verified_at, ledger_id, size, root } = note;
  if (!holds) return { code: "ledger_does_not_hold", message: `the ledger did not hold when it was verified at ${verified_at}` };
  const about = readAbout(daemonPlaces(state).about);
  const startedAt = about !== null && isAlive(about) ? about.started_at : "";
  if (verified_at < startedAt)
    return {
      code: "ledger_unverified",
      message: `the authority runs since ${startedAt}, and the ledger was verified before, at ${verified_at}`,
    };
  if (nowMs - timeOf(verified_at) > VERIFIED_FOR_MS)
    return { code: "verification_old", message: `the ledger was verified at ${verified_at}, more than 7 days ago` };
  return withLedgerHere(state, (ledger) => {
    if (ledger.ledgerId !== ledger_id)
      return { code: "ledger_unverified", message: "another ledger was verified than the one that is here" };
    if (rootOf(ledger, size) !== root)
      return { code: "ledger_changed", message: `the first ${count(size, "record")} are no longer those that were verified` };
    return `${count(size, "record")} held at ${verified_at}`;
  });
}

/** "" where the tree has no such head any more. */
function rootOf(ledger: Ledger, size: number): string {
  try {
    return Buffer.from(rootAt(ledger, size)).toString("base64");
  } catch (thrown) {
    if (thrown instanceof CavraError && thrown.code === "ledger_damaged") return "";
    throw thrown;
  }
}

function withLedgerHere<T>(state: string, action: (ledger: Ledger) => T): T {
  const ledger = readLedger(state);
  try {
    return action(ledger);
  } finally {
    ledger.close();
  }
}

/** What stands in a journal is in the ledger after so long, in milliseconds. */
export const DRAINED_AFTER_MS = 300_000;

function journalsFound({ state, nowMs }: Here): Found {
  const { records, ms } = journalLag(state, hasLedger(state) ? withLedgerHere(state, drainedFiles) : new Map(), nowMs);
  if (records === 0) return "everything on record is in the ledger";
  const words = `${count(records, "record")} of the journal not in the ledger yet, the first for ${Math.ceil(ms / 1_000)} s`;
  return ms <= DRAINED_AFTER_MS ? words : { code: "journal_not_draining", message: words };
}

function clockFound({ state, nowMs }: Here): Found {
  const [last] = lastItems(state, 1, () => true);
  const lastAt = last?.record.recorded_at ?? "";
  if (lastAt !== "" && nowMs + BACKWARDS_MS < timeOf(lastAt))
    return { code: "clock_behind", message: `the last record was made at ${lastAt}, which this clock says is to come` };
  if (isClockBehind(state, nowMs)) return { code: "clock_suspect", message: "this clock is behind a time that it has shown before" };
  return lastAt === ""
    ? "the clock is not behind anything that it has shown"
    : `the last record was made at ${lastAt}, and it is later now`;
}

function timeOf(text: string): number {
  const read = parseTime(text);
  return read.ok ? read.value : Number.NaN;
}
