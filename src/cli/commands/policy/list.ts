// `cavra policy list`: the packs that ship, and the host's own.

import { findSources, loadLibrary } from "../../../authority/index.js";
import type { Problem } from "../../../base/index.js";
import { count } from "../../count.js";
import { EXIT, type ExitStatus } from "../../exit.js";
import { oneLine } from "../../one-line.js";
import { report, type Terminal } from "../../terminal.js";

export function list(terminal: Terminal, { json }: { readonly json?: boolean }): ExitStatus {
  const problems: Problem[] = [];
  const library = [...loadLibrary(findSources("", terminal.env), problems).values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  if (json)
    terminal.print(
      `${JSON.stringify(library.map(({ id, version, description, rules, tests }) => ({ id, version, description, rules: rules.length, tests: tests.length })))}\n`,
    );
  else
    for (const pack of library)
      terminal.print(
        `${terminal.colours.bold(pack.id)}@${pack.version}  ${count(pack.rules.length, "rule")}, ${count(pack.tests.length, "test")}\n  ${oneLine(pack.description, 400)}\n`,
      );
  return problems[0] === undefined ? EXIT.done : report(terminal, problems[0], json === true);
}
