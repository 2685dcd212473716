// The judgement. Implements spec/policy.md section 7. Twin of src/policy/model.ts, its second half; it stands apart because the record keeps a judgement
// and policy and evidence do not know each other. In TypeScript each names its shape; here both have this one.

// Package judgement is what policy gives and evidence keeps. It imports only base and the contracts of change.
package judgement

import (
	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
)

// Source says what a ruling's heaviest voice is: `rule`, `default`, `unknown`, `mcp_trust`, `mcp_registry` or `exception`.
type Source = string

// Instead is what to do instead, for people, and where there is one the command that does it.
type Instead struct {
	Text    string
	Command string
}

// RuleUse is a rule that matches an effect.
type RuleUse struct {
	ID       string
	Verdict  base.Verdict
	Severity base.Severity
}

// ExceptionUse is an exception that took a rule, trust or a default away.
type ExceptionUse struct {
	Rule   string
	Reason string
	Until  string
}

// Ruling is what policy says of one effect. Effect is its index; rules and exceptions are sorted by rule id.
type Ruling struct {
	Effect     int
	Verdict    base.Verdict
	Source     Source
	Rules      []RuleUse
	Exceptions []ExceptionUse
	// Registry is nil but where a registry of MCP servers has a voice.
	Registry *RuleUse
}

// Policy names the policy that judged.
type Policy struct {
	ID      string
	Version string
	Digest  string
	Mode    string
}

// Judgement is the answer, its one deciding reason, and the whole trace. No clock and no identity in it: two engines compare it byte for byte.
type Judgement struct {
	Verdict  base.Verdict
	Severity base.Severity
	Reason   string
	// RuleID is the deciding rule; `default.<kind>`, `default.<kind>.unknown`, `mcp_trust.<server glob>` or `mcp_registry.<what>` where none decided; "" for an
	// empty change.
	RuleID  string
	Instead *Instead
	Effects []model.Effect
	Policy  Policy
	Rulings []Ruling
	// RegistryDigest is nil but where there is a registry of MCP servers; "" where that cannot be read.
	RegistryDigest *string
}
