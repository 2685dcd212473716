// `$x`, `${x:-w}`, `${x#p}`, `${x/a/b}`, `${x:o:l}`, `${#x}`, `$@`, `${a[i]}`. Implements spec/change.md section 5.5.
// Twin of go/change/words/parameter.go.
// An operand that is not known makes the result unknown; the words after the operator are evaluated all the same, for what they run.

import type { ParameterPart, Word } from "../shell/syntax.js";
import { text, UNKNOWN_WORD, UNKNOWN_WORDS, type Value } from "../values.js";
import { LIMITS, spend } from "./budget.js";
import type { Variable, WordContext } from "./context.js";
import { globTokens, hasActive, matchTokens, unescapeGlob } from "./glob.js";
import { editPattern } from "./pattern-edit.js";
import { joinValues, mayBeMany, oneOf } from "./pieces.js";

/** `list` is `$@`, `$*`, `${a[@]}`: `star` joins in quotes, and `values: null` is a list of unknown length. */
export type Expansion =
  | { readonly kind: "one"; readonly value: Value; readonly set: "yes" | "no" | "maybe" }
  | { readonly kind: "list"; readonly values: readonly Value[] | null; readonly star: boolean };

/** How the words after an operator are evaluated; the evaluator of words hands itself in. */
export interface Operands {
  text(word: Word): Value;
  /** A pattern in the glob language, or null when it cannot be known. */
  glob(word: Word): string | null;
  /** What replaces a match: the texts between the places where the match itself stands; null when that cannot be known. */
  replacement(word: Word): readonly string[] | null;
  arithmetic(word: Word): number | null;
}

export function expandParameter(part: ParameterPart, context: WordContext, operands: Operands): Expansion {
  const subject = subjectOf(part, context, operands);
  switch (part.operator) {
    case "":
      return subject;
    case "#length":
      return one(lengthOf(subject));
    case "!indices":
      return indicesOf(part, context.variable(part.name));
    case ":-":
    case "-":
    case ":=":
    case "=":
    case ":?":
    case "?":
    case ":+":
    case "+":
      return conditional(part, subject, context, operands);
    case ":":
      return substring(part, subject, context, operands);
    case "^":
    case "^^":
    case ",":
    case ",,":
      return eachValue(subject, (known) => changeCase(known, part.operator), argumentGlob(part, operands));
    default:
      return editing(part, subject, operands);
  }
}

/** The word that `${x:-w}` or `${x:+w}` surely stands for; null where it is the value, where nobody knows, or where `w` is nothing. */
export function takenWord(part: ParameterPart, context: WordContext, operands: Operands): Word | null {
  const word = part.arguments[0];
  const ends = part.operator.at(-1);
  if (word === undefined || (ends !== "-" && ends !== "+") || (part.subscript !== null && !isPlain(part.subscript))) return null;
  const present = presence(subjectOf(part, context, operands), part.operator.startsWith(":"));
  return present === (ends === "+" ? "yes" : "no") ? word : null;
}

// A subscript that does nothing when it is evaluated twice: `@`, `*`, a number.
function isPlain(subscript: Word): boolean {
  const only = subscript.parts[0];
  return subscript.parts.length === 1 && only?.kind === "literal" && Array.from(only.text).every((one) => "@*-0123456789".includes(one));
}

function one(value: Value, set: "yes" | "no" | "maybe" = "yes"): Expansion {
  return { kind: "one", value, set };
}

function subjectOf(part: ParameterPart, context: WordContext, operands: Operands): Expansion {
  const { name } = part;
  if (name === "@" || name === "*") {
    const positional = context.positional();
    return { kind: "list", values: positional === null ? null : positional.slice(1), star: name === "*" };
  }
  if (isDigits(name)) {
    const positional = context.positional();
    const at = Number(name);
    // bash counts on from zero behind its largest number.
    return positional === null || at > Number.MAX_SAFE_INTEGER ? one(UNKNOWN_WORD, "maybe") : itemAt(positional, at);
  }
  const variable = context.variable(name);
  if (part.subscript !== null) return element(variable, part.subscript, operands);
  return scalarOf(variable);
}

/** A variable as one value: an array stands for its first element. */
function scalarOf(variable: Variable): Expansion {
  if (variable.kind === "unset") return one(text(""), "no");
  if (variable.kind === "scalar") return one(variable.value, variable.value.kind === "unknown" ? "maybe" : "yes");
  const first = variable.values[0];
  return first === undefined ? one(text(""), "no") : one(first);
}

function element(variable: Variable, subscript: Word, operands: Operands): Expansion {
  const only = subscript.parts[0];
  if (subscript.parts.length === 1 && only?.kind === "literal" && (only.text === "@" || only.text === "*")) {
    const star = only.text === "*";
    if (variable.kind === "array") return { kind: "list", values: variable.values, star };
    if (variable.kind === "unset") return { kind: "list", values: [], star };
    return { kind: "list", values: variable.value.kind === "unknown" ? null : [variable.value], star };
  }
  const index = operands.arithmetic(subscript);
  if (variable.kind === "unset") return one(text(""), "no");
  if (index === null) return one(UNKNOWN_WORD, "maybe");
  if (variable.kind === "array") return itemAt(variable.values, index);
  if (index === 0) return scalarOf(variable);
  // A variable that nobody knows may well be an array: `${BASH_REMATCH[1]}`, the lines that `mapfile` read.
  return variable.value.kind === "unknown" ? one(UNKNOWN_WORD, "maybe") : one(text(""), "no");
}

