// Reading a glob from text. Implements spec/policy.md section 3.2. Twin of go/base/glob_syntax.go.
// Total and bounded: what cannot be read is `bad_glob` with one plain sentence; a shell pattern always reads.

import { type Alternative, type Anchor, type Component, foldAscii, foldCode, type Glob, type Token } from "./glob.js";
import { ok, type Problem, type Result } from "./result.js";

export const MAX_GLOB_BYTES = 1024;
export const MAX_GLOB_ALTERNATIVES = 64;
export const MAX_GLOB_COMPONENTS = 64;
const MAX_BRACE_DEPTH = 8;

const DEEP: Component = { kind: "deep" };
const SLASH = 0x2f;
// biome-ignore lint/suspicious/noTemplateCurlyInString: it is the policy language's own spelling
const WORKSPACE_VARIABLE = "${workspace}";

/** Compiles a path glob. `bad_glob` with what is wrong in it. */
export function compileGlob(text: string, fold: boolean): Result<Glob> {
  const written = expandBraces(text);
  if (!written.ok) return written;
  const alternatives: Alternative[] = [];
  for (const one of written.value) {
    const alternative = pathAlternative(one, fold, text);
    if (!alternative.ok) return alternative;
    alternatives.push(alternative.value);
  }
  return ok({ text, fold, alternatives });
}

/** Compiles a glob over a name that is no path (program, host, ref, server …): `*` crosses everything and `/` is an ordinary character. */
export function compileTextGlob(text: string, fold: boolean): Result<Glob> {
  const written = expandBraces(text);
  if (!written.ok) return written;
  const alternatives: Alternative[] = [];
  for (const one of written.value) {
    const tokens = readTokens(one, { fold, lenient: false, path: false });
    if (typeof tokens === "string") return badGlob(text, tokens);
    alternatives.push({ anchor: "root", components: [asComponent(tokens, fold)] });
  }
  return ok({ text, fold, alternatives });
}

/** Reads a shell pattern (an effect's target) or a plain absolute path into components. Never fails: what is no valid bracket is literal text. */
export function patternComponents(pattern: string): readonly Component[] {
  return pattern
    .split("/")
    .filter((part) => part !== "")
    .map((part) => {
      if (part === "**") return DEEP;
      const tokens = readTokens(part, { fold: false, lenient: true, path: true });
      return typeof tokens === "string" ? { kind: "name", text: part } : asComponent(tokens, false);
    });
}

function pathAlternative(text: string, fold: boolean, whole: string): Result<Alternative> {
  const anchored = readAnchor(text);
  if (typeof anchored === "string") return badGlob(whole, anchored);
  const parts = anchored.rest === null ? [] : anchored.rest.split("/");
  if (parts.length > MAX_GLOB_COMPONENTS) return badGlob(whole, `it has more than ${MAX_GLOB_COMPONENTS} components`);
  const components: Component[] = [];
  for (const part of parts) {
    const component = readComponent(part, fold);
    if (typeof component === "string") return badGlob(whole, component);
    components.push(component);
  }
  return ok({ anchor: anchored.anchor, components });
}

const NAMED_ANCHORS: readonly (readonly [string, Anchor])[] = [
  ["~", "home"],
  [WORKSPACE_VARIABLE, "workspace"],
];

/** The anchor and what follows it (null: nothing does, the anchor itself is meant), or what is wrong. */
function readAnchor(text: string): { readonly anchor: Anchor; readonly rest: string | null } | string {
  if (text === "") return "it is empty";
  if (text === "/") return { anchor: "root", rest: null };
  if (text.startsWith("/")) return { anchor: "root", rest: text.slice(1) };
  for (const [name, anchor] of NAMED_ANCHORS) {
    if (text === name) return { anchor, rest: null };
    if (text.startsWith(`${name}/`)) return { anchor, rest: text.slice(name.length + 1) };
  }
  if (text.startsWith("~")) return "`~` must be followed by `/`; write `\\~` for a name that begins with a tilde";
  if (text.startsWith("${")) return `only \`${WORKSPACE_VARIABLE}\` is known here, followed by \`/\``;
  // A glob that begins with `**` floats: it means anywhere on the machine, not anywhere in the workspace.
  return { anchor: text === "**" || text.startsWith("**/") ? "root" : "workspace", rest: text };
}

