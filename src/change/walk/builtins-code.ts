// `eval`, `source`, `trap`, `alias`: builtins whose words are code. Implements spec/change.md section 7.11.
// Twin of go/change/walk/builtins_code.go.

import { upperAscii } from "../../base/ascii.js";
import { type Argument, text, UNKNOWN_WORD, type Value } from "../values.js";
import { concatValues } from "../words/index.js";
import { type Builtin, cutAssignment, cutOptions } from "./builtins-variables.js";
import { type Frame, QUIET, type Ran } from "./frame.js";
import type { NamedCall } from "./functions.js";
import { joinShells, type Shell } from "./shell.js";
import { emitOpaque } from "./sink.js";
import { newTable, removeFrom, setIn } from "./table.js";

export const EVALUATORS: Readonly<Record<string, Builtin>> = {
  eval: evaluate,
  source,
  ".": source,
  trap,
  alias,
  unalias,
};

function evaluate(call: NamedCall): Ran {
  const words = isText(call.words[0], "--") ? call.words.slice(1) : call.words;
  const first = words[0];
  if (first === undefined) return QUIET;
  const inner: Frame = { ...call.frame, via: [...call.frame.via, "eval"] };
  return call.frame.walk.steps.code("shell", joined(words, call.frame), [], spanOf(words), inner);
}

/** The words with blanks between them; any number of unknown words makes the rest unknown. */
function joined(words: readonly Argument[], frame: Frame): Value {
  const [first, ...rest] = words;
  if (first === undefined) return text("");
  return rest.reduce<Value>(
    (before, word) => concatValues(concatValues(before, text(" "), frame.walk.budget), word.value, frame.walk.budget),
    first.value,
  );
}

function spanOf(words: readonly Argument[]): Argument["span"] {
  // `xargs eval` puts words behind it that stand before it on the line.
  const span = words[0]?.span ?? { start: 0, end: 0 };
  return words.reduce((all, { span: { start, end } }) => ({ start: Math.min(all.start, start), end: Math.max(all.end, end) }), span);
}

function source(call: NamedCall): Ran {
  const { frame } = call;
  let words = call.words;
  // bash 5.3: `source -p path file` looks for the file in the folders of `path`.
  if (isText(words[0], "-p")) words = words.slice(2);
  if (isText(words[0], "--")) words = words.slice(1);
  const file = words[0];
  if (file === undefined) return QUIET;
  const { positional } = frame.shell.now;
  if (words.length > 1) {
    const own = positional?.[0] ?? { value: UNKNOWN_WORD, span: call.span };
    frame.shell.now = { ...frame.shell.now, positional: [own, ...words.slice(1)] };
  }
  const exits: Shell[] = [];
  const inner: Frame = { ...frame, via: [...frame.via, call.name], exits: { ...frame.exits, function: exits } };
  const ran = frame.walk.steps.scriptFile("shell", file.value, [], file.span, inner);
  frame.shell.now = exits.reduce(joinShells, frame.shell.now);
  if (words.length > 1) frame.shell.now = { ...frame.shell.now, positional };
  return ran;
}

/** What is trapped runs at the end of the shell, with what the shell knows then. */
function trap(call: NamedCall): Ran {
  const { traps } = call.frame.shell.now;
  const words = isText(call.words[0], "--") ? call.words.slice(1) : call.words;
  const action = words[0];
  if (action === undefined || isText(action, "-p") || isText(action, "-l")) return QUIET;
  if (words.length === 1) {
    if (action.value.kind === "text") removeFrom(traps, signalName(action.value));
    return QUIET;
  }
  for (const signal of words.slice(1)) {
    if (isText(action, "-") || isText(action, "")) removeFrom(traps, signalName(signal.value));
    else setIn(traps, signalName(signal.value), action);
  }
  return QUIET;
}

function signalName(signal: Value): string {
  if (signal.kind !== "text") return "?";
  const upper = upperAscii(signal.text);
  if (upper === "0") return "EXIT";
  return upper.startsWith("SIG") ? upper.slice(3) : upper;
}

function alias(call: NamedCall): Ran {
  const { frame } = call;
  for (const word of cutOptions(call.words).operands) {
    const { name, value } = cutAssignment(word.value);
    if (name !== null && value !== null) setIn(frame.shell.now.aliases, name, value);
    else if (value === null && word.value.kind === "text" && word.value.text.includes("=")) {
      const equals = word.value.text.indexOf("=");
      setIn(frame.shell.now.aliases, word.value.text.slice(0, equals), text(word.value.text.slice(equals + 1)));
    } else if (word.value.kind !== "text") emitOpaque(frame, word.span, "unknown_code", "shell");
  }
  return QUIET;
}

function unalias(call: NamedCall): Ran {
  const { frame } = call;
  const { letters, operands } = cutOptions(call.words);
  if (letters.includes("a")) frame.shell.now = { ...frame.shell.now, aliases: newTable() };
  for (const { value } of operands) if (value.kind === "text") removeFrom(frame.shell.now.aliases, value.text);
  return QUIET;
}

function isText(word: Argument | undefined, known: string): boolean {
  return word?.value.kind === "text" && word.value.text === known;
}
