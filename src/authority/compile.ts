// Compiles the policy files that were found. Apart from the rest of authority, because it brings the YAML reader: the hook loads it only when it must.

import type { Problem } from "../base/index.js";
import { compilePolicy, inOrder, type Library, loadPack, type Pack } from "../policy/index.js";
import type { Compile, PolicySource, PolicySources } from "./policy-in-force.js";
import { settingsPack } from "./settings-pack.js";
import { DEFAULT_PACK, shippedCatalogue, shippedSources } from "./shipped.js";

/** The host's pack (the shipped default where there is none), tightened by the workspace's. */
export const compileSources: Compile = (sources) => {
  const [ofLibrary, problems]: [Problem[], Problem[]] = [[], []];
  const ownHost = sources.host === null ? null : load(sources.host, "host", problems);
  const workspace = sources.workspace === null ? null : load(sources.workspace, "workspace", problems);
  const library = neededLibrary(sources, [ownHost, workspace], ofLibrary);
  const host = ownHost === null ? library.get(DEFAULT_PACK) : ownHost;
  if (ofLibrary.length + problems.length > 0 || host === undefined || workspace === undefined)
    return { ok: false, problems: inOrder([...ofLibrary, ...problems]) };
  const settings = sources.settings === null ? null : settingsPack(sources.settings, host, library);
  if (settings !== null && !settings.ok) return settings;
  return compilePolicy({ host, settings: settings === null ? null : settings.value, workspace, library, catalogue: shippedCatalogue() });
};

/** Every pack that can be inherited: the shipped ones and the host's own. A host's pack cannot take a shipped pack's name. */
export function loadLibrary(sources: PolicySources, problems: Problem[]): Library {
  const library = ownLibrary(sources, problems);
  for (const [id, text] of Object.entries(shippedSources())) addShipped(id, text, library, problems);
  return library;
}

/**
 * The same, but of the shipped packs only those that the policy stands on: the others would cost a tenth of a second each, and somebody waits. Where
 * a pack is asked for that nobody has, all of them, so that the name that was meant can be told.
 */
function neededLibrary(sources: PolicySources, tops: readonly (Pack | null | undefined)[], problems: Problem[]): Library {
  const shipped = shippedSources();
  const library = ownLibrary(sources, problems);
  const asked = [DEFAULT_PACK, ...[...tops, ...library.values()].flatMap(parentsOf)];
  const seen = new Set<string>();
  for (let id = asked.pop(); id !== undefined; id = asked.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    const text = Object.hasOwn(shipped, id) ? shipped[id] : undefined;
    if (text !== undefined) asked.push(...parentsOf(addShipped(id, text, library, problems)));
    else if (!library.has(id) && !tops.some((top) => top?.id === id)) return loadLibrary(sources, []);
  }
  return library;
}

function parentsOf(pack: Pack | null | undefined): readonly string[] {
  return (pack?.inherits ?? []).map(({ id }) => id);
}

function ownLibrary(sources: PolicySources, problems: Problem[]): Map<string, Pack> {
  const library = new Map<string, Pack>();
  for (const source of sources.library) {
    const pack = load(source, "host", problems);
    if (pack !== undefined) library.set(pack.id, pack);
  }
  return library;
}

function addShipped(id: string, text: string, library: Map<string, Pack>, problems: Problem[]): Pack | undefined {
  const pack = load({ path: `${id}.yaml`, text }, "host", problems);
  if (pack !== undefined) library.set(id, pack);
  return pack;
}

function load(source: PolicySource, layer: "host" | "workspace", problems: Problem[]): Pack | undefined {
  const loaded = loadPack(source.text, source.path, layer);
  if (loaded.ok) return loaded.value;
  problems.push(...loaded.problems);
  return undefined;
}
