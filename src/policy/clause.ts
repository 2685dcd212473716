// Does one clause of a rule hold for one effect? Implements spec/policy.md sections 4.1 to 4.6. Twin of go/policy/clause.go.
// A stance decides in which direction doubt falls: what protects takes the wide reading, what loosens the narrow one.

import { compileGlob, compileTextGlob, type Glob, matchTextGlob, pathNames, type World } from "../base/index.js";
import type { Effect, FileEffect } from "../change/index.js";
import { type FileSet, fileSet, globCovered, globHolds, globMeets, type Within, within } from "./file-sets.js";
import type { Clause, Subject } from "./model.js";

/**
 * `protects`: a set need only meet, letters match in either case. `loosens`: the whole set must be inside, letters match exactly.
 * `guards`: as protects, and an unknown value meets every glob; it is the stance of an exception to a loosening rule.
 */
export type Stance = "protects" | "loosens" | "guards";

/** Who acts and where, worked out once for all effects of a change; folders by their names. */
export interface Stand {
  readonly subject: Subject;
  readonly world: World;
  readonly workspaces: readonly (readonly string[])[];
  readonly temporary: readonly (readonly string[])[];
}

/** An effect with what is worked out once for all clauses. */
export interface Sight {
  readonly effect: Effect;
  readonly set: FileSet | null;
  readonly unknown: boolean;
  readonly inWorkspace: Within;
  readonly inTemp: Within;
  readonly stand: Stand;
}

/** A text with its globs, compiled when they are first needed: most rules are never looked at in a process that judges one action. */
export interface LazyGlob {
  readonly text: string;
  readonly path: boolean;
  folded: Glob | null;
  exact: Glob | null;
}

