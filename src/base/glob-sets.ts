// Globs as sets of paths: do two meet, does one hold the other? Implements spec/policy.md sections 3.5 to 3.7.
// Twin of go/base/glob_sets.go.
// Exact within MAX_PAIRS steps of work; beyond that `meets` and `intersects` say yes, and `includes` says no, so that nobody slips through.

import { type Component, foldAscii, matchComponent, type Token, tokenMatches } from "./glob.js";

/** Steps of work for one question. */
export const MAX_PAIRS = 50_000;

type Path = readonly Component[];

/** True when some path is in both. */
export function intersects(left: Path, right: Path, fold: boolean): boolean {
  return walkTogether(left, right, fold, () => true);
}

/**
 * True when a glob that protects should see a set of paths: they share a path, and not merely because the glob floats. What a glob names
 * after its first `**` must be named by the set too: `**` + `/.env` meets `cat .en?` and a tree at `x/.env`, not `rm -rf build` or `cat *`.
 */
export function meets(glob: Path, set: Path, fold: boolean): boolean {
  const floatsFrom = glob.findIndex((component) => component.kind === "deep");
  if (floatsFrom < 0 || !glob.slice(floatsFrom).some(isName)) return intersects(glob, set, fold);
  if (floatsFrom === 0 && !isTooLong(glob, set) && set.some(isName) && !namesOne(glob, set, fold)) return false;
  return walkTogether(glob, set, fold, (seen) => !seen.below || seen.named);
}

/** Does any name of the set say what any name of the glob says? Where it floats as a whole, nothing meets without that. */
function namesOne(glob: Path, set: Path, fold: boolean): boolean {
  return glob.some((ours) => isName(ours) && set.some((theirs) => componentsMeet(ours, theirs, fold) === "named"));
}

function isTooLong(glob: Path, set: Path): boolean {
  return (glob.length + 1) * (set.length + 1) * 4 > MAX_PAIRS;
}

interface Seen {
  /** A name of the set lies at or below the glob's first `**`. */
  readonly below: boolean;
  /** A name of the glob after its first `**` is named by the set. */
  readonly named: boolean;
}

/** Literal text or a wildcard component that says more than "some name". */
export function isName(component: Component): boolean {
  return component.kind === "name" || (component.kind === "wild" && !component.open);
}

/** Walks all ways to lay both lists over one path; true when one way reaches both ends and `accepts` it. */
function walkTogether(glob: Path, set: Path, fold: boolean, accepts: (seen: Seen) => boolean): boolean {
  const width = set.length + 1;
  if (isTooLong(glob, set)) return true;
  const fixed = sameBeginning(glob, set, fold);
  if (fixed < 0) return false;
  const floatsFrom = glob.findIndex((component) => component.kind === "deep");
  const visited = new Uint8Array((glob.length + 1) * width * 4);
  const work: number[] = [];
  const push = (g: number, s: number, flags: number): void => {
    const state = (g * width + s) * 4 + flags;
    if (visited[state] === 1) return;
    visited[state] = 1;
    work.push(state);
  };
  push(fixed, fixed, 0);
  for (let state = work.pop(); state !== undefined; state = work.pop()) {
    const flags = state % 4;
    const s = ((state - flags) / 4) % width;
    const g = ((state - flags) / 4 - s) / width;
    const ours = glob[g];
    const theirs = set[s];
    if (ours === undefined && theirs === undefined && accepts({ below: (flags & 1) > 0, named: (flags & 2) > 0 })) return true;
    if (ours?.kind === "deep") push(g + 1, s, flags);
    if (theirs?.kind === "deep") push(g, s + 1, flags);
    if (ours === undefined || theirs === undefined) continue;
    const floating = floatsFrom >= 0 && g >= floatsFrom;
    const below = floating && isName(theirs) ? flags | 1 : flags;
    if (ours.kind === "deep" && theirs.kind !== "deep") push(g, s + 1, below);
    if (theirs.kind === "deep" && ours.kind !== "deep") push(g + 1, s, flags);
    if (ours.kind === "deep" || theirs.kind === "deep") continue;
    const met = componentsMeet(ours, theirs, fold);
    if (met !== "no") push(g + 1, s + 1, met === "named" && floating ? below | 2 : below);
  }
  return false;
}

