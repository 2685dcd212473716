// One clause as it reads for one kind of effect in one stance, with what follows from its keys written out. Implements spec/policy.md section 8.2.
// A clause that contradicts itself has no term: it cannot hold for any effect.

import {
  type Alternative,
  ANY_TEXT,
  compileGlob,
  compileTextGlob,
  type Domain,
  isCovered,
  type Language,
  textLanguages,
} from "../../base/index.js";
import type { EffectKind, Extent } from "../../change/index.js";
import { DEFAULT_BRANCH, type Stance } from "../clause.js";
import type { Clause } from "../model.js";

export type WordKey = "place" | "extent" | "direction" | "data" | "force" | "capability";
export type FlagKey = "known" | "harmless" | "unknown" | "inside_workspace" | "in_temp";

/** What one glob over a name matches; `default_branch` is the subject's, whatever that is. */
export type NameSet = { readonly kind: "language"; readonly language: Language } | { readonly kind: "default_branch" };

export interface Term {
  readonly effect: EffectKind;
  readonly stance: Stance;
  readonly flags: ReadonlyMap<FlagKey, boolean>;
  readonly words: ReadonlyMap<WordKey, ReadonlySet<string>>;
  readonly options: readonly string[];
  readonly names: ReadonlyMap<string, readonly NameSet[]>;
  readonly path: readonly Alternative[] | null;
  readonly covers: readonly Alternative[] | null;
}

/** Every value of the keys whose values are words of a fixed list. */
export const WORDS: Readonly<Record<WordKey, readonly string[]>> = {
  place: ["here", "elsewhere"],
  extent: ["exact", "tree", "contents", "pattern", "unknown"],
  direction: ["receive", "send"],
  data: ["none", "literal", "derived", "unknown"],
  force: ["none", "lease", "force"],
  capability: ["read", "write", "execute", "network", "unknown"],
};
const WORD_KEYS = Object.keys(WORDS) as readonly WordKey[];
const FLAG_KEYS = ["known", "harmless", "unknown", "inside_workspace", "in_temp"] as const;
const NAME_KEYS = [
  ...["via", "agent", "user", "program", "subcommand", "host", "operation", "ref", "remote", "system", "target", "server", "tool"],
  ...["reason", "detail"],
] as const satisfies readonly (keyof Clause)[];

/** Names that change.md gives without capital letters. */
const LOWER: ReadonlySet<string> = new Set(["host", "program", "operation", "system", "reason"]);

export function domainOf(key: string): Domain {
  return LOWER.has(key) ? "lower_names" : "names";
}

/** Null when the clause does not name the kind, or cannot hold for it. */
export function termOf(clause: Clause, effect: EffectKind, stance: Stance): Term | null {
  if (!clause.effect.includes(effect)) return null;
  const fold = stance !== "loosens";
  const flags = new Map<FlagKey, boolean>();
  for (const key of FLAG_KEYS) {
    const value = clause[key];
    if (value !== undefined) flags.set(key, value);
  }
  const words = new Map<WordKey, Set<string>>();
  for (const key of WORD_KEYS) {
    const value: readonly string[] | undefined = clause[key];
    if (value !== undefined) words.set(key, new Set(value));
  }
  const names = new Map<string, readonly NameSet[]>();
  for (const key of NAME_KEYS) {
    const globs: readonly string[] | undefined = clause[key];
    if (globs !== undefined)
      names.set(
        key,
        globs.flatMap((glob) => nameSets(key, glob, fold)),
      );
  }
  const paths = (globs: readonly string[] | undefined): readonly Alternative[] | null =>
    globs === undefined ? null : globs.flatMap((glob) => alternativesOf(glob, fold));
  const term = {
    effect,
    stance,
    flags,
    words,
    options: clause.options ?? [],
    names,
    path: paths(clause.path),
    covers: paths(clause.covers),
  };
  return withConsequences(term, flags, words) ? term : null;
}

function nameSets(key: string, glob: string, fold: boolean): readonly NameSet[] {
  if (key === "ref" && glob === DEFAULT_BRANCH) return [{ kind: "default_branch" }];
  const compiled = compileTextGlob(glob, fold);
  const languages = compiled.ok ? textLanguages(compiled.value) : [];
  return languages.filter((language) => !isCovered(language, [], domainOf(key))).map((language) => ({ kind: "language", language }));
}

