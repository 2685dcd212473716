// fd: looks for names; with -x and -X a command runs for what it finds. Implements spec/catalogue.md clause 10.1.
// Twin of go/change/programs/fd.go.

import { scopeOf } from "../catalogue/code-roles.js";
import { knownText } from "../catalogue/command-line.js";
import { type Context, contextOf } from "../catalogue/context.js";
import { inSourceOrder, readingOf } from "../catalogue/interpret.js";
import { locate } from "../catalogue/locate.js";
import { escapeGlob, within } from "../catalogue/value-parts.js";
import type { Deed } from "../deeds.js";
import type { Call, Reading } from "../reading.js";
import { type Argument, text, UNKNOWN_WORD, type Value } from "../values.js";
import { bareProgram } from "./bare-program.js";
import { hasMark, replaceInWords } from "./replace.js";

/** For more paths than this the command is told once, for an unknown one. */
export const MAX_FD_PATHS = 256;

const MARKS = ["{}", "{.}", "{/}", "{//}", "{/.}"];

export function readFd(call: Call): Reading {
  const context = contextOf(locate(bareProgram(call), call.words), call);
  const base = readingOf(context);
  const { line } = context.located;
  const exec = line.options.find((one) => one.means === "exec");
  if (exec === undefined) return base;
  const words = line.operands.filter((word, i) => (line.operands_at[i] ?? 0) > exec.at && knownText(word.value) !== ";");
  const [first] = words;
  if (first === undefined) return base;
  const [, ...roots] = line.operands.filter((_, i) => (line.operands_at[i] ?? 0) < exec.at);
  const names = namesOf(context);
  const folders = roots.length === 0 ? [text(".")] : roots.map((root) => root.value);
  const isTooMany = folders.length * names.length > MAX_FD_PATHS;
  const found = isTooMany ? [UNKNOWN_WORD] : folders.flatMap((root) => names.map((glob): Value => within(root, { kind: "pattern", glob })));
  const marked = MARKS.some((mark) => hasMark(words, mark));
  const deeds = found.map((path): Deed => {
    const filled = MARKS.reduce<readonly Argument[]>((all, mark) => replaceInWords(all, mark, path), words);
    return {
      kind: "command",
      words: marked ? filled : [...words, { value: path, span: exec.span }],
      scope: scopeOf("child", context),
      span: first.span,
    };
  });
  return { ...base, deeds: inSourceOrder([...base.deeds, ...deeds]), output: { kind: "stream" } };
}

/** Everything, or with `-e` what has one of these endings. What the pattern lets through is not looked at: it is a regular expression, and finds parts of names. */
function namesOf(context: Context): readonly string[] {
  const endings = context.located.line.options.filter((one) => one.means === "extension").flatMap((one) => one.values);
  const known = endings.flatMap(({ value }) => (value.kind === "text" && value.text !== "" ? [`**/*.${escapeGlob(value.text)}`] : []));
  return endings.length > 0 && known.length === endings.length ? known : ["**"];
}
