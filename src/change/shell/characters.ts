// Which characters mean something to the shell. Implements spec/shell.md section 4.1. Twin of go/change/shell.
// Only ASCII means anything: a no-break space is part of a word, as it is for bash.

export const TAB = 0x09;
export const NEWLINE = 0x0a;
export const RETURN = 0x0d;
export const SPACE = 0x20;
export const BANG = 0x21;
export const DOUBLE_QUOTE = 0x22;
export const HASH = 0x23;
export const DOLLAR = 0x24;
export const AMPERSAND = 0x26;
export const QUOTE = 0x27;
export const OPEN = 0x28;
export const CLOSE = 0x29;
export const STAR = 0x2a;
export const PLUS = 0x2b;
export const MINUS = 0x2d;
export const SLASH = 0x2f;
export const COLON = 0x3a;
export const SEMICOLON = 0x3b;
export const LESS = 0x3c;
export const EQUALS = 0x3d;
export const GREATER = 0x3e;
export const QUESTION = 0x3f;
export const AT = 0x40;
export const OPEN_BRACKET = 0x5b;
export const BACKSLASH = 0x5c;
export const CLOSE_BRACKET = 0x5d;
export const BACKTICK = 0x60;
export const OPEN_BRACE = 0x7b;
export const PIPE = 0x7c;
export const CLOSE_BRACE = 0x7d;

const BREAK = 1;
const SPECIAL = 2;
const NAME = 4;
const DIGIT = 8;

const CLASS = new Uint8Array(128);
for (const letter of "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_") CLASS[letter.charCodeAt(0)] = NAME;
for (const digit of "0123456789") CLASS[digit.charCodeAt(0)] = NAME | DIGIT;
for (const breaker of " \t\n()<>;&|") CLASS[breaker.charCodeAt(0)] = BREAK | SPECIAL;
for (const special of "\\'\"`$\r?*+@!") CLASS[special.charCodeAt(0)] = SPECIAL;

/** A blank, a newline or one of `( ) < > ; & |`: it ends a word. */
export function breaksWord(code: number): boolean {
  return code < 128 && ((CLASS[code] ?? 0) & BREAK) !== 0;
}

/** Anything that is not simply the next character of an unquoted word. */
export function isSpecial(code: number): boolean {
  return code < 128 && ((CLASS[code] ?? 0) & SPECIAL) !== 0;
}

export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

export function isNameStart(code: number): boolean {
  return code < 128 && ((CLASS[code] ?? 0) & (NAME | DIGIT)) === NAME;
}

export function isNameCharacter(code: number): boolean {
  return code < 128 && ((CLASS[code] ?? 0) & NAME) !== 0;
}

/** `? * + @ !`: before `(` it may be an extended glob. */
export function startsExtendedGlob(code: number): boolean {
  return code === QUESTION || code === STAR || code === PLUS || code === AT || code === BANG;
}
