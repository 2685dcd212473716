// Does one clause hold wherever another does, and can two hold together? Implements spec/policy.md section 8.2.
// Every `true` is proved, key by key; a `false` says nothing. The temptation is to compare globs as sets of paths: a glob that floats sees a tree
// only when the tree names it (3.6), so the wider of two globs does not see all that the narrower sees.

import { type Alternative, ANY_TEXT, type Component, isApart, isCovered, isName, type Language } from "../../base/index.js";
import { asksForPaths, domainOf, isExactOnly, type NameSet, namesOf, type Term, WORDS } from "./term.js";

/** True when `wide` holds for every effect for which `narrow` holds. Both are of one kind. */
export function implies(narrow: Term, wide: Term): boolean {
  return flagsFollow(narrow, wide) && wordsFollow(narrow, wide) && namesFollow(narrow, wide) && pathsFollow(narrow, wide);
}

function flagsFollow(narrow: Term, wide: Term): boolean {
  if (!wide.options.every((option) => narrow.options.includes(option))) return false;
  for (const key of ["known", "harmless", "unknown"] as const) {
    const wanted = wide.flags.get(key);
    if (wanted !== undefined && narrow.flags.get(key) !== wanted) return false;
  }
  return true;
}

function wordsFollow(narrow: Term, wide: Term): boolean {
  for (const [key, wanted] of wide.words) {
    for (const word of narrow.words.get(key) ?? WORDS[key]) if (!wanted.has(word)) return false;
  }
  return true;
}

function namesFollow(narrow: Term, wide: Term): boolean {
  for (const [key, wanted] of wide.names) {
    const given = namesOf(narrow, key);
    if (
      given === null
        ? !(wide.stance === "guards" && key !== "via" && isEveryName(wanted, key))
        : !given.every((one) => isAmong(one, wanted, key))
    )
      return false;
  }
  return true;
}

function isEveryName(wanted: readonly NameSet[], key: string): boolean {
  return isAmong(
    { kind: "default_branch" },
    wanted.filter(({ kind }) => kind === "language"),
    key,
  );
}

/** A default branch may have any name, so what holds for it must hold for all. */
function isAmong(given: NameSet, wanted: readonly NameSet[], key: string): boolean {
  if (given.kind === "default_branch" && wanted.some(({ kind }) => kind === "default_branch")) return true;
  const languages = wanted.flatMap((one) => (one.kind === "language" ? [one.language] : []));
  return isCovered(given.kind === "language" ? given.language : ANY_TEXT, languages, domainOf(key));
}

function pathsFollow(narrow: Term, wide: Term): boolean {
  if (!asksForPaths(wide)) return true;
  // Only an exception to a loosening rule holds for a path that is not known.
  if (wide.stance !== "guards" && narrow.flags.get("unknown") !== false) return false;
  for (const key of ["inside_workspace", "in_temp"] as const) {
    const wanted = wide.flags.get(key);
    if (wanted === undefined) continue;
    const partly = narrow.stance !== "loosens" && wide.stance === "loosens" && !isExactOnly(narrow);
    if (narrow.flags.get(key) !== wanted || partly) return false;
  }
  return coversFollow(narrow, wide) && pathFollows(narrow, wide);
}

function coversFollow(narrow: Term, wide: Term): boolean {
  const { covers } = wide;
  if (covers === null) return true;
  return narrow.covers?.every((one) => isInside(one, covers, narrow, wide)) === true;
}

function pathFollows(narrow: Term, wide: Term): boolean {
  const { path } = wide;
  if (path === null || path.some(isEverything)) return true;
  return narrow.path?.every((one) => isSeenWith(one, path, narrow, wide)) === true;
}

function isEverything({ anchor, components }: Alternative): boolean {
  return anchor === "root" && components.length > 0 && components.every(({ kind }) => kind === "deep");
}

/** Whatever set of paths `one` speaks of in the stance of `narrow`, one of `path` speaks of it in the stance of `wide`. */
function isSeenWith(one: Alternative, path: readonly Alternative[], narrow: Term, wide: Term): boolean {
  if (isExactOnly(narrow)) return isInside(one, path, narrow, wide);
  if (wide.stance === "loosens") {
    // A set that only meets `one` need not be held by anything; one that `one` holds is held by any single glob around that.
    return narrow.stance === "loosens" && path.some((other) => isInside(one, [other], narrow, wide));
  }
  if (narrow.stance === wide.stance && path.some((other) => isSame(one, other))) return true;
  return isInside(one, path.filter(seesAllItHolds), narrow, wide);
}

