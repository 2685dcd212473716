// Case, blanks and whole numbers, for ASCII alone. Implements spec/languages.md section 5.3. Twin of go/change/languages/ascii.go.
// The temptation is `toLowerCase`, `trim` and `Number`: they know Unicode and exponents in ways that no two languages share.

export { trimAscii, trimEndAscii, trimStartAscii, upperAscii } from "../../base/ascii.js";

const BLANKS = " \t\n\r\f\v";

export function lowerAscii(text: string): string {
  let out = "";
  for (const char of text) out += char >= "A" && char <= "Z" ? String.fromCharCode(char.charCodeAt(0) + 32) : char;
  return out;
}

/** The words between blanks. */
export function wordsAscii(text: string): string[] {
  const words: string[] = [];
  let word = "";
  for (const char of text) {
    if (!BLANKS.includes(char)) word += char;
    else if (word !== "") {
      words.push(word);
      word = "";
    }
  }
  if (word !== "") words.push(word);
  return words;
}

/** A whole number in decimal, of at most 15 digits; null for anything else. */
export function decimal(text: string): number | null {
  const digits = text.startsWith("-") ? text.slice(1) : text;
  const value = digitsIn(digits, 10);
  return value === null ? null : digits === text ? value : -value;
}

/** A number as code writes it: decimal, `0x`, `0o`, `0b`, octal after a leading `0`, with `_` between digits. */
export function literal(text: string): number | null {
  const plain = text.replaceAll("_", "");
  const mark = plain.slice(0, 2);
  if (mark === "0x" || mark === "0X") return digitsIn(plain.slice(2), 16);
  if (mark === "0o" || mark === "0O") return digitsIn(plain.slice(2), 8);
  if (mark === "0b" || mark === "0B") return digitsIn(plain.slice(2), 2);
  if (plain.length > 1 && plain.startsWith("0")) return digitsIn(plain.slice(1), 8);
  return digitsIn(plain.endsWith("n") ? plain.slice(0, -1) : plain, 10);
}

function digitsIn(digits: string, base: number): number | null {
  if (digits === "" || digits.length > 15) return null;
  let value = 0;
  for (const char of digits) {
    const digit = "0123456789abcdef".indexOf(lowerAscii(char));
    if (digit < 0 || digit >= base) return null;
    value = value * base + digit;
  }
  return Number.isSafeInteger(value) ? value : null;
}
