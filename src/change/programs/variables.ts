// Environment variables that make a program run something: BASH_ENV, PAGER, LD_PRELOAD. Implements spec/catalogue.md clause 6.1.
// Twin of go/change/programs/variables.go.

import { codeDeeds } from "../catalogue/code-roles.js";
import { type Context, contextOf } from "../catalogue/context.js";
import { injectedDeeds, isOrdinaryProgram } from "../catalogue/inject.js";
import { locate } from "../catalogue/locate.js";
import { programOf } from "../catalogue/lookup.js";
import type { EnvironmentVariable } from "../catalogue/model.js";
import { parseRole } from "../catalogue/roles.js";
import type { Deed } from "../deeds.js";
import type { Call, Reading } from "../reading.js";
import { type Argument, text, type Value } from "../values.js";

/** Deeds of the variables that the line sets for this program. What the agent's shell inherited is not the action's doing. */
export function variableDeeds(call: Call, reading: Reading): readonly Deed[] {
  const known = call.catalogue.environment;
  const names = Object.keys(call.environment).filter((name) => Object.hasOwn(known, keyOf(name)));
  return names.flatMap((name) => {
    const variable = known[keyOf(name)];
    const value = call.environment[name];
    if (variable === undefined || value === undefined || !concerns(variable, call, reading) || isInherited(name, value, call)) return [];
    return deedsOf(variable, value, call);
  });
}

/** bash passes its functions on as `BASH_FUNC_name%%`: all of them are one entry of the catalogue. */
function keyOf(name: string): string {
  return name.startsWith("BASH_FUNC_") ? "BASH_FUNC_" : name;
}

/** NODE_OPTIONS, PERL5OPT, PGHOST: words that the program reads before those of the line. `options` that are not known stay for `variableDeeds` to tell. */
export function withOptionVariables(call: Call): Call {
  const known = call.catalogue.environment;
  if (!Object.keys(call.environment).some((name) => Object.hasOwn(known, name))) return call;
  const added = Object.entries(call.environment).flatMap(([name, value]): readonly Argument[] => {
    const variable = Object.hasOwn(known, name) ? known[name] : undefined;
    if (variable === undefined || !isUsedBy(variable, call) || isInherited(name, value, call)) return [];
    const { name: role, parameter } = parseRole(variable.role);
    if (role === "option") return isEmpty(value) ? [] : [{ value: afterName(parameter, value), span: call.span }];
    const isOwn = variable.role === "options" || variable.role === `options:${call.name}`;
    return isOwn ? (wordsIn(value, call) ?? []) : [];
  });
  return added.length === 0 ? call : { ...call, words: [...added, ...call.words] };
}

/** PGHOST=db is `--host=db`: the value is one word with the option's name before it, whatever of it is known. */
function afterName(name: string, value: Value): Value {
  if (value.kind === "text") return text(`${name}=${value.text}`);
  return { kind: "unknown", prefix: `${name}=${value.kind === "unknown" ? value.prefix : ""}`, many: false };
}

function isEmpty(value: Value): boolean {
  return value.kind === "text" && value.text === "";
}

/** The words of known text, or one word of known form (`-j$(nproc)`). Where make and its like find `$(` they run something: then nobody knows. */
function wordsIn(value: Value, call: Call): readonly Argument[] | null {
  if (value.kind === "pattern") return value.glob.includes(" ") ? null : [{ value, span: call.span }];
  return value.kind === "text" && !value.text.includes("$(") && !value.text.includes("`") ? wordsOf(value.text, call) : null;
}

function wordsOf(known: string, call: Call): readonly Argument[] {
  return known
    .split(" ")
    .filter((word) => word !== "")
    .map((word) => ({ value: text(word), span: call.span }));
}

/** NODE_OPTIONS for npm: what the options of another program would run, when this one starts it. */
function optionsElsewhere(name: string, value: Value, call: Call): readonly Deed[] {
  const program = name === call.name ? undefined : programOf(call.catalogue, name);
  if (program === undefined || value.kind !== "text") return [];
  const context = contextOf(locate(program, wordsOf(value.text, call)), call);
  return context.uses.filter((use) => use.from === "option").flatMap((use) => codeDeeds(use, context));
}

function isUsedBy(variable: EnvironmentVariable, call: Call): boolean {
  return variable.used_by === undefined || variable.used_by.includes(call.name);
}

function concerns(variable: EnvironmentVariable, call: Call, reading: Reading): boolean {
  const has = (meaning: string): boolean => meaning.split("|").some((one) => reading.options.includes(one));
  const isUsed = isUsedBy(variable, call) || (!reading.known && variable.used_by?.includes("*") === true);
  return isUsed && (variable.when ?? []).every(has) && !(variable.unless ?? []).some(has);
}

function isInherited(name: string, value: Value, call: Call): boolean {
  const { environment } = call.facts;
  return Object.hasOwn(environment, name) && value.kind === "text" && environment[name] === value.text;
}

function deedsOf(variable: EnvironmentVariable, value: Value, call: Call): readonly Deed[] {
  if (isEmpty(value) || variable.role.startsWith("option:")) return [];
  if (variable.role.startsWith("options:") && value.kind === "text")
    return optionsElsewhere(variable.role.slice("options:".length), value, call);
  if (variable.role.startsWith("options"))
    return wordsIn(value, call) !== null ? [] : [{ kind: "opaque", reason: "unknown_option", detail: "", span: call.span }];
  const use = { role: variable.role, following: [], extent: "exact", place: "child", from: "option" } as const;
  const nothing = { options: [], operands: [], operands_at: [], separator: null, unlisted: [], unknown: [] };
  const context: Context = {
    call,
    located: { program: {}, subcommands: [], unknown_subcommand: null, options: [], line: nothing },
    around: { meanings: new Set(), options: [], operands: [], piped: false, undecided: false },
    uses: [],
    folder: null,
  };
  return partsOf(variable, value).flatMap((part) => {
    const own = {
      ...use,
      argument: { value: part, span: call.span },
      ...(variable.inject === undefined ? {} : { inject: variable.inject }),
    };
    return [...injectedDeeds(own, call), ...(isOrdinaryProgram(own) ? [] : codeDeeds(own, context))];
  });
}

/** The loader takes several libraries, parted by colons or blanks; less has its own sign before the command (`|lesspipe %s`). */
function partsOf(variable: EnvironmentVariable, value: Value): readonly Value[] {
  if (value.kind === "text" && variable.role === "code:shell") return [text(withoutPipes(value.text))];
  if (value.kind !== "text" || !isLibraries(variable.role)) return [value];
  return value.text
    .replaceAll(":", " ")
    .split(" ")
    .filter((part) => part !== "")
    .map(text);
}

function isLibraries(role: string): boolean {
  return role === "load" || role.startsWith("load:");
}

function withoutPipes(code: string): string {
  let start = 0;
  while (code[start] === "|") start++;
  return code.slice(start);
}
