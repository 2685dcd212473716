// Cuts the words of a command into options and operands, as the program's own option parser does. Implements spec/catalogue.md section 7.
// Twin of go/change/catalogue/command_line.go. Total and linear in the words; it says what it could not recognise and decides nothing.

import { foldAscii } from "../../base/glob.js";
import type { Span } from "../../base/span.js";
import type { Argument, Value } from "../values.js";
import { text } from "../values.js";
import type { Grammar, Option } from "./model.js";
import { optionsByName } from "./options-of.js";
import { dropPrefix, knownPrefix } from "./value-parts.js";

const TRUE_WORDS: readonly string[] = ["true", "t", "1", "yes", "on"];
const FALSE_WORDS: readonly string[] = ["false", "f", "0", "no", "off", "none"];

export interface CutOption {
  readonly option: Option;
  readonly means: string;
  /** `--no-x`, `+x`: the meaning is taken back. */
  readonly negated: boolean;
  /** As many as the option takes; fewer when the line ends before, none when an optional one is not given. */
  readonly values: readonly Argument[];
  readonly span: Span;
  /** Index of its word. */
  readonly at: number;
}

export interface CutLine {
  readonly options: readonly CutOption[];
  readonly operands: readonly Argument[];
  /** Index of the word of each operand. */
  readonly operands_at: readonly number[];
  /** How many operands stood before `--`; null without `--`. */
  readonly separator: number | null;
  /** Option words that the program does not list, or that are short for several. They stand in `options` too. */
  readonly unlisted: readonly Argument[];
  /** Words in the place of options whose text is not fully known. Those that may be no option at all are operands too. */
  readonly unknown: readonly Argument[];
}

interface Cutter {
  readonly grammar: Grammar;
  readonly known: readonly Option[];
  readonly words: readonly Argument[];
  readonly options: CutOption[];
  readonly operands: Argument[];
  readonly operands_at: number[];
  readonly unlisted: Argument[];
  readonly unknown: Argument[];
  separator: number | null;
  ended: boolean;
  next: number;
}

/** `known` in order of preference: the first option of a name counts. */
export function cutCommandLine(grammar: Grammar, known: readonly Option[], words: readonly Argument[]): CutLine {
  const lists = { options: [], operands: [], operands_at: [], unlisted: [], unknown: [] };
  const cutter: Cutter = { grammar, known, words, ...lists, separator: null, ended: false, next: 0 };
  while (cutter.next < words.length) {
    const at = cutter.next;
    const word = words[at];
    cutter.next += 1;
    if (word !== undefined) cutWord(cutter, word, at);
  }
  const { options, operands, operands_at, separator, unlisted, unknown } = cutter;
  return { options, operands, operands_at, separator, unlisted, unknown };
}

/** The meaning of an option: its own, or its canonical name without leading dashes and with `_` for `-`. */
export function meaningOf(option: Option): string {
  if (option.means !== undefined) return option.means;
  const known = MEANINGS.get(option);
  if (known !== undefined) return known;
  const meaning = meaningOfName(option.names[0] ?? "");
  MEANINGS.set(option, meaning);
  return meaning;
}

const MEANINGS = new WeakMap<Option, string>();

function meaningOfName(name: string): string {
  let start = 0;
  while (name[start] === "-" || name[start] === "+") start += 1;
  return name.slice(start).replaceAll("-", "_");
}

