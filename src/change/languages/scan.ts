// Cuts code into tokens. Implements spec/languages.md section 3. Twin of go/change/languages/scan.go.
// It refuses (null) what cannot be text of the language: a string, comment or bracket that never ends. It never guesses where one would have ended.

import { readHeredoc } from "./heredocs.js";
import { readQuoted } from "./quotes.js";
import { afterOperand, type General, isDigit, isLineStart, isNamePart, isNameStart, push, type Scanner } from "./scanner.js";
import type { Lexicon, Token } from "./tokens.js";

export const MAX_TOKENS = 60_000;
export const MAX_NESTING = 24;
/** Signs in a row before the name of a variable. */
const MAX_SIGILS = 8;

/** The tokens of the code, or null when it cannot be code of this language. */
export function scan(language: General, lexicon: Lexicon, code: string): readonly Token[] | null {
  return scanPart({ language, lexicon, nesting: 0, budget: { tokens: MAX_TOKENS } }, code);
}

/** Scans a piece of code that stands inside a string. */
function scanPart(outer: Pick<Scanner, "language" | "lexicon" | "nesting" | "budget">, code: string): readonly Token[] | null {
  if (outer.nesting > MAX_NESTING) return null;
  const { language, lexicon, budget } = outer;
  const scanner: Scanner = {
    language,
    lexicon,
    budget,
    code,
    nesting: outer.nesting + 1,
    tokens: [],
    at: 0,
    resume: -1,
    failed: false,
    inner: (piece) => scanPart(scanner, piece),
  };
  while (scanner.at < code.length && !scanner.failed) {
    if (budget.tokens-- <= 0) return null;
    if (!step(scanner)) break;
  }
  return scanner.failed ? null : scanner.tokens;
}

// False at a mark that ends the program (`__END__`).
function step(scanner: Scanner): boolean {
  const from = scanner.at;
  skipBlanks(scanner);
  if (scanner.failed || scanner.at >= scanner.code.length) return true;
  const gap = scanner.at > from || from === 0;
  const char = scanner.code[scanner.at] ?? "";
  if (char === "\n") return newline(scanner, gap);
  if (skipPrototype(scanner)) return true;
  if (readHeredoc(scanner, gap) || readQuoted(scanner, gap) || scanner.failed) return true;
  if (isDigit(char) || (char === "." && isDigit(scanner.code[scanner.at + 1] ?? ""))) return number(scanner, gap);
  if (scanner.lexicon.sigils.includes(char) && variable(scanner, gap)) return true;
  if (isNameStart(scanner.lexicon, char)) return name(scanner, gap);
  return operator(scanner, gap);
}

function newline(scanner: Scanner, gap: boolean): boolean {
  push(scanner, "newline", "\n", gap);
  scanner.at = scanner.resume >= 0 ? scanner.resume : scanner.at + 1;
  scanner.resume = -1;
  return true;
}

function skipBlanks(scanner: Scanner): void {
  const { code, lexicon } = scanner;
  for (let moved = true; moved && scanner.at < code.length; ) {
    moved = false;
    const char = code[scanner.at] ?? "";
    if (char === " " || char === "\t" || char === "\r" || char === "\f" || char === "\v" || char === "\u00a0" || char === "\ufeff") {
      scanner.at++;
      moved = true;
    } else if (char === "\\" && (code[scanner.at + 1] === "\n" || code.startsWith("\r\n", scanner.at + 1))) {
      scanner.at = code.indexOf("\n", scanner.at) + 1;
      moved = true;
    } else if (lexicon.line_comments.some((mark) => code.startsWith(mark, scanner.at)) && commentMayBegin(scanner)) {
      const end = code.indexOf("\n", scanner.at);
      scanner.at = end < 0 ? code.length : end;
      moved = true;
    } else {
      moved = skipBlock(scanner);
    }
  }
}

// `//` is a defined-or in perl (not listed there) and an empty pattern nowhere; `#` begins a comment in PHP but not in `#[Attribute]`.
function commentMayBegin(scanner: Scanner): boolean {
  return !(scanner.language === "php" && scanner.code.startsWith("#[", scanner.at));
}

function skipBlock(scanner: Scanner): boolean {
  if (scanner.language === "perl") return skipPod(scanner);
  for (const [open, close] of scanner.lexicon.block_comments) {
    const atLine = open.startsWith("=");
    if (!scanner.code.startsWith(open, scanner.at) || (atLine && !isLineStart(scanner.code, scanner.at))) continue;
    const end = scanner.code.indexOf(atLine ? `\n${close}` : close, scanner.at + open.length);
    if (end < 0) {
      scanner.failed = !atLine;
      scanner.at = scanner.code.length;
      return false;
    }
    scanner.at = end + close.length + (atLine ? 1 : 0);
    return true;
  }
  return false;
}

// Documentation in perl: from `=word` at the beginning of a line to the line `=cut`.
function skipPod(scanner: Scanner): boolean {
  const { code } = scanner;
  if (code[scanner.at] !== "=" || !isLineStart(code, scanner.at) || !isNameStart(scanner.lexicon, code[scanner.at + 1] ?? "")) return false;
  const cut = code.indexOf("\n=cut", scanner.at - 1);
  const end = cut < 0 ? -1 : code.indexOf("\n", cut + 1);
  scanner.at = end < 0 ? code.length : end;
  return true;
}

