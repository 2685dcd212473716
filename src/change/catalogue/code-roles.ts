// Roles by which a word is run: code, scripts, commands, programs, libraries. Implements spec/catalogue.md section 3, clauses 3.3 to 3.5, and 8.3.
// Twin of go/change/catalogue/code_roles.go. It says that something runs; only the walk follows it.

import type { Deed, Language, Scope } from "../deeds.js";
import type { Argument, Stdin, Value } from "../values.js";
import { text, UNKNOWN_WORDS } from "../values.js";
import { meaningOf } from "./command-line.js";
import type { Context } from "./context.js";
import { isStandardStream } from "./file-roles.js";
import { loadPathDeeds, promptDeeds } from "./load-path.js";
import { entryOf, programOf } from "./lookup.js";
import { isLanguage, parseRole, runsSomething } from "./roles.js";
import type { Use } from "./uses.js";
import { joined, knownPrefix, within } from "./value-parts.js";

export function codeDeeds(use: Use, context: Context): readonly Deed[] {
  const { name, parameter } = parseRole(use.role);
  // Looking through the assignments for every operand would cost the square of their number.
  if (!CODE_ROLES.has(name)) return [];
  const { argument } = use;
  const scope = scopeOf(use.place, context);
  const { span } = argument;
  switch (name) {
    case "code":
      return [
        { kind: "code", language: languageOf(parameter), code: argument.value, positional: positionalFor(use, context), scope, span },
      ];
    case "script":
      return scriptDeeds(argument, languageOf(parameter), scope, context);
    case "program":
      return isStandardStream(argument.value) ? [] : [{ kind: "command", words: [argument, { value: UNKNOWN_WORDS, span }], scope, span }];
    case "command":
      return [{ kind: "command", words: [argument, ...use.following], scope, span }];
    case "shell_words":
    case "words": {
      const code = joined(
        [argument, ...use.following].map((word) => word.value),
        " ",
      );
      return [{ kind: "code", language: name === "words" ? languageOf(parameter) : "shell", code, positional: [], scope, span }];
    }
    case "load":
      return loadDeeds(argument, languageOf(parameter === "" ? "unknown" : parameter), scope, context);
    case "load_path":
      return loadPathDeeds(argument, languageOf(parameter === "" ? "unknown" : parameter), scope, context);
    case "prompt":
      return promptDeeds(argument, scope);
    case "module":
      return moduleDeeds(use, scope, context);
    default:
      return [];
  }
}

const CODE_ROLES: ReadonlySet<string> = new Set("code script program command shell_words words load load_path prompt module".split(" "));

export function scopeOf(place: Scope["place"], context: Context, stdin: Stdin | null = null): Scope {
  return { place, cwd: context.folder, environment: assignments(context), stdin };
}

function assignments(context: Context): Scope["environment"] {
  return context.uses
    .filter((use) => use.role === "assignment")
    .flatMap(({ argument: { value } }) => {
      const prefix = knownPrefix(value);
      const equals = prefix.indexOf("=");
      if (equals <= 0) return [];
      const rest: Value =
        value.kind === "text" ? text(value.text.slice(equals + 1)) : { kind: "unknown", prefix: prefix.slice(equals + 1), many: false };
      return [{ name: prefix.slice(0, equals), value: rest }];
    });
}

function languageOf(parameter: string): Language {
  return isLanguage(parameter) ? parameter : "unknown";
}

/** Clause 3.3: an operand that is code has its own `$0`; other code is called as the program. */
function positionalFor(use: Use, context: Context): readonly Argument[] {
  const words = positionalWords(context);
  return use.from === "operand" ? words : [{ value: text(context.call.name), span: use.argument.span }, ...words];
}

export function positionalWords(context: Context): readonly Argument[] {
  return context.uses.filter((use) => use.role === "positional").map((use) => use.argument);
}

