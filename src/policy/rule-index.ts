// Finds the few clauses that could hold for an effect, so that cost follows the effects and not the number of rules.
// Implements spec/policy.md section 5.6, where only the result is law: an index may offer too many clauses, never too few. Twin of go/rule-index.go.

import { foldAscii } from "../base/index.js";
import type { Effect } from "../change/index.js";
import { compiled, DEFAULT_BRANCH, isFile, type PreparedClause, type Sight } from "./clause.js";
import { addPath, emptyPathIndex, type PathIndex, takePaths } from "./path-index.js";

/** The clauses that name one effect kind. `any` are those that no key can be found for. */
export interface RuleIndex<T> {
  readonly any: T[];
  readonly keyed: Map<string, T[]>;
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
  else {
    const keys = plainKeys(prepared);
    if (keys === null) index.any.push(entry);
    else for (const key of new Set(keys)) pushTo(index.keyed, key, entry);
  }
}

export function candidates<T>(index: RuleIndex<T>, sight: Sight): ReadonlySet<T> {
  const found = new Set(index.any);
  if (!isFile(sight.effect)) {
    for (const key of effectKeys(sight.effect)) for (const entry of index.keyed.get(key) ?? []) found.add(entry);
  } else if (sight.set !== null) {
    if (sight.set.names === null) for (const entry of index.covering) found.add(entry);
    takePaths(index.paths, sight.set, sight.world, found);
  }
  return found;
}

export function pushTo<T>(map: Map<string, T[]>, key: string, entry: T): void {
  const entries = map.get(key);
  if (entries === undefined) map.set(key, [entry]);
  else if (entries.at(-1) !== entry) entries.push(entry);
}

const KEYS = ["program", "tool", "target", "host", "ref", "server", "system", "operation", "reason", "detail"] as const;
type Key = (typeof KEYS)[number];

/** The texts of the first of KEYS that the clause gives in plain letters. */
function plainKeys({ clause }: PreparedClause): readonly string[] | null {
  for (const name of KEYS) {
    const keys = clause[name]?.map((text) => literalKey(name, text));
    if (keys?.every((key) => key !== null)) return keys;
  }
  return null;
}

function literalKey(name: Key, text: string): string | null {
  if (text === DEFAULT_BRANCH) return null;
  if (name === "host" && text.startsWith("*.") && !hasWildcard(text.slice(2))) return `hosts ${foldAscii(text.slice(2))}`;
  return hasWildcard(text) ? null : `${name} ${foldAscii(text)}`;
}

function hasWildcard(text: string): boolean {
  return Array.from(text).some((char) => "*?[\\{}".includes(char));
}

function effectKeys(effect: Effect): readonly string[] {
  switch (effect.kind) {
    case "exec":
      return [keyOf("program", effect.program)];
    case "git":
      return [keyOf("ref", effect.ref), keyOf("operation", effect.operation)];
    case "network":
      return [keyOf("host", effect.host), ...parentHosts(effect.host)];
    case "operate":
      return [keyOf("target", effect.target), keyOf("system", effect.system), keyOf("operation", effect.operation)];
    case "call":
      return [keyOf("tool", effect.tool), keyOf("server", effect.server)];
    case "opaque":
      return [keyOf("reason", effect.reason), keyOf("detail", effect.detail)];
    case "read":
    case "write":
    case "delete":
      return [];
  }
}

function keyOf(name: Key, text: string): string {
  return `${name} ${foldAscii(text)}`;
}

function parentHosts(host: string): readonly string[] {
  const keys: string[] = [];
  for (let dot = host.indexOf("."); dot >= 0; dot = host.indexOf(".", dot + 1)) keys.push(`hosts ${foldAscii(host.slice(dot + 1))}`);
  return keys;
}
