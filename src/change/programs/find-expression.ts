// The expression of find as a tree: tests narrow the paths, actions act on what is left. Implements spec/catalogue.md clause 10.1.
// Twin of go/change/programs/find_expression.go.
// It only reads the words; find.ts says what the actions ask for.

import { upperAscii, wholeNumber } from "../../base/ascii.js";
import { foldAscii } from "../../base/glob.js";
import { knownText } from "../catalogue/command-line.js";
import { escapeGlob, knownPrefix } from "../catalogue/value-parts.js";
import type { Argument } from "../values.js";

/** Parentheses deeper than this are not followed: the paths inside them are not narrowed. */
export const MAX_FIND_NESTING = 32;
/** Alternatives of one place; more narrow nothing. Roots times them are the paths that an action is told for. */
export const MAX_FIND_PATHS = 256;
/** Actions of one line; those beyond are told as one that cannot be known. */
export const MAX_FIND_ACTIONS = 32;

/**
 * Globs below a root of which one matches every path that reaches this place; null: any path at or below the root.
 * `**` + `/name` from `-name`, a path from `-path`.
 */
export type Narrowing = readonly string[] | null;

export interface FindAction {
  /** Without dashes: `delete`, `exec`, `fprint`. */
  readonly name: string;
  /** For exec and its kin the words of the command, else the arguments. */
  readonly words: readonly Argument[];
  readonly span: Argument["span"];
  readonly narrowing: Narrowing;
}

export interface FindExpression {
  readonly actions: readonly FindAction[];
  /** What a bare `find` prints; null when the line has an action that prints something else. */
  readonly printed: Narrowing;
  /** Words in the place of a test or action that cannot be known. */
  readonly unknown: readonly Argument[];
  /** Tests that are not listed. */
  readonly unlisted: readonly Argument[];
  readonly depth: { readonly min: number; readonly max: number };
  /** True when a test stands on the line: then the root itself may not be among what is found (`-type f`). */
  readonly tests: boolean;
}

const ACTIONS_WITHOUT_WORDS = ["delete", "print", "print0", "ls", "quit", "prune"];
const ACTIONS_WITH_FILE: Readonly<Record<string, number>> = { fprint: 1, fprint0: 1, fls: 1, fprintf: 2, printf: 1 };
const COMMANDS = ["exec", "execdir", "ok", "okdir"];
const TESTS_WITHOUT_WORDS =
  "daystart depth d follow help ignore_readdir_race noignore_readdir_race mount noleaf nowarn version warn xdev empty executable false nogroup nouser readable true writable a and X E x s".split(
    " ",
  );
const TESTS_WITH_WORD =
  "maxdepth mindepth regextype files0-from amin anewer atime cmin cnewer ctime fstype gid group ilname iname inum ipath iregex iwholename links lname mmin mtime name newer path perm regex samefile size type uid used user wholename xtype context flags acl newermt newerat newerct newerBt newermm Bmin Btime Bnewer since".split(
    " ",
  );

const WORDS_THAT_TEST_NOTHING = ["maxdepth", "mindepth", "regextype", "files0-from"];

interface Parser {
  readonly words: readonly Argument[];
  readonly actions: FindAction[];
  readonly unknown: Argument[];
  readonly unlisted: Argument[];
  min: number;
  max: number;
  tests: boolean;
  next: number;
}

export function parseFindExpression(words: readonly Argument[]): FindExpression {
  const parser: Parser = { words, actions: [], unknown: [], unlisted: [], min: 0, max: -1, tests: false, next: 0 };
  const printed = parseOr(parser, 0);
  // A stray `)` ends the inner loop only; what follows it is read all the same.
  while (parser.next < words.length) {
    parser.next += 1;
    parseOr(parser, 0);
  }
  const { actions, unknown, unlisted, min, max, tests } = parser;
  return { actions, printed, unknown, unlisted, depth: { min, max }, tests };
}

/** Alternatives joined by `-o` or `,`: a path passes one of them. */
function parseOr(parser: Parser, depth: number): Narrowing {
  let all: Narrowing = parseAnd(parser, depth);
  for (;;) {
    const word = wordAt(parser);
    if (word !== "-o" && word !== "-or" && word !== ",") return all;
    parser.next += 1;
    const one = parseAnd(parser, depth);
    all = all === null || one === null || all.length + one.length > MAX_FIND_PATHS ? null : [...all, ...one];
  }
}

/** Tests in a row: each later one sees only what the earlier ones let through, so the first that narrows holds for all. */
function parseAnd(parser: Parser, depth: number): Narrowing {
  let narrowing: Narrowing = null;
  while (parser.next < parser.words.length) {
    const word = wordAt(parser);
    if (word === ")" || word === "-o" || word === "-or" || word === ",") break;
    const one = parseOne(parser, depth, narrowing);
    narrowing = narrowing ?? one;
  }
  return narrowing;
}

