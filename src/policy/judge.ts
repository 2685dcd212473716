// Judges a change by a compiled policy. Implements spec/policy.md section 5. Twin of go/policy/judge.go.
// Total: every input gives a judgement; it reads no clock, and never stops early, so that the trace is complete.

import { compareBytes, isStricter, SEVERITIES, type Severity, stops, type Verdict } from "../base/index.js";
import type { Change, Effect } from "../change/index.js";
import { clauseHolds, type PreparedClause, type Sight, type Stance, type Stand, sightOf, standOf } from "./clause.js";
import type { Exception, ExceptionUse, Judgement, Layer, Rule, RuleUse, Ruling, Source, Subject } from "./model.js";
import type { Entry, Policy, PreparedRule, Voice } from "./open-policy.js";
import { defaultReason, EMPTY_CHANGE, trustReason } from "./reasons.js";
import { registryVoice } from "./registry-voice.js";
import { type TrustRuling, trustRulings } from "./trust.js";

/** The strictest ruling over all effects, with every ruling kept as the trace. An empty change is allowed. */
export function judge(change: Change, subject: Subject, policy: Policy): Judgement {
  const stand = standOf(subject, policy.worldOf(subject.home, subject.workspace_root));
  const rulings: Ruling[] = [];
  let deciding = NO_VOICE;
  for (const [index, effect] of change.effects.entries()) {
    const { ruling, voice } = hear(effect, index, stand, policy);
    rulings.push(ruling);
    deciding = heavier(deciding, voice);
  }
  const { id, version, digest, mode } = policy.compiled;
  return {
    verdict: deciding.verdict,
    severity: deciding.severity,
    reason: deciding.reason,
    rule_id: deciding.id,
    instead: deciding.instead,
    effects: change.effects,
    policy: { id, version, digest, mode },
    rulings,
    ...(policy.registry === null ? {} : { registry_digest: policy.registry.digest }),
  };
}

const NO_VOICE: Voice = { verdict: "allow", severity: "info", source: "default", id: "", reason: EMPTY_CHANGE, instead: null };

/** What is said of one effect, and the heaviest of the voices that say it. */
function hear(effect: Effect, index: number, stand: Stand, policy: Policy): { readonly ruling: Ruling; readonly voice: Voice } {
  const sight = sightOf(effect, stand);
  const { rules, exceptions: fromRules } = matchingRules(sight, policy);
  const { trust, exceptions: fromTrust } = trustIn(sight, policy);
  let voice = NO_VOICE;
  for (const rule of rules) voice = heavier(voice, rule.voice);
  for (const one of trust) voice = heavier(voice, trustVoice(one));
  const registry = registryIn(sight, policy);
  if (registry !== null) voice = heavier(voice, registry);
  let exceptions = together(fromRules, fromTrust);
  if (defaultSpeaks(rules, trust, sight, policy)) {
    const taken = takingDefault(sight, policy);
    exceptions = together(exceptions, taken);
    voice = heavier(voice, defaultVoice(sight, { taken: taken.length > 0, excepted: exceptions.length > 0 }, policy));
  }
  const uses = rules.length === 0 ? NO_RULES : rules.map(({ use }) => use);
  const ruling = { effect: index, verdict: voice.verdict, source: voice.source, rules: uses, exceptions };
  return { ruling: registry === null ? ruling : { ...ruling, registry: useOfVoice(registry) }, voice };
}

function useOfVoice({ id, verdict, severity }: Voice): RuleUse {
  return { id, verdict, severity };
}

/** What the registry of MCP servers says of a call. No exception takes it away. */
function registryIn({ effect, stand }: Sight, { registry }: Policy): Voice | null {
  if (registry === null || effect.kind !== "call") return null;
  return registryVoice(effect, stand.subject.tool_description ?? "", registry);
}

// INVARIANT: only the host's voices replace a default. A workspace adds to what the host says and can never talk over it.
function defaultSpeaks(rules: readonly PreparedRule[], trust: readonly TrustRuling[], sight: Sight, policy: Policy): boolean {
  return !rules.some((rule) => replacesDefault(rule, sight, policy)) && !trust.some(({ layer }) => layer === "host");
}

/** A voice that stops an effect, the layer that it comes from, and who may except it. */
export interface StoppingVoice {
  readonly voice: Voice;
  readonly layer: Layer;
  readonly overridable: Rule["overridable"];
}

