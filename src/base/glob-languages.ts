// Globs as languages, for reasoning about whole policies: is every text of one a text of others, and have two any text in common?
// Implements spec/policy.md section 8.3. Unlike `includes` it takes several globs together and lets each side fold letters or not.
// Exact within MAX_LANGUAGE_STEPS; beyond that the answer is the one from which nothing follows.

import { type Component, foldAscii, type Glob, type Token } from "./glob.js";
import { boundaries, closure, flatten, isEnd, type Step, step } from "./glob-sets.js";

/** Steps of work for one question. */
export const MAX_LANGUAGE_STEPS = 200_000;

/** `paths`: canonical paths. `names`: texts but the word `unknown`, which is no name. `lower_names`: those without capital letters of ASCII. */
export type Domain = "paths" | "names" | "lower_names";

/** What one list of components matches. */
export interface Language {
  readonly components: readonly Component[];
  readonly fold: boolean;
}

/** True when every text of `inner` in the domain is a text of one of `outers`. No outers: true when `inner` has no text at all. */
export function isCovered(inner: Language, outers: readonly Language[], domain: Domain): boolean {
  const guess = guessFrom(inner, outers, domain);
  if (guess !== null) return guess;
  const narrow = stepsOf(inner.components, domain === "paths");
  const wide = outers.map(({ components }) => stepsOf(components, false));
  const alphabet = alphabetOf([narrow, ...wide], domain);
  const visited = new Set<string>();
  const start = wide.map((steps) => closure(steps, [0]));
  const work: Position[] = closure(narrow, [0]).map((at) => ({ at, outer: start, spelt: nothingSpelt(domain) }));
  let done = 0;
  for (let here = work.pop(); here !== undefined; here = work.pop()) {
    const key = `${here.at} ${here.spelt} ${here.outer.join(" ")}`;
    if (visited.has(key)) continue;
    visited.add(key);
    if (isEnd(narrow, here.at) && isInDomain(here.spelt, domain) && !here.outer.some((states, i) => endsIn(wide[i], states))) return false;
    for (const code of alphabet) {
      const next = step(narrow, [here.at], code, inner.fold);
      if (next.length === 0) continue;
      done += next.length + here.outer.reduce((sum, states) => sum + states.length, 1);
      if (done > MAX_LANGUAGE_STEPS) return false;
      const outer = here.outer.map((states, i) => step(wide[i] ?? [], states, code, outers[i]?.fold === true));
      for (const at of next) work.push({ at, outer, spelt: spell(here.spelt, code) });
    }
  }
  return true;
}

/** True when no text of the domain is in both. */
export function isApart(left: Language, right: Language, domain: Domain): boolean {
  const canonical = domain === "paths";
  const [ours, theirs] = [stepsOf(left.components, canonical), stepsOf(right.components, canonical)];
  const alphabet = alphabetOf([ours, theirs], domain);
  const visited = new Set<string>();
  const work = closure(ours, [0]).flatMap((l) => closure(theirs, [0]).map((r) => ({ l, r, spelt: nothingSpelt(domain) })));
  let done = 0;
  for (let here = work.pop(); here !== undefined; here = work.pop()) {
    const key = `${here.l} ${here.r} ${here.spelt}`;
    if (visited.has(key)) continue;
    visited.add(key);
    if (isEnd(ours, here.l) && isEnd(theirs, here.r) && isInDomain(here.spelt, domain)) return false;
    for (const code of alphabet) {
      const next = step(ours, [here.l], code, left.fold);
      if (next.length === 0) continue;
      const others = step(theirs, [here.r], code, right.fold);
      done += next.length * (others.length + 1);
      if (done > MAX_LANGUAGE_STEPS) return false;
      for (const l of next) for (const r of others) work.push({ l, r, spelt: spell(here.spelt, code) });
    }
  }
  return true;
}

/** Most questions are settled by one text of `inner`: no other holds it, or it is the only one and one of them does. Null: the long way. */
function guessFrom(inner: Language, outers: readonly Language[], domain: Domain): boolean | null {
  const sample = sampleOf(inner.components, domain === "paths");
  if (sample === null || !isSampleIn(sample.codes, domain)) return null;
  let held = false;
  for (const outer of outers) {
    if (!sample.text.includes(longestLiteral(outer.components))) continue;
    if (!accepts(stepsOf(outer.components, false), sample.codes, outer.fold)) continue;
    if (sample.isOnlyOne && (outer.fold || !inner.fold)) return true;
    held = true;
  }
  return held ? null : false;
}

/** One text that a list of components matches. `text`: the same in lower case, for a first look. */
interface Sample {
  readonly codes: readonly number[];
  readonly text: string;
  readonly isOnlyOne: boolean;
}

/** A character that no glob is likely to ask for. */
const UNLIKELY = 1;
const KNOWN_SAMPLES = {
  paths: new WeakMap<readonly Component[], Sample | "none">(),
  texts: new WeakMap<readonly Component[], Sample | "none">(),
};

/** Null where a bracket makes that a question of its own. */
function sampleOf(components: readonly Component[], canonical: boolean): Sample | null {
  const known = KNOWN_SAMPLES[canonical ? "paths" : "texts"];
  const sample = known.get(components) ?? makeSample(stepsOf(components, canonical)) ?? "none";
  known.set(components, sample);
  return sample === "none" ? null : sample;
}

