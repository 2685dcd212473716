// From words to values: braces, tilde, parameters, substitutions, splitting, globs, quotes. Implements spec/change.md section 5.
// Twin of go/change/words/expand.go.
// Every substitution inside a word is walked exactly once, whatever becomes of the word.

import { trimAscii } from "../../base/ascii.js";
import type { Span } from "../../base/span.js";
import type { Output } from "../reading.js";
import type { Word, WordPart } from "../shell/syntax.js";
import { type Argument, text, UNKNOWN_WORDS, type Value } from "../values.js";
import { evaluateArithmetic, number } from "./arithmetic.js";
import { expandBraces } from "./brace.js";
import { LIMITS, spend } from "./budget.js";
import type { WordContext } from "./context.js";
import { globPrefix } from "./glob.js";
import { expandListing } from "./listing.js";
import { isList, mayBeGlued } from "./lists.js";
import { type Expansion, expandParameter, listValues, type Operands, takenWord } from "./parameter.js";
import { type Field, FLAT_HOLE, fieldGlob, fieldValue, type Piece, piecesOf, plainText } from "./pieces.js";
import { onlyText } from "./plain.js";

/** The arguments that the words of a command make, in order. */
export function evaluateWords(words: readonly Word[], context: WordContext): readonly Argument[] {
  return words.flatMap((word) => evaluateWord(word, context));
}

/** A word that looks like an assignment behind `export`: one text, unless braces make other words of it (`export x={a,b}` is `export x=a x=b`). */
export function evaluateDeclared(word: Word, context: WordContext): readonly Argument[] {
  return expandBraces(word)?.made === false ? [{ value: evaluateText(word, context), span: word.span }] : evaluateWord(word, context);
}

/** One word: any number of arguments. */
export function evaluateWord(word: Word, context: WordContext): readonly Argument[] {
  const plain = onlyText(word);
  if (plain !== null) return spend(context.budget, 1) ? [{ value: text(plain), span: word.span }] : [];
  const braced = expandBraces(word);
  if (braced === null) {
    context.opaque("limit_exceeded", "brace_words", word.span);
    return [{ value: UNKNOWN_WORDS, span: word.span }];
  }
  return braced.words.flatMap((each) => {
    const values = fieldsOf(each, context, "split", braced.made).flatMap((field) => globbed(field, context));
    const expanded = !word.parts.every(isWritten);
    return values.map((value): Argument => (expanded ? { value, span: word.span, expanded } : { value, span: word.span }));
  });
}

function isWritten(part: WordPart): boolean {
  return part.kind === "literal" || part.kind === "quoted" || (part.kind === "double" && part.parts.every(isWritten));
}

/** A word where the shell neither splits nor expands file names: the right side of an assignment, a here-string, the subject of `case`. */
export function evaluateText(word: Word, context: WordContext): Value {
  const plain = onlyText(word);
  if (plain !== null) return text(plain);
  const fields = fieldsOf(word, context, "whole");
  return fieldValue(fields[0] ?? [], false, context.budget);
}

/** The body of a here-document: nothing in it is a tilde, a quote or a glob. */
export function evaluateBody(word: Word, context: WordContext): Value {
  return evaluateText({ parts: word.parts.map(asQuoted), span: word.span }, context);
}

/** A word that is a pattern (`case`, `${x#…}`): its glob, or null when it cannot be known. */
export function evaluateGlob(word: Word, context: WordContext): string | null {
  const field = fieldsOf(word, context, "argument")[0] ?? [];
  if (!field.every((piece) => piece.kind === "text")) return null;
  const first = field.find((piece) => piece.text !== "");
  // In `${x/'%'y/z}` the quoted `%` is no anchor.
  const isEscaped = first?.quoted === true && (first.text.startsWith("%") || first.text.startsWith("#"));
  return isEscaped ? `\\${fieldGlob(field)}` : fieldGlob(field);
}

/** What replaces a match in `${x/p/word}`, cut where an unquoted `&` stands for the match; null when it cannot be known. */
function evaluateReplacement(word: Word, context: WordContext): readonly string[] | null {
  const between = [""];
  for (const piece of fieldsOf(word, context, "argument")[0] ?? []) {
    // A backslash out of a variable quotes what follows, or itself.
    if (piece.kind !== "text" || (!piece.quoted && piece.text.includes("\\"))) return null;
    const [first = "", ...rest] = piece.quoted ? [piece.text] : piece.text.split("&");
    between.push((between.pop() ?? "") + first, ...rest);
  }
  return between;
}

