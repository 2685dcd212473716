// Brace expansion, before anything else is expanded: `{a,b}`, `{1..9..2}`, `{a..e}`. Implements spec/change.md section 5.4.
// Twin of go/change/words/brace.go.
// It sees only unquoted text, so `{` from a quote or a variable never expands. SECURITY: the temptation is to pair braces; bash pairs them otherwise.

import type { Span } from "../../base/span.js";
import type { Word, WordPart } from "../shell/syntax.js";
import { commaIn } from "./brace-commas.js";
import { readAgain } from "./brace-seams.js";
import { sequenceOf } from "./brace-sequence.js";
import { LIMITS } from "./budget.js";

type Token =
  | { readonly kind: "open" | "close" | "comma"; readonly span: Span }
  /** `inside`: text behind `${…}` that still counts as a part of it. */
  | { readonly kind: "part"; readonly part: WordPart; readonly inside: boolean };

/** The words that braces make of one. `made`: they are other words, and no assignments, whatever they look like. */
export interface Braced {
  readonly words: readonly Word[];
  readonly made: boolean;
}

/** The words that the braces of a word make, in order; null when they are more than the limit. */
export function expandBraces(word: Word): Braced | null {
  if (!word.parts.some((part) => part.kind === "literal" && part.text.includes("{"))) return { words: [word], made: false };
  const tokens = tokensOf(word.parts);
  if (tokens.filter((token) => token.kind === "open").length > LIMITS.braceWords) return null;
  const lists = expandTokens(tokens);
  if (lists === null) return null;
  // A word of nothing but an empty alternative vanishes, as in bash.
  const words = lists.filter((parts) => parts.length > 0).map((parts) => ({ parts: readAgain(parts), span: word.span }));
  // What braces make of one alone, `{a..a}`, is shorter than it was.
  return { words, made: lists.length !== 1 || literalLength(lists[0] ?? []) !== literalLength(word.parts) };
}

function literalLength(parts: readonly WordPart[]): number {
  return parts.reduce((sum, part) => sum + (part.kind === "literal" ? part.text.length : 0), 0);
}

function tokensOf(parts: readonly WordPart[]): readonly Token[] {
  const tokens: Token[] = [];
  // bash passes `${…}` over by counting braces, and so goes on behind `${x-{a}` until what was opened in it is closed.
  let open = 0;
  for (const part of parts) {
    if (part.kind !== "literal") {
      open += openedIn(part);
      tokens.push({ kind: "part", part, inside: false });
      continue;
    }
    let run = "";
    const flush = (inside: boolean) => {
      if (run !== "") tokens.push({ kind: "part", part: { kind: "literal", text: run, span: part.span }, inside });
      run = "";
    };
    for (const character of part.text) {
      const kind = character === "{" ? "open" : character === "}" ? "close" : character === "," ? "comma" : null;
      if (kind === null || open > 0) {
        run += character;
        if (kind === "open") open++;
        else if (kind === "close" && --open === 0) flush(true);
      } else {
        flush(false);
        tokens.push({ kind, span: part.span });
      }
    }
    flush(open > 0);
  }
  return tokens;
}

/** Braces that stand open in the words of a parameter. */
function openedIn(part: WordPart): number {
  if (part.kind !== "parameter") return 0;
  let open = 0;
  for (const inner of part.arguments.flatMap((word) => word.parts)) {
    if (inner.kind === "parameter") open += openedIn(inner);
    else if (inner.kind === "literal") for (const character of inner.text) open += character === "{" ? 1 : character === "}" ? -1 : 0;
  }
  return Math.max(0, open);
}