function isSame(left: Alternative, right: Alternative): boolean {
  return textOf(left) === textOf(right);
}

const KNOWN_TEXTS = new WeakMap<Alternative, string>();

function textOf(alternative: Alternative): string {
  const text = KNOWN_TEXTS.get(alternative) ?? JSON.stringify(alternative);
  KNOWN_TEXTS.set(alternative, text);
  return text;
}

/** A glob without a name behind its first `**` meets every set that has a path of it. */
function seesAllItHolds({ components }: Alternative): boolean {
  const floatsFrom = components.findIndex(({ kind }) => kind === "deep");
  return floatsFrom < 0 || !components.slice(floatsFrom).some(isName);
}

/** Is every path of `one` a path of `others`, whatever home and workspace are? */
function isInside(one: Alternative, others: readonly Alternative[], narrow: Term, wide: Term): boolean {
  const [foldIn, foldOut] = [narrow.stance !== "loosens", wide.stance !== "loosens"];
  const outer = (anchor: Alternative["anchor"]): readonly Language[] =>
    others.flatMap((other) => (other.anchor === anchor ? [{ components: other.components, fold: foldOut }] : []));
  if (one.anchor === "root") return isCovered({ components: one.components, fold: foldIn }, outer("root"), "paths");
  // The folder in the anchor's place is spelt in one way; read with folding it is more than the same folder read without.
  const beside = foldOut || !foldIn ? isCovered({ components: one.components, fold: foldIn }, outer(one.anchor), "paths") : false;
  return beside || isCovered({ components: anywhere(one), fold: foldIn }, outer("root"), "paths");
}

/** Wherever home or workspace may be. */
function anywhere({ anchor, components }: Alternative): readonly Component[] {
  return anchor === "root" ? components : [DEEP, ...components];
}

const DEEP: Component = { kind: "deep" };

/** True when no effect lets both hold. `taking` is read in the stance of what takes effects from a rule. */
export function excludes(term: Term, taking: Term): boolean {
  return flagsDiffer(term, taking) || wordsDiffer(term, taking) || namesDiffer(term, taking) || pathsDiffer(term, taking);
}

function flagsDiffer(term: Term, taking: Term): boolean {
  return [...taking.flags].some(([key, value]) => term.flags.get(key) === !value);
}

function wordsDiffer(term: Term, taking: Term): boolean {
  return [...taking.words].some(([key, words]) => [...(term.words.get(key) ?? WORDS[key])].every((word) => !words.has(word)));
}

function namesDiffer(term: Term, taking: Term): boolean {
  return [...taking.names].some(([key, sets]) => {
    const own = key === "via" ? null : namesOf(term, key);
    return own?.every((one) => sets.every((other) => areApart(one, other, key))) === true;
  });
}

function areApart(left: NameSet, right: NameSet, key: string): boolean {
  return left.kind === "language" && right.kind === "language" && isApart(left.language, right.language, domainOf(key));
}

function pathsDiffer(term: Term, taking: Term): boolean {
  const { path } = taking;
  if (path === null || term.path === null) return false;
  return term.path.every((one) => path.every((other) => neverBoth(one, other, term, taking)));
}

// What a pattern names may be folders, and a rule that protects sees what lies in them: so the other side is taken with all that is below it.
function neverBoth(one: Alternative, other: Alternative, term: Term, taking: Term): boolean {
  const left = taking.stance === "guards" ? [...one.components, DEEP] : one.components;
  const right = term.stance === "protects" ? [...other.components, DEEP] : other.components;
  const same = one.anchor === other.anchor;
  return isApart(
    { components: same ? left : anywhere({ anchor: one.anchor, components: left }), fold: term.stance !== "loosens" },
    { components: same ? right : anywhere({ anchor: other.anchor, components: right }), fold: taking.stance !== "loosens" },
    "paths",
  );
}