/** The value of an arithmetic expression given as parts, or null. Names that it assigns are set, or become unknown. */
export function evaluateExpression(parts: readonly WordPart[], span: Span, context: WordContext): number | null {
  const value = evaluateText({ parts: parts.map(asQuoted), span }, context);
  if (value.kind !== "text") return null;
  return evaluateArithmetic(value.text, {
    get: (name) => integerVariable(name, span, context),
    set: (name, known) =>
      context.assign(name, { kind: "scalar", value: known === null ? { kind: "unknown", prefix: "", many: false } : text(String(known)) }),
  });
}

// bash evaluates what a variable holds as an expression of its own, so that `x='a[$(id)]'; ((x))` runs `id`.
function integerVariable(name: string, span: Span, context: WordContext): number | null {
  const variable = context.variable(name);
  if (variable.kind === "unset") return 0;
  const value = variable.kind === "scalar" ? variable.value : variable.values[0];
  if (value?.kind !== "text") return null;
  if (value.text.includes("$(") || value.text.includes("`")) context.opaque("unknown_code", "shell", span);
  const known = trimAscii(value.text);
  const negative = known.startsWith("-");
  const magnitude = known === "" ? 0 : number(negative ? known.slice(1) : known);
  return magnitude === null ? null : negative ? 0 - magnitude : magnitude;
}

function asQuoted(part: WordPart): WordPart {
  return part.kind === "literal" ? { kind: "quoted", text: part.text, span: part.span } : part;
}

/** `split`: a command's word. `whole`: one field, tilde after `:` too. `argument`: one field, tilde at its beginning only. */
type Mode = "split" | "whole" | "argument";

interface Builder {
  readonly mode: Mode;
  /** Braces made the word: it is no assignment. */
  readonly made: boolean;
  /** Whether single values are split at IFS. */
  readonly splits: boolean;
  readonly fields: Piece[][];
  current: Piece[] | null;
}

function fieldsOf(word: Word, context: WordContext, mode: Mode, made = false): readonly Field[] {
  const builder: Builder = {
    mode,
    made,
    splits: mode === "split" && isSplit(word, context),
    fields: [],
    current: mode === "split" ? null : [],
  };
  word.parts.forEach((part, i) => {
    if (!spend(context.budget, 1)) return;
    if (part.kind === "literal") addLiteral(part.text, i === 0, i === word.parts.length - 1, builder, context);
    else addPart(part, false, builder, context);
  });
  endField(builder);
  if (!spend(context.budget, builder.fields.length)) return [];
  return builder.fields;
}

/** bash forgets at a `$` that begins nothing what it has expanded so far: `$x$` is one word, `$x$/$y` is split throughout. */
function isSplit(word: Word, context: WordContext): boolean {
  const alone = word.parts.findLastIndex((part) => part.kind === "literal" && part.text.includes("$"));
  if (alone < 0 || word.parts.slice(alone).some((part) => SPLIT_AGAIN.has(part.kind))) return true;
  return word.parts.some((part) => becomesList(part, false, context));
}

function becomesList(part: WordPart, quoted: boolean, context: WordContext): boolean {
  if (part.kind === "double") return part.parts.some((inner) => becomesList(inner, true, context));
  if (part.kind !== "parameter") return false;
  if (isList(part, quoted)) return true;
  const taken = takenWord(part, context, operandsOf(context));
  return taken?.parts.some((inner) => becomesList(inner, quoted, context)) ?? false;
}

const SPLIT_AGAIN: ReadonlySet<WordPart["kind"]> = new Set(["parameter", "command_substitution", "arithmetic"]);

function addLiteral(literal: string, first: boolean, last: boolean, builder: Builder, context: WordContext): void {
  let rest = literal;
  // A tilde counts at the beginning of a word, and in what looks like an assignment also after its `=` and after every `:`.
  const equals = first && builder.mode === "split" && !builder.made ? assignmentEnd(literal) : -1;
  if (equals >= 0) {
    add(builder, { kind: "text", text: literal.slice(0, equals), quoted: false });
    rest = literal.slice(equals);
  }
  const inAssignment = equals >= 0 || builder.mode === "whole";
  let tilde = first;
  for (;;) {
    const colon = inAssignment ? rest.indexOf(":") : -1;
    const piece = colon < 0 ? rest : rest.slice(0, colon + 1);
    if (tilde && piece.startsWith("~")) addTilde(piece, last && colon < 0, builder, context);
    else if (piece !== "") add(builder, { kind: "text", text: piece, quoted: false });
    if (colon < 0) return;
    rest = rest.slice(colon + 1);
    tilde = true;
  }
}

