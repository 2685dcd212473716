// `cavra policy diff`: what is stricter, milder, new or gone, and why. Implements spec/cli.md section 7.

import { EXIT, type ExitStatus } from "../../exit.js";
import { diffPolicies, renderDiff } from "../../policy-diff.js";
import type { Terminal } from "../../terminal.js";
import { named } from "./named.js";

export function diff(terminal: Terminal, a: string, b: string, { json }: { readonly json?: boolean }): ExitStatus {
  const result = diffPolicies(named(terminal, a), named(terminal, b));
  terminal.print(json ? `${JSON.stringify(result)}\n` : renderDiff(result, terminal));
  return EXIT.done;
}
