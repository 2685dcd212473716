// How far an MCP server is trusted, and what that says of one call. Implements spec/policy.md section 5.4. Twin of src/policy/trust.ts.

package policy

import (
	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
)

// A trustRuling is what one entry of `mcp_trust` says of a call.
type trustRuling struct {
	trust *ServerTrust
	// tier that judged, and whether the registry made it the lower one.
	tier    Tier
	lowered bool
	verdict base.Verdict
}

// trustRulings is one ruling for every entry whose server glob matches; a server of unknown name matches none.
func trustRulings(effect *model.Effect, trust []preparedTrust, registry *OpenRegistry) []trustRuling {
	var rulings []trustRuling
	for i := range trust {
		if matchesName(trust[i].server, effect.Server) {
			rulings = append(rulings, rulingOf(effect, &trust[i], registry))
		}
	}
	return rulings
}

// A tool's own verdict speaks before the server's, and that before the tier's, which a registry may lower.
func rulingOf(effect *model.Effect, one *preparedTrust, registry *OpenRegistry) trustRuling {
	ruling := trustRuling{trust: one.trust, tier: one.trust.Tier, verdict: one.trust.Verdict}
	var own []base.Verdict
	for _, tool := range one.tools {
		if matchesName(tool.tool, effect.Tool) {
			own = append(own, tool.verdict)
		}
	}
	if len(own) > 0 {
		ruling.verdict = base.Strictest(own)
	}
	if ruling.verdict == "" {
		ruling.tier = loweredTier(one.trust.Tier, effect, registry)
		ruling.lowered = ruling.tier != one.trust.Tier
		ruling.verdict = tierVerdict(ruling.tier, effect.Capability)
	}
	return ruling
}

func tierVerdict(tier Tier, capability string) base.Verdict {
	if tier == "trusted" || tier == "limited" && capability == "read" {
		return base.Allow
	}
	return base.RequireApproval
}

// Trust is given by name, letter by letter: `GitHub` is not the `github` that somebody vouched for.
func matchesName(glob *lazyGlob, name string) bool {
	return name != model.Unknown && base.MatchTextGlob(glob.compiled(false), name)
}
