// Shell patterns over strings: `*`, `?`, `[…]`, `\x`. Implements spec/change.md section 5.6. Twin of go/change/model/glob.go.
// Characters are code points. Time is at most the product of the two lengths; there are no regular expressions.

import { LIMITS } from "./budget.js";

type Token =
  | { readonly kind: "character"; readonly character: string }
  | { readonly kind: "one" }
  | { readonly kind: "any" }
  | { readonly kind: "set"; readonly negated: boolean; readonly members: readonly SetMember[] };

type SetMember = { readonly kind: "range"; readonly from: number; readonly to: number } | { readonly kind: "class"; readonly name: string };

/** Whether the whole text matches. A pair that is too large for the limit matches: whoever asks is then on the careful side. */
export function matchesGlob(glob: string, text: string): boolean {
  const isPlain = isPlainButForEnds(glob);
  const starts = isPlain && glob.startsWith("*");
  const ends = isPlain && glob.endsWith("*");
  if (isPlain && !starts && !ends) return glob === text;
  if (!isPlain && !glob.includes("*") && !hasActive(glob) && !glob.includes("\\")) return glob === text;
  if (glob.length * text.length > LIMITS.matchCells) return true;
  if (!isPlain) return matchTokens(globTokens(glob), Array.from(text));
  const inner = glob.slice(starts ? 1 : 0, ends && glob.length > 1 ? -1 : undefined);
  if (starts) return ends ? text.includes(inner) : text.endsWith(inner);
  return text.startsWith(inner);
}

/** Most globs are a name, or a part of one behind or before a star: those need no list of steps. ASCII alone, so that units are characters. */
function isPlainButForEnds(glob: string): boolean {
  for (let i = 0; i < glob.length; i++) {
    const unit = glob.charCodeAt(i);
    if (unit >= 0x80 || unit === 0x3f || unit === 0x5b || unit === 0x5c) return false;
    if (unit === 0x2a && i > 0 && i < glob.length - 1) return false;
  }
  return true;
}

/** True when the text holds a `*`, a `?`, or a `[` with a `]` somewhere after it, unescaped. */
export function hasActive(glob: string): boolean {
  for (let i = 0; i < glob.length; i++) {
    const character = glob[i];
    if (character === "\\") i++;
    else if (character === "*" || character === "?") return true;
    else if (character === "[" && glob.indexOf("]", i + 2) > 0) return true;
  }
  return false;
}

/** The same text with every character that is special in a glob escaped. */
export function escapeGlob(text: string): string {
  let escaped = "";
  for (const character of text) escaped += "*?[]\\".includes(character) ? `\\${character}` : character;
  return escaped;
}

/** The text that a glob without active characters stands for. */
export function unescapeGlob(glob: string): string {
  let plain = "";
  for (let i = 0; i < glob.length; i++) {
    if (glob[i] === "\\" && i + 1 < glob.length) i++;
    plain += glob[i] ?? "";
  }
  return plain;
}

/** The literal text before the first active character. */
export function globPrefix(glob: string): string {
  for (let i = 0; i < glob.length; i++) {
    const character = glob[i];
    if (character === "\\") i++;
    else if (character === "*" || character === "?" || character === "[") return unescapeGlob(glob.slice(0, i));
  }
  return unescapeGlob(glob);
}

export function globTokens(glob: string): readonly Token[] {
  const characters = Array.from(glob);
  const tokens: Token[] = [];
  for (let i = 0; i < characters.length; i++) {
    const character = characters[i] ?? "";
    if (character === "*") {
      if (tokens.at(-1)?.kind !== "any") tokens.push({ kind: "any" });
    } else if (character === "?") tokens.push({ kind: "one" });
    else if (character === "[") {
      const set = readSet(characters, i);
      tokens.push(set === null ? { kind: "character", character } : set.token);
      if (set !== null) i = set.end;
    } else if (character === "\\" && i + 1 < characters.length) tokens.push({ kind: "character", character: characters[++i] ?? "" });
    else tokens.push({ kind: "character", character });
  }
  return tokens;
}

