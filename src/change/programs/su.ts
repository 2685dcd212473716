// su and runuser: a shell, or with -u a command, as another user. Implements spec/catalogue.md clause 10.5.
// Twin of go/change/programs/su.go.

import { scopeOf, stdinCode } from "../catalogue/code-roles.js";
import { knownText } from "../catalogue/command-line.js";
import { type Context, contextOf } from "../catalogue/context.js";
import { inSourceOrder, readingOf } from "../catalogue/interpret.js";
import { locate } from "../catalogue/locate.js";
import type { Deed } from "../deeds.js";
import type { Call, Reading } from "../reading.js";
import { type Argument, text } from "../values.js";
import { bareProgram } from "./bare-program.js";

export function readSu(call: Call): Reading {
  const program = bareProgram(call);
  const asCommand = contextOf(locate({ ...program, grammar: { ...program.grammar, options_end: "first_operand" } }, call.words), call);
  if (asCommand.around.meanings.has("user")) return withDeeds(asCommand, commandOf(asCommand));
  const context = contextOf(locate(program, call.words), call);
  if (context.around.meanings.has("help") || context.around.meanings.has("version")) return withDeeds(context, []);
  return withDeeds(context, shellOf(context));
}

function withDeeds(context: Context, deeds: readonly Deed[]): Reading {
  const base = readingOf(context);
  return { ...base, deeds: inSourceOrder([...base.deeds, ...deeds]) };
}

/** `runuser -u user [--] command …` */
function commandOf(context: Context): readonly Deed[] {
  const [first, ...rest] = context.located.line.operands;
  return first === undefined ? [] : [{ kind: "command", words: [first, ...rest], scope: scopeOf("child", context), span: first.span }];
}

/** `su [-] [user [argument …]]`: the arguments are the shell's, after `-c code` when that is given. */
function shellOf(context: Context): readonly Deed[] {
  const { line } = context.located;
  const operands = line.operands.filter((operand, i) => !(i === 0 && knownText(operand.value) === "-"));
  const [, ...rest] = operands;
  const given = (meaning: string): Argument | undefined => line.options.findLast((one) => one.means === meaning)?.values[0];
  const shell = given("shell");
  const code = given("code");
  const scope = scopeOf("child", context);
  const { span } = context.call;
  if (shell === undefined && code === undefined && rest.length === 0) return stdinCode("shell", [], scope, context, span);
  const program: Argument = shell ?? { value: text("sh"), span };
  const flag: readonly Argument[] = code === undefined ? [] : [{ value: text("-c"), span: code.span }, code];
  return [{ kind: "command", words: [program, ...flag, ...rest], scope, span: (code ?? rest[0] ?? program).span }];
}
