// Compiles the policy files that were found. Apart from the rest of authority, because it brings the YAML reader: the hook loads it only when it must.

import type { Problem } from "../base/index.js";
import { compilePolicy, type Library, loadPack, type Pack } from "../policy/index.js";
import type { Compile, PolicySource, PolicySources } from "./policy-in-force.js";
import { settingsPack } from "./settings-pack.js";
import { DEFAULT_PACK, shippedCatalogue, shippedSources } from "./shipped.js";

/** The host's pack (the shipped default where there is none), tightened by the workspace's. */
export const compileSources: Compile = (sources) => {
  const problems: Problem[] = [];
  const library = loadLibrary(sources, problems);
  const host = sources.host === null ? library.get(DEFAULT_PACK) : load(sources.host, "host", problems);
  const workspace = sources.workspace === null ? null : load(sources.workspace, "workspace", problems);
  if (problems.length > 0 || host === undefined || workspace === undefined) return { ok: false, problems };
  const settings = sources.settings === null ? null : settingsPack(sources.settings, host, library);
  if (settings !== null && !settings.ok) return settings;
  return compilePolicy({ host, settings: settings === null ? null : settings.value, workspace, library, catalogue: shippedCatalogue() });
};

/** Every pack that can be inherited: the shipped ones and the host's own. A host's pack cannot take a shipped pack's name. */
export function loadLibrary(sources: PolicySources, problems: Problem[]): Library {
  const library = new Map<string, Pack>();
  for (const source of sources.library) {
    const pack = load(source, "host", problems);
    if (pack !== undefined) library.set(pack.id, pack);
  }
  for (const [id, text] of Object.entries(shippedSources())) {
    const pack = load({ path: `${id}.yaml`, text }, "host", problems);
    if (pack !== undefined) library.set(id, pack);
  }
  return library;
}

function load(source: PolicySource, layer: "host" | "workspace", problems: Problem[]): Pack | undefined {
  const loaded = loadPack(source.text, source.path, layer);
  if (loaded.ok) return loaded.value;
  problems.push(...loaded.problems);
  return undefined;
}
