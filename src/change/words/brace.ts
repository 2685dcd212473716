// Brace expansion, before anything else is expanded: `{a,b}`, `{1..9..2}`, `{a..e}`. Implements spec/change.md section 5.4. Twin of go/brace.go.
// It sees only unquoted text, so `{` from a quote or a variable never expands.

import type { Span } from "../../base/span.js";
import type { Word, WordPart } from "../shell/syntax.js";
import { readAgain } from "./brace-seams.js";
import { LIMITS } from "./budget.js";

type Token = { readonly kind: "open" | "close" | "comma"; readonly span: Span } | { readonly kind: "part"; readonly part: WordPart };

/** The words that the braces of a word make, in order; null when they are more than the limit. */
export function expandBraces(word: Word): readonly Word[] | null {
  if (!word.parts.some((part) => part.kind === "literal" && part.text.includes("{"))) return [word];
  const tokens = tokensOf(word.parts);
  if (tokens.filter((token) => token.kind === "open").length > LIMITS.braceWords) return null;
  const lists = expandTokens(tokens);
  // A word of nothing but an empty alternative vanishes, as in bash.
  return lists === null ? null : lists.filter((parts) => parts.length > 0).map((parts) => ({ parts: readAgain(parts), span: word.span }));
}

function tokensOf(parts: readonly WordPart[]): readonly Token[] {
  const tokens: Token[] = [];
  // bash passes `${…}` over by counting braces, and so goes on behind `${x-{a}` until what was opened in it is closed.
  let open = 0;
  for (const part of parts) {
    if (part.kind !== "literal") {
      open += openedIn(part);
      tokens.push({ kind: "part", part });
      continue;
    }
    let run = "";
    const flush = () => {
      if (run !== "") tokens.push({ kind: "part", part: { kind: "literal", text: run, span: part.span } });
      run = "";
    };
    for (const character of part.text) {
      const kind = character === "{" ? "open" : character === "}" ? "close" : character === "," ? "comma" : null;
      if (kind === null || open > 0) {
        run += character;
        if (kind === "open") open++;
        else if (kind === "close") open--;
      } else {
        flush();
        tokens.push({ kind, span: part.span });
      }
    }
    flush();
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
    if (tokens[open]?.kind !== "open") continue;
    const close = matchingClose(tokens, open);
    if (close < 0) continue;
    const alternatives = alternativesOf(tokens.slice(open + 1, close), tokens[open] as Token);
    if (alternatives === "literal") continue;
    if (alternatives === null) return null;
    const rest = expandTokens(tokens.slice(close + 1));
    if (rest === null || alternatives.length * rest.length > LIMITS.braceWords) return null;
    const before = tokens.slice(0, open).map(partOf);
    return alternatives.flatMap((middle) => rest.map((after) => [...before, ...middle, ...after]));
  }
  return [tokens.map(partOf)];
}

function matchingClose(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let i = open; i < tokens.length; i++) {
    const kind = tokens[i]?.kind;
    if (kind === "open") depth++;
    if (kind === "close" && --depth === 0) return i;
  }
  return -1;
}

/** The alternatives between the braces; `literal` when the braces stand for themselves, null beyond the limit. */
function alternativesOf(inside: readonly Token[], open: Token): readonly (readonly WordPart[])[] | "literal" | null {
  const only = inside[0];
  if (inside.length === 1 && only?.kind === "part" && only.part.kind === "literal") {
    const sequence = sequenceOf(only.part.text);
    if (sequence === null || sequence === "literal") return sequence;
    const span = "span" in open ? open.span : only.part.span;
    return sequence.map((text) => [{ kind: "literal", text, span }]);
  }
  const pieces: Token[][] = [[]];
  let depth = 0;
  for (const token of inside) {
    if (token.kind === "open") depth++;
    if (token.kind === "close") depth--;
    if (token.kind === "comma" && depth === 0) pieces.push([]);
    else pieces.at(-1)?.push(token);
  }
  if (pieces.length === 1) return "literal";
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

/** `1..5`, `05..10`, `a..e`, `1..9..2`. */
function sequenceOf(text: string): readonly string[] | "literal" | null {
  const [from, to, by, more] = text.split("..");
  if (from === undefined || to === undefined || more !== undefined) return "literal";
  const step = by === undefined ? 1 : wholeNumber(by);
  const first = wholeNumber(from);
  const last = wholeNumber(to);
  if (step === null) return "literal";
  if (first !== null && last !== null) {
    const width = padded(from) || padded(to) ? Math.max(from.length, to.length) : 0;
    const numbers = range(first, last, step);
    return numbers === null ? null : numbers.map((n) => pad(n, width));
  }
  if (isLetter(from) && isLetter(to)) {
    const points = range(from.charCodeAt(0), to.charCodeAt(0), step);
    return points === null ? null : points.map((point) => String.fromCharCode(point));
  }
  return "literal";
}

function range(first: number, last: number, step: number): readonly number[] | null {
  const stride = Math.max(1, Math.abs(step));
  if (Math.abs(last - first) / stride >= LIMITS.braceWords) return null;
  const numbers: number[] = [];
  if (first <= last) for (let n = first; n <= last; n += stride) numbers.push(n);
  else for (let n = first; n >= last; n -= stride) numbers.push(n);
  return numbers;
}

function wholeNumber(text: string): number | null {
  const digits = text.startsWith("-") || text.startsWith("+") ? text.slice(1) : text;
  if (digits === "" || digits.length > 15) return null;
  for (const character of digits) if (character < "0" || character > "9") return null;
  return Number(text);
}

function padded(text: string): boolean {
  const digits = text.startsWith("-") ? text.slice(1) : text;
  return digits.length > 1 && digits.startsWith("0");
}

function pad(n: number, width: number): string {
  const digits = String(Math.abs(n));
  return n < 0 ? `-${digits.padStart(width - 1, "0")}` : digits.padStart(width, "0");
}

function isLetter(text: string): boolean {
  return text.length === 1 && ((text >= "a" && text <= "z") || (text >= "A" && text <= "Z"));
}
