// `cavra runtime go-rollback-rehearsal` and `go-rollback-drills` alone: is what the gate will ask for there, and until when? Implements spec/drills.md 5.1.

import { resolve } from "node:path";
import { ok, type Result } from "../../../../base/index.js";
import { type Finding, isPass, momentOf, ordered } from "../../../../promotion/index.js";
import { drillInputs, readDrillFile, rehearsalInput } from "../../../../release/index.js";
import { SYSTEM_CLOCK, stateDir } from "../../../../store/index.js";
import { EXIT, type ExitStatus } from "../../../exit.js";
import { report, type Terminal } from "../../../terminal.js";
import { checkLine } from "../promotion-readiness.js";
import { givenHere, type HereOptions, planHere, runtimeHere, subjectHere } from "./here.js";

export interface ReadinessOptions extends HereOptions {
  readonly rollbackRehearsalPath?: string;
  readonly rollbackDrillHistoryPath?: string;
}

export function rehearsalReadiness(terminal: Terminal, options: ReadinessOptions): ExitStatus {
  return told(terminal, options, rehearsalReport(terminal, options));
}

export function drillsReadiness(terminal: Terminal, options: ReadinessOptions): ExitStatus {
  return told(terminal, options, drillsReport(terminal, options));
}

/** Problems: those of the plan's file. */
export function rehearsalReport(terminal: Terminal, options: ReadinessOptions): Result<DrillReadiness> {
  const named = options.rollbackRehearsalPath ?? terminal.env.CAVRA_GO_ROLLBACK_REHEARSAL_EVIDENCE ?? "";
  const path = named === "" ? "" : resolve(terminal.cwd, named);
  return readiness(terminal, options, "rehearsal", path !== "", (given, asked) => rehearsalInput(path, given, asked));
}

/** Problems: those of the plan's file. */
export function drillsReport(terminal: Terminal, options: ReadinessOptions): Result<DrillReadiness> {
  const state = stateDir(terminal.env);
  const named = options.rollbackDrillHistoryPath ?? terminal.env.CAVRA_GO_ROLLBACK_DRILL_HISTORY ?? "";
  const path = named === "" ? "" : resolve(terminal.cwd, named);
  // Its interval may be shorter than a drill's own days.
  const schedule = terminal.env.CAVRA_GO_ROLLBACK_DRILL_SCHEDULE ?? "";
  const { bytes, head } = readDrillFile(state, path);
  const configured = named !== "" || bytes !== null || head !== null;
  return readiness(
    terminal,
    options,
    "drill_history",
    configured,
    (given) => drillInputs(state, { drills: path, schedule }, given).history,
  );
}

type Given = ReturnType<typeof givenHere>;
type Plan = Extract<ReturnType<typeof planHere>, { readonly ok: true }>["value"];
interface Input {
  readonly findings: readonly Finding[];
  readonly issued_at: string;
  readonly ends_at: string;
}

const SCHEMAS = {
  rehearsal: "cavra.go-rollback-rehearsal-readiness.v1",
  drill_history: "cavra.go-rollback-drills-readiness.v1",
} as const;

export interface DrillReadiness {
  readonly schema_version: (typeof SCHEMAS)[keyof typeof SCHEMAS];
  readonly status: "not_configured" | "ready" | "due_soon" | "needs_attention";
  readonly checks: readonly object[];
}

function readiness(
  terminal: Terminal,
  options: ReadinessOptions,
  id: keyof typeof SCHEMAS,
  configured: boolean,
  read: (given: Given, asked: Plan["asked"]) => Input,
): Result<DrillReadiness> {
  const subject = subjectHere(runtimeHere(terminal, options));
  const running = subject.ok ? subject.value : null;
  const plan = planHere(terminal, options, running);
  if (!plan.ok) return plan;
  const input = read(givenHere(terminal, options, running), plan.value.asked);
  const [worst, ...others] = ordered(input.findings);
  const also = [...new Set(others.map(({ code }) => code))].filter((code) => code !== worst.code);
  const check = { id, status: worst.verdict === "pass" ? ("pass" as const) : ("fail" as const), ...worst, also, ends_at: input.ends_at };
  const status = configured ? statusOf(input) : "not_configured";
  return ok({ schema_version: SCHEMAS[id], status, checks: configured ? [check] : [] });
}

function told(terminal: Terminal, options: ReadinessOptions, found: Result<DrillReadiness>): ExitStatus {
  if (!found.ok) return report(terminal, found.problem, options.json === true);
  const { status, checks } = found.value;
  if (options.json === true) terminal.print(`${JSON.stringify(found.value)}\n`);
  else {
    const colour = status === "needs_attention" ? terminal.colours.yellow : terminal.colours.green;
    terminal.print(`${colour(status)}\n${checks.map((one) => checkLine(one as never, terminal.colours)).join("")}`);
  }
  return status === "needs_attention" ? EXIT.attention : EXIT.done;
}

/** As in promotion.md 5.2. */
const SOON_PART = 5;

function statusOf({ findings, issued_at, ends_at }: Input): "ready" | "due_soon" | "needs_attention" {
  if (!isPass(findings)) return "needs_attention";
  const [from, to] = [momentOf(issued_at), momentOf(ends_at)];
  return to - SYSTEM_CLOCK.nowMs() <= (to - from) / SOON_PART ? "due_soon" : "ready";
}
