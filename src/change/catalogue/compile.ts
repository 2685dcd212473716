// Compiles the authoring form (YAML) to the catalogue. Implements spec/catalogue.md section 1. No twin: only the compiled catalogue travels.
// Strict: an unknown key, role or condition shape is refused, because a misspelt `unless` would silently turn a danger into silence.

import { compareBytes } from "../../base/order.js";
import { bad, ok, type Result } from "../../base/result.js";
import { compilePrograms } from "./compile-programs.js";
import { compileEnvironment, compileTools } from "./compile-rest.js";
import type { WholeCatalogue } from "./model.js";
import { type Document, type Entry, Problems, readSource, suggest } from "./source.js";

const SECTIONS = ["programs", "environment", "mcp"];

/** All documents together are one catalogue; their order does not matter. */
export function compileCatalogue(documents: readonly Document[]): Result<WholeCatalogue> {
  const problems = new Problems();
  const sections = [...documents].sort((a, b) => compareBytes(a.name, b.name)).flatMap((document) => sectionsOf(document, problems));
  const named = (name: string): Entry[] => sections.filter((section) => section.key === name);
  const { programs, same, aliases } = compilePrograms(named("programs"), problems);
  const environment = compileEnvironment(named("environment"), problems);
  const mcp = compileTools(named("mcp"), problems);
  const problem = problems.first();
  if (problem !== null) return { ok: false, problem };
  if (Object.keys(programs).length === 0) return bad("catalogue_invalid", "the catalogue has no programs");
  return ok({ schema_version: "cavra.catalogue.v1", programs, aliases, same, environment, mcp });
}

function sectionsOf(document: Document, problems: Problems): readonly Entry[] {
  const source = readSource(document, problems);
  if (source.kind !== "map") {
    problems.add(source.at, "a catalogue document is a mapping", `its keys are ${SECTIONS.join(", ")}`);
    return [];
  }
  for (const entry of source.entries) {
    if (!SECTIONS.includes(entry.key)) problems.add(entry.at, `unknown key \`${entry.key}\``, suggest(entry.key, SECTIONS));
  }
  return source.entries;
}