/** How many names both begin with; -1 where two names differ, which settles most questions. */
function sameBeginning(glob: Path, set: Path, fold: boolean): number {
  for (let at = 0; ; at++) {
    const ours = glob[at];
    const theirs = set[at];
    if (ours?.kind !== "name" || theirs?.kind !== "name") return at;
    if (ours.text !== (fold ? foldAscii(theirs.text) : theirs.text)) return -1;
  }
}

type Met = "no" | "meet" | "named";

/** Do two components share a name, and does the set's say something of what the glob's says? */
export function componentsMeet(glob: Component, set: Component, fold: boolean): Met {
  if (glob.kind === "deep" || set.kind === "deep") return "meet";
  if (set.kind === "name")
    return matchComponent(glob, fold ? foldAscii(set.text) : set.text, fold) ? (isName(glob) ? "named" : "meet") : "no";
  return tokensMeet(tokensOf(glob), set.tokens, fold);
}

function tokensOf(component: Component): readonly Token[] {
  if (component.kind === "wild") return component.tokens;
  return component.kind === "deep" ? [] : Array.from(component.text, (char) => ({ kind: "char", code: char.codePointAt(0) ?? 0 }));
}

function tokensMeet(glob: readonly Token[], set: readonly Token[], fold: boolean): Met {
  const width = set.length + 1;
  if ((glob.length + 1) * width * 2 > MAX_PAIRS) return "named";
  const telling = tellingTokens(glob);
  const visited = new Uint8Array((glob.length + 1) * width * 2);
  const work: number[] = [];
  const push = (g: number, s: number, named: number): void => {
    const state = (g * width + s) * 2 + named;
    if (visited[state] === 1) return;
    visited[state] = 1;
    work.push(state);
  };
  let met: Met = "no";
  push(0, 0, 0);
  for (let state = work.pop(); state !== undefined; state = work.pop()) {
    const named = state % 2;
    const s = ((state - named) / 2) % width;
    const g = ((state - named) / 2 - s) / width;
    const ours = glob[g];
    const theirs = set[s];
    if (ours === undefined && theirs === undefined) {
      if (named === 1) return "named";
      met = "meet";
    }
    if (ours?.kind === "star") push(g + 1, s, named);
    if (theirs?.kind === "star") push(g, s + 1, named);
    if (ours === undefined || theirs === undefined || !tokensShare(ours, theirs, fold)) continue;
    const tells = ours.kind === "char" && theirs.kind === "char" && (telling[g] === true || (g === 0 && s === 0));
    push(ours.kind === "star" ? g : g + 1, theirs.kind === "star" ? s : s + 1, tells ? 1 : named);
  }
  return met;
}

// What tells a name from others is its stem: `credentials` of `credentials.json`, so that `*.json` is not taken for it. A name that is
// all extension (`*.pem`) or that begins with its only dot (`.env`) is told by all of it. Dots, dashes and underscores tell nothing.
function tellingTokens(tokens: readonly Token[]): readonly boolean[] {
  const dot = tokens.findLastIndex((token, i) => i > 0 && token.kind === "char" && token.code === 0x2e);
  const letters = tokens.map((token) => token.kind === "char" && token.code !== 0x2e && token.code !== 0x2d && token.code !== 0x5f);
  const stem = letters.map((letter, i) => letter && (dot < 0 || i < dot));
  return stem.includes(true) ? stem : letters;
}

/** True when one character fits both. Both may be ranges, so the ends of the ranges and their neighbours are tried: nothing changes between. */
function tokensShare(left: Token, right: Token, fold: boolean): boolean {
  if (left.kind === "star" || left.kind === "any")
    return right.kind !== "set" || boundaries([right], false).some((code) => tokenMatches(right, code, false));
  if (right.kind === "star" || right.kind === "any") return tokensShare(right, left, fold);
  if (right.kind === "char") return tokenMatches(left, right.code, fold);
  return boundaries([left, right], fold).some(
    (code) => code !== SLASH && tokenMatches(left, code, fold) && tokenMatches(right, code, false),
  );
}

const SLASH = 0x2f;
const LAST_CODE = 0x10ffff;

