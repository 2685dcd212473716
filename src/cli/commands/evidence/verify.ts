// `cavra evidence verify`: does what was recorded still stand as it was written. Implements spec/evidence.md section 9 and spec/record.md section 9.

import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { formatTime, type Problem, type Result } from "../../../base/index.js";
import { openLedgerCheckpoint, type TrustDocument } from "../../../evidence/index.js";
import {
  checkHeads,
  configDir,
  countedHead,
  type Finding,
  hasLedger,
  type JournalReport,
  type Ledger,
  type LedgerReport,
  newestCheckpoint,
  ownTrust,
  readLedger,
  readPin,
  rememberSeen,
  rootAt,
  SYSTEM_CLOCK,
  stateDir,
  verifyJournal,
  verifyLedger,
  writeNote,
} from "../../../store/index.js";
import { count } from "../../count.js";
import { EXIT, type ExitStatus } from "../../exit.js";
import { oneLine } from "../../one-line.js";
import { openProgress } from "../../progress.js";
import { report, type Terminal } from "../../terminal.js";
import { ledgerProblem, sayJournalAlone, withLedger } from "./session.js";

/** What is under a signature: the newest head, and whose it is. */
export interface Head {
  readonly size: number;
  readonly signed_at: string;
  readonly signed_by: readonly string[];
  readonly cosigned_by: readonly string[];
}

export interface Verified extends Omit<LedgerReport, "ledger"> {
  /** Null where there is only a journal. */
  readonly ledger: (LedgerReport["ledger"] & { readonly head: Head | null; readonly unsigned: Problem | null }) | null;
}

export interface VerifyOptions {
  readonly stateDir?: string;
  readonly json?: boolean;
}

export function verify(terminal: Terminal, options: VerifyOptions): ExitStatus {
  const folder = options.stateDir === undefined ? stateDir(terminal.env) : resolve(terminal.cwd, options.stateDir);
  // A mistyped folder must not be told to hold.
  if (options.stateDir !== undefined && !existsSync(join(folder, "journal"))) {
    const message = `there is no journal in \`${folder}\``;
    return report(terminal, { code: "journal_missing", message, hint: "run `cavra status` to see where yours is" }, options.json === true);
  }
  const result = options.stateDir === undefined ? verifyOwn(terminal, folder) : verifyThere(terminal, folder);
  terminal.print(options.json ? `${JSON.stringify(result)}\n` : renderReport(result, folder, terminal));
  if (!result.holds) return EXIT.deny;
  // The journal holds, and there is a ledger of which nothing is known: that is no proof.
  return result.ledger === null && hasLedger(folder) ? EXIT.broken : EXIT.done;
}

function verifyOwn(terminal: Terminal, folder: string): Verified {
  try {
    return withLedger(terminal, (session) => (session === null ? journalOnly(folder) : verifySequenced(terminal, folder, session.ledger)));
  } catch (thrown) {
    const problem = ledgerProblem(thrown);
    if (problem.code !== "ledger_unavailable") return damaged(folder, problem, thrown);
    // A disk that is full, or a folder that cannot be written: what is there can be looked at all the same.
    terminal.complain(`cavra: ${oneLine(problem.message, 200)} (${problem.code}); nothing was drained\n`);
    return hasLedger(folder) ? verifyThere(terminal, folder) : journalOnly(folder);
  }
}

/** Another's state folder is looked at: nothing is drained, signed or remembered. */
function verifyThere(terminal: Terminal, folder: string): Verified {
  if (!hasLedger(folder)) return journalOnly(folder);
  try {
    const ledger = readLedger(folder);
    try {
      return verifySequenced(terminal, folder, ledger);
    } finally {
      ledger.close();
    }
  } catch (thrown) {
    const problem = ledgerProblem(thrown);
    if (problem.code !== "ledger_unavailable") return damaged(folder, problem, thrown);
    sayJournalAlone(terminal, thrown);
    return journalOnly(folder);
  }
}

function journalOnly(folder: string): Verified {
  return { ...verifyJournal(folder), ledger: null };
}

// What cannot be opened does not hold; what cannot be used for another reason says nothing about the evidence.
function damaged(folder: string, { code }: Problem, thrown: unknown): Verified {
  if (code !== "ledger_damaged" && code !== "ledger_format_unknown") throw thrown;
  const journal = verifyJournal(folder);
  const finding: Finding = { code, severity: "damage", file: "ledger", offset: 0, length: 0, record_id: "" };
  return { ...journal, holds: false, findings: [finding, ...journal.findings], findings_count: journal.findings_count + 1, ledger: null };
}

function verifySequenced(terminal: Terminal, folder: string, ledger: Ledger): Verified {
  const places = { stateFolder: folder, configFolder: configDir(terminal.env) };
  const trust = ownTrust(folder, places.configFolder, SYSTEM_CLOCK.nowMs());
  const document = trust.ok ? trust.value : null;
  const progress = openProgress(terminal, "verifying records");
  const result = verifyLedger(
    ledger,
    folder,
    (findings, size) => {
      // Without keys there is nothing to judge; with keys that cannot be trusted, nothing that they signed counts.
      if (!trust.ok && trust.problem.code !== "trust_missing") findings.inLedger(trust.problem.code, size, "");
      if (document !== null && document.origin !== ledger.origin) findings.inLedger("ledger_replaced", size, "");
      checkHeads(ledger, size, document, findings);
      const seen = readPin(places.configFolder)?.checkpoints_seen.get(ledger.origin);
      if (seen !== undefined && seen.size > size) findings.inLedger("ledger_rolled_back", seen.size, "");
      else if (seen !== undefined && Buffer.from(rootAt(ledger, seen.size)).toString("base64") !== seen.root)
        findings.inLedger("checkpoint_mismatch", seen.size, "");
    },
    progress.at,
  );
  progress.end();
  if (folder === stateDir(terminal.env)) noteVerified(result, folder);
  const head = headOf(ledger, document);
  if (result.holds && head !== null && document !== null) remember(ledger, places.configFolder, document, head.size);
  return { ...result, ledger: { ...result.ledger, head, unsigned: unsignedBy(ledger, result, head, trust) } };
}