/** The value at a place, from the end when negative. Where a value before it may be several words, nobody knows which one stands there. */
function itemAt(values: readonly Value[], index: number): Expansion {
  const at = index < 0 ? values.length + index : index;
  const passed = index < 0 ? values.slice(Math.max(0, at + 1)) : values.slice(0, at);
  if (passed.some(mayBeMany)) return one(UNKNOWN_WORD, "maybe");
  const value = values[at];
  return value === undefined ? one(text(""), "no") : one(oneOf(value));
}

/** Arrays that the walk knows have no gaps; of all others neither the number nor the names of the elements are known. */
function indicesOf(part: ParameterPart, variable: Variable): Expansion {
  const star = part.subscript?.parts[0]?.kind === "literal" && part.subscript.parts[0].text === "*";
  if (variable.kind === "unset") return { kind: "list", values: [], star };
  if (variable.kind !== "array" || variable.values.some(mayBeMany)) return { kind: "list", values: null, star };
  return { kind: "list", values: variable.values.map((_, i) => text(String(i))), star };
}

function lengthOf(subject: Expansion): Value {
  if (subject.kind === "list")
    return subject.values === null || subject.values.some(mayBeMany) ? UNKNOWN_WORD : text(String(subject.values.length));
  return subject.value.kind === "text" ? text(String(Array.from(subject.value.text).length)) : UNKNOWN_WORD;
}

function conditional(part: ParameterPart, subject: Expansion, context: WordContext, operands: Operands): Expansion {
  const word = part.arguments[0];
  const other = word === undefined ? text("") : operands.text(word);
  const present = presence(subject, part.operator.startsWith(":"));
  const sign = part.operator.at(-1) ?? "";
  if (sign === "?") return subject;
  if (sign === "+") {
    if (present === "no") return one(text(""), "no");
    return present === "yes" ? one(other) : one({ kind: "unknown", prefix: "", many: true }, "maybe");
  }
  if (present === "yes") return subject;
  const value = present === "no" || subject.kind === "list" ? other : widen(subject.value, other);
  if (sign === "=" && subject.kind === "one" && !isDigits(part.name)) context.assign(part.name, { kind: "scalar", value });
  return one(value, present === "no" ? "yes" : "maybe");
}

function widen(value: Value, other: Value): Value {
  return value.kind === "unknown" ? { ...value, prefix: "" } : joinValues(value, other);
}

/** Whether the operator finds a value; `colon` counts the empty value as none. */
function presence(subject: Expansion, colon: boolean): "yes" | "no" | "maybe" {
  if (subject.kind === "list") return subject.values === null ? "maybe" : subject.values.length > 0 ? "yes" : "no";
  if (subject.set !== "yes") return subject.set;
  if (!colon || subject.value.kind === "pattern") return "yes";
  if (subject.value.kind === "text") return subject.value.text === "" ? "no" : "yes";
  return subject.value.prefix === "" ? "maybe" : "yes";
}

function substring(part: ParameterPart, subject: Expansion, context: WordContext, operands: Operands): Expansion {
  const [offsetWord, lengthWord] = part.arguments;
  const offset = offsetWord === undefined ? 0 : operands.arithmetic(offsetWord);
  const length = lengthWord === undefined ? "rest" : operands.arithmetic(lengthWord);
  if (subject.kind === "list") {
    // `${@:0}` counts `$0`, `${a[@]:0}` does not.
    const values = part.name === "@" || part.name === "*" ? context.positional() : subject.values;
    if (values === null || offset === null || length === null) return { ...subject, values: null };
    // Which words are left out is not known: none is.
    if (values.some(mayBeMany)) return subject;
    return { ...subject, values: slice(values, offset, length) ?? [] };
  }
  if (subject.value.kind !== "text" || offset === null || length === null) return one(UNKNOWN_WORD, "maybe");
  return one(text((slice(Array.from(subject.value.text), offset, length) ?? []).join("")));
}

function slice<T>(values: readonly T[], offset: number, length: number | "rest"): readonly T[] | null {
  const start = offset < 0 ? values.length + offset : offset;
  if (start < 0 || start > values.length) return null;
  const end = length === "rest" ? values.length : length < 0 ? values.length + length : start + length;
  return end < start ? null : values.slice(start, end);
}

