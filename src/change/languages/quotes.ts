// Strings, template literals, patterns and the quote-like forms of perl and ruby. Implements spec/languages.md section 3.
// Twin of go/change/languages/quotes.go.
// A string that never ends makes the whole code unreadable: the temptation to end it at the line is how code gets hidden.

import { lowerAscii } from "./ascii.js";
import { type Escapes, undoEscapes } from "./escapes.js";
import { matchingBrace, readInterpolated } from "./interpolation.js";
import { afterOperand, isDigit, isNamePart, isNameStart, push, type Scanner } from "./scanner.js";
import type { Part } from "./tokens.js";

/** Reads a quoted form at the scanner's place; false when none begins there. */
export function readQuoted(scanner: Scanner, gap: boolean): boolean {
  switch (scanner.language) {
    case "python":
      return pythonString(scanner, gap);
    case "javascript":
      return plainString(scanner, gap, "javascript", "javascript") || template(scanner, gap) || slashPattern(scanner, gap);
    case "perl":
      return (
        plainString(scanner, gap, "single", "perl") ||
        backtick(scanner, gap) ||
        perlQuote(scanner, gap) ||
        angle(scanner, gap) ||
        slashPattern(scanner, gap)
      );
    case "ruby":
      return plainString(scanner, gap, "single", "ruby") || backtick(scanner, gap) || rubyQuote(scanner, gap) || slashPattern(scanner, gap);
    case "php":
      return plainString(scanner, gap, "single", "php") || backtick(scanner, gap);
  }
}

function pythonString(scanner: Scanner, gap: boolean): boolean {
  const { code } = scanner;
  let at = scanner.at;
  while (at - scanner.at < 2 && "rRbBuUfF".includes(code[at] ?? " ")) at++;
  const prefix = lowerAscii(code.slice(scanner.at, at));
  const quote = code[at] ?? "";
  if (quote !== '"' && quote !== "'") return false;
  const mark = code.startsWith(quote.repeat(3), at) ? quote.repeat(3) : quote;
  const end = endOfQuote(code, at + mark.length, mark, mark.length === 3);
  if (end < 0) return fail(scanner);
  const body = code.slice(at + mark.length, end);
  scanner.at = end + mark.length;
  const escapes: Escapes = prefix.includes("r") ? "none" : prefix.includes("b") ? "python_bytes" : "python";
  const parts = prefix.includes("f") ? readInterpolated(scanner, body, "python", escapes) : fixed(body, escapes);
  return finish(scanner, "string", parts, gap);
}

// `'…'` and `"…"`; where the language interpolates into `"…"`, `style` says how.
function plainString(scanner: Scanner, gap: boolean, single: Escapes, style: "javascript" | "perl" | "ruby" | "php"): boolean {
  const quote = scanner.code[scanner.at];
  if (quote !== "'" && quote !== '"') return false;
  const end = endOfQuote(scanner.code, scanner.at + 1, quote, style !== "javascript", quote === '"' && style === "ruby");
  if (end < 0) return fail(scanner);
  const body = scanner.code.slice(scanner.at + 1, end);
  scanner.at = end + 1;
  // `"a": 1` in ruby is a symbol, which reads like a string here.
  const parts = quote === "'" || style === "javascript" ? fixed(body, single) : readInterpolated(scanner, body, style, style);
  return finish(scanner, "string", parts, gap);
}

function template(scanner: Scanner, gap: boolean): boolean {
  if (scanner.code[scanner.at] !== "`") return false;
  const end = endOfTemplate(scanner.code, scanner.at + 1);
  if (end < 0) return fail(scanner);
  const body = scanner.code.slice(scanner.at + 1, end);
  scanner.at = end + 1;
  const parts = readInterpolated(scanner, body, "javascript", "javascript");
  if (parts === null) return fail(scanner);
  // The mark tells it from other strings: only a template can stand behind the name of a function.
  push(scanner, "string", "`", gap, parts);
  return true;
}

function endOfTemplate(code: string, from: number): number {
  for (let at = from; at < code.length; at++) {
    if (code[at] === "\\") at++;
    else if (code[at] === "`") return at;
    else if (code.startsWith("${", at)) {
      at = matchingBrace(code, at + 1, "{", "}");
      if (at < 0) return -1;
    }
  }
  return -1;
}

