// `cavra policy validate`: what is wrong with a policy file, and what will soon be. Implements spec/cli.md 7.1.

import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { compileSources, findSources, readPolicyFile, WORKSPACE_POLICY } from "../../../authority/index.js";
import { count } from "../../count.js";
import { EXIT, type ExitStatus } from "../../exit.js";
import { report, type Terminal } from "../../terminal.js";
import { here } from "./named.js";

export interface ValidateOptions {
  readonly json?: boolean;
  readonly workspace?: boolean;
}

export function validate(terminal: Terminal, name: string, options: ValidateOptions): ExitStatus {
  const file = name === "" ? join(here(terminal), WORKSPACE_POLICY) : resolve(terminal.cwd, name);
  if (!existsSync(file))
    return report(
      terminal,
      { code: "policy_missing", message: `there is no file \`${file}\``, hint: "run `cavra policy init` to write one" },
      options.json === true,
    );
  const source = readPolicyFile(file);
  const workspace = options.workspace === true || file.endsWith(WORKSPACE_POLICY);
  const sources = findSources("", terminal.env);
  const compiled = compileSources(workspace ? { ...sources, workspace: source } : { ...sources, host: source });
  if (compiled.ok) {
    terminal.print(
      options.json
        ? `${JSON.stringify({ valid: true, id: compiled.value.id, digest: compiled.value.digest })}\n`
        : `${terminal.colours.green("✓")} \`${file}\` holds: ${count(compiled.value.rules.length, "rule")} with all that it inherits\n`,
    );
    return EXIT.done;
  }
  if (options.json) terminal.print(`${JSON.stringify({ valid: false, problems: compiled.problems })}\n`);
  else for (const problem of compiled.problems) report(terminal, problem, false);
  return EXIT.usage;
}
