// What the evaluation of words asks of the shell around it. Implements spec/change.md section 5.1. Twin of go/change/words/context.go.
// The walk supplies it, so that words never import the walk.

import type { Span } from "../../base/span.js";
import type { Output } from "../reading.js";
import type { Script } from "../shell/syntax.js";
import type { Value } from "../values.js";
import type { Budget } from "./budget.js";

/** `unset` is known to have no value; a variable of which nothing is known is a scalar with an unknown value. */
export type Variable =
  | { readonly kind: "unset" }
  | { readonly kind: "scalar"; readonly value: Value }
  | { readonly kind: "array"; readonly values: readonly Value[] };

export interface WordContext {
  readonly budget: Budget;
  variable(name: string): Variable;
  assign(name: string, variable: Variable): void;
  /** `$0 $1 …`; null when their number is unknown. */
  positional(): readonly Value[] | null;
  cwd(): Value;
  /** Names in an absolute folder, or null when no fact says. */
  listing(folder: string): readonly string[] | null;
  /** Walks the inside of a substitution, and says what it prints. */
  substitute(body: Script, span: Span): Output;
  /** Walks the inside of `<( … )` or `>( … )`, and names the file that stands for it. */
  process(direction: "<" | ">", body: Script, span: Span): string;
  opaque(reason: string, detail: string, span: Span): void;
}