function backtick(scanner: Scanner, gap: boolean): boolean {
  if (scanner.code[scanner.at] !== "`") return false;
  const end = endOfQuote(scanner.code, scanner.at + 1, "`", true, scanner.language === "ruby");
  if (end < 0) return fail(scanner);
  const body = scanner.code.slice(scanner.at + 1, end);
  scanner.at = end + 1;
  const style = scanner.language === "ruby" ? "ruby" : scanner.language === "php" ? "php" : "perl";
  return finish(scanner, "command", readInterpolated(scanner, body, style, style), gap);
}

const PERL_QUOTES = ["q", "qq", "qw", "qx", "qr", "m", "s", "tr", "y"];

function perlQuote(scanner: Scanner, gap: boolean): boolean {
  const { code } = scanner;
  const form = PERL_QUOTES.filter((one) => code.startsWith(one, scanner.at)).sort((a, b) => b.length - a.length)[0];
  if (form === undefined || followsArrow(scanner)) return false;
  let at = scanner.at + form.length;
  // `-s $file` asks for the size of a file.
  if (form.length === 1 && code[scanner.at - 1] === "-" && !afterOperandBefore(scanner)) return false;
  const spaced = code[at] === " " || code[at] === "\n";
  while (code[at] === " " || code[at] === "\n") at++;
  const open = code[at] ?? "";
  // `s => 1`, `y = 2`, `m,`: a name and not a quote. `#` begins a comment after a blank.
  if (
    open === "" ||
    isNamePart(scanner.lexicon, open) ||
    (open === "=" && (spaced || ">=~ ".includes(code[at + 1] ?? " "))) ||
    (open === "," && !["=~", "!~"].includes(scanner.tokens.at(-1)?.text ?? "")) ||
    ";)".includes(open) ||
    (spaced && open === "#")
  )
    return false;
  const first = delimited(code, at);
  if (first === null) return fail(scanner);
  scanner.at = first.next;
  const literal = open === "'";
  if (form === "q") return finish(scanner, "string", fixed(first.body, "single"), gap);
  if (form === "qw") return finish(scanner, "words", fixed(first.body, "none"), gap);
  if (form === "qq" || form === "qx") {
    const parts = literal && form === "qx" ? fixed(first.body, "none") : readInterpolated(scanner, first.body, "perl", "perl");
    return finish(scanner, form === "qq" ? "string" : "command", parts, gap);
  }
  return perlPattern(scanner, gap, form, first.body, open);
}

// What stands before the `-` is no operand, so that the `-` subtracts nothing.
function afterOperandBefore(scanner: Scanner): boolean {
  const before = scanner.tokens.at(-2);
  return (
    before !== undefined &&
    (before.kind === "variable" ||
      before.kind === "number" ||
      (before.kind === "operator" && before.text === ")" && scanner.tokens.at(-1)?.gap === false))
  );
}

/** The text of a pattern that changes what it is bound to: `s/a/b/`, `tr/a/b/` and `y/a/b/` without `r`. */
const CHANGES = "s///";

function perlPattern(scanner: Scanner, gap: boolean, form: string, body: string, open: string): boolean {
  let replacement: string | null = null;
  if (form === "s" || form === "tr" || form === "y") {
    const second = secondHalf(scanner.code, scanner.at, open);
    if (second === null) return fail(scanner);
    replacement = second.body;
    scanner.at = second.next;
  }
  const flags = readFlags(scanner);
  const changes = replacement !== null && !flags.includes("r") ? CHANGES : "";
  if (form === "tr" || form === "y") return finish(scanner, "pattern", [], gap, changes);
  if (body.includes("(?{") || body.includes("(??{")) return finish(scanner, "hidden", [], gap);
  const parts = [...(readInterpolated(scanner, body, "perl", "none") ?? [])].filter((part) => part.kind === "code");
  if (replacement !== null && flags.includes("e")) {
    // `ee` evaluates what the replacement gives: code that is made while it runs.
    if (flags.indexOf("e") !== flags.lastIndexOf("e")) return finish(scanner, "hidden", [], gap);
    const inner = readInterpolated(scanner, `@{${replacement}}`, "perl", "none");
    return finish(scanner, "pattern", inner === null ? null : [...parts, ...inner], gap, changes);
  }
  const inner = replacement === null ? [] : readInterpolated(scanner, replacement, "perl", "perl");
  return finish(scanner, "pattern", inner === null ? null : [...parts, ...inner.filter((part) => part.kind === "code")], gap, changes);
}

