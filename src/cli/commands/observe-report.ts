// `cavra observe report`: what was or would have been stopped, by rule, and the exception for each false alarm. Implements spec/cli.md 11.2. Changes nothing.

import { DOCTOR_SESSION } from "../../agents/index.js";
import { compareBytes, type JsonObject, type Problem, stops, type Verdict } from "../../base/index.js";
import type { DecisionRecord } from "../../evidence/index.js";
import type { Policy } from "../../policy/index.js";
import { SYSTEM_CLOCK } from "../../store/index.js";
import { count } from "../count.js";
import { EXIT, type ExitStatus } from "../exit.js";
import { oneLine } from "../one-line.js";
import { clauseLine, clauseSource, policyReader, proposalsFor, targetOf, yamlText } from "../propose.js";
import { lastRecorded } from "../recorded-decisions.js";
import { badge } from "../render.js";
import { toSecond } from "../span-of-time.js";
import { report, type Terminal } from "../terminal.js";
import { parseWindow } from "../window.js";

export interface ReportOptions {
  readonly since?: string;
  readonly json?: boolean;
}

interface Sample {
  readonly decision_id: string;
  readonly recorded_at: string;
  readonly agent: string;
  readonly target: string;
  readonly count: number;
}

interface Proposed {
  readonly rule: string;
  readonly match: JsonObject;
  readonly count: number;
  readonly decision_id: string;
  readonly command: string;
  readonly yaml: string;
}

interface Group {
  readonly rule: string;
  readonly verdict: Verdict;
  readonly count: number;
  readonly let_through: number;
  readonly samples: readonly Sample[];
  readonly exceptions: readonly Proposed[];
  readonly no_exception: Problem | null;
}

interface Report {
  readonly since: string;
  readonly decisions: number;
  readonly stopped: number;
  readonly let_through: number;
  readonly groups: readonly Group[];
}

/** Most records that one report looks at, the last first. */
export const REPORT_RECORDS = 100_000;
const SAMPLES = 5;
const EXCEPTIONS = 5;

export function observeReport(terminal: Terminal, options: ReportOptions): ExitStatus {
  const nowMs = SYSTEM_CLOCK.nowMs();
  const window = parseWindow(options.since ?? "7d", undefined, nowMs);
  if (!window.ok) return report(terminal, window.problem, options.json === true);
  const made = makeReport(terminal, nowMs, window.value.since);
  terminal.print(options.json ? `${JSON.stringify(made)}\n` : render(made, terminal));
  return EXIT.done;
}

function makeReport(terminal: Terminal, nowMs: number, since: string): Report {
  const all = lastRecorded(terminal, { since }, REPORT_RECORDS).map(({ record }) => record);
  const records = all.filter(({ who }) => who.session !== DOCTOR_SESSION);
  const stopped = records.filter(({ judgement }) => judgement !== null && stops(judgement.verdict));
  const byRule = new Map<string, DecisionRecord[]>();
  for (const record of stopped) {
    const rule = record.judgement?.rule_id ?? "";
    byRule.set(rule, [...(byRule.get(rule) ?? []), record]);
  }
  const policyOf = policyReader(terminal);
  const groups = [...byRule].map(([rule, members]) => groupOf(rule, members, policyOf, terminal, nowMs));
  return {
    since,
    decisions: records.length,
    stopped: stopped.length,
    let_through: stopped.filter(({ decision }) => !stops(decision)).length,
    groups: groups.sort((a, b) => b.count - a.count || compareBytes(a.rule, b.rule)),
  };
}

