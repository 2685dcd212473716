// `cavra runtime go-rollback-drills list | verify`: every drill that began, how it went by its own numbers, and whether the history holds. Implements spec/drills.md 4.8 and 5.2.

import { resolve } from "node:path";
import { drillsIn, type HistoryRead, headOf, type KnownDrill, readHistory } from "../../../../promotion/index.js";
import { readDrillFile } from "../../../../release/index.js";
import { stateDir } from "../../../../store/index.js";
import { EXIT, type ExitStatus } from "../../../exit.js";
import { oneLine } from "../../../one-line.js";
import { report, type Terminal } from "../../../terminal.js";
import { givenHere, type HereOptions } from "./here.js";

export interface ListOptions extends HereOptions {
  readonly rollbackDrillHistoryPath?: string;
}

export function listDrills(terminal: Terminal, options: ListOptions): ExitStatus {
  const named = options.rollbackDrillHistoryPath ?? terminal.env.CAVRA_GO_ROLLBACK_DRILL_HISTORY ?? "";
  const { read, drills } = readHere(terminal, named === "" ? "" : resolve(terminal.cwd, named), options);
  const [wrong] = read.findings;
  if (wrong !== undefined && wrong.code !== "document_missing") return report(terminal, wrong, options.json === true);
  if (options.json === true) terminal.print(`${JSON.stringify(viewOf(read, drills))}\n`);
  else terminal.print(drills.length === 0 ? "no drill has begun yet\n" : drills.map((drill) => drillLine(drill, terminal)).join(""));
  return EXIT.done;
}

export function verifyDrills(terminal: Terminal, file: string, options: ListOptions): ExitStatus {
  const { read, drills } = readHere(terminal, file === "" ? "" : resolve(terminal.cwd, file), options);
  const [wrong] = read.findings;
  if (wrong !== undefined) {
    report(terminal, { code: wrong.code, message: wrong.message, hint: wrong.hint }, options.json === true);
    return EXIT.deny;
  }
  const { events, torn } = read;
  const signers = [...new Set(events.flatMap((event) => event.signers))];
  const told = torn === 0 ? "" : `; ${torn} lines were cut off while they were written, and are no events`;
  if (options.json === true)
    terminal.print(`${JSON.stringify({ verified: true, events: events.length, torn, drills: drills.length, signers })}\n`);
  else terminal.print(`the history holds: ${events.length} events of ${drills.length} drills, signed by ${signers.join(", ")}${told}\n`);
  return EXIT.done;
}

/** The history with all its drills; what does not hold stands in `findings`. */
export function readHere(
  terminal: Terminal,
  path: string,
  options: HereOptions,
): { readonly read: HistoryRead; readonly drills: readonly KnownDrill[] } {
  const { bytes, head } = readDrillFile(stateDir(terminal.env), path);
  const given = givenHere(terminal, options, null);
  const read = readHistory(bytes, given, head);
  return { read, drills: drillsIn(read.events, given.nowMs) };
}

function viewOf({ events, torn }: HistoryRead, drills: readonly KnownDrill[]): object {
  return {
    schema_version: "cavra.go-backend-rollback-drill-history.v1",
    head: headOf(events),
    torn,
    drills: drills.map(viewOfDrill),
  };
}

export function viewOfDrill({
  drill_id,
  fault,
  mode,
  begun_at,
  ended_at,
  verdict,
  codes,
  measured,
  expires_at,
  resolution,
}: KnownDrill): object {
  const times = { first_answer_us: measured?.first_p99_us ?? -1, demoted_us: measured?.demoted_p99_us ?? -1 };
  return { drill_id, fault, mode, begun_at, ended_at, verdict, codes, ...times, expires_at, resolution };
}

export function drillLine({ drill_id, fault, begun_at, verdict, codes, measured, resolution }: KnownDrill, { colours }: Terminal): string {
  const { green, red, yellow, dim } = colours;
  const colour = verdict === "pass" ? green : verdict === "fail" ? red : yellow;
  const times = measured === null ? "" : `  first answer ${msOf(measured.first_p99_us)}, demoted ${msOf(measured.demoted_p99_us)}`;
  const why = codes.length === 0 ? "" : `  ${oneLine(codes.join(", "), 100)}`;
  const answered =
    resolution === null
      ? ""
      : `\n    answered for by ${oneLine(resolution.by, 60)} at ${resolution.at}: ${oneLine(resolution.reason, 200)}`;
  return `${dim(begun_at)} ${colour(verdict.padEnd(12))} ${fault.padEnd(22)}${times}${why}  ${dim(drill_id)}${answered}\n`;
}

export function msOf(us: number): string {
  return us < 0 ? "-" : `${(us / 1_000).toFixed(1)} ms`;
}