function readComponent(part: string, fold: boolean): Component | string {
  if (part === "**") return DEEP;
  if (part === "") return "it has an empty component; a folder with all below it is written `folder/**`";
  if (part === "." || part === "..") return `\`${part}\` is no component of a canonical path`;
  if (part.includes("**")) return "`**` must stand alone between slashes";
  const tokens = readTokens(part, { fold, lenient: false, path: true });
  return typeof tokens === "string" ? tokens : asComponent(tokens, fold);
}

function asComponent(tokens: readonly Token[], fold: boolean): Component {
  const literal = tokens.every((token) => token.kind === "char");
  if (!literal) return { kind: "wild", tokens, open: tokens.every((token) => token.kind === "star" || token.kind === "any") };
  const text = tokens.map((token) => (token.kind === "char" ? String.fromCodePoint(token.code) : "")).join("");
  return { kind: "name", text: fold ? foldAscii(text) : text };
}

interface Reading {
  readonly fold: boolean;
  /** Shell patterns: `[^a]` negates, `[[:alpha:]]` and `[z-a]` are any character, an unclosed bracket is text. Globs of policies refuse all four. */
  readonly lenient: boolean;
  readonly path: boolean;
}

/** The tokens, or what is wrong. */
function readTokens(part: string, reading: Reading): readonly Token[] | string {
  const chars = Array.from(part);
  const tokens: Token[] = [];
  for (let i = 0; i < chars.length; i++) {
    const char = chars[i] ?? "";
    if (char === "*") {
      if (tokens.at(-1)?.kind !== "star") tokens.push({ kind: "star" });
    } else if (char === "?") tokens.push({ kind: "any" });
    else if (char === "[") {
      const set = readSet(chars, i, reading);
      if (typeof set === "string") {
        if (!reading.lenient) return set;
        tokens.push(charToken(char, reading.fold));
      } else {
        tokens.push(set.token);
        i = set.end;
      }
    } else if (char === "\\") {
      if (i + 1 === chars.length && !reading.lenient) return "it ends in a backslash";
      tokens.push(charToken(chars[++i] ?? "\\", reading.fold));
    } else tokens.push(charToken(char, reading.fold));
  }
  return tokens;
}

function charToken(char: string, fold: boolean): Token {
  const code = char.codePointAt(0) ?? 0;
  return { kind: "char", code: fold ? foldCode(code) : code };
}

function readSet(chars: readonly string[], start: number, reading: Reading): { readonly token: Token; readonly end: number } | string {
  let i = start + 1;
  const negated = chars[i] === "!" || (reading.lenient && chars[i] === "^");
  if (!reading.lenient && chars[i] === "^") return "a bracket is negated with `!`, not with `^`";
  if (negated) i++;
  const ranges: [number, number][] = [];
  // A named class is wider than one can say here without tables that two languages would have to share, and shells do not agree on a range
  // that runs backwards: with either the bracket may be any character.
  let any = false;
  for (let first = true; i < chars.length; first = false) {
    if (chars[i] === "]" && !first) return { token: any ? { kind: "any" } : { kind: "set", negated, ranges }, end: i };
    if (!reading.lenient && chars[i] === "[" && (chars[i + 1] === ":" || chars[i + 1] === "=" || chars[i + 1] === "."))
      return "named classes such as `[:alpha:]` are not part of globs";
    const behind = reading.lenient ? behindNamedClass(chars, i) : 0;
    if (behind > 0) {
      any = true;
      i = behind;
      continue;
    }
    const low = setMember(chars, i);
    i = low.next;
    let high = low;
    if (chars[i] === "-" && i + 1 < chars.length && chars[i + 1] !== "]") {
      high = setMember(chars, i + 1);
      i = high.next;
    }
    if (high.code < low.code && !reading.lenient) return "a range in brackets runs backwards";
    any ||= high.code < low.code;
    if (reading.path && low.code <= SLASH && high.code >= SLASH && low.code === high.code) return "a bracket cannot hold `/`";
    ranges.push([low.code, high.code]);
  }
  return "a bracket is not closed";
}

