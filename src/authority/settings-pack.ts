// The host's settings as a pack that is laid over the host's own: so they are judged, traced and digested like every other policy. Implements spec/policy.md 2.9.
// Apart from the settings themselves, because it brings the pack reader, which the hook loads only when it must.

import { isKnownBesideRules, type Library, type Loaded, lineage, loadPack, type Pack } from "../policy/index.js";
import { parseSettings } from "./host-settings.js";
import type { PolicySource } from "./policy-in-force.js";

/** The pack that the settings become; no other pack of the host can have this id. */
export const SETTINGS_PACK = "host.settings";

/** The settings as a pack that stands on the host's. An exception to a rule that is gone, or that nobody may except any more, is passed over: that is stricter. */
export function settingsPack(source: PolicySource, host: Pack, library: Library): Loaded<Pack> {
  const read = parseSettings(source.text);
  if (!read.ok) return { ok: false, problems: [{ ...read.problem, at: source.path }] };
  const { observe, exceptions } = read.value;
  const standing = exceptions.filter(({ rule }) => exceptable(rule, host, library));
  const pack = {
    schema_version: "cavra.policy.v1",
    id: SETTINGS_PACK,
    version: "1",
    inherits: [host.id],
    ...(observe === null ? {} : { mode: "audit" }),
    ...(standing.length === 0 ? {} : { exceptions: standing.map(({ rule, match, reason, until }) => ({ rule, match, reason, until })) }),
  };
  return loadPack(JSON.stringify(pack, null, 1), source.path, "host");
}

function exceptable(rule: string, host: Pack, library: Library): boolean {
  const packs = lineage(host, library);
  if (!packs.ok) return true;
  const servers = new Set(packs.value.flatMap(({ mcp_trust }) => mcp_trust.map(({ server }) => server)));
  if (isKnownBesideRules(rule, servers)) return true;
  const found = packs.value.flatMap(({ rules }) => rules).find(({ id }) => id === rule);
  return found !== undefined && found.overridable !== "never";
}
