// Makes a compiled policy ready to judge: clauses prepared, indexes built when first needed. Implements spec/policy.md section 5.
// Twin of go/policy/open_policy.go.
// What is kept here is only speed; nothing about a verdict may depend on what was asked before.

import { isStricter, makeWorld, type Severity, type Verdict, type World } from "../base/index.js";
import type { EffectKind } from "../change/index.js";
import { isFile, type LazyGlob, lazyGlob, type PreparedClause, prepareClause, type Sight, type Stance } from "./clause.js";
import type { OpenRegistry } from "./mcp-registry.js";
import type { Clause, Exception, Instead, Rule, Rulebook, RuleUse, ServerTrust, Source } from "./model.js";
import { rulesOf, shelfOf } from "./packed-rules.js";
import { addToIndex, candidates, emptyIndex, type RuleIndex } from "./rule-index.js";

export interface PreparedException {
  readonly exception: Exception;
  readonly match: readonly PreparedClause[];
}

/** One thing that speaks about an effect: a rule, the trust in a server, or a default. */
export interface Voice {
  readonly verdict: Verdict;
  readonly severity: Severity;
  readonly source: Source;
  readonly id: string;
  readonly reason: string;
  readonly instead: Instead | null;
}

/** A rule, what it says and how it stands in a ruling. */
export interface PreparedRule {
  readonly rule: Rule;
  readonly voice: Voice;
  readonly use: RuleUse;
  readonly match: readonly PreparedClause[];
  readonly unless: readonly PreparedClause[];
  readonly exceptions: readonly PreparedException[];
}

/** One clause of one rule, as the index of one kind of effect holds it. */
export interface Entry {
  readonly owner: PreparedRule;
  readonly clause: PreparedClause;
  readonly stance: Stance;
}

export interface PreparedTrust {
  readonly trust: ServerTrust;
  readonly server: LazyGlob;
  readonly tools: readonly { readonly tool: LazyGlob; readonly verdict: ServerTrust["tools"][number]["verdict"] }[];
}

export interface Policy {
  readonly compiled: Rulebook;
  /** What is known of MCP servers; null where there is no registry. */
  readonly registry: OpenRegistry | null;
  readonly trust: readonly PreparedTrust[];
  /** The exceptions to the rule, default or trust of this id. */
  readonly exceptionsTo: (id: string) => readonly PreparedException[];
  /** The clauses that could hold for an effect; some may stand there twice. */
  readonly candidates: (sight: Sight) => readonly Entry[];
  /** The same world for the same home and workspace, so that what it remembers is of use; the last one is kept. */
  readonly worldOf: (home: string, workspace: string) => World;
}

export function openPolicy(compiled: Rulebook, registry: OpenRegistry | null = null): Policy {
  const exceptions = once(() => exceptionsById(compiled));
  const exceptionsTo = (id: string) => exceptions().get(id) ?? [];
  const ownerOf = prepared(exceptionsTo);
  const clauses = new Map<Clause, PreparedClause>();
  const trust = once(() => compiled.mcp_trust.map(prepareTrust));
  const indexes = new Map<EffectKind, RuleIndex<Entry>>();
  let last: { readonly home: string; readonly workspace: string; readonly world: World } | null = null;
  const prepareOne = (clause: Clause) => remembered(clauses, clause);
  const indexOf = (kind: EffectKind) => {
    const known = indexes.get(kind);
    if (known !== undefined) return known;
    const built = buildIndex(compiled, rulesOf(compiled, kind).map(ownerOf), kind, prepareOne);
    indexes.set(kind, built);
    return built;
  };
  const ready = readyEntries(compiled, ownerOf, prepareOne);
  return {
    compiled,
    registry,
    exceptionsTo,
    get trust() {
      return trust();
    },
    candidates: (sight) => ready(sight) ?? candidates(indexOf(sight.effect.kind), sight),
    worldOf: (home, workspace) => {
      if (last === null || last.home !== home || last.workspace !== workspace)
        last = { home, workspace, world: makeWorld(home, workspace) };
      return last.world;
    },
  };
}

function exceptionsById(compiled: Rulebook): ReadonlyMap<string, readonly PreparedException[]> {
  const exceptions = new Map<string, PreparedException[]>();
  for (const exception of compiled.exceptions) {
    const match = once(() => exception.match.map(prepareClause));
    const one: PreparedException = {
      exception,
      get match() {
        return match();
      },
    };
    exceptions.set(exception.rule, [...(exceptions.get(exception.rule) ?? []), one]);
  }
  return exceptions;
}