/** A clause in one shape whatever it asks for: nearly all that is asked of it is whether it asks. */
export interface PreparedClause {
  readonly clause: Clause;
  readonly kinds: Clause["effect"];
  readonly unknown: boolean | null;
  readonly place: NonNullable<Clause["place"]> | null;
  /** It asks for words of a fixed list, booleans, or options of the effect itself. */
  readonly asksPlain: boolean;
  /** It asks where a file lies. */
  readonly asksPath: boolean;
  readonly path: readonly LazyGlob[];
  readonly covers: readonly LazyGlob[];
  readonly texts: readonly {
    readonly of: (effect: Effect, subject: Subject) => readonly string[] | null;
    readonly globs: readonly LazyGlob[];
  }[];
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: it is the policy language's own spelling
export const DEFAULT_BRANCH = "${branch.default}";

export function standOf(subject: Subject, world: World): Stand {
  const namesOf = (folders: readonly string[]) => folders.filter((folder) => folder !== "").map((folder) => pathNames(folder).exact);
  return { subject, world, workspaces: namesOf([subject.workspace_root]), temporary: namesOf(subject.temp_roots) };
}

export function sightOf(effect: Effect, stand: Stand): Sight {
  const set = isFile(effect) ? fileSet(effect) : null;
  const inWorkspace = set === null ? "not" : within(set, stand.workspaces);
  return { effect, set, unknown: isUnknown(effect), inWorkspace, inTemp: inTemp(set, inWorkspace, stand), stand };
}

/** Scratch is what lies below a temporary folder and not in the workspace: a repository that was cloned into `/tmp` is no scratch. */
function inTemp(set: FileSet | null, inWorkspace: Within, stand: Stand): Within {
  if (set === null || inWorkspace === "wholly") return "not";
  const found = within(set, stand.temporary);
  return found === "wholly" && inWorkspace === "partly" ? "partly" : found;
}

export function isFile(effect: Effect): effect is FileEffect {
  return effect.kind === "read" || effect.kind === "write" || effect.kind === "delete";
}

/** What `unknown: true` and `defaults.<kind>.unknown` ask for, kind by kind. */
export function isUnknown(effect: Effect): boolean {
  switch (effect.kind) {
    case "read":
    case "write":
    case "delete":
      return effect.extent === "unknown" || !effect.target.startsWith("/");
    case "exec":
      return !effect.known;
    case "git":
      return effect.operation === UNKNOWN || effect.ref === UNKNOWN;
    case "network":
      return effect.host === UNKNOWN;
    case "operate":
      return effect.target === UNKNOWN;
    case "call":
      return effect.server === UNKNOWN || effect.tool === UNKNOWN || effect.capability === UNKNOWN;
    case "opaque":
      return false;
  }
}

const UNKNOWN = "unknown";

export function prepareClause(clause: Clause): PreparedClause {
  const texts = TEXT_KEYS.flatMap(({ key, of }) => {
    const globs = clause[key];
    return globs === undefined ? [] : [{ of, globs: globs.map((text) => lazyGlob(text, false)) }];
  });
  return {
    clause,
    kinds: clause.effect,
    unknown: clause.unknown ?? null,
    place: clause.place ?? null,
    asksPlain: PLAIN_KEYS.some((key) => clause[key] !== undefined),
    asksPath: PATH_KEYS.some((key) => clause[key] !== undefined),
    path: (clause.path ?? []).map((text) => lazyGlob(text, true)),
    covers: (clause.covers ?? []).map((text) => lazyGlob(text, true)),
    texts,
  };
}

const PLAIN_KEYS = ["extent", "known", "harmless", "options", "direction", "data", "force", "capability"] as const;
const PATH_KEYS = ["path", "covers", "inside_workspace", "in_temp"] as const;

export function clauseHolds(prepared: PreparedClause, sight: Sight, stance: Stance): boolean {
  const { unknown, place, texts } = prepared;
  const { effect, stand } = sight;
  return (
    prepared.kinds.includes(effect.kind) &&
    (unknown === null || unknown === sight.unknown) &&
    (place === null || place.includes(effect.place)) &&
    (!prepared.asksPlain || plainHolds(prepared.clause, effect)) &&
    texts.every(({ of, globs }) => textHolds(of(effect, stand.subject), globs, stance, stand.subject)) &&
    (!prepared.asksPath || fileHolds(prepared, sight, stance))
  );
}

/** The keys whose values are words of a fixed list, booleans, or options. */
function plainHolds(clause: Clause, effect: Effect): boolean {
  switch (effect.kind) {
    case "read":
    case "write":
    case "delete":
      return clause.extent === undefined || clause.extent.includes(effect.extent);
    case "exec":
      return (
        (clause.known === undefined || clause.known === effect.known) &&
        (clause.harmless === undefined || clause.harmless === effect.harmless) &&
        (clause.options === undefined || clause.options.every((option) => effect.options.includes(option)))
      );
    case "network":
      return (
        (clause.direction === undefined || clause.direction.includes(effect.direction)) &&
        (clause.data === undefined || clause.data.includes(effect.data))
      );
    case "git":
      return clause.force === undefined || clause.force.includes(effect.force);
    case "call":
      return clause.capability === undefined || clause.capability.includes(effect.capability);
    case "operate":
    case "opaque":
      return true;
  }
}

type TextKey =
  | "agent"
  | "user"
  | "via"
  | "program"
  | "subcommand"
  | "host"
  | "operation"
  | "ref"
  | "remote"
  | "system"
  | "target"
  | "server"
  | "tool"
  | "reason"
  | "detail";

/** Where the text that a key's globs are held against is found. Null: this kind of effect has no such thing, so the clause cannot hold. */
const TEXT_KEYS: readonly { readonly key: TextKey; readonly of: (effect: Effect, subject: Subject) => readonly string[] | null }[] = [
  { key: "agent", of: (_, subject) => [subject.agent] },
  { key: "user", of: (_, subject) => [subject.user] },
  { key: "via", of: (effect) => effect.via },
  { key: "program", of: (effect) => (effect.kind === "exec" ? [effect.program] : null) },
  { key: "subcommand", of: (effect) => (effect.kind === "exec" ? [effect.subcommand] : null) },
  { key: "host", of: (effect) => (effect.kind === "network" ? [effect.host] : null) },
  { key: "operation", of: (effect) => (effect.kind === "git" || effect.kind === "operate" ? [effect.operation] : null) },
  { key: "ref", of: (effect) => (effect.kind === "git" ? [effect.ref] : null) },
  { key: "remote", of: (effect) => (effect.kind === "git" ? [effect.remote] : null) },
  { key: "system", of: (effect) => (effect.kind === "operate" ? [effect.system] : null) },
  { key: "target", of: (effect) => (effect.kind === "operate" ? [effect.target] : null) },
  { key: "server", of: (effect) => (effect.kind === "call" ? [effect.server] : null) },
  { key: "tool", of: (effect) => (effect.kind === "call" ? [effect.tool] : null) },
  { key: "reason", of: (effect) => (effect.kind === "opaque" ? [effect.reason] : null) },
  { key: "detail", of: (effect) => (effect.kind === "opaque" ? [effect.detail] : null) },
];

function textHolds(texts: readonly string[] | null, globs: readonly LazyGlob[], stance: Stance, subject: Subject): boolean {
  if (texts === null) return false;
  return texts.some((text) => {
    if (text === UNKNOWN) return stance === "guards";
    return globs.some((glob) =>
      glob.text === DEFAULT_BRANCH ? isDefaultBranch(text, subject) : matchTextGlob(compiled(glob, stance !== "loosens"), text),
    );
  });
}

function isDefaultBranch(ref: string, subject: Subject): boolean {
  return subject.default_branch !== "" && ref === subject.default_branch;
}

function fileHolds(prepared: PreparedClause, sight: Sight, stance: Stance): boolean {
  const { clause } = prepared;
  const { set } = sight;
  const { world } = sight.stand;
  if (set === null) return stance === "guards";
  if (clause.inside_workspace !== undefined && !withinHolds(sight.inWorkspace, clause.inside_workspace, stance)) return false;
  if (clause.in_temp !== undefined && !withinHolds(sight.inTemp, clause.in_temp, stance)) return false;
  if (clause.covers !== undefined && !prepared.covers.some((glob) => globCovered(compiled(glob, stance !== "loosens"), set, world)))
    return false;
  if (clause.path === undefined) return true;
  return stance === "loosens"
    ? prepared.path.some((glob) => globHolds(compiled(glob, false), set, world))
    : prepared.path.some((glob) => globMeets(compiled(glob, true), set, world));
}

function withinHolds(within: Within, wanted: boolean, stance: Stance): boolean {
  if (within === "partly") return stance !== "loosens";
  return (within === "wholly") === wanted;
}

export function lazyGlob(text: string, path: boolean): LazyGlob {
  return { text, path, folded: null, exact: null };
}

const MATCHES_NOTHING: Glob = { text: "", fold: false, alternatives: [] };

/** Compiles at first use. A compiled policy was checked when it was made; one that was not and has a bad glob matches nothing here. */
export function compiled(glob: LazyGlob, fold: boolean): Glob {
  const known = fold ? glob.folded : glob.exact;
  if (known !== null) return known;
  const result = glob.path ? compileGlob(glob.text, fold) : compileTextGlob(glob.text, fold);
  const value = result.ok ? result.value : MATCHES_NOTHING;
  if (fold) glob.folded = value;
  else glob.exact = value;
  return value;
}
