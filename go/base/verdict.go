// The four verdicts and their order. Implements spec/policy.md section 1. Twin of src/base/verdict.ts.
// The strictest verdict always wins, over rules and over effects; nothing anywhere may depend on the order of its inputs.

package base

import "slices"

// Verdict is what a policy says of an effect or a change.
type Verdict string

// The verdicts by name.
const (
	Allow           Verdict = "allow"
	Warn            Verdict = "warn"
	RequireApproval Verdict = "require_approval"
	Deny            Verdict = "deny"
)

// Verdicts in the order of strictness. Nobody writes to it.
var Verdicts = []Verdict{Allow, Warn, RequireApproval, Deny}

// Severity is how bad it would be.
type Severity string

// Severities in their order. Nobody writes to it.
var Severities = []Severity{"info", "low", "medium", "high", "critical"}

// Strictest of the verdicts; `allow` for none.
func Strictest(verdicts []Verdict) Verdict {
	worst := Allow
	for _, verdict := range verdicts {
		if IsStricter(verdict, worst) {
			worst = verdict
		}
	}
	return worst
}

// IsStricter is true when left is stricter than right.
func IsStricter(left, right Verdict) bool {
	return slices.Index(Verdicts, left) > slices.Index(Verdicts, right)
}

// Stops is true for the verdicts that keep the action from running now.
func Stops(verdict Verdict) bool {
	return verdict == Deny || verdict == RequireApproval
}