function cutWord(cutter: Cutter, word: Argument, at: number): void {
  const { grammar } = cutter;
  const prefix = knownPrefix(word.value);
  const whole = word.value.kind === "text";
  if (cutter.ended) {
    addOperand(cutter, word, at);
    return;
  }
  if (whole && prefix === "--") {
    cutter.separator = cutter.operands.length;
    cutter.ended = true;
    return;
  }
  if (grammar.key_value === true && cutKeyValue(cutter, word, at, prefix)) return;
  if (grammar.leading_cluster === true && at === 0 && whole && prefix !== "" && !prefix.startsWith("-")) {
    cutLeadingCluster(cutter, word, prefix);
    return;
  }
  if (prefix.startsWith("-") && (prefix.length > 1 || !whole)) {
    cutDashed(cutter, word, at, prefix, whole);
    return;
  }
  const plus = grammar.plus === true && prefix.startsWith("+") ? find(cutter, "+") : undefined;
  if (plus !== undefined) {
    addOption(cutter, plus, false, [{ value: dropPrefix(word.value, 1), span: word.span }], word, at);
    return;
  }
  if (grammar.plus === true && prefix.startsWith("+") && prefix.length > 1) {
    cutCluster(cutter, word, at, "+");
    return;
  }
  if (!whole && prefix === "") cutter.unknown.push(word);
  addOperand(cutter, word, at);
}

function addOperand(cutter: Cutter, word: Argument, at: number): void {
  cutter.operands.push(word);
  cutter.operands_at.push(at);
  const limit = cutter.grammar.options_end;
  if (limit === "first_operand" || (limit === "second_operand" && cutter.operands.length >= 2)) cutter.ended = true;
}

function cutDashed(cutter: Cutter, word: Argument, at: number, prefix: string, whole: boolean): void {
  const { grammar } = cutter;
  const isLong = prefix.startsWith("--") || grammar.long !== undefined || isLettersOption(cutter, prefix);
  if (grammar.number === true && whole && isNumber(prefix.slice(1)) && find(cutter, prefix) === undefined) {
    const value = { value: text(prefix.slice(1)), span: word.span };
    addOption(cutter, { names: [prefix], means: "number", arity: 1 }, false, [value], word, at);
    return;
  }
  if (!isLong) {
    cutCluster(cutter, word, at, "-");
    return;
  }
  const colon = prefix.indexOf(":") + 1;
  const glued = colon === 0 ? undefined : find(cutter, prefix.slice(0, colon));
  if (glued !== undefined) {
    addOption(cutter, glued, false, [{ value: dropPrefix(word.value, colon), span: word.span }], word, at);
    return;
  }
  const equals = prefix.indexOf("=");
  if (!whole && equals < 0) {
    cutter.unknown.push(word);
    return;
  }
  const name = equals < 0 ? prefix : prefix.slice(0, equals);
  const attached = equals < 0 ? null : { value: dropPrefix(word.value, equals + 1), span: word.span };
  cutLong(cutter, word, at, name, attached);
}

/** A listed name of one dash and several letters (`zip -TT`, `node -pe`) is that option before it is a cluster. */
function isLettersOption(cutter: Cutter, prefix: string): boolean {
  const equals = prefix.indexOf("=");
  const name = equals < 0 ? prefix : prefix.slice(0, equals);
  return name.length > 2 && (find(cutter, name) !== undefined || find(cutter, name.slice(0, name.indexOf(":") + 1)) !== undefined);
}

function cutLong(cutter: Cutter, word: Argument, at: number, name: string, attached: Argument | null): void {
  const found = findLong(cutter, name);
  if (found === undefined) {
    cutUnlisted(cutter, word, at, name, attached);
    return;
  }
  const { option, negated } = found;
  const arity = negated ? 0 : (option.arity ?? 0);
  if (arity === 0) {
    cutFlag(cutter, option, negated, word, at, attached);
    return;
  }
  if (option.optional === true) {
    addOption(cutter, option, false, attached === null ? [] : [attached], word, at);
    return;
  }
  addOption(cutter, option, false, takeValues(cutter, arity, attached), word, at);
}

/**
 * A flag may be given a truth value in many parsers (`--dry-run=false`). What is false takes it back; the temptation is to see the flag alone,
 * and then `--dry-run=false` would pass as a dry run. Anything else but the words of truth is strange to the program.
 */
