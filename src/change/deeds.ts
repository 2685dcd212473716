// What one command line or one piece of code asks for, before paths are resolved and code is followed. Implements spec/change.md section 6.
// Twin of go/change/model/deeds.go. The catalogue, git and the language readers only *say* deeds; the walk alone turns them into effects.

import type { Span } from "../base/span.js";
import type { Argument, Stdin, Value } from "./values.js";

interface DeedBase {
  readonly span: Span;
}

export type Deed =
  /** A path is read, written (created, changed, truncated) or deleted; `tree`: with all below it; `contents`: only what is below it. */
  | (DeedBase & {
      readonly kind: "file";
      readonly effect: "read" | "write" | "delete";
      readonly path: Value;
      readonly extent: "exact" | "tree" | "contents";
    })
  /** The private key in a file is used, and its text goes nowhere: to sign, to log in. */
  | (DeedBase & { readonly kind: "key"; readonly path: Value })
  /** Code in a language is run. `positional` are `$0 $1 …` (shell) or `argv`; `stdin` is what the code reads. */
  | (DeedBase & {
      readonly kind: "code";
      readonly language: Language;
      readonly code: Value;
      readonly positional: readonly Argument[];
      readonly scope: Scope;
    })
  /** A file is run as code: `bash x.sh`, `source x`, `python x.py`, `./x`. */
  | (DeedBase & {
      readonly kind: "script";
      readonly language: Language;
      readonly path: Value;
      readonly positional: readonly Argument[];
      readonly scope: Scope;
    })
  /** A command is run from its words: `sudo rm -rf x`, `find -exec rm {} \;`, `subprocess.run(["rm", "x"])`. */
  | (DeedBase & { readonly kind: "command"; readonly words: readonly Argument[]; readonly scope: Scope })
  /** The git state or a remote changes. `force` as in GitEffect. */
  | (DeedBase & {
      readonly kind: "git";
      readonly operation: string;
      readonly ref: Value;
      readonly remote: Value;
      readonly force: "none" | "lease" | "force";
    })
  /** `destination` is a URL or a host. `body` says where what is sent comes from. */
  | (DeedBase & {
      readonly kind: "network";
      readonly destination: Value;
      readonly direction: "receive" | "send";
      readonly data: "none" | "literal" | "derived" | "unknown";
    })
  | (DeedBase & { readonly kind: "operate"; readonly system: string; readonly operation: string; readonly target: Value })
  | (DeedBase & { readonly kind: "opaque"; readonly reason: string; readonly detail: string });

/** How the inner code or command stands to the one that carries it. */
export interface Scope {
  /** `same`: it changes the shell it runs in (eval, source, builtin, `{ }`); `child`: a process of its own; `elsewhere`: another machine or container. */
  readonly place: "same" | "child" | "elsewhere";
  /** Working folder for it, where an option sets one (`env -C`, `git -C`); null keeps the carrier's. */
  readonly cwd: Value | null;
  /** Variables set for it, in order. */
  readonly environment: readonly { readonly name: string; readonly value: Value }[];
  /** What its standard input is; null keeps the carrier's. */
  readonly stdin: Stdin | null;
}

/** The languages that CAVRA can look into. `unknown` is code in none of them. */
export type Language =
  | "shell"
  | "python"
  | "javascript"
  | "perl"
  | "ruby"
  | "php"
  | "awk"
  | "sed"
  | "sql"
  | "redis"
  | "mongo"
  | "make"
  | "unknown";
