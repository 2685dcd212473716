// Whether tokens can be code of their language at all. Implements spec/languages.md section 3.7. Twin of go/change/languages/plausible.go.
// `node -e "rm -rf /"` is no JavaScript: what it would do is not known from here, and reading it as harmless words would hide it.

import type { General } from "./scanner.js";
import type { LanguageTable } from "./table.js";
import type { Token } from "./tokens.js";

/** False when brackets do not match, an operator has nothing to work on, or two operands stand side by side. */
export function isPlausible(language: General, table: LanguageTable, tokens: readonly Token[]): boolean {
  return bracketsMatch(tokens) && neighboursFit(language, table, tokens);
}

function bracketsMatch(tokens: readonly Token[]): boolean {
  const open: string[] = [];
  for (const token of tokens) {
    for (const part of token.parts) if (part.kind === "code" && !bracketsMatch(part.tokens)) return false;
    if (token.kind !== "operator") continue;
    const opening = "([{".indexOf(token.text);
    const closing = ")]}".indexOf(token.text);
    if (opening >= 0 && token.text.length === 1) open.push(")]}"[opening] ?? "");
    else if (closing >= 0 && token.text.length === 1 && open.pop() !== token.text) return false;
  }
  return open.length === 0;
}

// Operators that need something after them in every language.
const NEEDS_MORE = ["+", "-", "/", "%", "=", "==", "===", "!=", "&&", "||", "|", "~", "=~", "^", "<=", ">=", "+=", "-=", "**"];

function neighboursFit(language: General, table: LanguageTable, tokens: readonly Token[]): boolean {
  const strict = language === "python" || language === "javascript" || language === "php";
  let depth = 0;
  let last: Token | null = null;
  for (const token of tokens) {
    if (token.kind === "operator" && token.text.length === 1) depth += "([{".includes(token.text) ? 1 : ")]}".includes(token.text) ? -1 : 0;
    // Inside of brackets a line of python goes on.
    if (token.kind === "newline" && language === "python" && depth > 0) continue;
    if (token.kind === "newline" || (token.kind === "operator" && token.text === ";")) {
      if (wantsMore(last) && (token.kind === "operator" || language === "python")) return false;
      // In the other languages an operand may stand on the next line.
      if (token.kind === "operator" || !wantsMore(last)) last = null;
      continue;
    }
    if (strict && last !== null && isOperand(table, last) && isOperand(table, token) && !mayFollow(language, table, last, token))
      return false;
    last = token;
  }
  return !wantsMore(last);
}

function wantsMore(token: Token | null): boolean {
  return token?.kind === "operator" && NEEDS_MORE.includes(token.text);
}

function isOperand(table: LanguageTable, token: Token): boolean {
  if (token.kind === "operator" || token.kind === "newline") return false;
  return !(token.kind === "name" && table.lexicon.keywords.includes(token.text));
}

// Words that begin a statement in newer python, and are names elsewhere.
const SOFT = ["match", "case", "type"];

function mayFollow(language: General, table: LanguageTable, last: Token, token: Token): boolean {
  if (language === "python")
    return (
      (last.kind === "string" && token.kind === "string") ||
      (last.kind === "name" && (table.bare.includes(last.text) || SOFT.includes(last.text)))
    );
  // Tagged templates, and `async x`, `get x`, `of y` which are words only there.
  if (language === "javascript") return token.text === "`" || contextual(last) || contextual(token);
  return last.kind === "name" || token.kind === "hidden";
}

function contextual(token: Token): boolean {
  return token.kind === "name" && ["of", "as", "from", "async", "get", "set", "static", "type"].includes(token.text);
}