function secondHalf(code: string, from: number, open: string): { body: string; next: number } | null {
  if (closer(open) === open) return delimitedBy(code, from, open, open);
  let at = from;
  while (code[at] === " " || code[at] === "\n") at++;
  return delimited(code, at);
}

/** Longest `<…>` of perl, in UTF-16 units. */
const MAX_ANGLE = 1_024;

// `<$fh>`, `<STDIN>`, `<>` and `<*.c>`.
function angle(scanner: Scanner, gap: boolean): boolean {
  const { code } = scanner;
  const named = scanner.tokens.at(-1)?.kind === "name" && code[scanner.at + 1] !== " ";
  if (code[scanner.at] !== "<" || (afterOperand(scanner) && !named)) return false;
  const near = code.slice(scanner.at + 1, scanner.at + MAX_ANGLE);
  const length = near.indexOf(">");
  if (length < 0 || near.slice(0, length).includes("\n")) return false;
  const body = near.slice(0, length);
  const end = scanner.at + 1 + length;
  scanner.at = end + 1 + (body === "<" && code[end + 1] === ">" ? 1 : 0);
  const handle = body === "" || body === "<" || isHandle(scanner, body);
  return finish(scanner, "glob", handle ? [] : readInterpolated(scanner, body, "perl", "perl"), gap);
}

function isHandle(scanner: Scanner, body: string): boolean {
  const from = body.startsWith("$") ? 1 : 0;
  for (let at = from; at < body.length; at++) if (!isNamePart(scanner.lexicon, body[at] ?? "")) return false;
  return body.length > from;
}

function rubyQuote(scanner: Scanner, gap: boolean): boolean {
  const { code } = scanner;
  const char = code[scanner.at];
  if (char === ":" && code[scanner.at + 1] === '"' && !afterOperand(scanner)) {
    scanner.at++;
    return plainString(scanner, gap, "single", "ruby");
  }
  if (char === ":" && symbolBegins(scanner)) return symbol(scanner, gap);
  if (
    char === "?" &&
    !afterOperand(scanner) &&
    isNameStart(scanner.lexicon, code[scanner.at + 1] ?? "") &&
    !isNamePart(scanner.lexicon, code[scanner.at + 2] ?? "")
  ) {
    scanner.at += 2;
    return finish(scanner, "string", fixed(code[scanner.at - 1] ?? "", "none"), gap);
  }
  return char === "%" && rubyPercent(scanner, gap);
}

function symbolBegins(scanner: Scanner): boolean {
  const { code } = scanner;
  return (
    isNameStart(scanner.lexicon, code[scanner.at + 1] ?? "") &&
    code[scanner.at - 1] !== ":" &&
    !(afterOperand(scanner) && code[scanner.at - 1] !== " ")
  );
}

function symbol(scanner: Scanner, gap: boolean): boolean {
  const from = scanner.at + 1;
  let at = from;
  while (isNamePart(scanner.lexicon, scanner.code[at] ?? "") || "?!".includes(scanner.code[at] ?? " ")) at++;
  scanner.at = at;
  return finish(scanner, "string", fixed(scanner.code.slice(from, at), "none"), gap);
}

function rubyPercent(scanner: Scanner, gap: boolean): boolean {
  const { code } = scanner;
  const letter = code[scanner.at + 1] ?? "";
  const lettered = "qQwWxriIs".includes(letter) && letter !== "";
  const at = scanner.at + (lettered ? 2 : 1);
  const open = code[at] ?? "";
  if (open === "" || isNamePart(scanner.lexicon, open) || open === " " || open === "\n" || open === "=") return false;
  // After an operand `%` is the remainder, unless a command call is written `puts %w[a]`.
  if (afterOperand(scanner) && !(gap && lettered && "([{<|!".includes(open))) return false;
  if (!lettered && !"([{<|!/".includes(open)) return false;
  const found = delimited(code, at);
  if (found === null) return fail(scanner);
  scanner.at = found.next;
  if (letter === "q" || letter === "s") return finish(scanner, "string", fixed(found.body, "single"), gap);
  if (letter === "w" || letter === "i") return finish(scanner, "words", fixed(found.body, "none"), gap);
  const parts = readInterpolated(scanner, found.body, "ruby", "ruby");
  if (letter === "W" || letter === "I") return finish(scanner, "words", parts, gap);
  if (letter === "r") readFlags(scanner);
  const kind = letter === "x" ? "command" : letter === "r" ? "pattern" : "string";
  return finish(scanner, kind, kind === "pattern" && parts !== null ? parts.filter((part) => part.kind === "code") : parts, gap);
}

