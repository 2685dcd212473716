// Walks lists, and-or lists, pipelines and commands. Implements spec/change.md sections 7.4 and 7.5. Twin of go/change/walk/script.go.
// Everything is walked, also what a known exit status would skip; the status only says which state goes on.

import type { Span } from "../../base/span.js";
import type { Output } from "../reading.js";
import type { Command, ListItem, Pipeline, Script } from "../shell/syntax.js";
import type { Stdin } from "../values.js";
import { isSpent, spend } from "../words/index.js";
import { walkCase, walkFor, walkIf, walkLoop } from "./compound.js";
import { appendOutput, eitherOutput, type Frame, inputOf, NOTHING, QUIET, type Ran, STREAM, type Status } from "./frame.js";
import { inSubshell } from "./nesting.js";
import { withRedirects } from "./redirects.js";
import { copyShell, joinShells, type Shell } from "./shell.js";
import { walkSimple } from "./simple.js";
import { emitOpaque, reachLimit } from "./sink.js";
import { setIn } from "./table.js";
import { evaluateTest } from "./test-command.js";

export function walkScript(script: Script, frame: Frame): Ran {
  let ran: Ran = QUIET;
  for (const item of script.items) {
    if (isSpent(frame.walk.budget)) {
      reachLimit(frame, item.span, "work");
      return { output: STREAM, status: "either" };
    }
    const next = item.background ? background(item, frame) : walkItem(item, frame);
    ran = { output: appendOutput(ran.output, next.output), status: next.status };
  }
  return ran;
}

function background(item: ListItem, frame: Frame): Ran {
  const ran = inSubshell(frame, (inner) => walkItem(item, inner));
  return { output: eitherOutput(NOTHING, ran.output), status: "zero" };
}

/** The states in which the list goes on with status zero and with another; null where that cannot be. */
interface Ways {
  readonly zero: Shell | null;
  readonly nonzero: Shell | null;
}

function walkItem(item: ListItem, frame: Frame): Ran {
  const first = walkPipeline(item.first, frame);
  if (item.rest.length === 0) return first;
  let { output } = first;
  let ways = waysAfter(first.status, frame.shell.now);
  for (const { operator, pipeline } of item.rest) {
    const taken = operator === "&&" ? ways.zero : ways.nonzero;
    const other = operator === "&&" ? ways.nonzero : ways.zero;
    frame.shell.now = copyShell(taken ?? other ?? frame.shell.now);
    const ran = walkPipeline(pipeline, frame);
    const after: Ways = taken === null ? { zero: null, nonzero: null } : waysAfter(ran.status, frame.shell.now);
    if (taken !== null) output = other === null ? appendOutput(output, ran.output) : eitherOutput(output, appendOutput(output, ran.output));
    ways =
      operator === "&&"
        ? { zero: after.zero, nonzero: joinWays(other, after.nonzero) }
        : { zero: joinWays(other, after.zero), nonzero: after.nonzero };
  }
  frame.shell.now = joinWays(ways.zero, ways.nonzero) ?? frame.shell.now;
  return { output, status: ways.nonzero === null ? "zero" : ways.zero === null ? "nonzero" : "either" };
}

function waysAfter(status: Status, shell: Shell): Ways {
  return { zero: status === "nonzero" ? null : shell, nonzero: status === "zero" ? null : shell };
}

function joinWays(left: Shell | null, right: Shell | null): Shell | null {
  if (left === null || right === null) return left ?? right;
  return joinShells(left, right);
}

function walkPipeline(pipeline: Pipeline, frame: Frame): Ran {
  const ran = pipeline.commands.length === 1 ? walkOnly(pipeline, frame) : walkPiped(pipeline, frame);
  return pipeline.negated ? { output: ran.output, status: opposite(ran.status) } : ran;
}

function walkOnly(pipeline: Pipeline, frame: Frame): Ran {
  const only = pipeline.commands[0];
  return only === undefined ? QUIET : walkCommand(only, frame);
}

/** Each part has a shell of its own, and reads what the part before it prints. */
function walkPiped(pipeline: Pipeline, frame: Frame): Ran {
  let ran: Ran = QUIET;
  let { input } = frame;
  for (const command of pipeline.commands) {
    const stdin = input;
    ran = inSubshell({ ...frame, input: stdin }, (inner) => walkCommand(command, inner));
    input = inputOf(pipedInput(ran.output, frame.carrier ?? command.span));
  }
  return ran;
}

function pipedInput(output: Output, span: Span): Stdin {
  switch (output.kind) {
    case "text":
      return { kind: "text", text: output.text, span };
    case "lines":
      return { kind: "lines", globs: output.globs, span };
    default:
      return { kind: "stream", span };
  }
}

function opposite(status: Status): Status {
  return status === "either" ? "either" : status === "zero" ? "nonzero" : "zero";
}

export function walkCommand(command: Command, frame: Frame): Ran {
  if (!spend(frame.walk.budget, 1)) {
    reachLimit(frame, command.span, "work");
    return { output: STREAM, status: "either" };
  }
  switch (command.kind) {
    case "simple":
      return walkSimple(command, frame);
    case "group":
      return withRedirects(command.redirects, frame, (inner) => walkScript(command.body, inner));
    case "subshell":
      return withRedirects(command.redirects, frame, (outer) => inSubshell(outer, (inner) => walkScript(command.body, inner)));
    case "if":
      return withRedirects(command.redirects, frame, (inner) => walkIf(command, inner));
    case "while":
    case "until":
    case "arithmetic_for":
      return withRedirects(command.redirects, frame, (inner) => walkLoop(command, inner));
    case "for":
      return withRedirects(command.redirects, frame, (inner) => walkFor(command, inner));
    case "case":
      return withRedirects(command.redirects, frame, (inner) => walkCase(command, inner));
    case "test":
    case "arithmetic":
      return withRedirects(command.redirects, frame, (inner) => evaluateTest(command, inner));
    case "function":
      // Defined, and walked only where it is called.
      setIn(frame.shell.now.functions, command.name, [{ command, carrier: frame.carrier }]);
      return QUIET;
    case "unsupported":
      emitOpaque(frame, command.span, "unsupported_syntax", command.reason);
      return withRedirects(command.redirects, frame, () => ({ output: STREAM, status: "either" }));
  }
}
