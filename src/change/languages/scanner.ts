// The state of a scan, and what all its readers ask of it. Implements spec/languages.md section 3. Twin of go/change/languages/scanner.go.

import type { Lexicon, Part, Token } from "./tokens.js";

export type General = "python" | "javascript" | "perl" | "ruby" | "php";

/** Where the scanner stands. `resume` is where the line after the here-documents of this line begins, or -1. */
export interface Scanner {
  readonly language: General;
  readonly lexicon: Lexicon;
  readonly code: string;
  readonly nesting: number;
  readonly budget: { tokens: number };
  readonly tokens: Token[];
  /** Scans a piece of code that stands inside a string: the readers of strings and the scanner need each other. */
  readonly inner: (code: string) => readonly Token[] | null;
  at: number;
  resume: number;
  failed: boolean;
}

export function push(scanner: Scanner, kind: Token["kind"], text: string, gap: boolean, parts: readonly Part[] = []): void {
  const last = scanner.tokens.at(-1);
  const first = last === undefined || last.kind === "newline";
  scanner.tokens.push({ kind, text, parts, gap, indent: first ? lineIndent(scanner) : -1 });
}

/** True when what stands before can be the left side of an operator, so that `/` divides and `%` is a remainder. */
export function afterOperand(scanner: Scanner): boolean {
  const last = scanner.tokens.at(-1);
  if (last === undefined || last.kind === "newline") return false;
  if (last.kind === "operator") return last.text === ")" || last.text === "]" || (last.text === "}" && scanner.language !== "javascript");
  return !(last.kind === "name" && scanner.lexicon.keywords.includes(last.text));
}

function lineIndent(scanner: Scanner): number {
  const { code } = scanner;
  let at = code.lastIndexOf("\n", scanner.at - 1) + 1;
  let columns = 0;
  for (; code[at] === " " || code[at] === "\t"; at++) columns += code[at] === "\t" ? 8 : 1;
  return columns;
}

export function isLineStart(code: string, at: number): boolean {
  return at === 0 || code[at - 1] === "\n";
}

export function isDigit(char: string): boolean {
  return char >= "0" && char <= "9" && char.length === 1;
}

export function isNameStart(lexicon: Lexicon, char: string): boolean {
  if (char === "") return false;
  return (
    (char >= "a" && char <= "z") ||
    (char >= "A" && char <= "Z") ||
    char === "_" ||
    char > "\u007f" ||
    lexicon.name_characters.includes(char)
  );
}

export function isNamePart(lexicon: Lexicon, char: string): boolean {
  return isNameStart(lexicon, char) || isDigit(char);
}
