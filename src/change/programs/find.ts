// find: walks folders and acts on what it meets. Implements spec/catalogue.md clause 10.1. Twin of go/change/programs/find.go.

import { knownText } from "../catalogue/command-line.js";
import { inSourceOrder } from "../catalogue/interpret.js";
import { escapeGlob, knownPrefix, withoutTrailingSlashes } from "../catalogue/value-parts.js";
import type { Deed, Scope } from "../deeds.js";
import type { Call, Output, Reading } from "../reading.js";
import { type Argument, text, UNKNOWN_WORD, type Value } from "../values.js";
import {
  type FindAction,
  type FindExpression,
  MAX_FIND_ACTIONS,
  MAX_FIND_PATHS,
  type Narrowing,
  parseFindExpression,
} from "./find-expression.js";
import { hasMark, replaceInWords } from "./replace.js";

/** With more roots than this a command of `-exec` is told once, for an unknown path. */
export const MAX_FIND_ROOTS = 16;

export function readFind(call: Call): Reading {
  const { roots, rest } = splitRoots(call);
  const expression = parseFindExpression(rest);
  const deeds = expression.actions.slice(0, MAX_FIND_ACTIONS).flatMap((action) => actionDeeds(action, roots, expression, call));
  const beyond = expression.actions.slice(MAX_FIND_ACTIONS, MAX_FIND_ACTIONS + 1);
  deeds.push(...beyond.map(({ span }): Deed => ({ kind: "opaque", reason: "limit_exceeded", detail: "find", span })));
  const unknown = expression.unknown.map((word): Deed => ({ kind: "opaque", reason: "unknown_option", detail: "", span: word.span }));
  return {
    deeds: inSourceOrder([...deeds, ...unknown]),
    subcommand: "",
    options: expression.actions
      .map((action) => action.name)
      .filter((name, i, all) => name !== "print" && all.indexOf(name) === i)
      .sort(),
    known: true,
    harmless: expression.unknown.length === 0 && expression.unlisted.length === 0,
    output: outputOf(expression, roots),
  };
}

/** Options before the roots, `-f root` of BSD, then roots up to the first word of the expression. */
function splitRoots(call: Call): { readonly roots: readonly Argument[]; readonly rest: readonly Argument[] } {
  const roots: Argument[] = [];
  const { words } = call;
  let next = 0;
  for (; next < words.length; next++) {
    const argument = words[next];
    if (argument === undefined) break;
    const word = knownPrefix(argument.value);
    if (word === "-f" && words[next + 1] !== undefined) {
      next += 1;
      const root = words[next];
      if (root !== undefined) roots.push(root);
    } else if (word === "-D") next += 1;
    else if (["-H", "-L", "-P", "--"].includes(word)) continue;
    else if (word.startsWith("-") || word === "(" || word === "!" || word === ",") break;
    // After a root, a word of which nothing is known may as well be `-delete`.
    else if (roots.length > 0 && argument.value.kind === "unknown" && word === "") break;
    else roots.push(argument);
  }
  const here = { value: text("."), span: call.span };
  return { roots: roots.length === 0 ? [here] : roots, rest: words.slice(next) };
}

function actionDeeds(action: FindAction, roots: readonly Argument[], expression: FindExpression, call: Call): readonly Deed[] {
  switch (action.name) {
    case "delete":
      return roots.flatMap((root) =>
        deleteDeeds(root, isTooMany(action.narrowing, roots) ? { ...action, narrowing: null } : action, expression),
      );
    case "exec":
    case "ok":
    case "execdir":
    case "okdir":
      return commandDeeds(action, roots, expression);
    case "fprint":
    case "fprint0":
    case "fls":
    case "fprintf":
      return action.words
        .slice(0, 1)
        .map((file) => ({ kind: "file", effect: "write", path: file.value, extent: "exact", span: file.span }));
    case "files0-from":
      return filesFrom(action, call);
    default:
      return [];
  }
}

function isTooMany(narrowing: Narrowing, roots: readonly Argument[]): boolean {
  return narrowing !== null && roots.length * narrowing.length > MAX_FIND_PATHS;
}

function deleteDeeds(root: Argument, action: FindAction, expression: FindExpression): readonly Deed[] {
  const { span } = action;
  if (action.narrowing === null) {
    return [{ kind: "file", effect: "delete", path: root.value, extent: expression.depth.min > 0 ? "contents" : "tree", span }];
  }
  return matched(root.value, action.narrowing, expression).map((path) => ({ kind: "file", effect: "delete", path, extent: "exact", span }));
}

function filesFrom(action: FindAction, call: Call): readonly Deed[] {
  const [file] = action.words;
  if (file === undefined || (knownText(file.value) === "-" && call.stdin.kind !== "inherited")) return [];
  return [{ kind: "file", effect: "read", path: file.value, extent: "exact", span: file.span }];
}