/** For whoever asks later when this ledger was verified (spec/operations.md 2.1); a folder that cannot be written keeps nobody from verifying. */
function noteVerified({ holds, ledger }: LedgerReport, folder: string): void {
  const { ledger_id, size, root } = ledger;
  const verified_at = formatTime(SYSTEM_CLOCK.nowMs());
  try {
    writeNote(folder, "verified", { schema_version: "cavra.ledger-verified.v1", verified_at, ledger_id, size, root, holds }, SYSTEM_CLOCK);
  } catch {
    // It is told on the terminal all the same.
  }
}

function headOf(ledger: Ledger, trust: TrustDocument | null): Head | null {
  const counted = trust === null ? null : countedHead(ledger, trust);
  if (!counted?.ok) return null;
  const { size, signers, witnesses } = counted.value;
  const signedAt = newestCheckpoint(ledger, size)?.signedAt ?? "";
  return { size, signed_at: signedAt, signed_by: signers, cosigned_by: witnesses.map(({ name }) => name) };
}

function remember(ledger: Ledger, configFolder: string, trust: TrustDocument, size: number): void {
  const root = Buffer.from(rootAt(ledger, size)).toString("base64");
  rememberSeen(configFolder, { version: trust.version, checkpoint: { origin: ledger.origin, size, root } }, SYSTEM_CLOCK);
}

function unsignedBy(ledger: Ledger, result: LedgerReport, head: Head | null, trust: Result<TrustDocument>): Problem | null {
  if (head !== null && head.size === result.ledger.size) return null;
  if (!trust.ok) return trust.problem;
  const newest = newestCheckpoint(ledger);
  const opened = newest?.size === result.ledger.size ? openLedgerCheckpoint(newest.note, trust.value) : null;
  if (opened !== null && !opened.ok) return { ...opened.problem, ...wayOut(opened.problem.code, head?.size ?? 0) };
  return { code: "unsigned_records", message: "the newest records are under no signed head", hint: "run `cavra keys show`" };
}

function wayOut(code: string, cosigned: number): { readonly hint?: string } {
  if (code !== "witness_missing") return {};
  return { hint: `ask one: \`cavra evidence checkpoint --since ${cosigned}\` is its question, \`--add FILE\` takes its answer` };
}

export function renderReport(result: JournalReport | Verified, folder: string, terminal: Terminal): string {
  const { green, red, bold, dim } = terminal.colours;
  const span = result.records === 0 ? "" : dim(`, ${result.first_recorded_at} to ${result.last_recorded_at}`);
  const head = `${result.holds ? green("✓ holds") : red(bold("✗ does not hold"))}  ${count(result.records, "record")} in ${count(result.files, "file")}, ${count(result.bytes, "byte")}${span}`;
  const findings = result.findings.map((finding: Finding) => {
    const { severity, code, file, offset, length, record_id, index } = finding;
    const place =
      file === "ledger" ? `ledger${index === undefined ? "" : ` index ${index}`}` : `${file} bytes ${offset}–${offset + length}`;
    return `  ${severity === "damage" ? red(severity) : dim(severity)}  ${code}  ${place}${record_id === "" ? "" : `  ${record_id}`}`;
  });
  const more =
    result.findings_count > result.findings.length ? [`  and ${result.findings_count - result.findings.length} more of them`] : [];
  return `${[head, dim(`  ${folder}`), ...ledgerLines(result, terminal), ...findings, ...more].join("\n")}\n`;
}

function ledgerLines(result: JournalReport | Verified, { colours }: Terminal): readonly string[] {
  const ledger = "ledger" in result ? result.ledger : null;
  if (ledger === null) return [];
  const { dim } = colours;
  const waiting = ledger.undrained === 0 ? "" : `, ${count(ledger.undrained, "record")} of the journal not yet in it`;
  const lines = [`  ${dim("ledger")}  ${ledger.ledger_id}, ${count(ledger.size, "record")}, root ${ledger.root}${waiting}`];
  const { head, unsigned } = ledger;
  if (head !== null) {
    const cosigned = head.cosigned_by.length === 0 ? "no witness" : head.cosigned_by.join(", ");
    lines.push(
      `  ${dim("signed")}  ${count(head.size, "record")} by ${head.signed_by.join(", ")} at ${head.signed_at}; cosigned by ${cosigned}`,
    );
  }
  if (unsigned !== null) {
    lines.push(
      `  ${colours.yellow("unsigned")}: ${unsigned.message} (${unsigned.code})${unsigned.hint === undefined ? "" : `; ${unsigned.hint}`}`,
    );
  }
  return lines;
}