function expandTokens(tokens: readonly Token[]): readonly (readonly WordPart[])[] | null {
  for (let open = 0; open < tokens.length; open++) {
    if (tokens[open]?.kind !== "open" || isPassedOver(tokens, open)) continue;
    const close = closeOf(tokens, open);
    if (close < 0) continue;
    const alternatives = alternativesOf(tokens.slice(open, close + 1));
    const rest = alternatives === null ? null : expandTokens(tokens.slice(close + 1));
    if (alternatives === null || rest === null || alternatives.length * rest.length > LIMITS.braceWords) return null;
    const before = tokens.slice(0, open).map(partOf);
    return alternatives.flatMap((middle) => rest.map((after) => [...before, ...middle, ...after]));
  }
  return [tokens.map(partOf)];
}

/** `{}` at the beginning of what is being expanded, or behind an escaped blank, opens nothing: `{},a}` is text, and `x{},a}` is not. */
function isPassedOver(tokens: readonly Token[], open: number): boolean {
  if (tokens[open + 1]?.kind !== "close") return false;
  const before = tokens[open - 1];
  if (before === undefined) return true;
  if (before.kind !== "part" || before.part.kind !== "quoted") return false;
  const { text, span } = before.part;
  return (text === " " || text === "\t") && span.end - span.start === 2;
}

/** The closing brace: the first behind a comma or `..`, both outside of inner braces. In `{a}b,c}` it is the last one. */
function closeOf(tokens: readonly Token[], open: number): number {
  let depth = 0;
  let isParted = false;
  for (let i = open + 1; i < tokens.length; i++) {
    const kind = tokens[i]?.kind;
    if (kind === "close" && depth === 0 && isParted) return i;
    if (kind === "open") depth++;
    else if (kind === "close") depth = Math.max(0, depth - 1);
    else if (depth === 0 && (kind === "comma" || hasDots(tokens, i))) isParted = true;
  }
  return -1;
}

/** Two dots, not directly before a closing brace. */
function hasDots(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  if (token?.kind !== "part" || token.inside || token.part.kind !== "literal") return false;
  const dots = token.part.text.indexOf("..");
  return dots >= 0 && (dots + 2 < token.part.text.length || tokens[at + 1]?.kind !== "close");
}

/** The alternatives of `{…}`; null beyond the limit. */
function alternativesOf(braces: readonly Token[]): readonly (readonly WordPart[])[] | null {
  const inside = braces.slice(1, -1);
  const comma = inside.some(({ kind }) => kind === "comma") ? "yes" : commaIn(inside.map(partOf));
  if (comma === "yes") return piecesOf(inside);
  const literal = braces.map(partOf);
  const only = inside[0];
  const sequence =
    inside.length === 1 && only?.kind === "part" && only.part.kind === "literal" ? sequenceOf(only.part.text, only.part.span) : "literal";
  if (sequence !== "literal") return sequence === null ? null : sequence.map((part) => [part]);
  const span = literal[0]?.span;
  // bash looks for a comma in the text, quoted or not, and without one the braces are text.
  return comma === "no" || span === undefined ? [literal] : [[{ kind: "unsupported", reason: "syntax_error", span }, ...literal]];
}

/** What stands between the commas, expanded. Where all commas are inside something else it is one piece, and loses its braces all the same. */
function piecesOf(inside: readonly Token[]): readonly (readonly WordPart[])[] | null {
  const pieces: Token[][] = [[]];
  let depth = 0;
  for (const token of inside) {
    if (token.kind === "open") depth++;
    if (token.kind === "close") depth = Math.max(0, depth - 1);
    if (token.kind === "comma" && depth === 0) pieces.push([]);
    else pieces.at(-1)?.push(token);
  }
  const all: (readonly WordPart[])[] = [];
  for (const piece of pieces) {
    const expanded = expandTokens(piece);
    if (expanded === null || all.length + expanded.length > LIMITS.braceWords) return null;
    all.push(...expanded);
  }
  return all;
}

function partOf(token: Token): WordPart {
  if (token.kind === "part") return token.part;
  return { kind: "literal", text: token.kind === "open" ? "{" : token.kind === "close" ? "}" : ",", span: token.span };
}
