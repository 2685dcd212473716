// Finds the few clauses that could hold for an effect, so that cost follows the effects and not the number of rules.
// Implements spec/policy.md section 5.6, where only the result is law: an index may offer too many clauses, never too few.
// Twin of go/policy/rule_index.go.

import { foldAscii } from "../base/index.js";
import type { Effect, FileEffect } from "../change/index.js";
import { compiled, DEFAULT_BRANCH, isFile, type PreparedClause, type Sight } from "./clause.js";
import { addPath, emptyPathIndex, type PathIndex, takePaths } from "./path-index.js";

/** The clauses that name one effect kind. `any` are those that no key can be found for. */
export interface RuleIndex<T> {
  readonly any: T[];
  /** By the first of KEYS that a clause gives in plain letters, and those letters. */
  readonly keyed: Map<Key | "hosts below", Map<string, T[]>>;
  /** Clauses that only trees and patterns can meet. */
  readonly covering: T[];
  readonly paths: PathIndex<T>;
}

export function emptyIndex<T>(): RuleIndex<T> {
  return { any: [], keyed: new Map(), covering: [], paths: emptyPathIndex() };
}

export function addToIndex<T>(index: RuleIndex<T>, prepared: PreparedClause, isFileKind: boolean, entry: T): void {
  if (isFileKind && prepared.path.length > 0) for (const glob of prepared.path) addPath(index.paths, compiled(glob, true), entry);
  else if (isFileKind) (prepared.covers.length > 0 ? index.covering : index.any).push(entry);
  else if (!addKeyed(index, prepared, entry)) index.any.push(entry);
}

/** Some may stand there twice. */
export function candidates<T>(index: RuleIndex<T>, sight: Sight): readonly T[] {
  const { effect, set } = sight;
  if (!isFile(effect)) return keyedEntries(index, effect);
  if (set === null) return index.any;
  const found = new Set(index.any);
  if (set.names === null) for (const entry of index.covering) found.add(entry);
  takePaths(index.paths, set, sight.stand.world, found);
  return [...found];
}

const KEYS = ["program", "tool", "target", "host", "ref", "server", "system", "operation", "reason", "detail"] as const;
type Key = (typeof KEYS)[number];

/** False when no key of the clause is given in plain letters throughout. */
function addKeyed<T>(index: RuleIndex<T>, { clause }: PreparedClause, entry: T): boolean {
  const name = KEYS.find((key) => clause[key]?.every((text) => isPlain(text, key)));
  if (name === undefined) return false;
  for (const text of clause[name] ?? []) {
    const below = name === "host" && text.startsWith("*.");
    const key = below ? "hosts below" : name;
    const texts = index.keyed.get(key) ?? new Map<string, T[]>();
    index.keyed.set(key, texts);
    pushTo(texts, foldAscii(below ? text.slice(2) : text), entry);
  }
  return true;
}

function isPlain(text: string, name: Key): boolean {
  if (text === DEFAULT_BRANCH) return false;
  return !hasWildcard(name === "host" && text.startsWith("*.") ? text.slice(2) : text);
}

function hasWildcard(text: string): boolean {
  return Array.from(text).some((char) => "*?[\\{}".includes(char));
}

function keyedEntries<T>(index: RuleIndex<T>, effect: Exclude<Effect, FileEffect>): readonly T[] {
  const { any, keyed } = index;
  if (keyed.size === 0) return any;
  switch (effect.kind) {
    case "exec":
      return joined(any, underKey(index, "program", effect.program));
    case "git":
      return joined(joined(any, underKey(index, "ref", effect.ref)), underKey(index, "operation", effect.operation));
    case "network":
      return joined(joined(any, underKey(index, "host", effect.host)), underParents(index, effect.host));
    case "operate": {
      const found = joined(joined(any, underKey(index, "target", effect.target)), underKey(index, "system", effect.system));
      return joined(found, underKey(index, "operation", effect.operation));
    }
    case "call":
      return joined(joined(any, underKey(index, "tool", effect.tool)), underKey(index, "server", effect.server));
    case "opaque":
      return joined(joined(any, underKey(index, "reason", effect.reason)), underKey(index, "detail", effect.detail));
  }
}

function underKey<T>(index: RuleIndex<T>, name: Key | "hosts below", text: string): readonly T[] {
  return index.keyed.get(name)?.get(foldAscii(text)) ?? [];
}

function underParents<T>(index: RuleIndex<T>, host: string): readonly T[] {
  let found: readonly T[] = [];
  for (let dot = host.indexOf("."); dot >= 0; dot = host.indexOf(".", dot + 1))
    found = joined(found, underKey(index, "hosts below", host.slice(dot + 1)));
  return found;
}

function joined<T>(left: readonly T[], right: readonly T[]): readonly T[] {
  if (right.length === 0) return left;
  return left.length === 0 ? right : [...left, ...right];
}

function pushTo<T>(map: Map<string, T[]>, key: string, entry: T): void {
  const entries = map.get(key);
  if (entries === undefined) map.set(key, [entry]);
  else if (entries.at(-1) !== entry) entries.push(entry);
}
