// For the tests of the catalogue: the catalogue as it stands in spec/, calls from short command lines, and deeds as short texts.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { compileCatalogue } from "../../src/change/catalogue/compile.js";
import type { Catalogue, WholeCatalogue } from "../../src/change/catalogue/model.js";
import type { Deed } from "../../src/change/deeds.js";
import type { Facts } from "../../src/change/model.js";
import { lookupProgram, programName } from "../../src/change/programs/index.js";
import type { Call, Output } from "../../src/change/reading.js";
import type { Argument, Stdin, Value } from "../../src/change/values.js";

const FOLDER = join(import.meta.dirname, "../../spec/catalogue");

let compiledOnce: WholeCatalogue | null = null;

/** All documents of spec/catalogue/. Compiled once in a worker: it takes a second. */
export function catalogueInSpec(): WholeCatalogue {
  compiledOnce ??= compileSpec();
  return compiledOnce;
}

function compileSpec(): WholeCatalogue {
  const documents = readdirSync(FOLDER)
    .filter((name) => name.endsWith(".yaml") && name !== "languages.yaml")
    .map((name) => ({ name, text: readFileSync(join(FOLDER, name), "utf8") }));
  const compiled = compileCatalogue(documents);
  if (!compiled.ok) throw new Error(`${compiled.problem.at}: ${compiled.problem.message}`);
  return compiled.value;
}

export const FACTS: Facts = {
  home: "/home/u",
  temp_roots: ["/tmp"],
  environment: {},
  links: {},
  listings: { "/w/folder": [] },
  scripts: {},
  git: { current_branch: "", default_branch: "", upstream_remote: "", upstream_branch: "" },
};

export interface Around {
  readonly stdin?: Stdin;
  readonly environment?: Readonly<Record<string, Value>>;
}

/** The call of a word list. Spans count words, so that source order can be seen. */
export function callOf(catalogue: Catalogue, words: readonly Value[], around: Around = {}): Call {
  const [program, ...rest] = words.map((value, i): Argument => ({ value, span: { start: i, end: i + 1 } }));
  const word = program?.value.kind === "text" ? program.value.text : "";
  return {
    name: lookupProgram(catalogue, word)?.name ?? programName(word),
    words: rest,
    span: { start: 0, end: words.length },
    stdin: around.stdin ?? { kind: "inherited" },
    cwd: { kind: "text", text: "/w" },
    environment: around.environment ?? {},
    facts: FACTS,
    workspace_root: "/w",
    catalogue,
  };
}

/**
 * Words of a short command line: blanks part them, `'…'` and `"…"` quote. Outside quotes `$x` is one unknown word or hole, `$@` any number of words,
 * and `*`, `?` make a pattern. This is no shell: it only writes values down briefly.
 */
export function words(line: string): readonly Value[] {
  const found = line.match(/(?:'[^']*'|"[^"]*"|\S)+/g) ?? [];
  return found.map(valueWritten);
}

function valueWritten(word: string): Value {
  if (word === "$@") return { kind: "unknown", prefix: "", many: true };
  const hole = word.search(/\$[A-Za-z(]/);
  const quoted = word.startsWith("'") || word.startsWith('"');
  if (hole >= 0 && !word.slice(0, hole).includes("'")) return { kind: "unknown", prefix: unquoted(word.slice(0, hole)), many: false };
  if (!quoted && /[*?]/.test(word)) return { kind: "pattern", glob: word };
  return { kind: "text", text: unquoted(word) };
}

function unquoted(word: string): string {
  return word.replaceAll(/'([^']*)'|"([^"]*)"/g, (_, single: string | undefined, double: string | undefined) => single ?? double ?? "");
}

export function showValue(value: Value): string {
  switch (value.kind) {
    case "text":
      return /[\s]|^$/.test(value.text) ? JSON.stringify(value.text) : value.text;
    case "pattern":
      return `~${value.glob}`;
    case "unknown":
      return `${value.prefix}${value.many ? "$@" : "$"}`;
  }
}

/** spec/catalogue.md section 11. */
export function showDeed(deed: Deed): string {
  const show = (args: readonly Argument[]): string => args.map((arg) => showValue(arg.value)).join(" ");
  switch (deed.kind) {
    case "file":
      return `${deed.effect} ${showValue(deed.path)}${deed.extent === "exact" ? "" : ` ${deed.extent}`}`;
    case "key":
      return `key ${showValue(deed.path)}`;
    case "code":
    case "script": {
      const what = deed.kind === "code" ? deed.code : deed.path;
      return `${deed.kind}:${deed.language} ${showValue(what)}${deed.positional.length === 0 ? "" : ` [${show(deed.positional)}]`}${showScope(deed.scope)}`;
    }
    case "command":
      return `command ${show(deed.words)}${showScope(deed.scope)}`;
    case "git":
      return `git ${deed.operation} ${showValue(deed.ref)} ${showValue(deed.remote)} ${deed.force}`;
    case "network":
      return `${deed.direction} ${showValue(deed.destination)} ${deed.data}`;
    case "operate":
      return `operate ${deed.system} ${deed.operation} ${showValue(deed.target)}`;
    case "opaque":
      return `opaque ${deed.reason}${deed.detail === "" ? "" : ` ${deed.detail}`}`;
  }
}

function showScope(scope: {
  readonly place: string;
  readonly cwd: Value | null;
  readonly environment: readonly { readonly name: string; readonly value: Value }[];
  readonly stdin: Stdin | null;
}): string {
  const place = scope.place === "child" ? "" : ` @${scope.place}`;
  const cwd = scope.cwd === null ? "" : ` in ${showValue(scope.cwd)}`;
  const environment = scope.environment.map(({ name, value }) => ` ${name}=${showValue(value)}`).join("");
  return `${place}${cwd}${environment}${scope.stdin === null ? "" : ` <${scope.stdin.kind}`}`;
}

export function showOutput(output: Output): string {
  switch (output.kind) {
    case "text":
      return `text ${JSON.stringify(output.text)}`;
    case "lines":
      return `lines ${output.globs.join(" ")}`;
    default:
      return output.kind;
  }
}
