// `{1..9..2}`, `{05..10}`, `{a..e}`: the words of a sequence in braces. Implements spec/change.md section 5.4.
// Twin of go/change/words/brace_sequence.go.

import type { Span } from "../../base/span.js";
import type { WordPart } from "../shell/syntax.js";
import { LIMITS } from "./budget.js";

/** Longer numbers are beyond what is counted exactly. */
const MOST_DIGITS = 15;

/** The parts that a sequence makes; `literal` when the text is none, null beyond the limit. */
export function sequenceOf(text: string, span: Span): readonly WordPart[] | "literal" | null {
  const texts = textsOf(text);
  if (texts === null || texts === "literal") return texts;
  // Between `Z` and `a` stand a backslash and a backtick: bash reads them, and what follows them, once more.
  return texts.map((one) =>
    one === "\\" || one === "`" ? { kind: "unsupported", reason: "syntax_error", span } : { kind: "literal", text: one, span },
  );
}

function textsOf(text: string): readonly string[] | "literal" | null {
  const [from, to, by, more] = text.split("..");
  if (from === undefined || to === undefined || more !== undefined) return "literal";
  const step = by === undefined ? 1 : wholeNumber(behindBlanks(by));
  const first = wholeNumber(behindBlanks(from));
  const last = wholeNumber(to);
  if (step === null) return "literal";
  if (first !== null && last !== null) {
    if ([first, last, step].includes(Number.POSITIVE_INFINITY)) return null;
    const width = padded(from) || padded(to) ? Math.max(from.length, to.length) : 0;
    const numbers = range(first, last, step);
    return numbers === null ? null : numbers.map((n) => pad(n, width));
  }
  if (isLetter(from) && isLetter(to)) {
    const points = step === Number.POSITIVE_INFINITY ? null : range(from.charCodeAt(0), to.charCodeAt(0), step);
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

/** bash reads the first number and the step with strtoimax, which passes blanks; of these, no other two can stand in a word. */
function behindBlanks(text: string): string {
  let at = 0;
  while (text[at] === "\v" || text[at] === "\f") at++;
  return text.slice(at);
}

/** Null for what is no number, infinity for one with too many digits. */
function wholeNumber(text: string): number | null {
  const digits = text.startsWith("-") || text.startsWith("+") ? text.slice(1) : text;
  if (digits === "") return null;
  for (const character of digits) if (character < "0" || character > "9") return null;
  return digits.length > MOST_DIGITS ? Number.POSITIVE_INFINITY : Number(text);
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
