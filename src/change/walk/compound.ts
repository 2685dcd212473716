// Walks `if`, `case` and loops. Implements spec/change.md section 7.6. Twin of go/change/walk/compound.go.
// All branches are walked, also those that a known condition would skip: hidden there or not, what they hold was asked for.

import type { CaseCommand, Command, ForCommand, IfCommand, Script } from "../shell/syntax.js";
import { UNKNOWN_WORDS, type Value } from "../values.js";
import {
  evaluateExpression,
  evaluateGlob,
  evaluateText,
  evaluateWords,
  isSpent,
  joinValues,
  LIMITS,
  oneOf,
  spend,
} from "../words/index.js";
import { appendOutput, eitherOutput, type Frame, NOTHING, type Ran, STREAM } from "./frame.js";
import { copyShell, joinShells, type Shell, sameShell } from "./shell.js";
import { reachLimit } from "./sink.js";
import { setVariable } from "./variables.js";
import { wordContext } from "./word-context.js";

export function walkIf(command: IfCommand, frame: Frame): Ran {
  const ends: Shell[] = [];
  const outputs: Ran["output"][] = [];
  let prefix = NOTHING;
  let open = true;
  for (const { condition, body } of command.clauses) {
    const tested = frame.walk.steps.script(condition, frame);
    prefix = appendOutput(prefix, tested.output);
    const passed = frame.shell.now;
    frame.shell.now = copyShell(passed);
    const ran = frame.walk.steps.script(body, frame);
    if (open && tested.status !== "nonzero") {
      ends.push(frame.shell.now);
      outputs.push(appendOutput(prefix, ran.output));
    }
    if (tested.status === "zero") open = false;
    frame.shell.now = copyShell(passed);
  }
  const last = command.otherwise === null ? { output: NOTHING } : frame.walk.steps.script(command.otherwise, frame);
  if (open) {
    ends.push(frame.shell.now);
    outputs.push(appendOutput(prefix, last.output));
  }
  frame.shell.now = ends.reduce(joinShells);
  return { output: outputs.reduce(eitherOutput), status: "either" };
}

export function walkCase(command: CaseCommand, frame: Frame): Ran {
  const context = wordContext(frame);
  evaluateText(command.subject, context);
  const before = frame.shell.now;
  let joined = copyShell(before);
  for (const branch of command.branches) {
    for (const pattern of branch.patterns) evaluateGlob(pattern, context);
    // A branch may be entered from the one above it (`;&`), so it begins with whatever may hold by now.
    frame.shell.now = copyShell(joined);
    frame.walk.steps.script(branch.body, frame);
    joined = joinShells(joined, frame.shell.now);
  }
  frame.shell.now = joined;
  return { output: STREAM, status: "either" };
}

/** Over known values the body is walked for each; over unknown ones, and those beyond the limit, once for all. */
export function walkFor(command: ForCommand, frame: Frame): Ran {
  const values = command.values === null ? positionalValues(frame) : evaluateWords(command.values, wordContext(frame)).map((a) => a.value);
  const single = values.slice(0, LIMITS.unrolledValues);
  const others = values.slice(LIMITS.unrolledValues);
  const exits: Shell[] = [];
  const inner: Frame = { ...frame, exits: { ...frame.exits, loop: exits } };
  let output = NOTHING;
  const round = (value: Value): void => {
    if (!spend(frame.walk.budget, 1)) return;
    setVariable(command.variable, { kind: "scalar", value: oneOf(value) }, inner);
    output = appendOutput(output, frame.walk.steps.script(command.body, inner).output);
  };
  for (const value of single) {
    if (value.kind === "unknown" && value.many) {
      repeat(frame, () => round({ ...value, many: true }));
      output = eitherOutput(NOTHING, output);
    } else round(value);
  }
  if (others.length > 0) repeat(frame, () => round(others.reduce(joinValues)));
  if (isSpent(frame.walk.budget)) reachLimit(frame, command.span, "work");
  leaveLoop(frame, exits);
  return { output: exits.length > 0 ? STREAM : output, status: "either" };
}

