// Lists in words: what splits as a list does, and what a quoted one does to the words beside it. Implements spec/change.md sections 5.5 and 5.10.
// Twin of go/change/words/lists.go.

import type { Word, WordPart } from "../shell/syntax.js";

/** Beside `$@`, `"$@"` or `$*` everything is split. */
export function isList(part: WordPart, quoted: boolean): boolean {
  if (part.kind === "double") return part.parts.some((inner) => isList(inner, true));
  if (part.kind !== "parameter" || part.operator === "#length") return false;
  const only = part.subscript?.parts[0];
  const which = only?.kind === "literal" && part.subscript?.parts.length === 1 ? only.text : part.name;
  return which === "@" || (which === "*" && !quoted);
}

/** Beside a quoted list bash drops the blanks at both ends of the word, and what stands there becomes one with its neighbours. */
export function mayBeGlued(word: Word, ifs: string | null): boolean {
  const first = word.parts[0];
  const last = word.parts.at(-1);
  if (first === undefined || last === undefined || !word.parts.some((part) => holdsQuotedList(part, false))) return false;
  return mayBeBlank(first, true, ifs) || mayBeBlank(last, false, ifs);
}

function holdsQuotedList(part: WordPart, quoted: boolean): boolean {
  if (part.kind === "double") return part.parts.some((inner) => holdsQuotedList(inner, true));
  if (part.kind !== "parameter") return false;
  return (quoted && isList(part, true)) || part.arguments.some((word) => word.parts.some((inner) => holdsQuotedList(inner, quoted)));
}

function mayBeBlank(part: WordPart, atBeginning: boolean, ifs: string | null): boolean {
  if (part.kind !== "literal") return part.kind !== "quoted" && part.kind !== "double";
  const characters = Array.from(part.text);
  return ifs === null || ifs.includes((atBeginning ? characters[0] : characters.at(-1)) ?? "");
}
