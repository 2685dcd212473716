// Counts, before anything is read, how often each name is given a value and where. Implements spec/languages.md section 6.1.
// Twin of go/change/languages/survey.go.
// A name that is given one value is that value everywhere below; one that is given several in blocks may be any of them.

import { ASSIGNMENTS, changes } from "./changes.js";
import type { General } from "./scanner.js";
import type { LanguageTable } from "./table.js";
import type { Token } from "./tokens.js";
import type { Assigned } from "./world.js";

const COMPOUND = ["for", "while", "if", "elif", "else", "try", "except", "finally", "with", "def", "class", "async", "match", "case"];

/** Adds what the tokens assign to `assigned`. */
export function survey(language: General, table: LanguageTable, tokens: readonly Token[], assigned: Map<string, Assigned>): void {
  changes(language, table, tokens, (name, grown) => alter(assigned, name, grown));
  let depth = 0;
  let blocked = false;
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token === undefined) continue;
    if (language === "python" && token.indent >= 0) blocked = token.indent > 0 || COMPOUND.includes(token.text);
    if (token.kind === "operator") {
      if ("([{".includes(token.text)) depth++;
      else if (")]}".includes(token.text)) depth--;
    }
    for (const part of token.parts) if (part.kind === "code") survey(language, table, part.tokens, assigned);
    if (token.kind !== "name" && token.kind !== "variable") continue;
    if (binds(language, table, tokens, at, depth)) {
      count(assigned, token.text, depth === 0 && !blocked && isStraight(language, table, tokens, at));
    }
  }
}

function count(assigned: Map<string, Assigned>, name: string, straight: boolean): void {
  const known = assigned.get(name) ?? NEVER;
  assigned.set(name, { ...known, count: known.count + 1, straight: known.straight && straight });
}

function alter(assigned: Map<string, Assigned>, name: string, grown: boolean): void {
  const known = assigned.get(name) ?? NEVER;
  assigned.set(name, { ...known, grown: known.grown || grown, changed: known.changed || !grown });
}

const NEVER: Assigned = { count: 0, straight: true, grown: false, changed: false };

function binds(language: General, table: LanguageTable, tokens: readonly Token[], at: number, depth: number): boolean {
  const token = tokens[at];
  const previous = tokens[at - 1];
  const next = tokens[at + 1];
  if (token === undefined || table.lexicon.keywords.includes(token.text)) return false;
  const after = previous?.kind === "name" ? previous.text : "";
  if (
    ["for", "foreach", "def", "function", "class", "sub", "as", "import", "catch", "except", "lambda", "nonlocal"].includes(after) &&
    declares(language, after)
  )
    return true;
  if (next?.kind === "name" && (next.text === "of" || next.text === "in") && isDeclared(after) && language === "javascript") return true;
  if (previous?.kind === "operator" && [".", "->", "?.", "::", "&."].includes(previous.text)) return false;
  if (next?.kind !== "operator") return false;
  // `f(name=value)` names an argument.
  if (language === "python" && next.text === "=" && depth > 0) return false;
  if (ASSIGNMENTS.includes(next.text)) return true;
  return inTargets(table, tokens, at, depth);
}

function declares(language: General, word: string): boolean {
  if (word === "as") return language !== "perl";
  if (word === "import" || word === "except" || word === "lambda")
    return language === "python" || (language === "javascript" && word === "import");
  return true;
}

/** How far the end of a list of targets is looked for. */
const MAX_TARGET_TOKENS = 64;

function isDeclared(word: string): boolean {
  return word === "const" || word === "let" || word === "var";
}

// `a, b = …`, `[a, b] = …`, `my ($a, $b) = …`, `const {a, b: c} = …`, `|a, b|`.
function inTargets(table: LanguageTable, tokens: readonly Token[], at: number, depth: number): boolean {
  let inner = 0;
  let operand = true;
  for (let ahead = at + 1; ahead < tokens.length; ahead++) {
    // So many side by side may well be targets, and what is given once too often is only known less.
    if (ahead - at >= MAX_TARGET_TOKENS) return true;
    const token = tokens[ahead];
    if (token === undefined || token.kind === "newline") return false;
    if (token.kind === "name" || token.kind === "variable" || token.kind === "string") {
      // Two operands side by side are no list of targets.
      if (operand || table.lexicon.keywords.includes(token.text)) return false;
      operand = true;
      continue;
    }
    if (token.kind !== "operator" || (operand && "([{".includes(token.text))) return false;
    operand = false;
    // The list of targets has ended: outside of brackets, or behind the bracket that holds this name.
    if (token.text === "=") return ahead > at + 1 && (depth === 0 ? inner === 0 : inner < 0);
    if ("([{".includes(token.text)) inner++;
    else if (")]}".includes(token.text)) {
      inner--;
      if (inner < -depth) return false;
      operand = true;
    } else if (token.text !== "," && !(token.text === ":" && inner + depth > 0) && token.text !== "*" && token.text !== "...") return false;
  }
  return false;
}

// A plain statement: nothing stands before the name in it, so that nothing decides whether it is done.
function isStraight(language: General, table: LanguageTable, tokens: readonly Token[], at: number): boolean {
  if (language !== "python" && language !== "javascript") return false;
  const next = tokens[at + 1];
  if (next?.kind !== "operator" || (next.text !== "=" && next.text !== "+=")) return false;
  const previous = tokens[at - 1];
  if (previous === undefined || previous.kind === "newline") return true;
  if (previous.kind === "operator") return previous.text === ";";
  return previous.kind === "name" && isDeclared(previous.text) && table.lexicon.keywords.includes(previous.text);
}
