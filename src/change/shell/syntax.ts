// The syntax tree of a command line, as plain frozen data. Implements spec/shell.md section 2. Twin of go/change/shell.
// It says what bash would read, never what it would do. What the grammar does not accept stands here as `unsupported`, in the smallest place.

import type { Span } from "../../base/span.js";

/** A list of and-or lists: a whole command line, or the inside of `$( … )`, `{ … }`, `if … then`. */
export interface Script {
  readonly items: readonly ListItem[];
  readonly span: Span;
}

/** One and-or list: `first && second || third`, perhaps ended by `&`. */
export interface ListItem {
  readonly first: Pipeline;
  readonly rest: readonly { readonly operator: "&&" | "||"; readonly pipeline: Pipeline }[];
  readonly background: boolean;
  readonly span: Span;
}

/** `commands` joined by `|`; `stderr[i]` says that the pipe after command i was `|&`. */
export interface Pipeline {
  readonly negated: boolean;
  readonly timed: boolean;
  readonly commands: readonly Command[];
  readonly stderr: readonly boolean[];
  readonly span: Span;
}

export type Command =
  | SimpleCommand
  | { readonly kind: "subshell" | "group"; readonly body: Script; readonly redirects: readonly Redirect[]; readonly span: Span }
  | IfCommand
  | {
      readonly kind: "while" | "until";
      readonly condition: Script;
      readonly body: Script;
      readonly redirects: readonly Redirect[];
      readonly span: Span;
    }
  | ForCommand
  | {
      readonly kind: "arithmetic_for";
      readonly expression: Word;
      readonly body: Script;
      readonly redirects: readonly Redirect[];
      readonly span: Span;
    }
  | CaseCommand
  | {
      readonly kind: "function";
      readonly name: string;
      readonly body: Command;
      readonly redirects: readonly Redirect[];
      readonly span: Span;
    }
  | { readonly kind: "test"; readonly words: readonly Word[]; readonly redirects: readonly Redirect[]; readonly span: Span }
  | { readonly kind: "arithmetic"; readonly expression: Word; readonly redirects: readonly Redirect[]; readonly span: Span }
  | UnsupportedCommand;

/** Words are in source order, the program first; a simple command may have assignments and redirects only. */
export interface SimpleCommand {
  readonly kind: "simple";
  readonly assignments: readonly Assignment[];
  readonly words: readonly Word[];
  readonly redirects: readonly Redirect[];
  readonly span: Span;
}

/** `clauses` are the `if` and every `elif`. */
export interface IfCommand {
  readonly kind: "if";
  readonly clauses: readonly { readonly condition: Script; readonly body: Script }[];
  readonly otherwise: Script | null;
  readonly redirects: readonly Redirect[];
  readonly span: Span;
}

/** `values: null` is `for x` without `in`: it walks the positional parameters. */
export interface ForCommand {
  readonly kind: "for";
  readonly variable: string;
  readonly values: readonly Word[] | null;
  readonly body: Script;
  readonly redirects: readonly Redirect[];
  readonly span: Span;
}

export interface CaseCommand {
  readonly kind: "case";
  readonly subject: Word;
  readonly branches: readonly { readonly patterns: readonly Word[]; readonly body: Script; readonly ends: ";;" | ";&" | ";;&" }[];
  readonly redirects: readonly Redirect[];
  readonly span: Span;
}

/** Text outside the grammar: one command, or the rest of the line when nothing after it can be trusted. */
export interface UnsupportedCommand {
  readonly kind: "unsupported";
  readonly reason: UnsupportedReason;
  readonly redirects: readonly Redirect[];
  readonly span: Span;
}

/** `name=value`, `name+=value`, `name=(a b)`; `value: null` with `elements: null` is the empty value. */
export interface Assignment {
  readonly name: string;
  readonly append: boolean;
  /** The text between the brackets of `name[text]=`; empty when there is none. */
  readonly subscript: Word | null;
  readonly value: Word | null;
  readonly elements: readonly Word[] | null;
  readonly span: Span;
}

export type RedirectOperator = "<" | ">" | ">>" | ">|" | "<>" | "<&" | ">&" | "&>" | "&>>" | "<<" | "<<-" | "<<<";

/** `fd` is the number before the operator (null: the operator's own), `variable` the name in `{name}>`. */
export interface Redirect {
  readonly operator: RedirectOperator;
  readonly fd: number | null;
  readonly variable: string | null;
  /** The word after the operator; for here-documents the body, quoted (one `quoted` part) or with its expansions. */
  readonly target: Word;
  readonly span: Span;
}

/** Neighbouring parts make one word. A word without parts cannot occur; `''` is one empty `quoted` part. */
export interface Word {
  readonly parts: readonly WordPart[];
  readonly span: Span;
}

export type WordPart =
  /** Unquoted text, still subject to tilde, brace, and glob reading; its backslash escapes are parts of kind `quoted`. */
  | { readonly kind: "literal"; readonly text: string; readonly span: Span }
  /** Text that stands for itself: `'…'`, `\x`, `$'…'` (escapes undone). */
  | { readonly kind: "quoted"; readonly text: string; readonly span: Span }
  /** `"…"` and `$"…"`: its parts are never split and never globbed. */
  | { readonly kind: "double"; readonly parts: readonly WordPart[]; readonly span: Span }
  | ParameterPart
  /** `$( … )` and backticks. */
  | { readonly kind: "command_substitution"; readonly body: Script; readonly span: Span }
  /** `<( … )` and `>( … )`. */
  | { readonly kind: "process_substitution"; readonly direction: "<" | ">"; readonly body: Script; readonly span: Span }
  /** `$(( … ))` and `$[ … ]`: the text with its expansions as parts. */
  | { readonly kind: "arithmetic"; readonly parts: readonly WordPart[]; readonly span: Span }
  | { readonly kind: "unsupported"; readonly reason: UnsupportedReason; readonly span: Span };

/**
 * `$name`, `${name}`, `${name:-word}`, `${#name}`, `${name[0]}`, `${name/pattern/word}`, `${name:offset:length}`.
 * `operator` is "" for the plain forms, "#length" for `${#name}`, "!indices" for `${!name[@]}`; `arguments` are the words after the operator, in order.
 */
export interface ParameterPart {
  readonly kind: "parameter";
  readonly name: string;
  readonly subscript: Word | null;
  readonly operator: string;
  readonly arguments: readonly Word[];
  readonly span: Span;
}

/** Why a part of the line lies outside the grammar. spec/shell.md section 3 says when each is given. */
export type UnsupportedReason =
  | "syntax_error"
  | "unterminated"
  | "coprocess"
  | "select_loop"
  | "extended_glob"
  | "subscripted_declaration"
  | "indirect_expansion"
  | "transforming_expansion"
  | "history_expansion"
  | "carriage_return"
  | "invalid_text"
  | "glued_redirect"
  | "reprinted_here_document"
  | "limit_exceeded";
