// Puts a value in the place of a mark (`{}`) inside words, as find, xargs and parallel do. Implements spec/catalogue.md clause 10.4.
// Twin of go/change/programs/replace.go.

import { escapeGlob } from "../catalogue/value-parts.js";
import { type Argument, text, type Value } from "../values.js";

/** Every word with each `mark` replaced. A word that cannot be known keeps nothing but its known beginning. */
export function replaceInWords(words: readonly Argument[], mark: string, value: Value): readonly Argument[] {
  return words.map((word) => ({ value: replaceIn(word.value, mark, value), span: word.span }));
}

export function replaceIn(word: Value, mark: string, value: Value): Value {
  if (mark === "" || word.kind !== "text") return replaceInHole(word, mark, value);
  const pieces = word.text.split(mark);
  if (pieces.length === 1) return word;
  if (word.text === mark) return value;
  if (value.kind === "text") return text(pieces.join(value.text));
  if (value.kind === "unknown") return { ...value, prefix: (pieces[0] ?? "") + value.prefix, many: false };
  // The same path twice in one word is two holes to the glob: it matches more, never less.
  return { kind: "pattern", glob: pieces.map(escapeGlob).join(value.glob) };
}

function replaceInHole(word: Value, mark: string, value: Value): Value {
  if (word.kind === "text" || mark === "") return word;
  const known = word.kind === "pattern" ? word.glob : word.prefix;
  if (!known.includes(mark)) return word;
  const start = known.slice(0, known.indexOf(mark));
  if (word.kind === "pattern") return { kind: "unknown", prefix: "", many: false };
  return value.kind === "text" ? { ...word, prefix: known.replaceAll(mark, value.text) } : { kind: "unknown", prefix: start, many: false };
}

/** True when the mark stands in a word. */
export function hasMark(words: readonly Argument[], mark: string): boolean {
  return words.some(({ value }) => {
    if (value.kind === "text") return value.text.includes(mark);
    return (value.kind === "pattern" ? value.glob : value.prefix).includes(mark);
  });
}
