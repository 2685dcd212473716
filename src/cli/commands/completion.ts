// `cavra completion SHELL`: a completion script made from the command tree itself, so that it cannot fall behind it.

import type { Command } from "commander";
import { ACTION_TYPES } from "../../change/index.js";
import { EXIT, type ExitStatus } from "../exit.js";
import { report, type Terminal } from "../terminal.js";

/** What may follow a chain of words: `policy` → sub-commands and options. */
interface Choice {
  readonly words: readonly string[];
  readonly next: readonly { readonly name: string; readonly about: string }[];
}

export function completion(terminal: Terminal, shell: string, program: Command): ExitStatus {
  const choices = choicesOf(program, []);
  switch (shell) {
    case "bash":
      terminal.print(bash(choices));
      return EXIT.done;
    case "zsh":
      terminal.print(zsh(choices));
      return EXIT.done;
    case "fish":
      terminal.print(fish(choices));
      return EXIT.done;
    default:
      return report(
        terminal,
        { code: "unknown_shell", message: `there is no completion for \`${shell}\``, hint: "use bash, zsh or fish" },
        false,
      );
  }
}

const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  evaluate: ACTION_TYPES,
  explain: ACTION_TYPES,
  hook: ["claude-code"],
  completion: ["bash", "zsh", "fish"],
  install: ["claude-code"],
  uninstall: ["claude-code"],
  doctor: ["claude-code"],
};

function choicesOf(command: Command, words: readonly string[]): readonly Choice[] {
  const subs = command.commands.map((sub) => ({ name: sub.name(), about: sub.description() }));
  const options = command.options.filter((option) => option.long).map((option) => ({ name: option.long ?? "", about: option.description }));
  const operands = (ARGUMENTS[words.at(-1) ?? ""] ?? []).map((name) => ({ name, about: "" }));
  return [
    { words, next: [...subs, ...operands, ...options] },
    ...command.commands.flatMap((sub) => choicesOf(sub, [...words, sub.name()])),
  ];
}

function bash(choices: readonly Choice[]): string {
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
  COMPREPLY=($(compgen -W "$next" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _cavra cavra
`;
}

function zsh(choices: readonly Choice[]): string {
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
  _describe cavra next || _files
}
compdef _cavra cavra
`;
}

function fish(choices: readonly Choice[]): string {
  const lines = choices.flatMap(({ words, next }) => {
    const condition =
      words.length === 0 ? "__fish_use_subcommand" : words.map((word) => `__fish_seen_subcommand_from ${word}`).join("; and ");
    return next.map(({ name, about }) => {
      const what = name.startsWith("--") ? `-l ${name.slice(2)}` : `-a ${name}`;
      return `complete -c cavra -n '${condition}' ${what} -d '${about.replaceAll("'", "")}'`;
    });
  });
  return `# fish completion for cavra: cavra completion fish | source\n${lines.join("\n")}\n`;
}

function subCommands(choices: readonly Choice[]): string {
  return [...new Set(choices.flatMap(({ words }) => words))].join(" ");
}
