// What a word of a command line is known to be before the command runs. Implements spec/change.md section 5.
// Twin of go/change/model/values.go.
// Known text, a glob that every possible text matches, or unknown: there is no fourth, and nothing is ever guessed.

import type { Span } from "../base/span.js";

/**
 * `text`: exactly this. `pattern`: some texts that all match `glob` (`*`, `?`, `[…]` never match `/`; `**` as a whole component matches any number of
 * components; a backslash takes the next character literally); an unexpanded glob, or known text around a hole that cannot hold a `/`.
 * `unknown`: any text that begins with `prefix`; `many` says that it may be any number of words, also none;
 * `derived` that it holds what a program printed; `ends` what it surely ends in, from the last `/` on; `trusted` that it is, as a whole, shell code that a known program prints for `eval` (`ssh-agent -s`).
 * `random`: every hole of the pattern is some letters and digits (`mktemp`, `$$`), at least one.
 * `names`: the pattern stands for all file names that match it, any number of words; without it, for one text.
 */
export type Value =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "pattern"; readonly glob: string; readonly random?: true; readonly names?: true }
  | {
      readonly kind: "unknown";
      readonly prefix: string;
      readonly many: boolean;
      readonly derived?: boolean;
      readonly trusted?: boolean;
      readonly ends?: string;
    };

/** One word after evaluation, with the place it came from. */
export interface Argument {
  readonly value: Value;
  readonly span: Span;
  /** It came out of an expansion; left out where the word stands as it is on the line. */
  readonly expanded?: true;
}

/**
 * What stands at a command's standard input. `inherited`: nothing that the line supplies. `stream` is a pipe or file of unknown text;
 * `file` is the canonical path of that file.
 */
export type Stdin =
  | { readonly kind: "inherited" }
  | { readonly kind: "text"; readonly text: string; readonly span: Span }
  /** Lines that each match one of the globs (the output of `find`, `ls`, `grep -l`). */
  | { readonly kind: "lines"; readonly globs: readonly string[]; readonly span: Span }
  | { readonly kind: "stream"; readonly span: Span; readonly file?: string };

export function text(known: string): Value {
  return { kind: "text", text: known };
}

export const UNKNOWN_WORD: Value = { kind: "unknown", prefix: "", many: false };
export const UNKNOWN_WORDS: Value = { kind: "unknown", prefix: "", many: true };
