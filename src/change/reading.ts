// What the walk asks of a program's reader, and what comes back. Implements spec/change.md section 6. Twin of go/change/model/reading.go.

import type { Span } from "../base/span.js";
import type { Catalogue } from "./catalogue/model.js";
import type { Deed } from "./deeds.js";
import type { Facts } from "./model.js";
import type { Argument, Stdin, Value } from "./values.js";

/** A program about to run: its canonical name, the words after it, and what is known around it. */
export interface Call {
  readonly name: string;
  readonly words: readonly Argument[];
  /** The whole command, program included: deeds that no single word carries point here. */
  readonly span: Span;
  readonly stdin: Stdin;
  /** Working folder as known here: absolute text, an absolute pattern, or unknown. */
  readonly cwd: Value;
  /** Variables that are known to be in the program's environment, by name. */
  readonly environment: Readonly<Record<string, Value>>;
  /** The environment is what the facts say: nothing in it is the line's doing. */
  readonly inherits?: boolean;
  readonly facts: Facts;
  readonly workspace_root: string;
  readonly catalogue: Catalogue;
}

/** What running it asks for (`deeds`, in source order), how rules may name it, and what it prints. */
export interface Reading {
  readonly deeds: readonly Deed[];
  readonly subcommand: string;
  /** Options by meaning, sorted by bytes, each once. */
  readonly options: readonly string[];
  readonly known: boolean;
  readonly harmless: boolean;
  readonly output: Output;
}

/**
 * Standard output as far as it can be known. `lines`: every line matches one of the globs. `trusted_code`: shell code that the program
 * is made to print for `eval` (`ssh-agent -s`, `kubectl completion bash`). `stream`: anything.
 */
export type Output =
  | { readonly kind: "text"; readonly text: string }
  /** `random`: one line, in which every hole is letters and digits. */
  | { readonly kind: "lines"; readonly globs: readonly string[]; readonly random?: true }
  | { readonly kind: "trusted_code" }
  /** `ends`: it is one path, which ends so, from the last `/` on. */
  | { readonly kind: "stream"; readonly ends?: string };

export type Reader = (call: Call) => Reading;
