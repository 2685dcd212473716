// What is said where no rule decides. Implements spec/policy.md section 5.5: the sentences are part of the judgement's bytes.
// Twin of src/policy/reasons.ts.

package policy

import (
	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
)

const emptyChange = "it changes nothing"

var silent = map[model.EffectKind]string{
	"read":    "it reads a file that no rule speaks of",
	"write":   "it writes a file that no rule speaks of",
	"delete":  "it deletes a file that no rule speaks of",
	"exec":    "it runs a program that no rule speaks of",
	"git":     "it changes git state that no rule speaks of",
	"network": "it reaches a host that no rule speaks of",
	"operate": "it operates a system that no rule speaks of",
	"call":    "it calls an MCP tool of a server that nobody has vouched for",
	"opaque":  "it runs code that cannot be known before it runs",
}

var ofUnknown = map[model.EffectKind]string{
	"read":    "it reads a file, and which one cannot be known before it runs",
	"write":   "it writes a file, and which one cannot be known before it runs",
	"delete":  "it deletes files, and which ones cannot be known before it runs",
	"exec":    "it runs a program that the catalogue does not know",
	"git":     "it changes git state, and which cannot be known before it runs",
	"network": "it reaches a host, and which one cannot be known before it runs",
	"operate": "it operates a system, and on what cannot be known before it runs",
	"call":    "it calls an MCP tool, and which one cannot be known before it runs",
	"opaque":  "it runs code that cannot be known before it runs",
}

var endings = map[base.Verdict]string{
	base.Allow:           "the policy lets that pass",
	base.Warn:            "the policy lets that pass with a warning",
	base.RequireApproval: "the policy asks a person first",
	base.Deny:            "the policy refuses that",
}

const excepted = "an exception lets that pass"

// defaultReason: taken says that an exception took the default away.
func defaultReason(effect *model.Effect, unknown bool, verdict base.Verdict, taken bool) string {
	what := silent[effect.Kind]
	if unknown {
		what = ofUnknown[effect.Kind]
	}
	if effect.Kind == "opaque" {
		what += " (" + effect.Reason
		if effect.Detail != "" {
			what += ", " + effect.Detail
		}
		what += ")"
	}
	if taken {
		return what + "; " + excepted
	}
	return what + "; " + endings[verdict]
}

func trustReason(ruling trustRuling) string {
	where := ""
	if ruling.lowered {
		where = " in the MCP registry"
	}
	return "the MCP server `" + ruling.trust.Server + "` is " + ruling.tier + where + "; for this tool " + endings[ruling.verdict]
}
