// The set of paths that a file effect stands for, and how rules look at it. Implements spec/policy.md section 4.
// Twin of go/policy/file_sets.go.
// A tree is not its root: the temptation is to match the root alone, and `rm -rf ~/.config` would then miss what lies below it.

import {
  basesOf,
  type Component,
  foldAscii,
  type Glob,
  includes,
  intersects,
  literalComponents,
  matchGlob,
  meets,
  type PathNames,
  pathNames,
  patternComponents,
  type Token,
  type World,
} from "../base/index.js";
import type { Extent, FileEffect } from "../change/index.js";

/**
 * `names` is there for one exact path only, which needs nothing else. `named` are the components as written; `may` is all that the effect may touch,
 * `sure` all that it names.
 * `sample` is one of the paths in `sure`: a glob that does not match it does not hold the set, which is sooner seen than the whole question.
 */
export interface FileSet {
  readonly extent: Extent;
  readonly names: PathNames | null;
  readonly sample: PathNames | null;
  readonly named: readonly Component[];
  readonly may: readonly Component[];
  readonly sure: readonly Component[];
}

const NONE: readonly Component[] = [];
const DEEP: Component = { kind: "deep" };
const ANY_NAME: Component = { kind: "wild", tokens: [{ kind: "star" }], open: true };

/** Null when the target is unknown. */
export function fileSet(effect: FileEffect): FileSet | null {
  const { extent, target } = effect;
  if (extent === "unknown" || !target.startsWith("/")) return null;
  if (extent === "exact") return { extent, names: pathNames(target), sample: null, named: NONE, may: NONE, sure: NONE };
  const named = extent === "pattern" ? patternComponents(target) : literalComponents(target, false);
  const tree = [...named, DEEP];
  switch (extent) {
    case "tree":
      return { extent, names: null, sample: samplePath(named), named, may: tree, sure: tree };
    case "contents": {
      const below = [...named, ANY_NAME];
      return { extent, names: null, sample: samplePath(below), named, may: [...below, DEEP], sure: [...below, DEEP] };
    }
    case "pattern":
      // What a pattern names may be folders, and the effect may reach below them.
      return { extent, names: null, sample: samplePath(named), named, may: tree, sure: named };
  }
}

/** A path that the components match, of characters that no glob is likely to ask for; null when none is easily found. `**` stands for no name here. */
function samplePath(components: readonly Component[]): PathNames | null {
  const exact: string[] = [];
  for (const component of components) {
    if (component.kind === "deep") continue;
    if (component.kind === "wild" && component.tokens.some(({ kind }) => kind === "set")) return null;
    exact.push(component.kind === "name" ? component.text : component.tokens.map(sampleOf).join(""));
  }
  return { exact, folded: exact.map(foldAscii) };
}

const UNLIKELY = "\x01";

function sampleOf(token: Token): string {
  return token.kind === "char" ? String.fromCodePoint(token.code) : UNLIKELY;
}

/** A protecting glob sees what the effect may touch. */
export function globMeets(glob: Glob, set: FileSet, world: World): boolean {
  if (set.names !== null) return matchGlob(glob, set.names, world);
  return everyReading(glob, world).some((path) => meets(path, set.may, glob.fold));
}

/** A loosening glob must hold all that the effect names. Alternatives are tried one by one: two halves do not make a whole. */
export function globHolds(glob: Glob, set: FileSet, world: World): boolean {
  if (set.names !== null) return matchGlob(glob, set.names, world);
  if (set.sample !== null && !matchGlob(glob, set.sample, world)) return false;
  return everyReading(glob, world).some((path) => includes(path, set.sure, glob.fold));
}

/** True when the effect takes all that lies below some folder that the glob matches: `rm -rf .`, `rm -rf ./*`, `rm -rf ..` for the workspace. */
export function globCovered(glob: Glob, set: FileSet, world: World): boolean {
  if (set.names !== null) return false;
  const top = [...withoutOpenEnd(set), DEEP];
  return everyReading(glob, world).some((path) => intersects(path, top, glob.fold));
}

// `/srv/app/*` names everything in `/srv/app`, so it takes what a tree there would take.
function withoutOpenEnd(set: FileSet): readonly Component[] {
  if (set.extent !== "pattern") return set.named;
  const end = set.named.findLastIndex((component) => component.kind === "name" || (component.kind === "wild" && !component.open));
  return set.named.slice(0, end + 1);
}

function everyReading(glob: Glob, world: World): readonly (readonly Component[])[] {
  const known = world.readings.get(glob);
  if (known !== undefined) return known;
  const readings = glob.alternatives.flatMap(({ anchor, components }) =>
    basesOf(anchor, glob.fold, world).map((base) => [...base, ...components]),
  );
  world.readings.set(glob, readings);
  return readings;
}

export type Within = "wholly" | "partly" | "not";

/** How much of the set lies strictly below one of the folders, given by their names; the folders themselves do not count. */
export function within(set: FileSet, roots: readonly (readonly string[])[]): Within {
  let best: Within = "not";
  for (const root of roots) {
    const one = set.names === null ? withinRoot(set, root) : isBelow(set.names.exact, root) ? "wholly" : "not";
    if (one === "wholly") return one;
    if (one === "partly") best = one;
  }
  return best;
}

function isBelow(names: readonly string[], root: readonly string[]): boolean {
  return names.length > root.length && root.every((name, i) => names[i] === name);
}

function withinRoot(set: FileSet, root: readonly string[]): Within {
  let literal = true;
  for (let i = 0; i < root.length; i++) {
    const component = set.named[i];
    if (component === undefined) return "partly";
    if (component.kind === "deep") return "partly";
    if (component.kind === "wild") literal = false;
    else if (component.text !== root[i]) return "not";
  }
  if (set.named.length === root.length) return set.extent === "contents" && literal ? "wholly" : "partly";
  return literal ? "wholly" : "partly";
}
