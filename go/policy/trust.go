// How far an MCP server is trusted, and what that says of one call. Implements spec/policy.md section 5.4. Twin of src/policy/trust.ts.

package policy

import (
	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
)

// A trustRuling is what one entry of `mcp_trust` says of a call.
type trustRuling struct {
	trust   *ServerTrust
	verdict base.Verdict
}

// trustRulings is one ruling for every entry whose server glob matches; a server of unknown name matches none.
func trustRulings(effect *model.Effect, trust []preparedTrust) []trustRuling {
	var rulings []trustRuling
	for i := range trust {
		if matchesName(trust[i].server, effect.Server) {
			rulings = append(rulings, trustRuling{trust: trust[i].trust, verdict: verdictOf(effect, &trust[i])})
		}
	}
	return rulings
}

// A tool's own verdict speaks before the server's, and that before the tier's.
func verdictOf(effect *model.Effect, one *preparedTrust) base.Verdict {
	var own []base.Verdict
	for _, tool := range one.tools {
		if matchesName(tool.tool, effect.Tool) {
			own = append(own, tool.verdict)
		}
	}
	if len(own) > 0 {
		return base.Strictest(own)
	}
	if one.trust.Verdict != "" {
		return one.trust.Verdict
	}
	return tierVerdict(one.trust.Tier, effect.Capability)
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