/** Where `[:name:]`, `[=c=]` or `[.name.]` ends that begins at `at`; 0 when none does, and the bracket is an ordinary member. */
function behindNamedClass(chars: readonly string[], at: number): number {
  const mark = chars[at] === "[" ? chars[at + 1] : undefined;
  if (mark === "=") return chars[at + 3] === "=" && chars[at + 4] === "]" ? at + 5 : 0;
  if (mark !== ":" && mark !== ".") return 0;
  const close = chars.findIndex((char, i) => i > at + 1 && char === mark && chars[i + 1] === "]");
  return close < 0 ? 0 : close + 2;
}

function setMember(chars: readonly string[], at: number): { readonly code: number; readonly next: number } {
  const escaped = chars[at] === "\\" && at + 1 < chars.length;
  const char = chars[escaped ? at + 1 : at] ?? "";
  return { code: char.codePointAt(0) ?? 0, next: at + (escaped ? 2 : 1) };
}

/** All texts that `{a,b}` stand for, nested ones included, in source order. */
function expandBraces(text: string): Result<readonly string[]> {
  if (text === "") return badGlob(text, "it is empty");
  // A UTF-16 unit is at most three bytes of UTF-8, so this needs no encoder to refuse what is far too long.
  if (text.length > MAX_GLOB_BYTES || utf8Length(text) > MAX_GLOB_BYTES)
    return badGlob(text.slice(0, 40), `it is longer than ${MAX_GLOB_BYTES} bytes`);
  const state: Braces = { chars: Array.from(text), at: 0, problem: null };
  const all = expandSequence(state, 0);
  if (state.problem !== null) return badGlob(text, state.problem);
  return ok(all);
}

interface Braces {
  readonly chars: readonly string[];
  at: number;
  problem: string | null;
}

function expandSequence(state: Braces, depth: number): readonly string[] {
  let results: readonly string[] = [""];
  while (state.at < state.chars.length && state.problem === null) {
    const char = state.chars[state.at] ?? "";
    if (depth > 0 && (char === "," || char === "}")) return results;
    if (char === "}") return fail(state, "`}` closes no `{`; write `\\}`");
    if (char === "{" && state.chars[state.at - 1] !== "$") results = product(state, results, expandGroup(state, depth));
    else results = product(state, results, [nextPiece(state)]);
  }
  if (depth > 0) return fail(state, "`{` is not closed; write `\\{` for the character");
  return results;
}

// An escape, a variable `${…}` and a bracket are pieces: braces and commas inside them are not looked at.
function nextPiece(state: Braces): string {
  const { chars } = state;
  const start = state.at++;
  if (chars[start] === "\\" && state.at < chars.length) state.at++;
  else if (chars[start] === "$" && chars[start + 1] === "{") {
    const close = chars.indexOf("}", start);
    if (close < 0) fail(state, "`${` is not closed");
    else state.at = close + 1;
  } else if (chars[start] === "[") {
    const set = readSet(chars, start, { fold: false, lenient: false, path: false });
    if (typeof set !== "string") state.at = set.end + 1;
  }
  return chars.slice(start, state.at).join("");
}

function expandGroup(state: Braces, depth: number): readonly string[] {
  if (depth >= MAX_BRACE_DEPTH) return fail(state, `braces are nested deeper than ${MAX_BRACE_DEPTH}`);
  const all: string[] = [];
  do {
    state.at++;
    all.push(...expandSequence(state, depth + 1));
  } while (state.problem === null && state.chars[state.at] === ",");
  state.at++;
  return all;
}

function product(state: Braces, left: readonly string[], right: readonly string[]): readonly string[] {
  if (left.length * right.length > MAX_GLOB_ALTERNATIVES)
    return fail(state, `its braces stand for more than ${MAX_GLOB_ALTERNATIVES} globs`);
  return left.flatMap((head) => right.map((tail) => head + tail));
}

function fail(state: Braces, problem: string): readonly string[] {
  state.problem ??= problem;
  return [];
}

function badGlob(glob: string, what: string): { readonly ok: false; readonly problem: Problem } {
  return { ok: false, problem: { code: "bad_glob", message: `glob \`${glob}\` cannot be read: ${what}` } };
}

function utf8Length(text: string): number {
  let bytes = 0;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