function groupOf(
  rule: string,
  members: readonly DecisionRecord[],
  policyOf: (workspace: string) => Policy,
  terminal: Terminal,
  nowMs: number,
): Group {
  const exceptions = new Map<string, Proposed>();
  let refused: Problem | null = null;
  for (const record of members) {
    const proposals = proposalsFor(record, policyOf(record.action?.workspace_root ?? ""), terminal, nowMs);
    if (!proposals.ok) refused ??= proposals.problem;
    for (const proposal of proposals.ok ? proposals.value : []) {
      const match = clauseSource(proposal.match);
      const key = JSON.stringify([proposal.rule, match]);
      const known = exceptions.get(key) ?? { ...proposedFor(proposal.rule, match, record, nowMs), count: 0 };
      exceptions.set(key, { ...known, count: known.count + 1 });
    }
  }
  return {
    rule,
    verdict: members[0]?.judgement?.verdict ?? "deny",
    count: members.length,
    let_through: members.filter(({ decision }) => !stops(decision)).length,
    samples: samplesOf(members),
    exceptions: [...exceptions.values()].sort((a, b) => b.count - a.count || compareBytes(a.yaml, b.yaml)).slice(0, EXCEPTIONS),
    no_exception: exceptions.size === 0 ? refused : null,
  };
}

/** Days that a proposed exception holds. */
const PROPOSED_DAYS = 30;

function proposedFor(rule: string, match: JsonObject, { record_id }: DecisionRecord, nowMs: number): Omit<Proposed, "count"> {
  const until = toSecond(nowMs + PROPOSED_DAYS * 86_400_000);
  const yaml = `  - rule: ${yamlText(rule)}\n    match: ${clauseLine(match)}\n    reason: say why\n    until: ${until}\n`;
  return { rule, match, decision_id: record_id, command: `cavra allow ${record_id} --until ${PROPOSED_DAYS}d --reason "say why"`, yaml };
}

/** Different actions, the most frequent first. */
function samplesOf(members: readonly DecisionRecord[]): readonly Sample[] {
  const samples = new Map<string, Sample>();
  for (const record of members) {
    const { record_id: decision_id, recorded_at, who } = record;
    const target = targetOf(record);
    const known = samples.get(target) ?? { decision_id, recorded_at, agent: who.agent, target, count: 0 };
    samples.set(target, { ...known, count: known.count + 1 });
  }
  return [...samples.values()].sort((a, b) => b.count - a.count || compareBytes(b.recorded_at, a.recorded_at)).slice(0, SAMPLES);
}

function render(made: Report, terminal: Terminal): string {
  const { bold, dim } = terminal.colours;
  const head = `${count(made.decisions, "decision")} since ${made.since.slice(0, 16)}Z: ${made.stopped} to be stopped, ${made.let_through} of them let through\n`;
  if (made.groups.length === 0) return `${head}nothing to look at\n`;
  const parts = made.groups.map((group) => {
    const through = group.let_through === 0 ? "" : `, ${group.let_through} let through`;
    const lines = [
      `${badge(group.verdict, terminal)} ${bold(group.rule)}  ${count(group.count, "time")}${through}`,
      ...group.samples.map((one) => `    ${String(one.count).padStart(4)} × ${oneLine(one.target, 90)}  ${dim(one.decision_id)}`),
      ...together(group.exceptions).flatMap((some) => exceptionLines(some, dim)),
      ...(group.no_exception === null
        ? []
        : [`  ${dim("no exception:")} ${oneLine(group.no_exception.message, 200)}`, `    ${oneLine(group.no_exception.hint ?? "", 200)}`]),
    ];
    return `\n${lines.join("\n")}\n`;
  });
  return `${head}${parts.join("")}`;
}

/** What stopped one action together is excepted together: half of it would let nothing through. */
function together(exceptions: readonly Proposed[]): readonly (readonly Proposed[])[] {
  const byDecision = new Map<string, Proposed[]>();
  for (const one of exceptions) byDecision.set(one.decision_id, [...(byDecision.get(one.decision_id) ?? []), one]);
  return [...byDecision.values()];
}

function exceptionLines(some: readonly Proposed[], dim: (text: string) => string): readonly string[] {
  const times = count(Math.min(...some.map((one) => one.count)), "time");
  const [all, would] = some.length === 1 ? ["", "it would"] : [`, all ${some.length} of them`, "together they would"];
  return [
    `  ${dim("if that is a false alarm:")} ${some[0]?.command ?? ""}`,
    dim(`    or in the host's policy, under \`exceptions:\`${all} (${would} let ${times} through)`),
    ...some.flatMap(({ yaml }) =>
      yaml
        .trimEnd()
        .split("\n")
        .map((line) => `    ${oneLine(line, 400)}`),
    ),
  ];
}
