// One git sub-command, cut into options and operands, and the words in which its meaning is said. Implements spec/git.md sections 1 and 3.
// Twin of go/change/programs/git_line.go.
// `has` is what surely stands on the line, `may` also what could: dangers are asked with `may`, what disarms them with `has`.

import type { Span } from "../../base/span.js";
import type { CutLine, CutOption } from "../catalogue/command-line.js";
import { meaningOf } from "../catalogue/command-line.js";
import type { Option, Program } from "../catalogue/model.js";
import { optionsOf } from "../catalogue/options-of.js";
import { knownPrefix, within } from "../catalogue/value-parts.js";
import type { Deed, Scope } from "../deeds.js";
import type { Call } from "../reading.js";
import { type Argument, type Stdin, text, UNKNOWN_WORD, type Value } from "../values.js";
import type { ConfigEntry } from "./git-config.js";
import type { GitPlace } from "./git-place.js";

export interface GitLine {
  readonly call: Call;
  readonly place: GitPlace;
  /** Configuration that the line injects, in order. */
  readonly config: readonly ConfigEntry[];
  /** Options before the sub-command. */
  readonly globals: CutLine;
  /** `push`, `stash drop`. */
  readonly name: string;
  /** Of the words that name the sub-command. */
  readonly span: Span;
  readonly program: Program;
  readonly cut: CutLine;
}

export type Meaning = (line: GitLine) => readonly Deed[];

/** One of the meanings is given and not taken back; the last word on it counts, as in git. */
export function has(line: GitLine, ...meanings: readonly string[]): boolean {
  return meanings.some((meaning) => hasOne(line, meaning));
}

function hasOne(line: GitLine, meaning: string): boolean {
  const last = line.cut.options.filter(({ means, option }) => means === meaning || option.clears?.includes(meaning) === true).at(-1);
  return last !== undefined && last.means === meaning && !last.negated;
}

/** Given, or a word that could be it: an abbreviation of several options, or an option whose text is not known. */
export function may(line: GitLine, ...meanings: readonly string[]): boolean {
  if (has(line, ...meanings)) return true;
  const wanted = optionsOf(line.program).filter((option) => meanings.includes(meaningOf(option)));
  return line.cut.unlisted.some((word) => isShortFor(word, wanted)) || line.cut.unknown.some((word) => couldBe(word, wanted));
}

function isShortFor(word: Argument, wanted: readonly Option[]): boolean {
  const written = knownPrefix(word.value).split("=")[0] ?? "";
  return written.length > 2 && written.startsWith("--") && wanted.some((option) => option.names.some((name) => name.startsWith(written)));
}

/** A word of which the beginning of an option is known, and that could be one of these. */
export function couldBe(word: Argument, wanted: readonly Option[]): boolean {
  const prefix = knownPrefix(word.value);
  if (!prefix.startsWith("-")) return false;
  if (prefix.startsWith("--")) return wanted.some((option) => option.names.some((name) => name.startsWith(prefix)));
  return wanted.some((option) => option.names.some((name) => !name.startsWith("--") || prefix === "-"));
}

/** True when a word of which nothing is known stands where an option could (`git reset "$x"`). */
export function hasLooseWord(line: GitLine): boolean {
  return line.cut.unknown.some((word) => knownPrefix(word.value) === "");
}

/** Every value of the options with that meaning since it was last taken back. */
export function valuesOf(line: GitLine, ...meanings: readonly string[]): readonly Argument[] {
  const values: Argument[] = [];
  for (const option of line.cut.options) {
    if (!meanings.includes(option.means)) continue;
    if (option.negated) values.length = 0;
    else values.push(...option.values);
  }
  return values;
}

export function lastOf(line: GitLine, ...meanings: readonly string[]): Argument | null {
  return valuesOf(line, ...meanings).at(-1) ?? null;
}

export function operands(line: GitLine): readonly Argument[] {
  return line.cut.operands;
}

/** Operands before `--`; all of them when there is none. */
export function beforeSeparator(line: GitLine): readonly Argument[] {
  return line.cut.separator === null ? line.cut.operands : line.cut.operands.slice(0, line.cut.separator);
}

/** Operands after `--`; none when there is none. */
export function afterSeparator(line: GitLine): readonly Argument[] {
  return line.cut.separator === null ? [] : line.cut.operands.slice(line.cut.separator);
}

/** The sub-command without the word that the catalogue lists it under: `drop` of `stash drop`, "" for `stash`. */
export function innerName(line: GitLine): string {
  const blank = line.name.indexOf(" ");
  return blank < 0 ? "" : line.name.slice(blank + 1);
}

export interface GitTarget {
  readonly ref?: Value;
  readonly remote?: Value;
  readonly force?: "none" | "lease" | "force";
  readonly span?: Span;
}

/** A git deed; what it is about stands in `target`, its place is the sub-command's unless a word carries it. */
export function git(line: GitLine, operation: string, target: GitTarget = {}): Deed {
  const { ref = text(""), remote = text(""), force = "none", span = line.span } = target;
  return { kind: "git", operation, ref, remote, force, span };
}

/** A path as the line writes it, seen from the folder of `-C`. */
export function file(line: GitLine, effect: "read" | "write" | "delete", path: Argument, extent: "exact" | "tree" = "exact"): Deed {
  return { kind: "file", effect, path: within(line.place.folder, path.value), extent, span: path.span };
}

export function code(
  line: GitLine,
  language: "shell" | "python",
  source: Argument,
  more: Partial<Scope> & { positional?: readonly Argument[] } = {},
): Deed {
  const { positional = [], ...scope } = more;
  return { kind: "code", language, code: source.value, positional, scope: scopeOf(line, scope), span: source.span };
}

export function command(line: GitLine, words: readonly Argument[], more: Partial<Scope> = {}): Deed {
  return { kind: "command", words, scope: scopeOf(line, more), span: words[0]?.span ?? line.span };
}

export function scopeOf(line: GitLine, more: Partial<Scope> = {}): Scope {
  return { place: "child", cwd: line.place.folder, environment: [], stdin: null, ...more };
}

/** What a pager or filter reads: the output of git, which nobody knows. */
export function gitOutput(span: Span): Stdin {
  return { kind: "stream", span };
}

/** The branch that HEAD is on, or unknown. */
export function currentBranch(line: GitLine): Value {
  return line.place.branch === "" ? UNKNOWN_WORD : text(line.place.branch);
}

export type { CutOption };