// `sub f($$;@)`: signs that say how the function is called, and no variables.
function skipPrototype(scanner: Scanner): boolean {
  const { code } = scanner;
  const last = scanner.tokens.at(-1);
  const before = scanner.tokens.at(-2);
  const declares = (token: Token | undefined): boolean => token?.kind === "name" && token.text === "sub";
  if (scanner.language !== "perl" || code[scanner.at] !== "(" || !(declares(last) || (last?.kind === "name" && declares(before))))
    return false;
  let at = scanner.at + 1;
  while ("$@%&*;\\[]_+ ".includes(code[at] ?? "x")) at++;
  if (code[at] !== ")") return false;
  scanner.at = at + 1;
  return true;
}

function number(scanner: Scanner, gap: boolean): boolean {
  const { code } = scanner;
  const from = scanner.at;
  while (scanner.at < code.length) {
    const char = code[scanner.at] ?? "";
    const exponent = (char === "+" || char === "-") && "eE".includes(code[scanner.at - 1] ?? " ") && !code.startsWith("0x", from);
    // `1.upto(3)` and `1..3` are a number and then something else.
    const point = char === "." && isDigit(code[scanner.at + 1] ?? "");
    if (!isDigit(char) && !isNameStart(scanner.lexicon, char) && !point && !exponent) break;
    scanner.at++;
  }
  if (
    code[scanner.at] === "." &&
    code[scanner.at + 1] !== "." &&
    !isNameStart(scanner.lexicon, code[scanner.at + 1] ?? "") &&
    scanner.language !== "php"
  ) {
    if (scanner.language === "python" || scanner.language === "javascript") scanner.at++;
  }
  push(scanner, "number", code.slice(from, scanner.at), gap);
  return true;
}

function variable(scanner: Scanner, gap: boolean): boolean {
  const { code, lexicon } = scanner;
  const from = scanner.at;
  // `%` and `&` are operators after an operand.
  const named = scanner.tokens.at(-1)?.kind === "name" && gap && isNameStart(lexicon, code[from + 1] ?? "");
  if ("%&*".includes(code[from] ?? "") && afterOperand(scanner) && !named) return false;
  let at = from + 1;
  while (code[at] === "$" && lexicon.sigils.includes("$") && at - from < MAX_SIGILS) at++;
  if (scanner.language === "ruby" && code[from] === "@" && code[at] === "@") at++;
  if (scanner.language === "perl" && code[from] === "$" && code[at] === "#") {
    at += code[at + 1] === "$" ? 2 : 1;
    if (code[at] === "{") {
      push(scanner, "variable", "$#", gap);
      scanner.at = at;
      return true;
    }
  }
  const begin = at;
  while (at < code.length && (isNamePart(lexicon, code[at] ?? "") || (scanner.language === "perl" && code.startsWith("::", at)))) {
    at += code[at] === ":" ? 2 : 1;
  }
  if (at === begin) {
    const special = code[at] ?? "";
    const perlBlock = scanner.language === "perl" && special === "{";
    const punctuation =
      code[from] === "$" && scanner.language !== "php" && "!@/\\,;.&0_~*$<>()[]\"'`+:?|-^".includes(special) && special !== "";
    if (perlBlock || !punctuation || at > from + 1) return false;
    at++;
  }
  push(scanner, "variable", code.slice(from, at), gap);
  scanner.at = at;
  return true;
}

function name(scanner: Scanner, gap: boolean): boolean {
  const { code, lexicon } = scanner;
  const from = scanner.at;
  let at = from + 1;
  while (at < code.length) {
    const char = code[at] ?? "";
    if (isNamePart(lexicon, char)) at++;
    else if (scanner.language === "perl" && code.startsWith("::", at) && isNameStart(lexicon, code[at + 2] ?? "")) at += 2;
    else if (scanner.language === "php" && char === "\\" && isNameStart(lexicon, code[at + 1] ?? "")) at++;
    else break;
  }
  if (
    scanner.language === "ruby" &&
    "?!".includes(code[at] ?? " ") &&
    code[at + 1] !== "=" &&
    !(code[at] === "?" && code[at + 1] === " " && code[at - 1] === ")")
  )
    at++;
  const text = code.slice(from, at);
  if (text === "__END__" || text === "__DATA__" || text === "__halt_compiler") {
    scanner.at = code.length;
    return scanner.language === "python" || scanner.language === "javascript";
  }
  push(scanner, "name", text, gap);
  scanner.at = at;
  return true;
}

function operator(scanner: Scanner, gap: boolean): boolean {
  const { code, lexicon } = scanner;
  const found = lexicon.operators.find((mark) => code.startsWith(mark, scanner.at));
  const text = found ?? code[scanner.at] ?? "";
  push(scanner, "operator", text, gap);
  scanner.at += text.length;
  return true;
}