/** One code point of every class of code points that the tokens tell apart, ascending. */
export function boundaries(tokens: readonly Token[], fold: boolean): readonly number[] {
  const points = new Set<number>([0, SLASH, SLASH + 1]);
  const add = (low: number, high: number): void => {
    points.add(low);
    if (high < LAST_CODE) points.add(high + 1);
  };
  // INVARIANT: with `fold`, letters are told apart one by one, because a range may cover half of the alphabet.
  if (fold) for (const base of [0x41, 0x61]) for (let i = 0; i < 26; i++) add(base + i, base + i);
  for (const token of tokens) {
    if (token.kind === "char") add(token.code, token.code);
    if (token.kind === "set") for (const [low, high] of token.ranges) add(low, high);
  }
  return [...points].sort((a, b) => a - b);
}

/** True when every path of `inner` is in `outer`. */
export function includes(outer: Path, inner: Path, fold: boolean): boolean {
  const wide = flatten(outer, false);
  const narrow = flatten(inner, true);
  const alphabet = boundaries(
    [...wide, ...narrow].filter((step): step is Token => step.kind !== "slash" && step.kind !== "deep"),
    fold,
  );
  const outerStart = closure(wide, [0]);
  const visited = new Set<string>();
  const work: { readonly at: number; readonly states: readonly number[] }[] = closure(narrow, [0]).map((at) => ({
    at,
    states: outerStart,
  }));
  let pairs = 0;
  for (let pair = work.pop(); pair !== undefined; pair = work.pop()) {
    const key = `${pair.at}:${pair.states.join(",")}`;
    if (visited.has(key)) continue;
    visited.add(key);
    if (isEnd(narrow, pair.at) && !pair.states.some((state) => isEnd(wide, state))) return false;
    for (const code of alphabet) {
      const next = step(narrow, [pair.at], code, false);
      if (next.length === 0) continue;
      pairs += next.length + pair.states.length;
      if (pairs > MAX_PAIRS) return false;
      const states = step(wide, pair.states, code, fold);
      for (const at of next) work.push({ at, states });
    }
  }
  return true;
}

export type Step = Token | { readonly kind: "slash" } | { readonly kind: "deep" };

// A path is the text of `/name` repeated. A component of stars alone still needs one character, or `/a/` would count as a path.
export function flatten(path: Path, canonical: boolean): readonly Step[] {
  return path.flatMap((component): Step[] => {
    if (component.kind === "deep") return [{ kind: "deep" }];
    const tokens = tokensOf(component);
    const empty = canonical && tokens.every((token) => token.kind === "star");
    return [{ kind: "slash" }, ...(empty ? [{ kind: "any" } as const] : []), ...tokens];
  });
}

// A state is 3 × the index of a step, plus, inside `**`: 0 between names, 1 after a slash, 2 inside a name.
export function isEnd(steps: readonly Step[], state: number): boolean {
  return state === steps.length * 3;
}

export function closure(steps: readonly Step[], states: readonly number[]): readonly number[] {
  const all = new Set(states);
  for (const state of all) {
    const kind = steps[Math.floor(state / 3)]?.kind;
    if (kind === "deep" && state % 3 === 2) all.add(state - 2);
    if (kind === "star" || (kind === "deep" && state % 3 === 0)) all.add(state + 3);
  }
  return [...all].sort((a, b) => a - b);
}

export function step(steps: readonly Step[], states: readonly number[], code: number, fold: boolean): readonly number[] {
  const next: number[] = [];
  for (const state of states) {
    const at = steps[Math.floor(state / 3)];
    if (at === undefined) continue;
    const after = stepOne(at, state, code, fold);
    if (after >= 0) next.push(after);
  }
  return next.length === 0 ? next : closure(steps, next);
}

function stepOne(at: Step, state: number, code: number, fold: boolean): number {
  const mode = state % 3;
  if (at.kind === "slash") return code === SLASH ? state + 3 : -1;
  if (at.kind === "deep") {
    if (mode === 0) return code === SLASH ? state + 1 : -1;
    return code === SLASH ? -1 : state - mode + 2;
  }
  if (code === SLASH || !tokenMatches(at, code, fold)) return -1;
  return at.kind === "star" ? state : state + 3;
}