/**
 * All that must be taken away for an effect to pass: rules by id, trust, and the default, where it stops and would speak without the others.
 * Implements spec/policy.md 2.10.
 */
export function stoppingVoices(effect: Effect, subject: Subject, policy: Policy): readonly StoppingVoice[] {
  const sight = sightOf(effect, standOf(subject, policy.worldOf(subject.home, subject.workspace_root)));
  const { rules } = matchingRules(sight, policy);
  const { trust } = trustIn(sight, policy);
  const registry = registryIn(sight, policy);
  const [loudRules, mildRules] = parted(rules, ({ voice }) => stops(voice.verdict));
  const [loudTrust, mildTrust] = parted(trust, ({ verdict }) => stops(verdict));
  const byDefault = defaultVoice(sight, { taken: takingDefault(sight, policy).length > 0, excepted: false }, policy);
  const defaultStops = stops(byDefault.verdict) && defaultSpeaks(mildRules, mildTrust, sight, policy);
  return [
    ...loudRules.map(({ rule, voice }) => ({ voice, layer: rule.layer, overridable: rule.overridable })),
    ...(registry === null ? [] : [{ voice: registry, layer: "host" as const, overridable: "never" as const }]),
    ...loudTrust.map((one) => ({ voice: trustVoice(one), layer: one.layer, overridable: "host" as const })),
    ...(defaultStops ? [{ voice: byDefault, layer: "host" as const, overridable: "host" as const }] : []),
  ];
}

function parted<T>(values: readonly T[], isFirst: (value: T) => boolean): readonly [readonly T[], readonly T[]] {
  return [values.filter(isFirst), values.filter((value) => !isFirst(value))];
}

const NO_TRUST: readonly TrustRuling[] = [];
const NO_RULES: readonly RuleUse[] = [];
const NO_USES: readonly ExceptionUse[] = [];

interface Trusting {
  readonly trust: readonly TrustRuling[];
  readonly exceptions: readonly ExceptionUse[];
}

const NOBODY: Trusting = { trust: NO_TRUST, exceptions: NO_USES };

/** The trust that speaks of a call, and the exceptions that silenced other trust. They are the host's, and silence the host's only. */
function trustIn(sight: Sight, policy: Policy): Trusting {
  const { effect } = sight;
  if (effect.kind !== "call") return NOBODY;
  const trust = trustRulings(effect, policy.trust, policy.registry);
  if (trust.length === 0 || policy.compiled.exceptions.length === 0) return { trust, exceptions: NO_USES };
  const takenBy = (one: TrustRuling) => (one.layer === "host" ? usesOf(trustId(one), sight, policy) : NO_USES);
  return { trust: trust.filter((one) => takenBy(one).length === 0), exceptions: trust.flatMap(takenBy) };
}

function takingDefault(sight: Sight, policy: Policy): readonly ExceptionUse[] {
  return policy.compiled.exceptions.length === 0 ? NO_USES : usesOf(defaultId(sight), sight, policy);
}

/** Of the exceptions to a default or to trust, those that hold for the effect. They loosen, whatever the default says. */
function usesOf(id: string, sight: Sight, policy: Policy): readonly ExceptionUse[] {
  const { subject } = sight.stand;
  return policy
    .exceptionsTo(id)
    .filter(({ exception, match }) => isCurrent(exception, subject) && match.some((clause) => clauseHolds(clause, sight, "loosens")))
    .map(({ exception }) => useOf(exception));
}

function useOf({ rule, reason, until }: Exception): ExceptionUse {
  return { rule, reason, until };
}

function together(left: readonly ExceptionUse[], right: readonly ExceptionUse[]): readonly ExceptionUse[] {
  return right.length === 0 ? left : [...left, ...right].sort(byRuleThenReason);
}

function byRuleThenReason(a: ExceptionUse, b: ExceptionUse): number {
  return compareBytes(a.rule, b.rule) || compareBytes(a.reason, b.reason) || compareBytes(a.until, b.until);
}

function trustId({ server }: TrustRuling): string {
  return `mcp_trust.${server}`;
}

function trustVoice(one: TrustRuling): Voice {
  const { verdict } = one;
  return {
    verdict,
    severity: ownSeverity(verdict),
    source: "mcp_trust",
    id: trustId(one),
    reason: trustReason(one),
    instead: null,
  };
}

