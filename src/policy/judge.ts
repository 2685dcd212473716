// Judges a change by a compiled policy. Implements spec/policy.md section 5. Twin of go/judge.go.
// Total: every input gives a judgement; it reads no clock, and never stops early, so that the trace is complete.

import { compareBytes, isStricter, SEVERITIES, type Severity, strictest, type Verdict, type World } from "../base/index.js";
import type { Change, Effect } from "../change/index.js";
import { clauseHolds, type Sight, type Stance, sightOf } from "./clause.js";
import type { Exception, ExceptionUse, Instead, Judgement, Ruling, Source, Subject } from "./model.js";
import { type Entry, loosens, type Policy, type PreparedRule } from "./open-policy.js";
import { defaultReason, EMPTY_CHANGE, trustReason } from "./reasons.js";
import { candidates } from "./rule-index.js";
import { trustRulings } from "./trust.js";

/** The strictest ruling over all effects, with every ruling kept as the trace. An empty change is allowed. */
export function judge(change: Change, subject: Subject, policy: Policy): Judgement {
  const world = policy.worldOf(subject.home, subject.workspace_root);
  const heard = change.effects.map((effect, index) => hear(effect, index, subject, world, policy));
  const deciding = heard.flatMap(({ voices }) => voices).reduce(heavier, NO_VOICE);
  const { id, version, digest, mode } = policy.compiled;
  return {
    verdict: deciding.verdict,
    severity: deciding.severity,
    reason: deciding.reason,
    rule_id: deciding.id,
    instead: deciding.instead,
    effects: change.effects,
    policy: { id, version, digest, mode },
    rulings: heard.map(({ ruling }) => ruling),
  };
}

/** One thing that speaks about an effect: a rule, the trust in a server, or a default. */
interface Voice {
  readonly verdict: Verdict;
  readonly severity: Severity;
  readonly source: Source;
  readonly id: string;
  readonly reason: string;
  readonly instead: Instead | null;
}

const NO_VOICE: Voice = { verdict: "allow", severity: "info", source: "default", id: "", reason: EMPTY_CHANGE, instead: null };

function hear(
  effect: Effect,
  index: number,
  subject: Subject,
  world: World,
  policy: Policy,
): { readonly ruling: Ruling; readonly voices: readonly Voice[] } {
  const sight = sightOf(effect, subject, world);
  const { rules, exceptions } = matchingRules(sight, policy);
  const trust = effect.kind === "call" ? trustRulings(effect, policy.trust) : [];
  const voices: Voice[] = rules.map(({ rule: { verdict, severity, id, reason, instead } }) => ({
    verdict,
    severity,
    source: "rule",
    id,
    reason,
    instead,
  }));
  for (const one of trust) {
    voices.push({
      verdict: one.verdict,
      severity: ownSeverity(one.verdict),
      source: "mcp_trust",
      id: `mcp_trust.${one.server}`,
      reason: trustReason(one),
      instead: null,
    });
  }
  // INVARIANT: only the host's voices replace a default. A workspace adds to what the host says and can never talk over it.
  if (![...rules.map(({ rule }) => rule), ...trust].some(({ layer }) => layer === "host"))
    voices.push(defaultVoice(sight, exceptions.length > 0, policy));
  const ruling: Ruling = {
    effect: index,
    verdict: strictest(voices.map(({ verdict }) => verdict)),
    source: voices.reduce(heavier).source,
    rules: rules.map(({ rule: { id, verdict, severity } }) => ({ id, verdict, severity })),
    exceptions,
  };
  return { ruling, voices };
}

function defaultVoice(sight: Sight, excepted: boolean, policy: Policy): Voice {
  const { effect, unknown } = sight;
  const kindDefault = policy.compiled.defaults[effect.kind];
  const verdict = unknown ? kindDefault.unknown : kindDefault.verdict;
  return {
    verdict,
    severity: ownSeverity(verdict),
    source: excepted ? "exception" : unknown ? "unknown" : "default",
    id: unknown ? `default.${effect.kind}.unknown` : `default.${effect.kind}`,
    reason: defaultReason(effect, unknown, verdict),
    instead: null,
  };
}

