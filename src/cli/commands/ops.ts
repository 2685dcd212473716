// `cavra ops …`: what an installation needs from those who run it. Options, help and what is shown. Implements spec/cli.md section 22 and spec/operations.md.

import { resolve } from "node:path";
import type { Command } from "commander";
import { VERSION } from "../../authority/index.js";
import { configDir, EXPORT_FORMATS, exportToFile, makeBackup, restoreBackup, SYSTEM_CLOCK, stateDir } from "../../store/index.js";
import { count } from "../count.js";
import { EXIT, type ExitStatus } from "../exit.js";
import { openProgress } from "../progress.js";
import { report, type Terminal } from "../terminal.js";
import { withLedger } from "./evidence/session.js";

interface Json {
  readonly json?: boolean;
}

export function opsCommands(group: Command, terminal: Terminal, ends: (status: ExitStatus) => void): void {
  group
    .command("backup")
    .argument("<target>", "a folder that is not there yet")
    .description("copy ledger, journal, trust documents, policies and settings while everything goes on; no private keys")
    .option("--json", "print JSON")
    .action((target: string, options: Json) => ends(backup(terminal, target, options)));
  group
    .command("restore")
    .argument("<source>", "a folder that `backup` made")
    .description("put a backup where nothing is, and verify it before it gets its name")
    .option("--json", "print JSON")
    .action((source: string, options: Json) => ends(restore(terminal, source, options)));
  group
    .command("export")
    .argument("<file>", "is appended to; its cursor stands beside it")
    .description("append decisions on record to a file, from where the last export ended")
    .option("--format <format>", `${EXPORT_FORMATS.join(" or ")} (default: jsonl)`)
    .option("--json", "print JSON")
    .action((file: string, options: ExportOptions) => ends(exportDecisions(terminal, file, options)));
}

interface ExportOptions extends Json {
  readonly format?: string;
}

function exportDecisions(terminal: Terminal, file: string, { format = "jsonl", json }: ExportOptions): ExitStatus {
  const known = EXPORT_FORMATS.find((one) => one === format);
  if (known === undefined) return report(terminal, badFormat(format), json === true);
  const path = resolve(terminal.cwd, file);
  const done = withLedger(terminal, (session) => {
    if (session === null) return null;
    const progress = openProgress(terminal, "exporting decisions");
    const wish = { ledger: session.ledger, path, format: known, clock: SYSTEM_CLOCK };
    return ending(progress.end, () => exportToFile({ ...wish, onLines: (lines) => progress.at(lines, 0) }));
  });
  if (done !== null && !done.ok) return report(terminal, done.problem, json === true);
  const { lines, last_index, size } = done?.value ?? { lines: 0, last_index: -1, size: 0 };
  const told = { path, format: known, lines, last_index, size };
  terminal.print(json ? `${JSON.stringify(told)}\n` : `${count(lines, "decision")} more in ${path}\n`);
  return EXIT.done;
}

function badFormat(format: string) {
  const hint = `the formats are ${EXPORT_FORMATS.join(", ")}`;
  return { code: "bad_format", message: `there is no format \`${format}\``, hint };
}

function backup(terminal: Terminal, target: string, { json }: Json): ExitStatus {
  const progress = openProgress(terminal, "backing up");
  const places = placesOf(terminal);
  const wish = { places, target: resolve(terminal.cwd, target), version: VERSION, clock: SYSTEM_CLOCK, onBytes: progress.at };
  const made = ending(progress.end, () => makeBackup(wish));
  if (!made.ok) return report(terminal, made.problem, json === true);
  const { manifest, manifest_digest, target: path } = made.value;
  const { made_at, ledger, files } = manifest;
  const told = { target: path, made_at, manifest_digest, files: files.length, bytes: bytesOf(files), ledger };
  const words = `${count(files.length, "file")}, ${count(bytesOf(files), "byte")}, ${count(ledger?.size ?? 0, "record")} in the ledger: ${path}\n`;
  terminal.print(json ? `${JSON.stringify(told)}\n` : `${words}${NO_KEYS}\n`);
  return EXIT.done;
}

const NO_KEYS = "no private key is in it: keep `keys/` and `redaction.key` of the state folder where you keep keys";

function restore(terminal: Terminal, source: string, { json }: Json): ExitStatus {
  const progress = openProgress(terminal, "restoring");
  const places = placesOf(terminal);
  const wish = { places, source: resolve(terminal.cwd, source), clock: SYSTEM_CLOCK, onBytes: progress.at };
  const restored = ending(progress.end, () => restoreBackup(wish));
  if (!restored.ok) return report(terminal, restored.problem, json === true);
  const { made_at, ledger, files } = restored.value;
  const told = {
    state_dir: places.stateFolder,
    config_dir: places.configFolder,
    made_at,
    files: files.length,
    bytes: bytesOf(files),
    ledger,
  };
  const words = `restored and verified: ${count(ledger?.size ?? 0, "record")} in the ledger, as of ${made_at}\n`;
  terminal.print(json ? `${JSON.stringify(told)}\n` : `${words}${KEYS_BACK}\n`);
  return EXIT.done;
}

const KEYS_BACK = "put `keys/` and `redaction.key` back from where you keep them, mode 0600, or run `cavra keys rotate ledger`";

function ending<T>(end: () => void, action: () => T): T {
  try {
    return action();
  } finally {
    end();
  }
}

function bytesOf(files: readonly { readonly size: number }[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}

function placesOf({ env }: Terminal) {
  return { stateFolder: stateDir(env), configFolder: configDir(env) };
}