function commandDeeds(action: FindAction, roots: readonly Argument[], expression: FindExpression): readonly Deed[] {
  if (action.words.length === 0) return [];
  const inFolder = action.name === "execdir" || action.name === "okdir";
  const isUnknown = roots.length > MAX_FIND_ROOTS || isTooMany(action.narrowing, roots);
  const paths = isUnknown ? [UNKNOWN_WORD] : roots.flatMap((root) => matched(root.value, action.narrowing, expression));
  const spelled = inFolder ? paths.map(fromItsFolder) : paths;
  const below = unique(spelled).map((path, i) => told(action, path, inFolder ? folderBelow(roots[i]?.value ?? UNKNOWN_WORD) : null));
  const themselves = rootsThemselves(action, roots, expression);
  if (hasMark(action.words, "{}")) return [...themselves.map((root) => told(action, root, null)), ...below];
  return inFolder ? [...themselves.map((root) => told(action, root, folderAbove(root))), ...below] : below;
}

function told(action: FindAction, path: Value, cwd: Value | null): Deed {
  const scope: Scope = { place: "child", cwd, environment: [], stdin: null };
  return { kind: "command", words: replaceInWords(action.words, "{}", path), scope, span: action.span };
}

/** The roots that the command is run for as they are. The temptation is a pattern alone: `/tmp/` and all below it is scratch, `/tmp` is not. */
function rootsThemselves(action: FindAction, roots: readonly Argument[], expression: FindExpression): readonly Value[] {
  if (action.narrowing !== null || expression.depth.min > 0 || expression.depth.max === 0 || roots.length > MAX_FIND_ROOTS) return [];
  return expression.tests ? [] : unique(roots.map((root) => root.value).filter((root) => root.kind !== "unknown"));
}

/** Every path that a test lets through, below one root. */
function matched(root: Value, narrowing: Narrowing, expression: FindExpression): readonly Value[] {
  if (expression.depth.max === 0) return [root];
  if (root.kind === "unknown") return [{ kind: "unknown", prefix: root.prefix, many: false }];
  const start = root.kind === "text" ? escapeGlob(withoutTrailingSlashes(root.text)) : withoutTrailingSlashes(root.glob);
  const under = start === "/" ? "/" : `${start}/`;
  if (narrowing === null) return [{ kind: "pattern", glob: `${under}**` }];
  return narrowing.map((glob) => patternOrText(glob.startsWith("=") ? glob.slice(1) : under + shallow(glob, expression)));
}

/** `-maxdepth 1` leaves one component. */
function shallow(glob: string, expression: FindExpression): string {
  return expression.depth.max === 1 && glob.startsWith("**/") ? glob.slice(3) : glob;
}

function patternOrText(glob: string): Value {
  return /[*?[\\]/.test(glob) ? { kind: "pattern", glob } : text(glob);
}

function fromItsFolder(path: Value): Value {
  if (path.kind !== "pattern")
    return path.kind === "text" ? text(`./${path.text.slice(path.text.lastIndexOf("/") + 1)}`) : { kind: "pattern", glob: "./*" };
  const base = path.glob.slice(path.glob.lastIndexOf("/") + 1);
  return { kind: "pattern", glob: `./${base}` };
}

function folderBelow(root: Value): Value {
  const [all] = matched(root, null, { actions: [], printed: null, unknown: [], unlisted: [], depth: { min: 0, max: -1 }, tests: false });
  return all ?? UNKNOWN_WORD;
}

/** Where find stands when it meets the root itself: in the folder that holds it. */
function folderAbove(root: Value): Value {
  if (root.kind !== "text") return UNKNOWN_WORD;
  const path = withoutTrailingSlashes(root.text);
  const slash = path.lastIndexOf("/");
  return text(slash < 0 ? "." : path.slice(0, slash + 1));
}

function unique(paths: readonly Value[]): readonly Value[] {
  const seen = new Set<string>();
  return paths.filter((path) => {
    const key = JSON.stringify(path);
    const fresh = !seen.has(key);
    seen.add(key);
    return fresh;
  });
}

/** The paths that find prints, when it prints nothing but paths. */
function outputOf(expression: FindExpression, roots: readonly Argument[]): Output {
  if (expression.actions.length > MAX_FIND_ACTIONS) return { kind: "stream" };
  const printing = expression.actions.filter((action) => !["prune", "quit", "delete", "files0-from"].includes(action.name));
  const paths =
    printing.length === 0
      ? [expression.printed]
      : printing.map((action) => (action.name === "print" || action.name === "print0" ? action.narrowing : undefined));
  const globs = new Set<string>();
  for (const narrowing of paths) {
    if (narrowing === undefined || roots.length > MAX_FIND_ROOTS || isTooMany(narrowing, roots)) return { kind: "stream" };
    for (const value of roots.flatMap((root) => printedBelow(root.value, narrowing, expression))) {
      if (value.kind === "unknown") return { kind: "stream" };
      globs.add(value.kind === "text" ? escapeGlob(value.text) : value.glob);
    }
  }
  if (expression.actions.some((action) => action.name === "files0-from")) return { kind: "stream" };
  return { kind: "lines", globs: [...globs] };
}

function printedBelow(root: Value, narrowing: Narrowing, expression: FindExpression): readonly Value[] {
  const paths = matched(root, narrowing, expression);
  return narrowing === null && expression.depth.min === 0 ? [root, ...paths] : paths;
}
