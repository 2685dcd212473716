// Case, blanks and whole numbers, for ASCII alone. Implements the words "upper case", "lower case", "blank" and "whole number" wherever the spec has them.
// Twin of go/base/ascii.go. The temptation is `toUpperCase`, `trim` and `Number`: they know Unicode and exponents in ways that no two languages share
// (`K` of Kelvin becomes `k`, `ß` becomes two letters). Lower case is foldAscii, in glob.ts.

const BLANKS = " \t\n\r\f\v";

export function upperAscii(text: string): string {
  let out = "";
  for (const char of text) out += char >= "a" && char <= "z" ? String.fromCharCode(char.charCodeAt(0) - 32) : char;
  return out;
}

export function trimAscii(text: string): string {
  return trimStartAscii(trimEndAscii(text));
}

export function trimStartAscii(text: string): string {
  let from = 0;
  while (from < text.length && BLANKS.includes(text[from] ?? "x")) from++;
  return text.slice(from);
}

export function trimEndAscii(text: string): string {
  let to = text.length;
  while (to > 0 && BLANKS.includes(text[to - 1] ?? "x")) to--;
  return text.slice(0, to);
}

/** One to fifteen decimal digits; null for anything else. */
export function wholeNumber(text: string): number | null {
  if (text === "" || text.length > 15) return null;
  let value = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) return null;
    value = value * 10 + digit;
  }
  return value;
}
