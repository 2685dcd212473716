// `cavra evidence list | show | verify`: what was recorded, and whether it still stands as it was written. Implements spec/record.md sections 9 and 10.

import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { findRecord, type JournalReport, listRecords, stateDir, verifyJournal } from "../../store/index.js";
import { count } from "../count.js";
import { EXIT, type ExitStatus } from "../exit.js";
import { oneLine } from "../one-line.js";
import { type FilterOptions, filterFrom, withFilters } from "../record-filter.js";
import { renderLine } from "../render.js";
import { report, type Terminal } from "../terminal.js";
import { tell } from "./why.js";

interface ListOptions extends FilterOptions {
  readonly limit: string;
  readonly json?: boolean;
}

/** Most records that one list shows. */
export const LIST_LIMIT = 10_000;

export function evidenceCommands(group: Command, terminal: Terminal, ends: (status: ExitStatus) => void): void {
  withFilters(
    group.command("list").description("records, the last written first").option("--limit <n>", `how many (1 to ${LIST_LIMIT})`, "20"),
  )
    .option("--json", "print JSON lines")
    .action((options: ListOptions) => ends(list(terminal, options)));
  group
    .command("show")
    .argument("<decision_id>", "a decision, or the beginning of its id")
    .description("one record, whole")
    .option("--json", "print the canonical record")
    .action((id: string, options: { json?: boolean }) => ends(show(terminal, id, options.json === true)));
  group
    .command("verify")
    .description("check every frame, digest and time of the journal")
    .option("--state-dir <folder>", "the state folder (default: yours)")
    .option("--json", "print JSON")
    .action((options: { stateDir?: string; json?: boolean }) => ends(verify(terminal, options)));
}

function list(terminal: Terminal, options: ListOptions): ExitStatus {
  const limit = Number(options.limit);
  const json = options.json === true;
  if (!Number.isInteger(limit) || limit < 1 || limit > LIST_LIMIT) {
    return report(terminal, { code: "bad_limit", message: `\`${options.limit}\` is no number from 1 to ${LIST_LIMIT}` }, json);
  }
  const filter = filterFrom(options);
  if (!filter.ok) return report(terminal, filter.problem, json);
  const records = listRecords(stateDir(terminal.env), filter.value, limit);
  for (const stored of records) {
    const { record } = stored;
    const line = `${terminal.colours.dim(`${record.recorded_at.slice(0, 19)}Z ${record.record_id}`)}  ${renderLine(record.decision, record.action?.target ?? "(no action)", record.judgement?.rule_id || record.basis.code, terminal)}`;
    terminal.print(json ? `${JSON.stringify(stored)}\n` : `${line}\n`);
  }
  if (records.length === 0 && !json) terminal.complain("no records fit; `cavra evidence list` without filters shows the last ones\n");
  return EXIT.done;
}

function show(terminal: Terminal, id: string, json: boolean): ExitStatus {
  const found = findRecord(stateDir(terminal.env), id);
  if (!found.ok) return report(terminal, found.problem, json);
  terminal.print(
    json
      ? `${JSON.stringify(found.value.record)}\n`
      : `${tell(found.value, terminal)}${JSON.stringify(found.value.record, null, 2)
          .split("\n")
          .map((line) => oneLine(line, Number.POSITIVE_INFINITY))
          .join("\n")}\n`,
  );
  return EXIT.done;
}

function verify(terminal: Terminal, options: { stateDir?: string; json?: boolean }): ExitStatus {
  const folder = options.stateDir === undefined ? stateDir(terminal.env) : resolve(terminal.cwd, options.stateDir);
  // A mistyped folder must not be told to hold.
  if (options.stateDir !== undefined && !existsSync(join(folder, "journal"))) {
    const problem = {
      code: "journal_missing",
      message: `there is no journal in \`${folder}\``,
      hint: "run `cavra status` to see where yours is",
    };
    return report(terminal, problem, options.json === true);
  }
  const result = verifyJournal(folder);
  terminal.print(options.json ? `${JSON.stringify(result)}\n` : renderReport(result, folder, terminal));
  return result.holds ? EXIT.done : EXIT.deny;
}

export function renderReport(result: JournalReport, folder: string, terminal: Terminal): string {
  const { green, red, bold, dim } = terminal.colours;
  const span = result.records === 0 ? "" : dim(`, ${result.first_recorded_at} to ${result.last_recorded_at}`);
  const head = `${result.holds ? green("✓ holds") : red(bold("✗ does not hold"))}  ${count(result.records, "record")} in ${count(result.files, "file")}, ${count(result.bytes, "byte")}${span}`;
  const findings = result.findings.map(
    ({ severity, code, file, offset, length, record_id }) =>
      `  ${severity === "damage" ? red(severity) : dim(severity)}  ${code}  ${file} bytes ${offset}–${offset + length}${record_id === "" ? "" : `  ${record_id}`}`,
  );
  const more =
    result.findings_count > result.findings.length ? [`  and ${result.findings_count - result.findings.length} more of them`] : [];
  return `${[head, dim(`  ${folder}`), ...findings, ...more].join("\n")}\n`;
}
