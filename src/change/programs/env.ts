// env: sets variables, then runs a command; -S splits a text into more words of its own line. Implements spec/catalogue.md clause 10.3.
// Twin of go/change/programs/env.go.

import { knownText } from "../catalogue/command-line.js";
import { contextOf } from "../catalogue/context.js";
import { inSourceOrder, readingOf } from "../catalogue/interpret.js";
import { locate } from "../catalogue/locate.js";
import type { Call, Reading } from "../reading.js";
import { type Argument, text } from "../values.js";
import { bareProgram } from "./bare-program.js";
import { splitForEnv } from "./split.js";

/** A text of -S may hold another -S. */
export const MAX_ENV_SPLITS = 4;

export function readEnv(call: Call, splits = 0): Reading {
  const located = locate(bareProgram(call), call.words);
  const split = located.line.options.find((one) => one.means === "split_string");
  const source = split?.values[0];
  if (split === undefined || source === undefined) return readingOf(contextOf(located, call));
  const written = knownText(source.value);
  const words = written === null || splits >= MAX_ENV_SPLITS ? null : splitForEnv(written);
  if (words === null) {
    const rest = readingOf(contextOf(located, call));
    return { ...rest, deeds: inSourceOrder([...rest.deeds, { kind: "opaque", reason: "unknown_program", detail: "", span: source.span }]) };
  }
  // The words of -S stand where the option stood; everything after the option follows them.
  const before = call.words.slice(0, split.at);
  const after = call.words.slice(call.words.indexOf(source) < 0 ? split.at + 1 : call.words.indexOf(source) + 1);
  const inserted = words.map((word): Argument => ({ value: text(word), span: source.span }));
  return readEnv({ ...call, words: [...before, ...inserted, ...after] }, splits + 1);
}
