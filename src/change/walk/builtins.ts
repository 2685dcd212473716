// The builtins that change the shell they run in. Implements spec/change.md section 7.11. Twin of go/change/walk/builtins.go.
// Every other builtin (`test`, `echo`, `command`, `exec`) is in the catalogue like a program.

import { wholeNumber } from "../../base/ascii.js";
import { promptDeeds } from "../catalogue/load-path.js";
import { readProgram } from "../programs/index.js";
import { type Argument, text, UNKNOWN_WORD } from "../values.js";
import { evaluateExpression, mayBeMany } from "../words/index.js";
import { EVALUATORS } from "./builtins-code.js";
import { FOLDERS } from "./builtins-folders.js";
import { READERS } from "./builtins-read.js";
import { type Builtin, DECLARERS, isName } from "./builtins-variables.js";
import { NOTHING, QUIET, type Ran } from "./frame.js";
import type { NamedCall } from "./functions.js";
import { copyShell } from "./shell.js";
import { emit } from "./sink.js";
import { environmentOf, setVariable } from "./variables.js";
import { wordContext } from "./word-context.js";

const BUILTINS: Readonly<Record<string, Builtin>> = {
  ...DECLARERS,
  ...FOLDERS,
  ...READERS,
  ...EVALUATORS,
  set: setPositional,
  shift,
  let: evaluateLet,
  getopts,
  break: leaveLoop,
  continue: leaveLoop,
  return: leaveFunction,
  exit: () => QUIET,
  printf: printfInto,
};

/** Runs a builtin that changes the shell; null for every other name. */
export function walkBuiltin(call: NamedCall): Ran | null {
  const builtin = Object.hasOwn(BUILTINS, call.name) ? BUILTINS[call.name] : undefined;
  if (builtin === undefined) return null;
  if (call.name === "printf" && wordText(call.words[0])?.startsWith("-v") !== true) return null;
  const options = writtenOptions(call.words);
  emit(call.frame, call.nameSpan, { kind: "exec", program: call.name, path: "", subcommand: "", options, known: true, harmless: true });
  return builtin(call);
}

function writtenOptions(words: readonly Argument[]): readonly string[] {
  const options: string[] = [];
  for (const word of words) {
    const known = wordText(word);
    if (known === null || known.length < 2 || !known.startsWith("-") || known === "--") break;
    if (!options.includes(known)) options.push(known);
  }
  return options;
}

function wordText(word: Argument | undefined): string | null {
  return word?.value.kind === "text" ? word.value.text : null;
}

/** `set -- a b`, `set a b`; `set -e` and the other options change nothing that the walk knows of. */
function setPositional(call: NamedCall): Ran {
  const { shell } = call.frame;
  let at = 0;
  let given = false;
  for (; at < call.words.length; at++) {
    const known = wordText(call.words[at]);
    if (known === "--" || known === "-") {
      given = known === "--" || at + 1 < call.words.length;
      at++;
      break;
    }
    if (known === null || !(known.startsWith("-") || known.startsWith("+"))) break;
    if (isTracing(known, wordText(call.words[at + 1]))) tracePrompt(call);
    for (const letter of known) if (letter === "o" && isOptionName(call.words[at + 1])) at++;
  }
  const rest = call.words.slice(at);
  if (rest.length === 0 && !given) return QUIET;
  const open = rest.some((word) => word.value.kind === "unknown" && word.value.many);
  const own = shell.now.positional?.[0] ?? { value: UNKNOWN_WORD, span: call.span };
  shell.now = { ...shell.now, positional: open ? null : [own, ...rest] };
  return QUIET;
}

/** What an `o` takes: `set -euo pipefail a` has one parameter. */
function isOptionName(word: Argument | undefined): boolean {
  const known = word === undefined ? "" : wordText(word);
  return known === null || (known !== "" && !known.startsWith("-") && !known.startsWith("+"));
}

/** `set -x`, `set -eux`, `set -o xtrace`. */
function isTracing(option: string, next: string | null): boolean {
  return option.startsWith("-") && (option.includes("x") || (option.endsWith("o") && next === "xtrace"));
}

/** From now on the shell prints PS4 before every command, and runs what stands in it. */
function tracePrompt(call: NamedCall): void {
  const { frame } = call;
  const prompt = frame.shell.now.variables.map.get("PS4")?.variable;
  if (prompt?.kind !== "scalar") return;
  const scope = { place: "same", cwd: null, environment: [], stdin: null } as const;
  for (const deed of promptDeeds({ value: prompt.value, span: call.span }, scope)) frame.walk.steps.deed(deed, "set", frame);
}

function shift(call: NamedCall): Ran {
  const { shell } = call.frame;
  const { positional } = shell.now;
  const by = call.words.length === 0 ? 1 : wholeNumber(wordText(call.words[0]) ?? "");
  if (positional === null || positional.length === 0) return QUIET;
  const own = positional.slice(0, 1);
  // Of a glob only one of its names may be gone: it stays.
  const left = positional.slice(1, 1 + (by ?? 0)).filter(({ value }) => mayBeMany(value));
  shell.now = { ...shell.now, positional: by === null ? null : [...own, ...left, ...positional.slice(1 + by)] };
  return { output: NOTHING, status: "either" };
}

function evaluateLet(call: NamedCall): Ran {
  const context = wordContext(call.frame);
  for (const { value, span } of call.words)
    if (value.kind === "text") evaluateExpression([{ kind: "quoted", text: value.text, span }], span, context);
  return { output: NOTHING, status: "either" };
}

function getopts(call: NamedCall): Ran {
  const name = wordText(call.words[1]);
  if (name !== null) setVariable(name, { kind: "scalar", value: { kind: "pattern", glob: "*" } }, call.frame);
  setVariable("OPTARG", { kind: "scalar", value: { kind: "unknown", prefix: "", many: true } }, call.frame);
  return { output: NOTHING, status: "either" };
}

function leaveLoop(call: NamedCall): Ran {
  call.frame.exits.loop?.push(copyShell(call.frame.shell.now));
  return QUIET;
}

function leaveFunction(call: NamedCall): Ran {
  call.frame.exits.function?.push(copyShell(call.frame.shell.now));
  return { output: NOTHING, status: "either" };
}

/** `printf -v name format …` */
function printfInto(call: NamedCall): Ran {
  const { frame, span } = call;
  const { walk, shell } = frame;
  const attached = wordText(call.words[0])?.slice("-v".length) ?? "";
  const [name = "", element] = (attached === "" ? (wordText(call.words[1]) ?? "") : attached).split("[");
  const reading = readProgram({
    name: "printf",
    words: call.words.slice(attached === "" ? 2 : 1),
    span,
    stdin: frame.input.stdin,
    cwd: shell.now.cwd,
    environment: environmentOf(shell.now, frame),
    facts: walk.facts,
    workspace_root: walk.workspaceRoot,
    catalogue: walk.catalogue,
  });
  // An option that printf does not have: it assigns nothing.
  const first = wordText(call.words[attached === "" ? 2 : 1]) ?? "";
  const isRefused = first.startsWith("-") && first !== "--" && first !== "-";
  const value = reading.output.kind === "text" && element === undefined && !isRefused ? text(reading.output.text) : UNKNOWN_WORD;
  if (isName(name)) setVariable(name, { kind: "scalar", value }, frame);
  return QUIET;
}