// `/…/flags` where an operand may begin.
function slashPattern(scanner: Scanner, gap: boolean): boolean {
  const { code, language } = scanner;
  if (code[scanner.at] !== "/" || code[scanner.at + 1] === (language === "javascript" ? "*" : "")) return false;
  if (
    afterOperand(scanner) &&
    !(language === "ruby" && gap && !" =".includes(code[scanner.at + 1] ?? " ") && scanner.tokens.at(-1)?.kind === "name")
  )
    return false;
  const end = endOfPattern(code, scanner.at + 1, language === "javascript");
  if (end < 0) return fail(scanner);
  const body = code.slice(scanner.at + 1, end);
  scanner.at = end + 1;
  readFlags(scanner);
  if (language === "javascript") return finish(scanner, "pattern", [], gap);
  if (language === "perl" && (body.includes("(?{") || body.includes("(??{"))) return finish(scanner, "hidden", [], gap);
  const parts = readInterpolated(scanner, body, language === "perl" ? "perl" : "ruby", "none");
  return finish(scanner, "pattern", parts === null ? null : parts.filter((part) => part.kind === "code"), gap);
}

function endOfPattern(code: string, from: number, classes: boolean): number {
  let inClass = false;
  for (let at = from; at < code.length; at++) {
    const char = code[at];
    if (char === "\\") at++;
    else if (classes && char === "\n") return -1;
    else if (classes && char === "[") inClass = true;
    else if (classes && char === "]") inClass = false;
    else if (char === "/" && !inClass) return at;
  }
  return -1;
}

/** The end of a quoted text; `multiline` says that a newline may stand in it, `holes` that `#{…}` may hold the quote. */
export function endOfQuote(code: string, from: number, mark: string, multiline: boolean, holes = false): number {
  for (let at = from; at < code.length; at++) {
    if (code[at] === "\\") at++;
    else if (code.startsWith(mark, at)) return at;
    else if (code[at] === "\n" && !multiline) return -1;
    else if (holes && code.startsWith("#{", at)) {
      at = matchingBrace(code, at + 1, "{", "}");
      if (at < 0) return -1;
    }
  }
  return -1;
}

function delimited(code: string, at: number): { body: string; next: number } | null {
  // A character, not a unit: half of a pair ends at the half of another.
  const point = code.codePointAt(at);
  if (point === undefined) return null;
  const open = String.fromCodePoint(point);
  return delimitedBy(code, at + open.length, open, closer(open));
}

function delimitedBy(code: string, from: number, open: string, close: string): { body: string; next: number } | null {
  let depth = 1;
  for (let at = from; at < code.length; at++) {
    if (code[at] === "\\") at++;
    else if (code.startsWith(close, at)) {
      depth--;
      if (depth === 0) return { body: code.slice(from, at), next: at + close.length };
    } else if (code.startsWith(open, at)) depth++;
  }
  return null;
}

function closer(open: string): string {
  const at = "([{<".indexOf(open);
  return at < 0 ? open : (")]}>"[at] ?? open);
}

function followsArrow(scanner: Scanner): boolean {
  const last = scanner.tokens.at(-1);
  if (last?.kind !== "operator") return false;
  // `$h{s}` and `->s` are names.
  return last.text === "->" || (last.text === "{" && scanner.code.slice(scanner.at, scanner.at + 3).includes("}"));
}

function readFlags(scanner: Scanner): string {
  const from = scanner.at;
  while (isNameStart(scanner.lexicon, scanner.code[scanner.at] ?? "") && !isDigit(scanner.code[scanner.at] ?? "")) scanner.at++;
  return scanner.code.slice(from, scanner.at);
}

function fixed(body: string, escapes: Escapes): readonly Part[] {
  return [{ kind: "text", text: undoEscapes(body, escapes) }];
}

function finish(
  scanner: Scanner,
  kind: "string" | "command" | "words" | "glob" | "pattern" | "hidden",
  parts: readonly Part[] | null,
  gap: boolean,
  text = "",
): boolean {
  if (parts === null) return fail(scanner);
  push(scanner, kind, text, gap, parts);
  return true;
}

function fail(scanner: Scanner): boolean {
  scanner.failed = true;
  return true;
}