function alternativesOf(glob: string, fold: boolean): readonly Alternative[] {
  const compiled = compileGlob(glob, fold);
  if (!compiled.ok) return [];
  return compiled.value.alternatives.filter(({ components }) => !isCovered({ components, fold }, [], "paths"));
}

/** Adds what follows from the keys; false when they contradict each other. */
function withConsequences(term: Term, flags: Map<FlagKey, boolean>, words: Map<WordKey, Set<string>>): boolean {
  const { stance, names } = term;
  // An exception to a loosening rule holds for names that are not known, so a glob that matches none does not end it.
  if (stance !== "guards" && [...names.values()].some((sets) => sets.length === 0)) return false;
  switch (term.effect) {
    case "read":
    case "write":
    case "delete":
      return fileConsequences(term, flags, words);
    case "exec":
      return execConsequences(flags);
    case "git":
      return stance === "guards" || !(names.has("operation") && names.has("ref")) || settle(flags, "unknown", false);
    case "network":
      return stance === "guards" || !names.has("host") || settle(flags, "unknown", false);
    case "operate":
      return stance === "guards" || !names.has("target") || settle(flags, "unknown", false);
    case "call":
      return callConsequences(term, flags, words);
    case "opaque":
      return true;
  }
}

function settle(flags: Map<FlagKey, boolean>, key: FlagKey, value: boolean): boolean {
  if (flags.get(key) === !value) return false;
  flags.set(key, value);
  return true;
}

function fileConsequences(term: Term, flags: Map<FlagKey, boolean>, words: Map<WordKey, Set<string>>): boolean {
  const { stance, path, covers } = term;
  const extents = new Set<string>(words.get("extent") ?? WORDS.extent);
  if (covers !== null) extents.delete("exact");
  if (stance !== "guards" && asksForPaths(term)) {
    if (path?.length === 0 || covers?.length === 0 || !settle(flags, "unknown", false)) return false;
  }
  if (flags.get("unknown") === false) extents.delete("unknown");
  if (extents.size === 0) return false;
  if (extents.size < WORDS.extent.length) words.set("extent", extents);
  // Scratch is what lies below a temporary folder and not in the workspace; only what is partly in both can be said to be in either.
  const inBoth = flags.get("inside_workspace") === true && flags.get("in_temp") === true;
  return !inBoth || (stance !== "loosens" && !(stance === "protects" && isExactOnly({ words })));
}

function execConsequences(flags: Map<FlagKey, boolean>): boolean {
  const unknown = flags.get("unknown");
  if (unknown !== undefined && !settle(flags, "known", !unknown)) return false;
  const known = flags.get("known");
  return known === undefined || settle(flags, "unknown", !known);
}

function callConsequences(term: Term, flags: Map<FlagKey, boolean>, words: Map<WordKey, Set<string>>): boolean {
  const { stance, names } = term;
  const capability = words.get("capability");
  if (capability !== undefined && [...capability].every((word) => word === "unknown") && !settle(flags, "unknown", true)) return false;
  if (stance !== "guards" && names.has("server") && names.has("tool") && capability !== undefined && !capability.has("unknown"))
    return settle(flags, "unknown", false);
  if (flags.get("unknown") === false && capability?.has("unknown")) words.set("capability", without(capability, "unknown"));
  return true;
}

function without(words: ReadonlySet<string>, one: string): Set<string> {
  return new Set([...words].filter((word) => word !== one));
}

export function asksForPaths({ path, covers, flags }: Pick<Term, "path" | "covers" | "flags">): boolean {
  return path !== null || covers !== null || flags.has("inside_workspace") || flags.has("in_temp");
}

export function isExactOnly({ words }: Pick<Term, "words">): boolean {
  const extents = words.get("extent");
  return extents !== undefined && extents.size === 1 && extents.has("exact" satisfies Extent);
}

/** The names of an effect that are surely known where its `unknown` is false. */
const KNOWN_NAMES: Readonly<Partial<Record<EffectKind, readonly string[]>>> = {
  git: ["operation", "ref"],
  network: ["host"],
  operate: ["target"],
  call: ["server", "tool"],
};

const ANY_NAME: readonly NameSet[] = [{ kind: "language", language: ANY_TEXT }];

/** What the term says of a name: its globs, any known name where only that is sure, or null where the name may be unknown. */
export function namesOf(term: Term, key: string): readonly NameSet[] | null {
  const own = term.names.get(key);
  if (own !== undefined) return own;
  return term.flags.get("unknown") === false && KNOWN_NAMES[term.effect]?.includes(key) ? ANY_NAME : null;
}
