// tmux send-keys and screen -X stuff: text typed into a terminal, where a shell runs it. Implements spec/catalogue.md clause 10.7.
// Twin of go/change/programs/terminal_keys.go.

import { scopeOf } from "../catalogue/code-roles.js";
import { knownText } from "../catalogue/command-line.js";
import { contextOf } from "../catalogue/context.js";
import { inSourceOrder, readingOf } from "../catalogue/interpret.js";
import { locate } from "../catalogue/locate.js";
import type { Deed } from "../deeds.js";
import type { Call, Reading } from "../reading.js";
import { type Argument, text, type Value } from "../values.js";
import { bareProgram } from "./bare-program.js";

const KEYS: ReadonlyMap<string, string> = new Map([
  ["Enter", "\n"],
  ["KPEnter", "\n"],
  ["C-m", "\n"],
  ["C-M", "\n"],
  ["C-j", "\n"],
  ["^M", "\n"],
  ["Space", " "],
  ["Tab", "\t"],
]);
/** Keys that type nothing. */
const SILENT_KEYS: ReadonlySet<string> = new Set([
  "Escape",
  "Up",
  "Down",
  "Left",
  "Right",
  "Home",
  "End",
  "BSpace",
  "C-c",
  "C-d",
  "C-l",
  "C-u",
  "C-z",
  "q",
]);

/** Parts of the line are shell code typed into the terminal; what else the program does is in the catalogue. */
export function readTerminal(call: Call): Reading {
  const context = contextOf(locate(bareProgram(call), call.words), call);
  const base = readingOf(context);
  const keys = typedWords(call, context.located.subcommands, context.located.line.operands);
  const [first] = keys;
  if (first === undefined) return base;
  const literal = context.around.meanings.has("literal") || call.name === "screen";
  const deed: Deed = {
    kind: "code",
    language: "shell",
    code: typed(keys, literal),
    positional: [],
    scope: scopeOf("child", context),
    span: first.span,
  };
  return { ...base, deeds: inSourceOrder([...base.deeds, deed]) };
}

/** Of `screen -X stuff text` and `tmux send-keys key …`. */
function typedWords(call: Call, subcommands: readonly string[], operands: readonly Argument[]): readonly Argument[] {
  if (subcommands.at(-1) === "send-keys") return operands;
  return call.name === "screen" && knownText(operands[0]?.value ?? text("")) === "stuff" ? operands.slice(1) : [];
}

function typed(keys: readonly Argument[], literal: boolean): Value {
  let code = "";
  for (const key of keys) {
    const known = knownText(key.value);
    if (known === null) return { kind: "unknown", prefix: code, many: false };
    if (literal) code += known.replaceAll("\\n", "\n").replaceAll("^M", "\n");
    else if (!SILENT_KEYS.has(known)) code += KEYS.get(known) ?? known;
  }
  return text(code);
}
