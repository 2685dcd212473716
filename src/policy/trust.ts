// How far an MCP server is trusted, and what that says of one call. Implements spec/policy.md section 5.4. Twin of go/policy/trust.go.

import { matchTextGlob, strictest, type Verdict } from "../base/index.js";
import type { CallEffect } from "../change/index.js";
import { compiled, type LazyGlob } from "./clause.js";
import type { Layer, Tier } from "./model.js";
import type { PreparedTrust } from "./open-policy.js";

export interface TrustRuling {
  readonly server: string;
  readonly layer: Layer;
  readonly verdict: Verdict;
  readonly tier: Tier;
}

/** One ruling for every entry whose server glob matches; a server of unknown name matches none. */
export function trustRulings(effect: CallEffect, trust: readonly PreparedTrust[]): readonly TrustRuling[] {
  return trust
    .filter((entry) => matchesName(entry.server, effect.server))
    .map((entry) => ({ server: entry.trust.server, layer: entry.trust.layer, tier: entry.trust.tier, verdict: verdictOf(effect, entry) }));
}

// A tool's own verdict speaks before the server's, and that before the tier's.
function verdictOf(effect: CallEffect, entry: PreparedTrust): Verdict {
  const own = entry.tools.filter(({ tool }) => matchesName(tool, effect.tool));
  if (own.length > 0) return strictest(own.map(({ verdict }) => verdict));
  return entry.trust.verdict ?? tierVerdict(entry.trust.tier, effect.capability);
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