/** `#` `##` `%` `%%` take away, `/` `//` `/#` `/%` replace. */
function editing(part: ParameterPart, subject: Expansion, operands: Operands): Expansion {
  const written = argumentGlob(part, operands);
  const replacementWord = part.arguments[1];
  const replacement = replacementWord === undefined ? [""] : operands.replacement(replacementWord);
  if (written === null || written === undefined || replacement === null) return eachValue(subject, () => null, undefined);
  // `p=%c; ${x/$p/y}`: bash looks for the anchor when the pattern is expanded.
  const isAnchored = part.operator === "/" && (written.startsWith("#") || written.startsWith("%"));
  const operator = isAnchored ? `/${written.slice(0, 1)}` : part.operator;
  const glob = isAnchored ? written.slice(1) : written;
  const tokens = globTokens(glob);
  const edit = (known: string): string | null => {
    const characters = Array.from(known);
    if (characters.length * characters.length * (glob.length + 1) > LIMITS.matchCells) return null;
    switch (operator) {
      case "#":
      case "##":
      case "%":
      case "%%":
        return takeAway(tokens, characters, operator);
      case "/":
      case "//":
      case "/#":
      case "/%":
        return replace(tokens, characters, operator, replacement);
      default:
        return null;
    }
  };
  const [by = "", ...more] = replacement;
  const pattern = (known: string) => (more.length > 0 ? null : editPattern(known, operator, glob, by));
  return eachValue(subject, edit, undefined, pattern);
}

function argumentGlob(part: ParameterPart, operands: Operands): string | null | undefined {
  const word = part.arguments[0];
  return word === undefined ? undefined : operands.glob(word);
}

/** Applies an edit to the value, or to each of a list. A pattern after `glob` (`${x^^[a-c]}`) is not read: the result is unknown. */
function eachValue(
  subject: Expansion,
  edit: (known: string) => string | null,
  glob: string | null | undefined,
  pattern: (known: string) => string | null = () => null,
): Expansion {
  const change = (value: Value): Value => {
    const known = value.kind === "pattern" ? pattern(value.glob) : null;
    if (known !== null) return hasActive(known) ? { kind: "pattern", glob: known } : text(unescapeGlob(known));
    const edited = value.kind === "text" && glob === undefined ? edit(value.text) : null;
    return edited === null ? UNKNOWN_WORD : text(edited);
  };
  if (subject.kind === "list") return { ...subject, values: subject.values === null ? null : subject.values.map(change) };
  return one(change(subject.value), subject.set);
}

type Tokens = ReturnType<typeof globTokens>;

function takeAway(tokens: Tokens, characters: readonly string[], operator: "#" | "##" | "%" | "%%"): string {
  const n = characters.length;
  const lengths = Array.from({ length: n + 1 }, (_, i) => (operator === "#" || operator === "%" ? i : n - i));
  for (const length of lengths) {
    if (operator.startsWith("#") && matchTokens(tokens, characters, 0, length)) return characters.slice(length).join("");
    if (operator.startsWith("%") && matchTokens(tokens, characters, n - length, n)) return characters.slice(0, n - length).join("");
  }
  return characters.join("");
}

function replace(tokens: Tokens, characters: readonly string[], operator: "/" | "//" | "/#" | "/%", by: readonly string[]): string | null {
  const n = characters.length;
  const written = by.join("").length;
  if (tokens.length === 0) return (operator === "/#" ? by.join("") : "") + characters.join("") + (operator === "/%" ? by.join("") : "");
  let result = "";
  for (let at = 0; at <= n; ) {
    const end = operator === "/#" && at > 0 ? -1 : longestMatch(tokens, characters, at, operator === "/%");
    if (end > at || (end === at && n === 0)) {
      // Too long for a value, long before it is built.
      if (result.length + written + (by.length - 1) * (end - at) > LIMITS.valueBytes) return null;
      result += by.join(characters.slice(at, end).join(""));
      if (operator !== "//") return result + characters.slice(end).join("");
      at = Math.max(end, at + 1);
    } else {
      result += characters[at] ?? "";
      at++;
    }
  }
  return result;
}

function longestMatch(tokens: Tokens, characters: readonly string[], from: number, toEnd: boolean): number {
  for (let end = characters.length; end >= from; end--) {
    if (matchTokens(tokens, characters, from, end)) return end;
    if (toEnd) return -1;
  }
  return -1;
}

function changeCase(known: string, operator: string): string | null {
  // Only ASCII letters: the two engines' tables for the others differ, so such a text is unknown.
  for (const character of known) if ((character.codePointAt(0) ?? 0) > 127) return null;
  const change = (part: string) => (operator.startsWith("^") ? part.toUpperCase() : part.toLowerCase());
  return operator.length === 2 ? change(known) : change(known.slice(0, 1)) + known.slice(1);
}

/** The values of a list as words; an unknown list is any number of them. */
export function listValues(values: readonly Value[] | null, context: WordContext): readonly Value[] {
  if (values === null) return [UNKNOWN_WORDS];
  return spend(context.budget, values.length) ? values : [UNKNOWN_WORDS];
}

function isDigits(name: string): boolean {
  if (name === "") return false;
  for (const character of name) if (character < "0" || character > "9") return false;
  return true;
}
