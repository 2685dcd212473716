// The limits of the shell reader, named with their units. Implements spec/shell.md section 1.4. Twin of go/change/shell.
// Counters, never timers: the same text gives the same tree on every machine.

/** A longer text is one unsupported command. */
export const MAX_TEXT_BYTES = 1_048_576;
/** Words, array elements, patterns and here-document bodies of one text, those inside substitutions included. */
export const MAX_WORDS = 50_000;
/** Parts of words that are not plain text, at every depth. */
export const MAX_PARTS = 200_000;
/** Commands, the empty command after a lone `!` or `time` included. */
export const MAX_COMMANDS = 50_000;
/** Compound commands, substitutions, `${…}`, groups in tests and nested quotes inside each other. */
export const MAX_NESTING_LEVELS = 100;
/** Here-documents waiting for their bodies on one line; bash itself gives up at the seventeenth. */
export const MAX_PENDING_HERE_DOCUMENTS = 16;
/** Characters that are read a second time: up to closing brackets and backticks, and here-document bodies. */
export const MAX_REREAD_CHARACTERS = 4_194_304;

/** What one call of the reader has used so far; nested readers of the same text share it. */
export interface Budget {
  words: number;
  parts: number;
  commands: number;
  nesting: number;
  reread: number;
  /** The places from which they were counted, each with its kind. */
  readonly rereadFrom: Set<number>;
  /** Some limit was passed; whatever has no end now has none because of it. */
  exceeded: boolean;
}

export function newBudget(): Budget {
  return { words: 0, parts: 0, commands: 0, nesting: 0, reread: 0, rereadFrom: new Set(), exceeded: false };
}
