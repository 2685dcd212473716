// `[[ … ]]` and `(( … ))`: nothing happens but what their expansions do. Implements spec/change.md section 7.6.
// Twin of go/change/walk/test_command.go.

import type { Command } from "../shell/syntax.js";
import { evaluateExpression, evaluateText } from "../words/index.js";
import { type Frame, NOTHING, type Ran } from "./frame.js";
import { wordContext } from "./word-context.js";

export function evaluateTest(command: Extract<Command, { kind: "test" | "arithmetic" }>, frame: Frame): Ran {
  const context = wordContext(frame);
  if (command.kind === "test") {
    for (const word of command.words) evaluateText(word, context);
    return { output: NOTHING, status: "either" };
  }
  const value = evaluateExpression(command.expression.parts, command.expression.span, context);
  return { output: NOTHING, status: value === null ? "either" : value === 0 ? "nonzero" : "zero" };
}