/** Of a rule that matches. A default that a workspace made stricter gives way to a weaker rule only where that would match as one that loosens. */
function replacesDefault({ rule, match, unless, exceptions }: PreparedRule, sight: Sight, policy: Policy): boolean {
  if (rule.layer !== "host") return false;
  const { verdict, unknown, host } = policy.compiled.defaults[sight.effect.kind];
  if (host === undefined || !isStricter(sight.unknown ? unknown : verdict, rule.verdict)) return true;
  const holds = (clause: PreparedClause) => clauseHolds(clause, sight, "loosens");
  const takes = (clause: PreparedClause) => clauseHolds(clause, sight, "guards");
  const { subject } = sight.stand;
  const excepted = exceptions.some((one) => isCurrent(one.exception, subject) && one.match.some(takes));
  return match.some(holds) && !unless.some(takes) && !excepted;
}

function defaultId({ effect, unknown }: Sight): string {
  return unknown ? `default.${effect.kind}.unknown` : `default.${effect.kind}`;
}

/** `taken`: an exception took the default itself away. `excepted`: one took anything away. */
function defaultVoice(sight: Sight, { taken, excepted }: { readonly taken: boolean; readonly excepted: boolean }, policy: Policy): Voice {
  const { effect, unknown } = sight;
  const kindDefault = policy.compiled.defaults[effect.kind];
  const verdict = taken ? "allow" : unknown ? kindDefault.unknown : kindDefault.verdict;
  return {
    verdict,
    severity: ownSeverity(verdict),
    source: excepted ? "exception" : unknown ? "unknown" : "default",
    id: defaultId(sight),
    reason: defaultReason(effect, unknown, taken ? null : verdict),
    instead: null,
  };
}

function ownSeverity(verdict: Verdict): Severity {
  return verdict === "allow" ? "info" : "medium";
}

const SOURCES: readonly Source[] = ["rule", "mcp_registry", "mcp_trust", "exception", "unknown", "default"];

/** Strictest verdict, then highest severity, then rules before the registry before trust before defaults, then the smallest id, then the smallest reason. */
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

const NOTHING_MATCHES: Matching = { rules: [], exceptions: [] };

/** The rules that hold for an effect, and the exceptions that kept others from holding, each sorted by rule id. */
function matchingRules(sight: Sight, policy: Policy): Matching {
  const entries = policy.candidates(sight);
  if (entries.length === 0) return NOTHING_MATCHES;
  const rules: PreparedRule[] = [];
  const exceptions: ExceptionUse[] = [];
  for (const { owner, stance } of ownersOf(entries, sight)) {
    const counter = counterStance(stance);
    const used = owner.exceptions.filter(
      ({ exception, match }) => isCurrent(exception, sight.stand.subject) && match.some((clause) => clauseHolds(clause, sight, counter)),
    );
    if (used.length === 0) rules.push(owner);
    for (const { exception } of used) exceptions.push(useOf(exception));
  }
  return {
    rules: rules.sort((a, b) => compareBytes(a.rule.id, b.rule.id)),
    exceptions: exceptions.sort(byRuleThenReason),
  };
}

/** Of the entries those, each rule once, whose clause holds while no clause of the rule's `unless` does. */
function ownersOf(entries: readonly Entry[], sight: Sight): readonly Entry[] {
  // Hardly ever more than three: a map of them would cost more than looking through them.
  const held: Entry[] = [];
  for (const entry of entries) {
    const { owner, clause, stance } = entry;
    if (!clauseHolds(clause, sight, stance) || held.some((one) => one.owner === owner)) continue;
    const counter = counterStance(stance);
    if (!owner.unless.some((one) => clauseHolds(one, sight, counter))) held.push(entry);
  }
  return held;
}

// What takes an effect out of a protecting rule loosens; what takes it out of a loosening rule guards.
function counterStance(stance: Stance): Stance {
  return stance === "loosens" ? "guards" : "loosens";
}

const MOMENT_LENGTH = "2026-01-01T00:00:00".length;

/** An exception with an end holds only while a well-formed `now` says so: without a clock there is no such exception. */
function isCurrent({ until }: Exception, { now }: Subject): boolean {
  if (until === "") return true;
  // Of ASCII alone, so that a place in it is the same in units and in bytes.
  const isAscii = Buffer.byteLength(now) === now.length;
  const known = isAscii && now.length > MOMENT_LENGTH && now[10] === "T" && now.endsWith("Z");
  return known && compareBytes(now.slice(0, MOMENT_LENGTH), until.slice(0, MOMENT_LENGTH)) < 0;
}
