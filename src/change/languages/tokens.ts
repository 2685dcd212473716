// The tokens that code in any of the five general languages is cut into. Implements spec/languages.md section 3.
// Twin of go/change/languages/tokens.go.
// One shape for all languages: what differs between them is in the lexicon, as data, and in the quote readers.

/**
 * `words` is a list of fixed words (`qw(a b)`, `%w[a b]`), `command` is text for a shell (backticks), `glob` a file pattern (`<*.c>`),
 * `pattern` a regular expression (its parts are the code that it runs), `hidden` something that holds code nobody can see (`(?{ … })`).
 */
export interface Token {
  readonly kind: "name" | "variable" | "number" | "string" | "command" | "words" | "glob" | "pattern" | "hidden" | "operator" | "newline";
  /** The name, the variable with its sigil, the digits, the operator; "" for the kinds that have parts, but `s///` for a pattern that changes what it is bound to. */
  readonly text: string;
  readonly parts: readonly Part[];
  /** White space or a comment stands before it. */
  readonly gap: boolean;
  /** Columns of white space at the beginning of its line, where it is the first token of a line; else -1. */
  readonly indent: number;
}

/** A piece of a string: fixed text, or code whose value is put there. */
export type Part = { readonly kind: "text"; readonly text: string } | { readonly kind: "code"; readonly tokens: readonly Token[] };

/** How a language is cut into tokens; spec/catalogue/languages.yaml fills it. */
export interface Lexicon {
  readonly line_comments: readonly string[];
  readonly block_comments: readonly (readonly [string, string])[];
  /** Longest first. */
  readonly operators: readonly string[];
  /** Names that are no operand: after one of them an operand may begin. */
  readonly keywords: readonly string[];
  /** Characters that may stand in names besides ASCII letters, digits and `_`; those above U+007F always may. */
  readonly name_characters: string;
  /** Characters that begin a variable. */
  readonly sigils: string;
  readonly newlines_end_statements: boolean;
}
