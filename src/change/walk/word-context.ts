// Lends the walk's shell to the evaluation of words. Implements spec/change.md section 5.1. Twin of go/change/walk/word_context.go.

import { canonicalPath } from "../paths.js";
import type { Output } from "../reading.js";
import type { Script, SimpleCommand } from "../shell/syntax.js";
import { UNKNOWN_WORD } from "../values.js";
import type { Variable, WordContext } from "../words/index.js";
import { fillFile } from "./files.js";
import { type Frame, inputOf, NOTHING, type Ran, STREAM, want } from "./frame.js";
import { inSubshell } from "./nesting.js";
import { emitOpaque } from "./sink.js";
import { viewOf } from "./targets.js";
import { readVariable, setVariable } from "./variables.js";

export function wordContext(frame: Frame): WordContext {
  const { walk } = frame;
  return {
    budget: walk.budget,
    variable: (name) => readVariable(name, frame),
    assign: (name, variable: Variable) => setVariable(name, variable, frame),
    positional: () => {
      const { positional } = frame.shell.now;
      if (positional === null) return null;
      return positional.length === 0 ? [UNKNOWN_WORD] : positional.map((argument) => argument.value);
    },
    cwd: () => frame.shell.now.cwd,
    listing: (folder) => listing(folder, frame),
    substitute: (body) =>
      printedBy(
        body,
        inSubshell(frame, (inner) => walk.steps.script(body, inner)),
      ),
    process: (direction, body, span) => {
      const path = `/dev/fd/${walk.nextDescriptor--}`;
      const stdin = direction === "<" ? frame.input.stdin : ({ kind: "stream", span } as const);
      const ran = inSubshell({ ...frame, input: inputOf(stdin) }, (inner) => walk.steps.script(body, inner));
      const output = printedBy(body, ran);
      // What is written to `>( … )` is read by its program as a stream; reading from it gives nothing.
      fillFile(path, direction === "<" ? output : NOTHING, false, frame);
      return path;
    },
    opaque: (reason, detail, span) => emitOpaque(frame, span, reason, detail),
  };
}

/** Code that a program is made to print is that only where nothing stands beside the program: `$(ssh-agent -s; true)` is anything. */
function printedBy(body: Script, { output }: Ran): Output {
  return output.kind !== "trusted_code" || onlyCommand(body)?.redirects.length === 0 ? output : STREAM;
}

/** The simple command that the script consists of; null when there is anything else. */
function onlyCommand(body: Script): SimpleCommand | null {
  const [item, more] = body.items;
  if (item === undefined || more !== undefined || item.background || item.rest.length > 0 || item.first.negated) return null;
  const [command, next] = item.first.commands;
  return command?.kind === "simple" && next === undefined ? command : null;
}

function listing(folder: string, frame: Frame): readonly string[] | null {
  if (frame.place === "elsewhere") return null;
  const { facts, wants } = frame.walk;
  const path = canonicalPath(folder, viewOf(frame));
  if (path === null) return null;
  want(wants.folders, path);
  return Object.hasOwn(facts.listings, path) ? (facts.listings[path] ?? null) : null;
}