function positionalValues(frame: Frame): readonly Value[] {
  const { positional } = frame.shell.now;
  return positional === null ? [UNKNOWN_WORDS] : positional.slice(1).map((argument) => argument.value);
}

type LoopCommand = Extract<Command, { kind: "while" | "until" | "arithmetic_for" }>;

export function walkLoop(command: LoopCommand, frame: Frame): Ran {
  const exits: Shell[] = [];
  const inner: Frame = { ...frame, exits: { ...frame.exits, loop: exits } };
  const output = command.kind === "arithmetic_for" ? walkCounting(command, inner) : walkWhile(command, inner);
  leaveLoop(frame, exits);
  return { output, status: "either" };
}

function walkCounting(command: Extract<LoopCommand, { kind: "arithmetic_for" }>, frame: Frame): Ran["output"] {
  const context = wordContext(frame);
  // The three expressions stand in one word: what they assign cannot be known round by round.
  for (const name of assignedNames(command.expression.parts))
    setVariable(name, { kind: "scalar", value: { kind: "pattern", glob: "*" } }, frame);
  evaluateExpression(command.expression.parts, command.expression.span, context);
  for (const name of assignedNames(command.expression.parts))
    setVariable(name, { kind: "scalar", value: { kind: "pattern", glob: "*" } }, frame);
  let output: Ran["output"] = NOTHING;
  repeat(frame, () => {
    output = frame.walk.steps.script(command.body, frame).output;
  });
  return eitherOutput(NOTHING, output);
}

/** Names in an arithmetic text; each may be assigned. */
function assignedNames(parts: ExpressionParts): readonly string[] {
  const names = new Set<string>();
  for (const part of parts) {
    if (part.kind !== "literal" && part.kind !== "quoted") continue;
    let name = "";
    for (const character of `${part.text} `) {
      if (
        (character >= "a" && character <= "z") ||
        (character >= "A" && character <= "Z") ||
        character === "_" ||
        (name !== "" && character >= "0" && character <= "9")
      )
        name += character;
      else {
        if (name !== "") names.add(name);
        name = "";
      }
    }
  }
  return [...names];
}

type ExpressionParts = Extract<LoopCommand, { kind: "arithmetic_for" }>["expression"]["parts"];

/** A loop that reads known lines is walked line by line; any other one until a further round shows nothing new. */
function walkWhile(command: Extract<LoopCommand, { condition: Script }>, frame: Frame): Ran["output"] {
  const goesOn = command.kind === "while" ? "zero" : "nonzero";
  let output = NOTHING;
  for (let round = 0; round < LIMITS.unrolledValues; round++) {
    const { taken } = frame.input;
    const tested = frame.walk.steps.script(command.condition, frame);
    if (tested.status !== goesOn && tested.status !== "either" && round > 0) return output;
    const reads = tested.status === goesOn && frame.input.taken > taken;
    if (!reads) break;
    output = appendOutput(output, frame.walk.steps.script(command.body, frame).output);
    if (isSpent(frame.walk.budget)) break;
  }
  repeat(frame, () => {
    output = appendOutput(output, frame.walk.steps.script(command.body, frame).output);
    output = appendOutput(output, frame.walk.steps.script(command.condition, frame).output);
  });
  return eitherOutput(NOTHING, output);
}

/** Walks something that may run any number of times, also never: once as it stands, and once more from the joined state if that differs. */
function repeat(frame: Frame, round: () => void): void {
  const before = copyShell(frame.shell.now);
  round();
  const joined = joinShells(before, frame.shell.now);
  const settled = sameShell(before, joined);
  frame.shell.now = joined;
  if (settled || isSpent(frame.walk.budget)) return;
  round();
  frame.shell.now = joinShells(joined, frame.shell.now);
}

function leaveLoop(frame: Frame, exits: readonly Shell[]): void {
  frame.shell.now = exits.reduce(joinShells, frame.shell.now);
}