function parseOne(parser: Parser, depth: number, before: Narrowing): Narrowing {
  const argument = parser.words[parser.next];
  parser.next += 1;
  if (argument === undefined) return null;
  const word = knownText(argument.value);
  if (word === null) {
    parser.unknown.push(argument);
    return null;
  }
  if (isNot(word)) {
    // The temptation is a call for each: it would be as deep as the line has words.
    while (isNot(wordAt(parser))) parser.next += 1;
    if (parser.next < parser.words.length) parseOne(parser, depth, before);
    return null;
  }
  if (word === "(") return parseGroup(parser, depth, before);
  const name = word.startsWith("-") ? word.slice(1) : word;
  if (COMMANDS.includes(name)) return parseCommand(parser, name, argument, before);
  if (ACTIONS_WITHOUT_WORDS.includes(name)) return addAction(parser, name, [], argument, before);
  const files = Object.hasOwn(ACTIONS_WITH_FILE, name) ? (ACTIONS_WITH_FILE[name] ?? 0) : 0;
  if (files > 0) return addAction(parser, name, take(parser, files), argument, before);
  return parseTest(parser, name, argument, before);
}

function isNot(word: string | null): boolean {
  return word === "!" || word === "-not";
}

/** Actions inside see what stood before the parenthesis too, so it is the narrowing where the inside has none. */
function parseGroup(parser: Parser, depth: number, before: Narrowing): Narrowing {
  if (depth >= MAX_FIND_NESTING) return null;
  const first = parser.actions.length;
  const inside = parseOr(parser, depth + 1);
  if (wordAt(parser) === ")") parser.next += 1;
  for (let i = first; i < parser.actions.length; i++) {
    const action = parser.actions[i];
    if (action !== undefined) parser.actions[i] = { ...action, narrowing: before ?? action.narrowing };
  }
  return inside;
}

function parseTest(parser: Parser, name: string, argument: Argument, before: Narrowing): Narrowing {
  if (TESTS_WITHOUT_WORDS.includes(name) || /^O[0-9]$/.test(name)) {
    if (["empty", "executable", "nogroup", "nouser", "readable", "writable", "false"].includes(name)) parser.tests = true;
    return null;
  }
  if (!TESTS_WITH_WORD.includes(name)) {
    parser.unlisted.push(argument);
    return null;
  }
  const [value] = take(parser, 1);
  if (value === undefined) return null;
  if (!WORDS_THAT_TEST_NOTHING.includes(name)) parser.tests = true;
  if (name === "files0-from") return addAction(parser, name, [value], argument, before);
  const text = knownText(value.value);
  if (text === null) return value.value.kind === "pattern" && name === "name" ? [`**/${value.value.glob}`] : null;
  if (name === "mindepth") parser.min = wholeNumber(text) ?? 0;
  if (name === "maxdepth") parser.max = wholeNumber(text) ?? -1;
  if (name === "name") return nameGlob(text);
  if (name === "iname") return nameGlob(anyCase(text));
  return name === "path" || name === "wholename" ? pathGlob(text) : null;
}

/** In a name `*` cannot meet a slash, so find's globs are ours. */
function nameGlob(glob: string): Narrowing {
  return glob.includes("/") || glob === "" ? null : [`**/${glob}`];
}

function anyCase(glob: string): string {
  const characters = [...glob];
  const last = characters.lastIndexOf("]");
  let any = "";
  let star = false;
  for (let at = 0; at < characters.length; at++) {
    const one = characters[at] ?? "";
    const bracket = one === "[" && last > at;
    if (bracket) at = last;
    const wasStar = star;
    star = bracket || one === "*";
    if (star) any += wasStar ? "" : "*";
    else if (one === "[") any += "\\[";
    else if (one === "\\" && at + 1 < characters.length) any += inAnyCase(characters[++at] ?? "", "\\");
    else any += inAnyCase(one, "");
  }
  return any;
}

// Which letters of other scripts are one in two cases is the locale's to say; and in brackets, what a range with a letter holds.
function inAnyCase(character: string, before: string): string {
  if (character > "\x7f") return "?";
  const lower = foldAscii(character);
  const upper = upperAscii(character);
  return lower === upper ? `${before}${character}` : `[${lower}${upper}]`;
}

/** find's `*` crosses slashes; only paths without a glob, and all that is below one, can be said in ours. An absolute glob stands for itself. */
function pathGlob(glob: string): Narrowing {
  const below = glob.endsWith("/*");
  const path = below ? glob.slice(0, -2) : glob;
  if (path === "" || /[*?[\\]/.test(path)) return null;
  return [below ? `=${escapeGlob(path)}/**` : `=${escapeGlob(path)}`];
}

/** `… ;` or `… {} +`. Without its end find refuses to run; then all words are taken. */
function parseCommand(parser: Parser, name: string, argument: Argument, before: Narrowing): Narrowing {
  const words: Argument[] = [];
  while (parser.next < parser.words.length) {
    const word = parser.words[parser.next];
    parser.next += 1;
    if (word === undefined) break;
    const text = knownText(word.value);
    if (text === ";") break;
    if (text === "+" && words.length > 0 && knownPrefix(words.at(-1)?.value ?? word.value) === "{}") break;
    words.push(word);
  }
  return addAction(parser, name, words, argument, before);
}

function addAction(parser: Parser, name: string, words: readonly Argument[], argument: Argument, narrowing: Narrowing): null {
  parser.actions.push({ name, words, span: argument.span, narrowing });
  return null;
}

function take(parser: Parser, count: number): readonly Argument[] {
  const taken = parser.words.slice(parser.next, parser.next + count);
  parser.next += taken.length;
  return taken;
}

function wordAt(parser: Parser): string | null {
  const argument = parser.words[parser.next];
  return argument === undefined ? null : knownText(argument.value);
}