/** Each rule with its exceptions; the same one for the same rule, whatever kind of effect it is asked for. */
function prepared(exceptionsTo: Policy["exceptionsTo"]): (rule: Rule) => PreparedRule {
  const owners = new Map<Rule, PreparedRule>();
  return (rule) => {
    const known = owners.get(rule);
    if (known !== undefined) return known;
    const match = once(() => rule.match.map(prepareClause));
    const unless = once(() => rule.unless.map(prepareClause));
    const { id, verdict, severity, reason, instead } = rule;
    const made: PreparedRule = {
      rule,
      voice: { verdict, severity, source: "rule", id, reason, instead },
      use: { id, verdict, severity },
      get match() {
        return match();
      },
      get unless() {
        return unless();
      },
      exceptions: exceptionsTo(rule.id),
    };
    owners.set(rule, made);
    return made;
  };
}

/** Most rules are never looked at in a process that judges one action, so nothing is prepared before it is asked for. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function remembered(clauses: Map<Clause, PreparedClause>, clause: Clause): PreparedClause {
  const known = clauses.get(clause) ?? prepareClause(clause);
  clauses.set(clause, known);
  return known;
}

/** So many effects are looked up in what a packed rulebook holds ready; whoever asks more often is better served by an index. */
const READY_EFFECTS = 16;

/** The clauses for a file effect on one path, without an index; null where there are none ready. */
function readyEntries(
  compiled: Rulebook,
  ownerOf: (rule: Rule) => PreparedRule,
  prepare: (clause: Clause) => PreparedClause,
): (sight: Sight) => readonly Entry[] | null {
  const shelf = shelfOf(compiled);
  let asked = 0;
  return ({ effect, set }) => {
    if (shelf === undefined || !isFile(effect) || (set !== null && set.names === null) || asked === READY_EFFECTS) return null;
    asked++;
    const places = shelf.places(effect.kind, set?.names?.folded ?? null) ?? [];
    return places.flatMap(([place, at, glob]) => {
      const owner = ownerOf(shelf.rule(place));
      const one = owner.rule.match[at];
      if (one === undefined) return [];
      const whole = prepare(one);
      const clause = glob < 0 ? whole : { ...whole, path: whole.path.slice(glob, glob + 1) };
      return [{ owner, clause, stance: stanceOf(owner.rule, effect.kind, compiled) }];
    });
  };
}

function stanceOf(rule: Rule, kind: EffectKind, compiled: Rulebook): Stance {
  return loosens(rule, kind, compiled) ? "loosens" : "protects";
}

function buildIndex(
  compiled: Rulebook,
  owners: readonly PreparedRule[],
  kind: EffectKind,
  prepare: (clause: Clause) => PreparedClause,
): RuleIndex<Entry> {
  const index = emptyIndex<Entry>();
  const isFileKind = kind === "read" || kind === "write" || kind === "delete";
  for (const owner of owners) {
    const stance = stanceOf(owner.rule, kind, compiled);
    for (const one of owner.rule.match) {
      if (!one.effect.includes(kind)) continue;
      for (const clause of globByGlob(prepare(one))) addToIndex(index, clause, isFileKind, { owner, clause, stance });
    }
  }
  return index;
}

// A clause with several path globs holds when it holds with one of them. Apart in the index, only the globs that can match are ever tried.
function globByGlob(clause: PreparedClause): readonly PreparedClause[] {
  return clause.path.length < 2 ? [clause] : clause.path.map((glob) => ({ ...clause, path: [glob] }));
}

function prepareTrust(trust: ServerTrust): PreparedTrust {
  return {
    trust,
    server: lazyGlob(trust.server, false),
    tools: trust.tools.map(({ tool, verdict }) => ({ tool: lazyGlob(tool, false), verdict })),
  };
}

/** A rule weaker than what would hold for the host without it loosens, and is read narrowly; every other rule protects, and is read widely. */
export function loosens(rule: Rule, kind: EffectKind, compiled: Pick<Rulebook, "defaults">): boolean {
  const { verdict, host } = compiled.defaults[kind];
  return isStricter(host ?? verdict, rule.verdict);
}
