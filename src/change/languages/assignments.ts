// Assignments: of one name, of several at once, of members and subscripts. Implements spec/languages.md section 6.6.
// Twin of go/change/languages/assignments.go.

import { handOn, letGo } from "./calls.js";
import { ASSIGNMENTS } from "./changes.js";
import { folded } from "./folding.js";
import { concat, itemAt, type Thing, textOf, toValue, UNKNOWN } from "./things.js";
import type { Token } from "./tokens.js";
import { bind, type Cursor, peek, setEnvironment, skipNewlines, type World } from "./world.js";

/** The value of the assignment whose left side was just read from `start` on; null when none stands here. */
export function assign(world: World, cursor: Cursor, start: number, left: Thing): Thing | null {
  const operator = peek(cursor);
  if (operator?.kind !== "operator" || !ASSIGNMENTS.includes(operator.text)) return null;
  const targets = cursor.tokens.slice(start, cursor.at);
  cursor.at++;
  skipNewlines(cursor);
  const right = world.engine.expression(world, cursor);
  const value = assigned(world, operator.text, left, right);
  const names = targetNames(targets);
  if (names === null) toPlace(world, left, value);
  else if (names.length === 1 && names[0] !== undefined && !targets.some((token) => token.kind === "operator"))
    bind(world, names[0].name, names[0].list ? asList(value) : value);
  else bindEach(world, names, targets, value);
  return value;
}

function assigned(world: World, operator: string, left: Thing, right: Thing): Thing {
  switch (operator) {
    case "=":
    case ":=":
      return right;
    case "+=":
    case ".=":
      return concat(left, right);
    case "x=":
    case "*=":
      return folded(world, "repeat", left, [right]);
    case "||=":
    case "??=":
    case "//=":
    case "&&=":
      return { kind: "choice", items: [left, right] };
    default:
      return UNKNOWN;
  }
}

function asList(value: Thing): Thing {
  return value.kind === "list" || value.kind === "object" ? value : { kind: "list", items: [value] };
}

interface Target {
  readonly name: string;
  /** `@name` in perl takes everything. */
  readonly list: boolean;
  /** The key that it takes from a mapping, or "" for its place. */
  readonly key: string;
}

const DECLARING = ["my", "our", "local", "const", "let", "var", "static", "state", "export", "global"];

// The names that are given values, or null when the left side is a member or a subscript.
function targetNames(tokens: readonly Token[]): readonly Target[] | null {
  const rest = tokens.filter((token) => token.kind !== "newline" && !(token.kind === "name" && DECLARING.includes(token.text)));
  const [only] = rest;
  if (rest.length === 1 && only !== undefined && (only.kind === "name" || only.kind === "variable"))
    return [{ name: only.text, list: only.text.startsWith("@") && only.kind === "variable" && rest.length === tokens.length - 1, key: "" }];
  const first = rest[0];
  if (first?.kind !== "operator" || !"([{".includes(first.text)) return null;
  const targets: Target[] = [];
  for (let at = 1; at < rest.length - 1; at++) {
    const token = rest[at];
    const next = rest[at + 1];
    if (token?.kind === "operator" && ",*...".includes(token.text)) continue;
    if (token?.kind !== "name" && token?.kind !== "variable") return first.text === "{" || first.text === "[" ? targets : null;
    const renamed = next?.kind === "operator" && next.text === ":" && rest[at + 2] !== undefined;
    targets.push({
      name: renamed ? (rest[at + 2]?.text ?? "") : token.text,
      list: token.text.startsWith("@"),
      key: first.text === "{" ? token.text : "",
    });
    if (renamed) at += 2;
  }
  return targets;
}

function bindEach(world: World, targets: readonly Target[], tokens: readonly Token[], value: Thing): void {
  targets.forEach((target, index) => {
    const part =
      target.key !== ""
        ? keyOf(world, value, target.key)
        : target.list
          ? restOf(value, index)
          : itemAt(value.kind === "list" ? value : UNKNOWN, index);
    bind(world, target.name, part);
  });
  if (tokens.length === 0) letGo(world, value);
}

function keyOf(world: World, value: Thing, key: string): Thing {
  if (value.kind === "name") return world.engine.member(world, value, key);
  if (value.kind === "record") return value.entries.get(key) ?? UNKNOWN;
  return value.kind === "object" ? world.engine.member(world, value, key) : UNKNOWN;
}

function restOf(value: Thing, from: number): Thing {
  return value.kind === "list" ? { kind: "list", items: value.items.slice(from) } : UNKNOWN;
}

// `os.environ["X"] = "…"` changes what every process started below gets; a function that is put anywhere may be called from there.
function toPlace(world: World, left: Thing, value: Thing): void {
  if (left.kind === "object" && left.type === "environment_variable") {
    setEnvironment(world, textOf(left.of) ?? "", toValue(value));
    return;
  }
  handOn(world, value);
}

/** The names of `a, b = 1, 2` (python, ruby), from `cursor` on; null when no such assignment stands here. */
export function tupleAssignment(world: World, cursor: Cursor): boolean {
  // A list that ends in no `=` was looked through already from an earlier name in it: not again from each of its names.
  if (cursor.at < cursor.untupled || world.table.lexicon.keywords.includes(peek(cursor)?.text ?? "")) return false;
  const names: string[] = [];
  let at = 0;
  for (; ; at += 2) {
    const name = peek(cursor, at);
    const mark = peek(cursor, at + 1);
    const named = name?.kind === "name" || name?.kind === "variable";
    if (!named || mark?.kind !== "operator" || (mark.text !== "," && mark.text !== "=")) {
      cursor.untupled = cursor.at + at;
      return false;
    }
    names.push(name.text);
    if (mark.text === "=") break;
  }
  if (names.length < 2) return false;
  cursor.at += at + 2;
  const values: Thing[] = [];
  for (;;) {
    values.push(world.engine.expression(world, cursor));
    const comma = peek(cursor);
    if (comma?.kind !== "operator" || comma.text !== ",") break;
    cursor.at++;
  }
  const [single] = values;
  const items: readonly Thing[] =
    values.length === 1 && single?.kind === "list" ? single.items : values.length === names.length ? values : [];
  names.forEach((name, index) => {
    bind(world, name, items[index] ?? UNKNOWN);
  });
  if (items.length === 0) for (const value of values) letGo(world, value);
  return true;
}
