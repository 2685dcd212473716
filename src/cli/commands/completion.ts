// `cavra completion SHELL`: a completion script made from the command tree itself, so that it cannot fall behind it.

import type { Command } from "commander";
import { findSources, loadLibrary } from "../../authority/index.js";
import { compareBytes, VERDICTS } from "../../base/index.js";
import { ACTION_TYPES } from "../../change/index.js";
import { POLICY_SIGNERS } from "../../evidence/index.js";
import { BUCKETS, CATEGORIES, LEVELS, OUTCOMES } from "../../promotion/index.js";
import { EXIT, type ExitStatus } from "../exit.js";
import { report, type Terminal } from "../terminal.js";

/** What may follow a chain of words: `policy` → sub-commands and options. */
interface Choice {
  readonly words: readonly string[];
  readonly next: readonly { readonly name: string; readonly about: string }[];
}

/** What may follow an option, whatever command it stands under: `--decision` → the verdicts. No values: a file or free text. */
interface Operand {
  readonly option: string;
  readonly values: readonly string[];
}

export function completion(terminal: Terminal, shell: string, program: Command): ExitStatus {
  const packs = [...loadLibrary(findSources("", terminal.env), []).keys()].sort(compareBytes);
  const choices = choicesOf(program, [], packs);
  const operands = operandsOf(program, packs);
  switch (shell) {
    case "bash":
      terminal.print(bash(choices, operands));
      return EXIT.done;
    case "zsh":
      terminal.print(zsh(choices, operands));
      return EXIT.done;
    case "fish":
      terminal.print(fish(choices, operands));
      return EXIT.done;
    default:
      return report(
        terminal,
        { code: "unknown_shell", message: `there is no completion for \`${shell}\``, hint: "use bash, zsh or fish" },
        false,
      );
  }
}

/** Commands whose operand is a pack; a file may stand there too, and completes by default. */
const TAKES_PACK = new Set([
  "policy describe",
  "policy test",
  "policy compile",
  "policy diff",
  "policy simulate",
  "policy sign",
  "policy verify",
]);

const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  evaluate: ACTION_TYPES,
  explain: ACTION_TYPES,
  hook: ["claude-code"],
  completion: ["bash", "zsh", "fish"],
  "agent install": ["claude-code"],
  "agent uninstall": ["claude-code"],
  "agent doctor": ["claude-code"],
};

function choicesOf(command: Command, words: readonly string[], packs: readonly string[]): readonly Choice[] {
  const subs = command.commands.map((sub) => ({ name: sub.name(), about: sub.description() }));
  const options = command.options.filter((option) => option.long).map((option) => ({ name: option.long ?? "", about: option.description }));
  const way = words.join(" ");
  const operands = (TAKES_PACK.has(way) ? packs : (ARGUMENTS[way] ?? [])).map((name) => ({ name, about: "" }));
  return [
    { words, next: [...subs, ...operands, ...options] },
    ...command.commands.flatMap((sub) => choicesOf(sub, [...words, sub.name()], packs)),
  ];
}

function operandsOf(program: Command, packs: readonly string[]): readonly Operand[] {
  const known: Readonly<Record<string, readonly string[]>> = {
    "--decision": VERDICTS,
    "--policy-pack": packs,
    "--action-type": ACTION_TYPES,
    "--role": POLICY_SIGNERS,
    "--action": OUTCOMES,
    "--bucket": BUCKETS,
    "--category": CATEGORIES,
    "--level": LEVELS,
  };
  const all = (command: Command): string[] => [
    ...command.options.filter((option) => option.required && option.long).map((option) => option.long ?? ""),
    ...command.commands.flatMap(all),
  ];
  return [...new Set(all(program))].sort(compareBytes).map((option) => ({ option, values: known[option] ?? [] }));
}

function bash(choices: readonly Choice[], operands: readonly Operand[]): string {
  const after = operands.map(({ option, values }) => `    ${option}) next="${values.join(" ")}" ;;`);
  const cases = choices.map(({ words, next }) => `    "${words.join(" ")}") next="${next.map(({ name }) => name).join(" ")}" ;;`);
  return `# bash completion for cavra: source <(cavra completion bash)
_cavra() {
  local word way="" next=""
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) ;; *) case " ${subCommands(choices)} " in *" $word "*) way="\${way:+$way }$word" ;; esac ;; esac
  done
  case "$way" in
${cases.join("\n")}
  esac
  case "\${COMP_WORDS[COMP_CWORD-1]}" in
${after.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$next" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _cavra cavra
`;
}

function zsh(choices: readonly Choice[], operands: readonly Operand[]): string {
  const after = operands.map(({ option, values }) => `    ${option}) next=(${values.join(" ")}) ;;`);
  const cases = choices.map(
    ({ words, next }) =>
      `    "${words.join(" ")}") next=(${next.map(({ name, about }) => `'${name}:${about.replaceAll("'", "").replaceAll(":", " ")}'`).join(" ")}) ;;`,
  );
  return `#compdef cavra
# zsh completion for cavra: source <(cavra completion zsh)
_cavra() {
  local word way=""
  local -a next
  for word in "\${words[@]:1:$((CURRENT - 2))}"; do
    case "$word" in -*) ;; *) case " ${subCommands(choices)} " in *" $word "*) way="\${way:+$way }$word" ;; esac ;; esac
  done
  case "$way" in
${cases.join("\n")}
  esac
  case "\${words[CURRENT - 1]}" in
${after.join("\n")}
  esac
  _describe cavra next || _files
}
compdef _cavra cavra
`;
}

function fish(choices: readonly Choice[], operands: readonly Operand[]): string {
  const valuesAfter = (name: string): string => {
    const operand = operands.find(({ option }) => option === name);
    if (operand === undefined) return "";
    return operand.values.length === 0 ? " -r" : ` -x -a '${operand.values.join(" ")}'`;
  };
  const lines = choices.flatMap(({ words, next }) => {
    const condition =
      words.length === 0 ? "__fish_use_subcommand" : words.map((word) => `__fish_seen_subcommand_from ${word}`).join("; and ");
    return next.map(({ name, about }) => {
      const what = name.startsWith("--") ? `-l ${name.slice(2)}${valuesAfter(name)}` : `-a ${name}`;
      return `complete -c cavra -n '${condition}' ${what} -d '${about.replaceAll("'", "")}'`;
    });
  });
  return `# fish completion for cavra: cavra completion fish | source\n${lines.join("\n")}\n`;
}

function subCommands(choices: readonly Choice[]): string {
  return [...new Set(choices.flatMap(({ words }) => words))].join(" ");
}