/** Whether all of `characters` from `from` to `to` match. One backtrack point is enough: a later star never needs an earlier one. */
export function matchTokens(tokens: readonly Token[], characters: readonly string[], from = 0, to = characters.length): boolean {
  let at = from;
  let token = 0;
  let starToken = -1;
  let starAt = from;
  while (at < to) {
    const current = tokens[token];
    if (current?.kind === "any") {
      starToken = token++;
      starAt = at;
    } else if (current !== undefined && matchesOne(current, characters[at] ?? "")) {
      token++;
      at++;
    } else if (starToken >= 0) {
      token = starToken + 1;
      at = ++starAt;
    } else return false;
  }
  while (tokens[token]?.kind === "any") token++;
  return token === tokens.length;
}

function matchesOne(token: Token, character: string): boolean {
  if (token.kind === "one") return true;
  if (token.kind === "character") return token.character === character;
  if (token.kind === "any") return false;
  const point = character.codePointAt(0) ?? 0;
  const inside = token.members.some((member) =>
    member.kind === "range" ? point >= member.from && point <= member.to : inClass(member.name, point),
  );
  return inside !== token.negated;
}

function readSet(characters: readonly string[], start: number): { token: Token; end: number } | null {
  let i = start + 1;
  const negated = characters[i] === "!" || characters[i] === "^";
  if (negated) i++;
  const members: SetMember[] = [];
  for (let first = true; i < characters.length; first = false) {
    if (characters[i] === "]" && !first) return { token: { kind: "set", negated, members }, end: i };
    const named = readNamed(characters, i);
    if (named !== null) {
      members.push({ kind: "class", name: named.name });
      i = named.next;
      continue;
    }
    if (characters[i] === "\\" && i + 1 < characters.length) i++;
    const from = characters[i++]?.codePointAt(0) ?? 0;
    if (characters[i] === "-" && i + 1 < characters.length && characters[i + 1] !== "]") {
      if (characters[i + 1] === "\\" && i + 2 < characters.length) i++;
      const to = characters[i + 1]?.codePointAt(0) ?? 0;
      members.push({ kind: "range", from, to });
      i += 2;
    } else members.push({ kind: "range", from, to: from });
  }
  return null;
}

/** `[:name:]`, `[=c=]`, `[.name.]`; the last two as the class ANY: which characters are equal is the locale's to say. */
function readNamed(characters: readonly string[], at: number): { readonly name: string; readonly next: number } | null {
  const mark = characters[at] === "[" ? characters[at + 1] : undefined;
  if (mark === "=") return characters[at + 3] === "=" && characters[at + 4] === "]" ? { name: ANY, next: at + 5 } : null;
  if (mark !== ":" && mark !== ".") return null;
  const close = characters.findIndex((character, i) => i > at + 1 && character === mark && characters[i + 1] === "]");
  if (close < 0) return null;
  return { name: mark === ":" ? characters.slice(at + 2, close).join("") : ANY, next: close + 2 };
}

const ANY = ".";

function inClass(name: string, point: number): boolean {
  const digit = point >= 48 && point <= 57;
  const upper = point >= 65 && point <= 90;
  const lower = point >= 97 && point <= 122;
  switch (name) {
    case ANY:
      return true;
    case "ascii":
      return point < 128;
    case "digit":
      return digit;
    case "upper":
      return upper;
    case "lower":
      return lower;
    case "alpha":
      return upper || lower;
    case "alnum":
      return digit || upper || lower;
    case "word":
      return digit || upper || lower || point === 95;
    case "space":
      return point === 32 || (point >= 9 && point <= 13);
    case "blank":
      return point === 32 || point === 9;
    case "xdigit":
      return digit || (point >= 65 && point <= 70) || (point >= 97 && point <= 102);
    case "punct":
      return point > 32 && point < 127 && !(digit || upper || lower);
    case "cntrl":
      return point < 32 || point === 127;
    case "print":
      return point >= 32 && point !== 127;
    case "graph":
      return point > 32 && point !== 127;
    default:
      return false;
  }
}
