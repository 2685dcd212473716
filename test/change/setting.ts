// The setting in which the tests of change/ derive: the facts that vectors default to, and the catalogue that ships.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { compileCatalogue } from "../../src/change/catalogue/compile.js";
import { type Action, type Catalogue, deriveChange, type Effect, type Facts } from "../../src/change/index.js";
import { FACTS } from "./facts.js";

export const UNKNOWN_CODE = "opaque unknown_code shell";
export const UNKNOWN_PROGRAM = "opaque unknown_program";

export { FACTS };

const folder = join(import.meta.dirname, "..", "..", "spec", "catalogue");

/** The catalogue that ships, compiled from its sources. */
export const CATALOGUE: Catalogue = (() => {
  const names = readdirSync(folder).filter((name) => name.endsWith(".yaml") && name !== "languages.yaml");
  const compiled = compileCatalogue(names.sort().map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") })));
  if (!compiled.ok) throw new Error(`${compiled.problem.at}: ${compiled.problem.message}`);
  return compiled.value;
})();

export function command(target: string, more: Partial<Action> = {}): Action {
  return { action_type: "execute_command", target, operation: "", arguments: "", cwd: "/srv/app", workspace_root: "/srv/app", ...more };
}

/** The effects of a command line in /srv/app under the catalogue that ships. */
export function effectsOf(target: string, facts: Partial<Facts> = {}): readonly Effect[] {
  return deriveChange(command(target), { ...FACTS, ...facts }, CATALOGUE).effects;
}
