// A command line that commander could not read, told in the one form that errors have. Implements spec/cli.md section 1.2.

import type { Command, CommanderError } from "commander";
import type { Problem } from "../base/index.js";

/** `error: unknown option '--jsno'\n(Did you mean --json?)` → code, message and hint. */
export function wrongCall(thrown: CommanderError, program: Command, argv: readonly string[]): Problem {
  const [first = "", guess = ""] = thrown.message.split("\n");
  const message = first
    .replace(/^error: /, "")
    .replace(/\.$/, "")
    .replace(". Expected", ": expected")
    .replaceAll(/'([^']*)'/g, "`$1`");
  return { code: CODES[thrown.code] ?? "wrong_call", message, hint: meant(guess) ?? usage(program, argv, thrown.code) };
}

const CODES: Readonly<Record<string, string>> = {
  "commander.unknownCommand": "unknown_command",
  "commander.unknownOption": "unknown_option",
  "commander.missingArgument": "argument_missing",
  "commander.excessArguments": "too_many_arguments",
  "commander.optionMissingArgument": "option_without_value",
};

function meant(guess: string): string | null {
  const found = /^\(Did you mean (?:one of )?(.*)\?\)$/.exec(guess)?.[1];
  return found === undefined ? null : `did you mean ${found.replaceAll(/[^, ]+/g, "`$&`").replaceAll(", ", " or ")}?`;
}

function usage(program: Command, argv: readonly string[], code: string): string {
  let command = program;
  let path = program.name();
  for (const word of argv) {
    const next = command.commands.find((one) => one.name() === word);
    if (next === undefined) break;
    command = next;
    path += ` ${word}`;
  }
  if (code === "commander.unknownCommand") return `run \`${path} --help\` for the commands`;
  return `usage: \`${path} ${command.usage()}\`; run \`${path} --help\` for more`;
}