/** Where the value begins in `name=value`, else -1. */
function assignmentEnd(literal: string): number {
  const equals = literal.indexOf("=");
  if (equals <= 0) return -1;
  const name = literal.slice(0, equals);
  for (let i = 0; i < name.length; i++) {
    const c = name[i] ?? "";
    const letter = (c >= "a" && c <= "z") || (c >= "A" && c <= "Z") || c === "_" || (i > 0 && c >= "0" && c <= "9");
    if (!letter && !(c === "+" && i > 0 && i === name.length - 1)) return -1;
  }
  return equals + 1;
}

function addTilde(piece: string, ends: boolean, builder: Builder, context: WordContext): void {
  const stop = [...piece].findIndex((character) => character === "/" || character === ":");
  const closed = stop >= 0 || ends;
  const user = piece.slice(1, stop < 0 ? undefined : stop);
  if (!closed) {
    add(builder, { kind: "text", text: piece, quoted: false });
    return;
  }
  const name = user === "" ? "HOME" : user === "+" ? "PWD" : user === "-" ? "OLDPWD" : null;
  const variable = name === null ? null : context.variable(name);
  const value: Value = variable?.kind === "scalar" ? variable.value : { kind: "unknown", prefix: "", many: false };
  for (const each of piecesOf(value, true)) add(builder, each);
  const after = piece.slice(1 + user.length);
  // `~/x` with a home of `/` is `/x`, not `//x`; canonical paths do not care.
  if (after !== "") add(builder, { kind: "text", text: after, quoted: false });
}

function addPart(part: WordPart, quoted: boolean, builder: Builder, context: WordContext): void {
  switch (part.kind) {
    case "literal":
    case "quoted":
      add(builder, { kind: "text", text: part.text, quoted: true });
      return;
    case "double":
      if (part.parts.length === 0) add(builder, { kind: "text", text: "", quoted: true });
      for (const inner of part.parts) if (spend(context.budget, 1)) addPart(inner, true, builder, context);
      return;
    case "parameter": {
      const word = builder.mode !== "split" ? null : takenWord(part, context, operandsOf(context));
      if (word === null) addExpansion(expandParameter(part, context, operandsOf(context)), quoted, builder, context);
      else addTaken(word, quoted, builder, context);
      return;
    }
    case "command_substitution":
      addOutput(context.substitute(part.body, part.span), quoted, builder, context);
      return;
    case "process_substitution":
      add(builder, { kind: "text", text: context.process(part.direction, part.body, part.span), quoted: true });
      return;
    case "arithmetic": {
      const value = evaluateExpression(part.parts, part.span, context);
      add(builder, value === null ? FLAT_HOLE : { kind: "text", text: String(value), quoted: true });
      return;
    }
    case "unsupported":
      context.opaque("unsupported_syntax", part.reason, part.span);
      addValue({ kind: "unknown", prefix: "", many: true }, quoted, builder, context);
  }
}

/** The word of `${x:-w}` where it stands for the whole: what is quoted in it stays one word (`${1+"$@"}`). */
function addTaken(word: Word, quoted: boolean, builder: Builder, context: WordContext): void {
  if (!quoted && mayBeGlued(word, ifsOf(context))) {
    // What it runs is seen all the same.
    fieldsOf(word, context, "argument");
    add(builder, { kind: "hole", flat: false, many: true, derived: false, trusted: false });
    return;
  }
  word.parts.forEach((part, i) => {
    if (!spend(context.budget, 1)) return;
    if (quoted || part.kind !== "literal") addPart(part, quoted, builder, context);
    else if (i === 0 && part.text.startsWith("~")) addLiteral(part.text, true, word.parts.length === 1, builder, context);
    else if (builder.splits) addSplit(part.text, builder, context);
    else add(builder, { kind: "text", text: part.text, quoted: false });
  });
}

function operandsOf(context: WordContext): Operands {
  return {
    text: (word) => fieldValue(fieldsOf(word, context, "argument")[0] ?? [], false, context.budget),
    glob: (word) => evaluateGlob(word, context),
    replacement: (word) => evaluateReplacement(word, context),
    arithmetic: (word) => evaluateExpression(word.parts, word.span, context),
  };
}

function addExpansion(expansion: Expansion, quoted: boolean, builder: Builder, context: WordContext): void {
  if (expansion.kind === "one") {
    addValue(expansion.value, quoted, builder, context);
    return;
  }
  const values = listValues(expansion.values, context);
  if (quoted && (expansion.star || builder.mode !== "split")) {
    const separator = expansion.star ? firstOfIfs(context) : " ";
    add(builder, { kind: "text", text: "", quoted: true });
    values.forEach((value, i) => {
      if (i > 0) add(builder, { kind: "text", text: separator, quoted: true });
      addValue(value, true, builder, context);
    });
    return;
  }
  values.forEach((value, i) => {
    if (i > 0) {
      if (builder.mode !== "split") add(builder, { kind: "text", text: " ", quoted: true });
      else endField(builder);
    }
    addValue(value, quoted, builder, context);
  });
}

