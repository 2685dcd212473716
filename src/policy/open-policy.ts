// Makes a compiled policy ready to judge: clauses prepared, indexes built when first needed. Implements spec/policy.md section 5. Twin of go/open-policy.go.
// What is kept here is only speed; nothing about a verdict may depend on what was asked before.

import { isStricter } from "../base/index.js";
import type { EffectKind } from "../change/index.js";
import { type LazyGlob, lazyGlob, type PreparedClause, prepareClause } from "./clause.js";
import type { Exception, Rule, Rulebook, ServerTrust } from "./model.js";
import { addToIndex, emptyIndex, type RuleIndex } from "./rule-index.js";

export interface PreparedException {
  readonly exception: Exception;
  readonly match: readonly PreparedClause[];
}

export interface PreparedRule {
  readonly rule: Rule;
  readonly unless: readonly PreparedClause[];
  readonly exceptions: readonly PreparedException[];
}

/** One clause of one rule, as the index holds it. */
export interface Entry {
  readonly owner: PreparedRule;
  readonly clause: PreparedClause;
}

export interface PreparedTrust {
  readonly trust: ServerTrust;
  readonly server: LazyGlob;
  readonly tools: readonly { readonly tool: LazyGlob; readonly verdict: ServerTrust["tools"][number]["verdict"] }[];
}

export interface Policy {
  readonly compiled: Rulebook;
  readonly entries: readonly Entry[];
  readonly trust: readonly PreparedTrust[];
  readonly indexOf: (kind: EffectKind) => RuleIndex<Entry>;
}

export function openPolicy(compiled: Rulebook): Policy {
  const exceptions = new Map<string, PreparedException[]>();
  for (const exception of compiled.exceptions) {
    const prepared = { exception, match: exception.match.map(prepareClause) };
    exceptions.set(exception.rule, [...(exceptions.get(exception.rule) ?? []), prepared]);
  }
  const entries: Entry[] = compiled.rules.flatMap((rule) => {
    const owner: PreparedRule = { rule, unless: rule.unless.map(prepareClause), exceptions: exceptions.get(rule.id) ?? [] };
    return rule.match.map((clause) => ({ owner, clause: prepareClause(clause) }));
  });
  const indexes = new Map<EffectKind, RuleIndex<Entry>>();
  return {
    compiled,
    entries,
    trust: compiled.mcp_trust.map(prepareTrust),
    indexOf: (kind) => {
      const known = indexes.get(kind);
      if (known !== undefined) return known;
      const built = buildIndex(entries, kind);
      indexes.set(kind, built);
      return built;
    },
  };
}

function buildIndex(entries: readonly Entry[], kind: EffectKind): RuleIndex<Entry> {
  const index = emptyIndex<Entry>();
  const isFileKind = kind === "read" || kind === "write" || kind === "delete";
  for (const entry of entries) if (entry.clause.clause.effect.includes(kind)) addToIndex(index, entry.clause, isFileKind, entry);
  return index;
}

function prepareTrust(trust: ServerTrust): PreparedTrust {
  return {
    trust,
    server: lazyGlob(trust.server, false),
    tools: trust.tools.map(({ tool, verdict }) => ({ tool: lazyGlob(tool, false), verdict })),
  };
}

/** A rule weaker than what would hold without it loosens, and is read narrowly; every other rule protects, and is read widely. */
export function loosens(rule: Rule, kind: EffectKind, compiled: Rulebook): boolean {
  return isStricter(compiled.defaults[kind].verdict, rule.verdict);
}
