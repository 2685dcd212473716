// What programs print, as far as it can be known before they run. Implements spec/catalogue.md section 9. Twin of go/outputs.go.
// It matters where output becomes words or code: `rm $(cat list)`, `echo … | sh`. In doubt it is a stream.

import type { Call, Output } from "../reading.js";
import type { Context } from "./context.js";

const STREAM: Output = { kind: "stream" };
/** Text without a slash: numbers, dates, names of users and machines. */
const PLAIN: Output = { kind: "lines", globs: ["*"] };

export function outputOf(model: string, context: Context, call: Call): Output {
  switch (model) {
    case "trusted_code":
      return { kind: "trusted_code" };
    case "plain":
      return PLAIN;
    case "nothing":
      return { kind: "text", text: "" };
    case "echo":
      return echo(context);
    case "pwd":
      return call.cwd.kind === "text" ? { kind: "text", text: `${call.cwd.text}\n` } : STREAM;
    default:
      return STREAM;
  }
}

function echo(context: Context): Output {
  const values = context.located.line.operands.map((operand) => operand.value);
  if (!values.every((value) => value.kind === "text")) return STREAM;
  return { kind: "text", text: `${values.map((value) => (value.kind === "text" ? value.text : "")).join(" ")}\n` };
}
