// How far an MCP server is trusted, and what that says of one call. Implements spec/policy.md section 5.4. Twin of go/policy/trust.go.

import { matchTextGlob, strictest, type Verdict } from "../base/index.js";
import type { CallEffect } from "../change/index.js";
import { compiled, type LazyGlob } from "./clause.js";
import type { OpenRegistry } from "./mcp-registry.js";
import type { Layer, Tier } from "./model.js";
import type { PreparedTrust } from "./open-policy.js";
import { loweredTier } from "./registry-voice.js";

export interface TrustRuling {
  readonly server: string;
  readonly layer: Layer;
  readonly verdict: Verdict;
  readonly tier: Tier;
  /** True where the registry's tier judged, because it is the lower one. */
  readonly lowered: boolean;
}

/** One ruling for every entry whose server glob matches; a server of unknown name matches none. */
export function trustRulings(effect: CallEffect, trust: readonly PreparedTrust[], registry: OpenRegistry | null): readonly TrustRuling[] {
  return trust.filter((entry) => matchesName(entry.server, effect.server)).map((entry) => rulingOf(effect, entry, registry));
}

// A tool's own verdict speaks before the server's, and that before the tier's, which a registry may lower.
function rulingOf(effect: CallEffect, { trust, tools }: PreparedTrust, registry: OpenRegistry | null): TrustRuling {
  const { server, layer, tier } = trust;
  const own = tools.filter(({ tool }) => matchesName(tool, effect.tool));
  const said = own.length > 0 ? strictest(own.map(({ verdict }) => verdict)) : trust.verdict;
  if (said !== null) return { server, layer, tier, lowered: false, verdict: said };
  const lower = loweredTier(tier, effect, registry);
  return { server, layer, tier: lower, lowered: lower !== tier, verdict: tierVerdict(lower, effect.capability) };
}

export function tierVerdict(tier: Tier, capability: string): Verdict {
  switch (tier) {
    case "trusted":
      return "allow";
    case "limited":
      return capability === "read" ? "allow" : "require_approval";
    case "untrusted":
      return "require_approval";
  }
}

// Trust is given by name, letter by letter: `GitHub` is not the `github` that somebody vouched for.
function matchesName(glob: LazyGlob, name: string): boolean {
  return name !== "unknown" && matchTextGlob(compiled(glob, false), name);
}
