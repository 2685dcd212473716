// What braces put side by side is read as one text: `{~,x}/y` has a tilde, `{$,x}HOME` a variable, `{$x,y}z` the variable `xz`.
// Implements spec/change.md section 5.4.
// Twin of go/change/words/brace_seams.go. SECURITY: the temptation is to join values; bash joins text, and looks at it afterwards.

import type { WordPart } from "../shell/syntax.js";

/** The parts of one word that braces made, with literal text joined, and the expansions that begin or go on at a seam. */
export function readAgain(parts: readonly WordPart[]): readonly WordPart[] {
  const read: WordPart[] = [];
  for (const part of joinedLiterals(parts)) {
    const last = read.at(-1);
    if (part.kind === "literal") {
      const taken = last !== undefined && isPlainName(last) ? nameEnd(part.text, 0) : 0;
      if (last?.kind === "parameter" && taken > 0) read[read.length - 1] = { ...last, name: last.name + part.text.slice(0, taken) };
      read.push(...expansionsIn({ ...part, text: part.text.slice(taken) }));
      // `{$,x}'…'` is `$'…'`, whose escapes nobody has undone, and `{$,x}$y` is `$$` and `y`.
    } else if (last?.kind === "literal" && last.text.endsWith("$") && part.kind !== "process_substitution")
      read.push({ kind: "unsupported", reason: "syntax_error", span: part.span });
    else read.push(part);
  }
  return read;
}

type Literal = Extract<WordPart, { kind: "literal" }>;

function joinedLiterals(parts: readonly WordPart[]): readonly WordPart[] {
  const joined: WordPart[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (part.kind === "literal" && last?.kind === "literal")
      joined[joined.length - 1] = { ...last, text: last.text + part.text, span: { start: last.span.start, end: part.span.end } };
    else joined.push(part);
  }
  return joined;
}

/** `$x` without braces: three bytes more than the name would be `${x}`. */
function isPlainName(part: WordPart): boolean {
  if (part.kind !== "parameter" || part.operator !== "" || part.subscript !== null) return false;
  return isNameStart(part.name[0]) && part.span.end - part.span.start !== part.name.length + 3;
}

/** In text as it was written no `$` stands before a name: only a seam brings that. */
function expansionsIn({ text, span }: Literal): readonly WordPart[] {
  const parts: WordPart[] = [];
  const literal = (plain: string): void => {
    if (plain !== "") parts.push({ kind: "literal", text: plain, span });
  };
  let done = 0;
  for (let at = text.indexOf("$"); at >= 0; at = text.indexOf("$", Math.max(at + 1, done))) {
    const next = text[at + 1] ?? "";
    const end = isNameStart(next) ? nameEnd(text, at + 1) : next !== "" && "0123456789@*#?-$!".includes(next) ? at + 2 : 0;
    if (end === 0 && next !== "{" && next !== "(") continue;
    literal(text.slice(done, at));
    if (end === 0) return [...parts, { kind: "unsupported", reason: "syntax_error", span }];
    parts.push({ kind: "parameter", name: text.slice(at + 1, end), subscript: null, operator: "", arguments: [], span });
    done = end;
  }
  literal(text.slice(done));
  return parts;
}

function nameEnd(text: string, from: number): number {
  let end = from;
  while (isNameStart(text[end]) || isDigit(text[end])) end++;
  return end;
}

function isNameStart(character: string | undefined): boolean {
  return character !== undefined && ((character >= "a" && character <= "z") || (character >= "A" && character <= "Z") || character === "_");
}

function isDigit(character: string | undefined): boolean {
  return character !== undefined && character >= "0" && character <= "9";
}