function makeSample(steps: readonly Step[]): Sample | null {
  const codes: number[] = [];
  for (const step of steps) {
    if (step.kind === "set") return null;
    if (step.kind === "slash") codes.push(SLASH);
    else if (step.kind === "char") codes.push(step.code);
    else if (step.kind === "any") codes.push(UNLIKELY);
  }
  return { codes, text: textOf(codes), isOnlyOne: steps.every(({ kind }) => kind === "slash" || kind === "char") };
}

const KNOWN_LITERALS = new WeakMap<readonly Component[], string>();

/** The longest run of plain characters, in lower case: every text that the components match holds it, letters aside. */
function longestLiteral(components: readonly Component[]): string {
  const known = KNOWN_LITERALS.get(components);
  if (known !== undefined) return known;
  let longest: readonly number[] = [];
  let run: number[] = [];
  for (const step of stepsOf(components, false)) {
    if (step.kind === "char") run.push(step.code);
    else if (step.kind === "slash") run.push(SLASH);
    else run = [];
    if (run.length > longest.length) longest = [...run];
  }
  const text = textOf(longest);
  KNOWN_LITERALS.set(components, text);
  return text;
}

function textOf(codes: readonly number[]): string {
  return foldAscii(codes.map((code) => (code === TEXT_SLASH ? "/" : String.fromCodePoint(code))).join(""));
}

function isSampleIn(sample: readonly number[], domain: Domain): boolean {
  if (domain === "paths") return true;
  if (domain === "lower_names" && sample.some((code) => code >= 0x41 && code <= 0x5a)) return false;
  return sample.length !== UNKNOWN.length + 1 || !UNKNOWN.every((code, i) => sample[i + 1] === code);
}

function accepts(steps: readonly Step[], codes: readonly number[], fold: boolean): boolean {
  let states = closure(steps, [0]);
  for (const code of codes) {
    states = step(steps, states, code, fold);
    if (states.length === 0) return false;
  }
  return endsIn(steps, states);
}

const KNOWN_STEPS = {
  paths: new WeakMap<readonly Component[], readonly Step[]>(),
  texts: new WeakMap<readonly Component[], readonly Step[]>(),
};

/** The steps of a list of components, made once for each list. */
function stepsOf(components: readonly Component[], canonical: boolean): readonly Step[] {
  const known = KNOWN_STEPS[canonical ? "paths" : "texts"];
  const steps = known.get(components) ?? flatten(components, canonical);
  known.set(components, steps);
  return steps;
}

/** The languages of a text glob, one for each way to read its braces. */
export function textLanguages(glob: Glob): readonly Language[] {
  return glob.alternatives.map(({ components }) => ({ components: components.map(asText), fold: glob.fold }));
}

/** Every text. */
export const ANY_TEXT: Language = { components: [{ kind: "wild", tokens: [{ kind: "star" }], open: true }], fold: false };

interface Position {
  readonly at: number;
  readonly outer: readonly (readonly number[])[];
  /** How much of the word `unknown` has been spelt; -1 when something else was. */
  readonly spelt: number;
}

function endsIn(steps: readonly Step[] | undefined, states: readonly number[]): boolean {
  return steps !== undefined && states.some((state) => isEnd(steps, state));
}

const UNKNOWN = Array.from("unknown", (char) => char.codePointAt(0) ?? 0);
const SLASH = 0x2f;
/** Stands for `/` in texts, so that the steps of paths, in which `/` parts names, do for texts too. Behind the last code point. */
const TEXT_SLASH = 0x110000;

// In paths the word says nothing, and need not be followed.
function nothingSpelt(domain: Domain): number {
  return domain === "paths" ? -1 : 0;
}

// The first step of every text is the slash that `flatten` puts before a component; it is no part of the word.
function spell(spelt: number, code: number): number {
  if (code === SLASH) return spelt;
  return spelt >= 0 && UNKNOWN[spelt] === code ? spelt + 1 : -1;
}

function isInDomain(spelt: number, domain: Domain): boolean {
  return domain === "paths" || spelt !== UNKNOWN.length;
}

function alphabetOf(all: readonly (readonly Step[])[], domain: Domain): readonly number[] {
  const tokens = all.flat().filter((one): one is Token => one.kind !== "slash" && one.kind !== "deep");
  const named: Token = { kind: "set", negated: false, ranges: UNKNOWN.map((code) => [code, code]) };
  // INVARIANT: every letter is a class of its own here (`fold`), so that leaving out the capitals leaves out nothing else.
  const codes = boundaries(domain === "paths" ? tokens : [...tokens, named], true);
  if (domain === "paths") return codes;
  const texts = [...new Set([...codes, TEXT_SLASH])];
  return domain === "names" ? texts : texts.filter((code) => code < 0x41 || code > 0x5a);
}

function asText(component: Component): Component {
  if (component.kind === "deep") return component;
  const tokens =
    component.kind === "wild"
      ? component.tokens
      : Array.from(component.text, (char): Token => ({ kind: "char", code: char.codePointAt(0) ?? 0 }));
  return { kind: "wild", tokens: tokens.map(withTextSlash), open: false };
}

function withTextSlash(token: Token): Token {
  if (token.kind === "char") return token.code === SLASH ? { kind: "char", code: TEXT_SLASH } : token;
  if (token.kind !== "set" || !token.ranges.some(([low, high]) => low <= SLASH && SLASH <= high)) return token;
  return { ...token, ranges: [...token.ranges, [TEXT_SLASH, TEXT_SLASH]] };
}
