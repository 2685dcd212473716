// `cavra policy simulate`: what a policy would have answered to what was decided. Implements spec/cli.md 7.6. It records nothing.

import type { Problem } from "../../../base/index.js";
import type { DecisionRecord } from "../../../evidence/index.js";
import { openPolicy } from "../../../policy/index.js";
import { SYSTEM_CLOCK } from "../../../store/index.js";
import { count } from "../../count.js";
import { EXIT, type ExitStatus } from "../../exit.js";
import { oneLine } from "../../one-line.js";
import { type SimulatedGroup, type Simulation, simulateOver } from "../../policy-simulation.js";
import { openProgress } from "../../progress.js";
import { recordedDecisions } from "../../recorded-decisions.js";
import { badge } from "../../render.js";
import { report, type Terminal } from "../../terminal.js";
import { parseWindow, type Window } from "../../window.js";
import { named } from "./named.js";

export interface ReplayOptions {
  readonly since?: string;
  readonly until?: string;
  readonly samples?: string;
  readonly json?: boolean;
}

/** Most samples of one group. */
export const SAMPLES_LIMIT = 100;

export function simulate(terminal: Terminal, name: string, options: ReplayOptions): ExitStatus {
  const asked = askedOf(options);
  if ("code" in asked) return report(terminal, asked, options.json === true);
  const policy = openPolicy(named(terminal, name));
  const result = simulateOver(recordsIn(asked.window, terminal), policy, terminal.env, asked.samples);
  const { id, version, digest, mode } = policy.compiled;
  const told = { policy: { id, version, digest, mode }, ...asked.window, ...result };
  terminal.print(options.json ? `${JSON.stringify(told)}\n` : render(told, terminal));
  return EXIT.done;
}

/** Window and number of samples, or what is wrong with them. */
export function askedOf(options: ReplayOptions): { readonly window: Window; readonly samples: number } | Problem {
  const samples = Number(options.samples ?? "5");
  if (!Number.isInteger(samples) || samples < 0 || samples > SAMPLES_LIMIT)
    return { code: "bad_limit", message: `\`${options.samples}\` is no number from 0 to ${SAMPLES_LIMIT}` };
  const window = parseWindow(options.since ?? "7d", options.until, SYSTEM_CLOCK.nowMs());
  return window.ok ? { window: window.value, samples } : window.problem;
}

/** The records of a window, oldest first, with the progress on a terminal. */
export function* recordsIn({ since, until }: Window, terminal: Terminal): Generator<DecisionRecord> {
  const progress = openProgress(terminal, "judging what was recorded");
  for (const { record } of recordedDecisions(terminal, until === "" ? { since } : { since, until }, progress.at)) yield record;
  progress.end();
}

type Told = Simulation & Window & { readonly policy: { readonly id: string; readonly version: string } };

function render(told: Told, terminal: Terminal): string {
  const { bold, dim } = terminal.colours;
  const judged = told.decisions - told.not_judged;
  const head = `${bold(`${told.policy.id}@${told.policy.version}`)} over ${count(told.decisions, "decision")} since ${told.since}${told.until === "" ? "" : ` until ${told.until}`}`;
  if (judged === 0) return `${head}\n  nothing to judge again; \`--since 30d\` looks further back\n`;
  const { unchanged, would_allow, would_warn, would_ask, would_deny } = told.outcomes;
  const lines = [
    head,
    `  otherwise than recorded: ${would_deny} would be denied, ${would_ask} asked about, ${would_warn} warned of, ${would_allow} let through; ${unchanged} as before`,
    ...caveats(told).map((line) => dim(`  ${line}`)),
    ...told.groups.filter(({ verdict }) => verdict !== "allow").flatMap((group) => groupLines(group, terminal)),
    ...quiet(
      told.groups.filter(({ verdict }) => verdict === "allow"),
      terminal,
    ),
  ];
  return `${lines.join("\n")}\n`;
}

/** What the numbers do not say. Implements spec/policy.md 10.1. */
export function caveats(told: Pick<Simulation, "not_judged" | "not_whole" | "drifted">): readonly string[] {
  return [
    ...(told.not_judged === 0 ? [] : [`${count(told.not_judged, "record")} without a judgement: nothing can be said of them`]),
    ...(told.not_whole === 0 ? [] : [`${told.not_whole} with a redacted part that rules may ask for: marked ~`]),
    ...(told.drifted === 0
      ? []
      : [`${told.drifted} recorded under this very policy and judged otherwise now: what is not recorded has changed`]),
  ];
}

function groupLines(group: SimulatedGroup, terminal: Terminal): readonly string[] {
  const { bold, dim } = terminal.colours;
  const changed = group.changed === 0 ? "" : `, ${group.changed} of them otherwise than recorded`;
  return [
    "",
    `${badge(group.verdict, terminal)} ${bold(group.rule_id)}  ${count(group.count, "decision")}${changed}`,
    ...group.samples.map((sample) => {
      const was = sample.recorded === group.verdict ? "" : ` (was ${sample.recorded} by ${sample.recorded_rule})`;
      return `  ${sample.whole ? " " : "~"} ${String(sample.count).padStart(4)} × ${oneLine(sample.target, 80)}${was}  ${dim(sample.decision_id)}`;
    }),
  ];
}

/** What would pass in silence is one line, and more only where something else was answered then. */
function quiet(groups: readonly SimulatedGroup[], terminal: Terminal): readonly string[] {
  const all = groups.reduce((sum, group) => sum + group.count, 0);
  const milder = groups.filter(({ changed }) => changed > 0);
  return ["", `${badge("allow", terminal)} ${count(all, "decision")}`, ...milder.flatMap((group) => groupLines(group, terminal).slice(1))];
}
