// `cavra policy describe`: every rule, exception and default of a policy, for a person.

import type { Exception } from "../../../policy/index.js";
import { SYSTEM_CLOCK } from "../../../store/index.js";
import { EXIT, type ExitStatus } from "../../exit.js";
import { oneLine } from "../../one-line.js";
import { badge } from "../../render.js";
import { toSecond } from "../../span-of-time.js";
import type { Terminal } from "../../terminal.js";
import { named } from "./named.js";

export function describe(terminal: Terminal, name: string, { json }: { readonly json?: boolean }): ExitStatus {
  const policy = named(terminal, name);
  if (json) {
    terminal.print(`${JSON.stringify(policy)}\n`);
    return EXIT.done;
  }
  const { bold, dim } = terminal.colours;
  const now = toSecond(SYSTEM_CLOCK.nowMs());
  terminal.print(
    `${bold(policy.id)}@${policy.version}  mode ${policy.mode}\n${oneLine(policy.description, 400)}\n${dim(policy.digest)}\n\n`,
  );
  for (const rule of policy.rules) {
    terminal.print(
      `${badge(rule.verdict, terminal)} ${bold(rule.id)} ${dim(`${rule.severity}, ${rule.pack}, exceptions: ${rule.overridable}`)}\n    ${oneLine(rule.reason, 400)}\n`,
    );
    if (rule.instead !== null) terminal.print(dim(`    instead: ${oneLine(rule.instead.text, 400)}\n`));
    for (const exception of policy.exceptions.filter((one) => one.rule === rule.id))
      terminal.print(`    ${exceptionLine(exception, now, terminal)}\n`);
  }
  terminal.print("\ndefaults, where no rule matches\n");
  for (const [kind, { verdict, unknown }] of Object.entries(policy.defaults))
    terminal.print(`  ${kind.padEnd(9)} ${verdict}${verdict === unknown ? "" : `, ${unknown} when the target is unknown`}\n`);
  const rules = new Set(policy.rules.map(({ id }) => id));
  for (const exception of policy.exceptions.filter(({ rule }) => !rules.has(rule)))
    terminal.print(`  ${oneLine(exception.rule, 200)} ${exceptionLine(exception, now, terminal)}\n`);
  return EXIT.done;
}

function exceptionLine({ reason, until, pack }: Exception, now: string, { colours }: Terminal): string {
  const ended = until !== "" && until <= now;
  const end = until === "" ? "no end" : `${ended ? "ended" : "until"} ${until}`;
  const line = `excepted (${end}, ${pack}): ${oneLine(reason, 200)}`;
  return ended ? colours.dim(line) : colours.yellow(line);
}