function ownSeverity(verdict: Verdict): Severity {
  return verdict === "allow" ? "info" : "medium";
}

const SOURCES: readonly Source[] = ["rule", "mcp_trust", "exception", "unknown", "default"];

/** Strictest verdict, then highest severity, then rules before trust before defaults, then the smallest id, then the smallest reason. */
function heavier(left: Voice, right: Voice): Voice {
  if (left === NO_VOICE) return right;
  if (left.verdict !== right.verdict) return isStricter(left.verdict, right.verdict) ? left : right;
  const severity = SEVERITIES.indexOf(left.severity) - SEVERITIES.indexOf(right.severity);
  if (severity !== 0) return severity > 0 ? left : right;
  const order =
    SOURCES.indexOf(left.source) - SOURCES.indexOf(right.source) ||
    compareBytes(left.id, right.id) ||
    compareBytes(left.reason, right.reason);
  return order <= 0 ? left : right;
}

interface Matching {
  readonly rules: readonly PreparedRule[];
  readonly exceptions: readonly ExceptionUse[];
}

/** The rules that hold for an effect, and the exceptions that kept others from holding, each sorted by rule id. */
function matchingRules(sight: Sight, policy: Policy): Matching {
  const rules = new Set<PreparedRule>();
  const exceptions: ExceptionUse[] = [];
  for (const owner of ownersOf(candidates(policy.indexOf(sight.effect.kind), sight), sight, policy)) {
    const used = owner.exceptions.filter(
      ({ exception, match }) =>
        isCurrent(exception, sight.subject) && match.some((clause) => clauseHolds(clause, sight, counterStance(owner, sight, policy))),
    );
    if (used.length === 0) rules.add(owner);
    for (const { exception } of used) exceptions.push({ rule: exception.rule, reason: exception.reason, until: exception.until });
  }
  return {
    rules: [...rules].sort((a, b) => compareBytes(a.rule.id, b.rule.id)),
    exceptions: exceptions.sort(
      (a, b) => compareBytes(a.rule, b.rule) || compareBytes(a.reason, b.reason) || compareBytes(a.until, b.until),
    ),
  };
}

/** The rules of which one clause of `match` holds and none of `unless`. */
function ownersOf(entries: ReadonlySet<Entry>, sight: Sight, policy: Policy): ReadonlySet<PreparedRule> {
  const owners = new Set<PreparedRule>();
  for (const { owner, clause } of entries) {
    if (owners.has(owner) || !clauseHolds(clause, sight, stanceOf(owner, sight, policy))) continue;
    if (!owner.unless.some((one) => clauseHolds(one, sight, counterStance(owner, sight, policy)))) owners.add(owner);
  }
  return owners;
}

function stanceOf({ rule }: PreparedRule, sight: Sight, policy: Policy): Stance {
  return loosens(rule, sight.effect.kind, policy.compiled) ? "loosens" : "protects";
}

// What takes an effect out of a protecting rule loosens; what takes it out of a loosening rule guards.
function counterStance(owner: PreparedRule, sight: Sight, policy: Policy): Stance {
  return stanceOf(owner, sight, policy) === "loosens" ? "guards" : "loosens";
}

const MOMENT_LENGTH = "2026-01-01T00:00:00".length;

/** An exception with an end holds only while a well-formed `now` says so: without a clock there is no such exception. */
function isCurrent({ until }: Exception, { now }: Subject): boolean {
  if (until === "") return true;
  const known = now.length > MOMENT_LENGTH && now[10] === "T" && now.endsWith("Z");
  return known && compareBytes(now.slice(0, MOMENT_LENGTH), until.slice(0, MOMENT_LENGTH)) < 0;
}
