// `cavra policy compile`: the canonical compiled policy. Implements spec/policy.md section 6 at the command line.

import { wholePolicy } from "../../../authority/index.js";
import { compiledText } from "../../../policy/index.js";
import { EXIT, type ExitStatus } from "../../exit.js";
import { report, type Terminal } from "../../terminal.js";
import { named } from "./named.js";

export function compile(terminal: Terminal, name: string): ExitStatus {
  const text = compiledText(wholePolicy(named(terminal, name)));
  if (!text.ok) return report(terminal, text.problems[0] ?? { code: "internal_error", message: "no canonical form" }, false);
  terminal.print(`${text.value}\n`);
  return EXIT.done;
}