function addValue(value: Value, quoted: boolean, builder: Builder, context: WordContext): void {
  const unsplit = quoted || !builder.splits;
  if (value.kind === "text" && !unsplit) {
    addSplit(value.text, builder, context);
    return;
  }
  // In a whole field an unquoted expansion is one word, but a pattern in it (`case`, `${x#$p}`) still is one.
  const pieces = piecesOf(value, unsplit);
  for (const piece of pieces) add(builder, piece.kind === "text" && !quoted ? { ...piece, quoted: false } : piece);
}

function addOutput(output: Output, quoted: boolean, builder: Builder, context: WordContext): void {
  switch (output.kind) {
    case "text":
      addValue(text(withoutLastNewlines(output.text)), quoted, builder, context);
      return;
    case "lines":
      if (!quoted && builder.splits) {
        output.globs.forEach((glob, i) => {
          if (i > 0) endField(builder);
          for (const piece of piecesOf(lineValue({ ...output, globs: [glob] }), true)) add(builder, piece);
        });
      } else if (output.globs.length === 1) addValue(lineValue(output), true, builder, context);
      else addValue({ kind: "unknown", prefix: "", many: false, derived: true }, quoted, builder, context);
      return;
    case "trusted_code":
      addValue({ kind: "unknown", prefix: "", many: false, derived: true, trusted: true }, quoted, builder, context);
      return;
    case "stream": {
      const ends = output.ends === undefined ? {} : { ends: output.ends };
      addValue({ kind: "unknown", prefix: "", many: false, derived: true, ...ends }, quoted, builder, context);
    }
  }
}

/** The one line of an output. */
function lineValue(output: Extract<Output, { kind: "lines" }>): Value {
  const glob = output.globs[0] ?? "";
  return output.random === true ? { kind: "pattern", glob, random: true } : { kind: "pattern", glob };
}

function withoutLastNewlines(output: string): string {
  let end = output.length;
  while (end > 0 && output[end - 1] === "\n") end--;
  return output.slice(0, end).replaceAll("\0", "");
}

/** Splits an unquoted expansion at the characters of IFS: runs of blanks part words, every other character ends one. */
function addSplit(known: string, builder: Builder, context: WordContext): void {
  const ifs = ifsOf(context);
  if (ifs === null) {
    add(builder, { kind: "hole", flat: false, many: true, derived: false, trusted: false });
    return;
  }
  let run = "";
  const flush = () => {
    if (run !== "") add(builder, { kind: "text", text: run, quoted: false });
    run = "";
  };
  for (const character of known) {
    if (!ifs.includes(character)) {
      run += character;
      continue;
    }
    flush();
    if (!" \t\n".includes(character)) builder.current ??= [];
    if (builder.current !== null && !spend(context.budget, 1)) return;
    endField(builder);
  }
  flush();
}

function ifsOf(context: WordContext): string | null {
  const variable = context.variable("IFS");
  if (variable.kind === "unset") return " \t\n";
  return variable.kind === "scalar" && variable.value.kind === "text" ? variable.value.text : null;
}

function firstOfIfs(context: WordContext): string {
  return Array.from(ifsOf(context) ?? " ")[0] ?? "";
}

function add(builder: Builder, piece: Piece): void {
  builder.current ??= [];
  builder.current.push(piece);
}

function endField(builder: Builder): void {
  if (builder.current !== null) builder.fields.push(builder.current);
  builder.current = null;
}

/** File name expansion: against the facts where they list the folders, else a pattern. */
function globbed(field: Field, context: WordContext): readonly Value[] {
  const value = fieldValue(field, true, context.budget);
  if (value.kind !== "pattern" || field.some((piece) => piece.kind !== "text")) return [value];
  // No file is called like a URL: `https://a.example/x?y=1` stands as it is.
  if (globPrefix(value.glob).includes("://")) return [text(plainText(field, false) ?? "")];
  const cwd = context.cwd();
  const names = expandListing(value.glob, cwd.kind === "text" ? cwd.text : null, context);
  if (names === null) return [{ ...value, names: true }];
  // Without a match the shell leaves the word as it stands.
  if (names.length === 0) return [text(plainText(field, false) ?? "")];
  return names.length > LIMITS.globNames ? [UNKNOWN_WORDS] : names.map(text);
}
