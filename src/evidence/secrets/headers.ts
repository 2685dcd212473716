// Secrets in HTTP headers. Implements spec/redaction.md sections 5.7 and 5.8. Twin of go/evidence/secrets/headers.go.

import { ENDS_VALUE, isDigit, isIn, isLetter, widthOf } from "./characters.js";
import type { Finding } from "./tokens.js";
import { afterCharacter, isLongMix, isReference, isSecret, QUOTED_BYTES, SEPARATOR, valueAt } from "./values.js";

/** `Authorization: Bearer SECRET`: the scheme stays. In quotes, around the value or around all, the value ends with them, else with the line. */
export function headerSecret(text: string, kind: "authorization" | "cookie", start: number, valueAtOrQuote: number): Finding | null {
  const around = text.charAt(start - 1);
  const inside = valueQuote(text, valueAtOrQuote);
  const from = valueAtOrQuote + inside.length;
  const value = kind === "authorization" ? afterScheme(text, from) : from;
  if (isReference(text.slice(value, headerEnd(text, value, " ", REFERENCE_BYTES)))) return null;
  const closing = inside !== "" ? inside.charAt(inside.length - 1) : around === '"' || around === "'" ? around : "\n";
  const end = headerEnd(text, value, closing, QUOTED_BYTES);
  return end > value ? { kind, start: value, end } : null;
}

/** A reference in a header is looked for in so many bytes. */
const REFERENCE_BYTES = 64;

function valueQuote(text: string, at: number): string {
  let quote = at;
  while (text.charAt(quote) === "\\" && quote - at < SEPARATOR) quote++;
  return text.charAt(quote) === '"' || text.charAt(quote) === "'" ? text.slice(at, quote + 1) : "";
}

function headerEnd(text: string, from: number, closing: string, mostBytes: number): number {
  let at = from;
  for (let bytes = 0; at < text.length && bytes < mostBytes && text.charAt(at) !== closing && text.charAt(at) !== "\n"; ) {
    const next = afterCharacter(text, at);
    for (; at < next; at++) bytes += widthOf(text.charCodeAt(at));
  }
  while (at > from && "\\ \r\"'".includes(text.charAt(at - 1))) at--;
  return at;
}

function afterScheme(text: string, from: number): number {
  let at = from;
  while (at - from < SCHEME && (isLetter(text.charCodeAt(at)) || isDigit(text.charCodeAt(at)) || text.charAt(at) === "-")) at++;
  return at > from && text.charAt(at) === " " && !isIn(text, at + 1, ENDS_VALUE) ? at + 1 : from;
}

const SCHEME = 32;

/** `Bearer SECRET` without the header's name. `end` is where the word ends. */
export function bareBearer(text: string, end: number): Finding | null {
  if (text.charAt(end) !== " ") return null;
  const value = valueAt(text, end + 1);
  if (value.quoted || !isLongMix(text.slice(value.start, value.end))) return null;
  return isSecret(text, value, "keyed") ? { kind: "authorization", start: value.start, end: value.end } : null;
}
