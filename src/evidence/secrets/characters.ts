// The character classes of redaction. Implements spec/redaction.md section 2. Twin of go/evidence/secrets/characters.go.
// All are ASCII; what is beyond ASCII is a value character and nothing else. The temptation is regular expressions: two engines
// would read them differently, and a hostile command could make them slow.

export const WORD = 1; // letters, digits, underscore
export const NAME = 2; // WORD, dot, hyphen
export const BLANK = 4; // space, tab, line feed, carriage return
export const ENDS_VALUE = 8; // blanks and what ends an unquoted value
export const ENDS_COMMAND = 16; // what ends a simple command

const CLASSES = buildClasses();

function buildClasses(): Uint8Array {
  const classes = new Uint8Array(128);
  const add = (bits: number, characters: string) => {
    for (let i = 0; i < characters.length; i++) classes[characters.charCodeAt(i)] = (classes[characters.charCodeAt(i)] ?? 0) | bits;
  };
  add(WORD | NAME, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");
  add(NAME, ".-");
  add(BLANK | ENDS_VALUE, " \t\n\r");
  add(ENDS_VALUE, ";&|<>()\"'`,{}[]");
  add(ENDS_COMMAND, ";&|()`\n");
  return classes;
}

/** True when the character at `at` is in one of the classes; false beyond either end. */
export function isIn(text: string, at: number, classes: number): boolean {
  const unit = text.charCodeAt(at);
  return unit < 128 && ((CLASSES[unit] ?? 0) & classes) !== 0;
}

export function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}

export function isLetter(unit: number): boolean {
  return (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x41 && unit <= 0x5a);
}

/** UTF-8 bytes that a UTF-16 unit stands for; either half of a pair counts two. */
export function widthOf(unit: number): number {
  if (unit < 0x80) return 1;
  if (unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff)) return 2;
  return 3;
}

/** ASCII letters in lower case, everything else as it is: the full Unicode mapping differs between languages. */
export function lowerAscii(text: string): string {
  let lower = "";
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    lower += String.fromCharCode(unit >= 0x41 && unit <= 0x5a ? unit + 0x20 : unit);
  }
  return lower;
}

/**
 * True where a token or a name may begin: not inside a word. After `\n`, `\t`, `\r` (JSON and shell escapes) and `%20` (URLs) the letter before
 * belongs to the escape, so that a secret behind one is seen too.
 */
export function beginsWord(text: string, at: number): boolean {
  if (!isIn(text, at - 1, WORD)) return true;
  const before = text.charAt(at - 1);
  if ((before === "n" || before === "t" || before === "r") && text.charAt(at - 2) === "\\") return true;
  return text.charAt(at - 3) === "%" && isIn(text, at - 2, WORD);
}