function cutFlag(cutter: Cutter, option: Option, negated: boolean, word: Argument, at: number, attached: Argument | null): void {
  const value = attached === null ? null : knownText(attached.value);
  const isFalse = value !== null && FALSE_WORDS.includes(foldAscii(value));
  if (attached !== null && !isFalse && (value === null || !TRUE_WORDS.includes(foldAscii(value)))) cutter.unlisted.push(word);
  addOption(cutter, option, isFalse ? !negated : negated, [], word, at);
}

/** An option that the catalogue does not list still has a name that rules may want to see. */
function cutUnlisted(cutter: Cutter, word: Argument, at: number, name: string, attached: Argument | null): void {
  cutter.unlisted.push(word);
  if (cutter.grammar.unlisted !== "value") {
    addOption(cutter, { names: [name] }, false, [], word, at);
    return;
  }
  const next = cutter.words[cutter.next];
  const takesNext = attached === null && next !== undefined && !knownPrefix(next.value).startsWith("-");
  const values = takesNext ? takeValues(cutter, 1, null) : attached === null ? [] : [attached];
  addOption(cutter, { names: [name], arity: 1, roles: ["file_url"] }, false, values, word, at);
}

/** `-abc`, `-ovalue`, `-o value`; letters after an option with a value are that value. Reads only the text that is known. */
function cutCluster(cutter: Cutter, word: Argument, at: number, sign: string): void {
  const prefix = knownPrefix(word.value);
  let next = 1;
  while (next >= 0 && next < prefix.length) {
    const letter = String.fromCodePoint(prefix.codePointAt(next) ?? 0);
    next = cutLetter(cutter, word, at, sign, letter, next + letter.length);
  }
  if (next >= 0 && word.value.kind !== "text") cutter.unknown.push(word);
}

/** Where the next letter stands; -1 when the rest of the word is a value. */
function cutLetter(cutter: Cutter, word: Argument, at: number, sign: string, letter: string, after: number): number {
  const { option, negated } = findLetter(cutter, sign, letter);
  const prefix = knownPrefix(word.value);
  if (option === undefined) {
    const takesRest = cutter.grammar.unlisted === "value";
    const hasRest = after < prefix.length || word.value.kind !== "text";
    cutUnlisted(cutter, word, at, sign + letter, takesRest && hasRest ? { value: dropPrefix(word.value, after), span: word.span } : null);
    return takesRest ? -1 : after;
  }
  if (option.digits === true) {
    let end = after;
    while (end < prefix.length && isNumber(prefix.charAt(end))) end += 1;
    const value = { value: text(prefix.slice(after, end)), span: word.span };
    addOption(cutter, option, negated, end > after ? [value] : [], word, at);
    return end;
  }
  if ((option.arity ?? 0) > 0) {
    cutClusterValue(cutter, option, negated, word, at, after);
    return -1;
  }
  addOption(cutter, option, negated, [], word, at);
  return after;
}

function cutClusterValue(cutter: Cutter, option: Option, negated: boolean, word: Argument, at: number, used: number): void {
  const prefix = knownPrefix(word.value);
  const hasRest = used < prefix.length || word.value.kind !== "text";
  // Parsers written in Go read `-n=x` as x, getopt as `=x`; a file whose name begins with `=` is the rarer case.
  const skip = prefix[used] === "=" && prefix.length > used + 1 ? used + 1 : used;
  const attached = hasRest ? { value: dropPrefix(word.value, skip), span: word.span } : null;
  if (option.optional === true) {
    addOption(cutter, option, negated, attached === null ? [] : [attached], word, at);
    return;
  }
  addOption(cutter, option, negated, takeValues(cutter, option.arity ?? 0, attached), word, at);
}

/** `tar xzf a.tgz`: the letters first, then their values in the order of the letters. */
function cutLeadingCluster(cutter: Cutter, word: Argument, letters: string): void {
  for (const letter of letters) {
    const option = find(cutter, `-${letter}`);
    if (option === undefined) cutUnlisted(cutter, word, 0, `-${letter}`, null);
    else addOption(cutter, option, false, option.optional === true ? [] : takeValues(cutter, option.arity ?? 0, null), word, 0);
  }
}