export function scriptDeeds(script: Argument, language: Language, scope: Scope, context: Context): readonly Deed[] {
  const words = positionalWords(context);
  if (isStandardStream(script.value)) return stdinCode(language, [script, ...words], scope, context, script.span);
  const path = within(context.folder, script.value);
  return [{ kind: "script", language, path, positional: [script, ...words], scope, span: script.span }];
}

/** Code that comes from standard input; what the line does not supply cannot be known. */
export function stdinCode(
  language: Language,
  positional: readonly Argument[],
  scope: Scope,
  context: Context,
  span: Argument["span"],
): readonly Deed[] {
  const { stdin } = context.call;
  if (stdin.kind === "inherited") return [{ kind: "opaque", reason: "unknown_code", detail: language, span }];
  // `psql < schema.sql` runs a file as `psql -f schema.sql` does.
  if (stdin.kind === "stream" && stdin.file !== undefined)
    return [
      {
        kind: "script",
        language,
        path: text(stdin.file),
        positional,
        scope: { ...scope, stdin: { kind: "stream", span } },
        span: stdin.span,
      },
    ];
  const code: Value = stdin.kind === "text" ? text(stdin.text) : { kind: "unknown", prefix: "", many: false };
  return [{ kind: "code", language, code, positional, scope: { ...scope, stdin: { kind: "stream", span: stdin.span } }, span: stdin.span }];
}

function loadDeeds(library: Argument, language: Language, scope: Scope, context: Context): readonly Deed[] {
  const { value, span } = library;
  if (value.kind !== "text") return [{ kind: "opaque", reason: "unknown_code", detail: language, span }];
  if (!value.text.includes("/") && !value.text.startsWith(".")) return [];
  return [{ kind: "script", language, path: within(context.folder, value), positional: [library], scope, span }];
}

function moduleDeeds(use: Use, scope: Scope, context: Context): readonly Deed[] {
  const { value, span } = use.argument;
  if (value.kind !== "text") return [{ kind: "opaque", reason: "unknown_program", detail: "", span }];
  const { catalogue } = context.call;
  const known = programOf(catalogue, value.text) !== undefined || entryOf(catalogue.aliases, value.text) !== undefined;
  return known ? [{ kind: "command", words: [use.argument, ...use.following], scope, span }] : [];
}

/**
 * A word such as `-$X` is surely an option, but which? If one of those it may be can run something, the line is not known.
 * A word that is unknown from its first letter is far more often a path or a text, and is left to its role.
 */
export function unknownOptionDeeds(context: Context): readonly Deed[] {
  const { line, options } = context.located;
  if (line.unknown.length === 0) return [];
  const turning = meaningsThatRun(context);
  const running = options.filter(
    (option) => turning.has(meaningOf(option)) || [...(option.roles ?? []), ...Object.values(option.keys ?? {})].some(runsSomething),
  );
  return line.unknown
    .filter(({ value }) => {
      const prefix = knownPrefix(value);
      return prefix.startsWith("-") && running.some((option) => option.names.some((name) => mayBecome(prefix, name)));
    })
    .map(({ span }) => ({ kind: "opaque", reason: "unknown_option", detail: "", span }));
}

/** Options that make code of an operand or of standard input: `-c` of a shell. */
function meaningsThatRun(context: Context): ReadonlySet<string> {
  const { operands = [], stdin = [] } = context.located.program;
  const running = [...operands, ...stdin].filter(({ role }) => parseRole(role).name === "code");
  return new Set(running.flatMap(({ when = [] }) => when.flatMap((condition) => condition.split("|"))));
}

/** `-r` followed by unknown text may go on with any one-letter option; `--ex` only with names that begin so. */
function mayBecome(prefix: string, name: string): boolean {
  if (prefix === "-" || prefix === "--") return name.startsWith(prefix);
  return prefix.startsWith("--") ? name.startsWith(prefix) : name.length === 2 || name.startsWith(prefix);
}
