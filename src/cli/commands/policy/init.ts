// `cavra policy init`: a policy for this repository; overwrites nothing. Implements spec/cli.md 5.3.

import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { WORKSPACE_POLICY } from "../../../authority/index.js";
import { EXIT, type ExitStatus } from "../../exit.js";
import { notARepository } from "../../place.js";
import { WORKSPACE_TEMPLATE } from "../../templates.js";
import { report, type Terminal } from "../../terminal.js";
import { here } from "./named.js";

export function initPolicy(terminal: Terminal): ExitStatus {
  const nowhere = notARepository(terminal, "cd into a repository; `cavra init` makes the host's own policy");
  if (nowhere !== null) return report(terminal, nowhere, false);
  const file = join(here(terminal), WORKSPACE_POLICY);
  if (existsSync(file))
    return report(
      terminal,
      { code: "already_there", message: `\`${file}\` is there already`, hint: "run `cavra policy validate` to check it" },
      false,
    );
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, WORKSPACE_TEMPLATE, { flag: "wx" });
  terminal.print(`wrote ${file}\nnext: edit it, then \`cavra policy validate\`\n`);
  return EXIT.done;
}