function cutKeyValue(cutter: Cutter, word: Argument, at: number, prefix: string): boolean {
  const equals = prefix.indexOf("=");
  const option = equals < 0 ? undefined : find(cutter, prefix.slice(0, equals));
  if (option === undefined) return false;
  addOption(cutter, option, false, [{ value: dropPrefix(word.value, equals + 1), span: word.span }], word, at);
  return true;
}

function takeValues(cutter: Cutter, arity: number, attached: Argument | null): readonly Argument[] {
  const values = attached === null ? [] : [attached];
  while (values.length < arity) {
    const next = cutter.words[cutter.next];
    if (next === undefined) break;
    values.push(next);
    cutter.next += 1;
  }
  return values;
}

function addOption(cutter: Cutter, option: Option, negated: boolean, values: readonly Argument[], word: Argument, at: number): void {
  const last = values.at(-1);
  const span =
    last === undefined ? word.span : { start: Math.min(word.span.start, last.span.start), end: Math.max(word.span.end, last.span.end) };
  cutter.options.push({ option, means: meaningOf(option), negated, values, span, at });
  if (option.last === true) cutter.ended = true;
}

function find(cutter: Cutter, name: string): Option | undefined {
  return optionsByName(cutter.known).get(name);
}

/** `+x` is its own option where the catalogue lists it, else `-x` taken back. */
function findLetter(cutter: Cutter, sign: string, letter: string): { readonly option: Option | undefined; readonly negated: boolean } {
  const own = find(cutter, sign + letter);
  if (own !== undefined || sign === "-") return { option: own, negated: false };
  return { option: find(cutter, `-${letter}`), negated: true };
}

interface LongMatch {
  readonly option: Option;
  readonly negated: boolean;
}

function findLong(cutter: Cutter, name: string): LongMatch | undefined {
  const { grammar } = cutter;
  const exact = findExact(cutter, name);
  if (exact !== undefined) return exact;
  if (grammar.long !== undefined && name.startsWith("--")) return findExact(cutter, name.slice(1));
  if (grammar.abbreviate !== true || !name.startsWith("--")) return undefined;
  const matches = new Map<string, LongMatch>();
  for (const option of cutter.known) {
    for (const long of option.names) {
      for (const [spelling, negated] of spellings(grammar, long)) {
        const key = `${negated ? "no " : ""}${option.names[0]}`;
        if (spelling.startsWith(name) && !matches.has(key)) matches.set(key, { option, negated });
      }
    }
  }
  return matches.size === 1 ? [...matches.values()][0] : undefined;
}

function findExact(cutter: Cutter, name: string): LongMatch | undefined {
  const own = find(cutter, name);
  if (own !== undefined) return { option: own, negated: false };
  if (cutter.grammar.negate !== true || !name.startsWith("--")) return undefined;
  const undone = find(cutter, name.startsWith("--no-") ? `--${name.slice(5)}` : `--no-${name.slice(2)}`);
  return undone === undefined ? undefined : { option: undone, negated: true };
}

function spellings(grammar: Grammar, long: string): readonly (readonly [string, boolean])[] {
  if (!long.startsWith("--")) return [];
  if (grammar.negate !== true) return [[long, false]];
  const undone = long.startsWith("--no-") ? `--${long.slice(5)}` : `--no-${long.slice(2)}`;
  return [
    [long, false],
    [undone, true],
  ];
}

function isNumber(digits: string): boolean {
  if (digits === "") return false;
  for (const digit of digits) if (digit < "0" || digit > "9") return false;
  return true;
}

/** The text of a value, or null when it is not known. */
export function knownText(value: Value): string | null {
  return value.kind === "text" ? value.text : null;
}
