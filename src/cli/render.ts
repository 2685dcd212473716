// A decision in the four questions, for people. Implements spec/cli.md section 3.

import { type Severity, stops, type Verdict } from "../base/index.js";
import type { Action, Effect } from "../change/index.js";
import type { Decision } from "../evidence/index.js";
import { describeEffect } from "../policy/index.js";
import { oneLine } from "./one-line.js";
import type { Terminal } from "./terminal.js";

const EFFECT_LINES = 12;

/** Several lines, the verdict first. `action` is what was asked, as it came. */
export function renderDecision(
  decision: Decision,
  action: Pick<Action, "action_type" | "target" | "workspace_root">,
  terminal: Terminal,
  more: readonly (readonly [string, string])[] = moreOf(decision),
): string {
  const { dim, bold } = terminal.colours;
  const lines = [
    `${badge(decision.decision, terminal)} ${bold(oneLine(action.target, 100))}${action.action_type === "execute_command" ? "" : dim(`  ${action.action_type.replaceAll("_", " ")}`)}`,
    row("who", whoLine(decision), terminal),
    ...changeRows(decision, action.workspace_root, terminal),
    ...policyRows(decision, terminal),
    ...insteadRows(decision, terminal),
    row("evidence", evidenceLine(decision), terminal),
    ...more.map(([name, text]) => row(name, oneLine(text, 400), terminal)),
  ];
  return `${lines.join("\n")}\n`;
}

/** Where there is more, of what was stopped and is on record. */
function moreOf({ decision, decision_id, evidence }: Decision): readonly (readonly [string, string])[] {
  return stops(decision) && evidence.journal !== null ? [["more", `cavra why ${decision_id}`]] : [];
}

/** What is stopped always has a way out, if only this one. */
function insteadRows({ instead, decision, evidence }: Decision, terminal: Terminal): string[] {
  if (instead !== undefined) return [row("instead", oneLine(instead.text, 400), terminal)];
  if (!stops(decision) || evidence.status === "evidence_unavailable") return [];
  return [row("instead", "go on without it, or leave this step to a person", terminal)];
}

/** One line for lists: time-independent, the verdict first. */
export function renderLine(verdict: Verdict, target: string, rule: string, terminal: Terminal): string {
  return `${badge(verdict, terminal)} ${oneLine(target, 80)}  ${terminal.colours.dim(rule)}`;
}

export function badge(verdict: Verdict, terminal: Terminal): string {
  const { green, yellow, magenta, red, bold } = terminal.colours;
  switch (verdict) {
    case "allow":
      return green("✓ allow");
    case "warn":
      return yellow("! warn");
    case "require_approval":
      return magenta(bold("? ask"));
    case "deny":
      return red(bold("✗ deny"));
  }
}

function row(name: string, text: string, terminal: Terminal): string {
  return `  ${terminal.colours.dim(name.padEnd(9))}${text}`;
}

function whoLine(decision: Decision): string {
  const { agent, sub_agent, session, user, host, branch } = decision.who;
  const place = branch === "" ? "" : ` on ${branch}`;
  return [sub_agent === "" ? agent : `${agent} (${sub_agent})`, session === "" ? "" : `session ${session}`, `${user}@${host}${place}`]
    .filter(Boolean)
    .map((part) => oneLine(part, 60))
    .join(" · ");
}

function changeRows(decision: Decision, workspace: string, terminal: Terminal): string[] {
  const effects = decision.change.effects;
  if (effects.length === 0) return [row("change", isUnjudged(decision) ? "not looked at" : "nothing", terminal)];
  const shown = effects.slice(0, EFFECT_LINES).map((effect) => oneLine(fromWorkspace(through(effect), workspace), 110));
  const more = effects.length > EFFECT_LINES ? [`and ${effects.length - EFFECT_LINES} more effects`] : [];
  return [...shown, ...more].map((text, index) => row(index === 0 ? "change" : "", text, terminal));
}

function through(effect: Effect): string {
  return effect.via.length > 0 ? `${describeEffect(effect)}, through ${effect.via.join(" → ")}` : describeEffect(effect);
}

function fromWorkspace(text: string, workspace: string): string {
  return text.replaceAll(`${workspace}/`, "");
}

function policyRows(decision: Decision, terminal: Terminal): string[] {
  const line = policyLine(decision, terminal);
  // A repository's own policy may have written the reason, so it is shown like everything else that comes from elsewhere.
  const reason = decision.decision === "allow" ? [] : [oneLine(decision.reason, 400)];
  // Where no policy was asked (the input could not be read, or no policy loads), the reason is all that there is.
  if (isUnjudged(decision)) return reason.map((text) => row("reason", text, terminal));
  return [row("policy", line, terminal), ...[...reason, ...exceptionLines(decision)].map((text) => row("", text, terminal))];
}

/** What was let through although a rule matched: each exception once. */
function exceptionLines({ policy }: Decision): readonly string[] {
  const used = policy.rulings.flatMap(({ exceptions }) => exceptions);
  const lines = used.map(
    ({ rule, reason, until }) => `excepted from ${rule}${until === "" ? "" : ` until ${until}`}: ${oneLine(reason, 200)}`,
  );
  return [...new Set(lines)];
}

function isUnjudged({ policy, rule_id }: Decision): boolean {
  return policy.id === "" && rule_id === "";
}

function policyLine(decision: Decision, terminal: Terminal): string {
  const severity: Severity = decision.severity;
  const letThrough = !stops(decision.decision) && decision.policy.rulings.some(({ verdict }) => stops(verdict));
  const mode = letThrough ? ` · ${decision.policy.mode === "audit" ? "observed" : "paused"}: recorded, not stopped` : "";
  if (decision.policy.id === "") return terminal.colours.bold(decision.rule_id);
  return `${decision.policy.id}@${oneLine(decision.policy.version, 40)} · ${terminal.colours.bold(decision.rule_id)} · ${severity}${mode}`;
}

function evidenceLine(decision: Decision): string {
  const { journal, record_digest, status } = decision.evidence;
  if (journal === null) return status === "dry_run" ? "none: this was a dry run" : `none could be written (${status})`;
  return `${decision.decision_id} · ${record_digest.slice(0, 19)}… · ${journal.file}+${journal.offset}`;
}
