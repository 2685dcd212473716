// Compiled policies and subjects. Implements spec/policy.md section 6. Twin of src/policy/model.ts, whose judgements are the package judgement.
// The names of the fields are the keys of the canonical JSON in Go's spelling; read_compiled.go alone reads them.

// Package policy judges: a compiled policy and a change in, a judgement out. Pure; what a command would do is told to it, never found out here.
package policy

import (
	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/judgement"
)

// EffectKinds in the order of the spec. Nobody writes to it.
var EffectKinds = []model.EffectKind{"read", "write", "delete", "exec", "git", "network", "operate", "call", "opaque"}

// Clause is what a rule looks for. All keys that are there must hold; of a list any one must, except Options, where all must. Lists are sorted by bytes;
// a nil list or flag is a key that is not there.
type Clause struct {
	Effect  []model.EffectKind
	Unknown *bool
	Place   []string
	Via     []string
	Agent   []string
	User    []string
	// Path and Covers of files. Covers: the effect takes all that lies below a folder that matches.
	Path            []string
	Covers          []string
	Extent          []model.Extent
	InsideWorkspace *bool
	// InTemp: below a temporary folder, and not in the workspace.
	InTemp     *bool
	Program    []string
	Subcommand []string
	Options    []string
	Known      *bool
	Harmless   *bool
	Host       []string
	Direction  []string
	Data       []string
	// Operation of git and operate.
	Operation  []string
	Ref        []string
	Remote     []string
	Force      []string
	System     []string
	Target     []string
	Server     []string
	Tool       []string
	Capability []string
	Reason     []string
	Detail     []string
}

// Layer says whose rule it is: the host's (`host`), or the workspace's (`workspace`), which can only add to the host's.
type Layer = string

// The layers.
const (
	LayerHost      Layer = "host"
	LayerWorkspace Layer = "workspace"
)

// Overridable is `never`, `host` or `workspace`.
type Overridable = string

// Rule with all its keys.
type Rule struct {
	ID          string
	Pack        string
	Layer       Layer
	Verdict     base.Verdict
	Severity    base.Severity
	Reason      string
	Instead     *judgement.Instead
	Overridable Overridable
	Match       []Clause
	Unless      []Clause
}

// Exception takes a rule, trust or a default away. Until is `YYYY-MM-DDTHH:MM:SSZ` or "" for no end.
type Exception struct {
	Rule   string
	Pack   string
	Match  []Clause
	Reason string
	Until  string
}

// KindDefault is what holds where no rule speaks. Host is "", or, where a workspace made Verdict stricter, what it is for the host.
type KindDefault struct {
	Verdict base.Verdict
	Unknown base.Verdict
	Host    base.Verdict
}

// Tier is `trusted`, `limited` or `untrusted`.
type Tier = string

// ServerTrust is how far MCP servers whose name matches are trusted. Verdict "" leaves it to the tier; Tools speak for single tools.
type ServerTrust struct {
	Server  string
	Layer   Layer
	Tier    Tier
	Verdict base.Verdict
	Tools   []ToolTrust
}

// ToolTrust is the verdict for tools whose name matches.
type ToolTrust struct {
	Tool    string
	Verdict base.Verdict
}

// ApprovalRoute says who may approve what; carried for the approval part, and not read by the judge.
type ApprovalRoute struct {
	ID         string
	Rules      []string
	Severities []base.Severity
	Approvers  []string
	Count      int
}

// CompiledSchema is the one schema that is read.
const CompiledSchema = "cavra.compiled-policy.v1"

// Pack is one that went into the policy.
type Pack struct {
	ID      string
	Version string
	Layer   Layer
}

// Rulebook is a compiled policy without its catalogue: all that a judgement needs.
type Rulebook struct {
	ID          string
	Version     string
	Description string
	// Mode is `enforce` or `audit`.
	Mode            string
	Packs           []Pack
	Defaults        map[model.EffectKind]KindDefault
	Rules           []Rule
	Exceptions      []Exception
	McpTrust        []ServerTrust
	ApprovalRoutes  []ApprovalRoute
	CatalogueDigest string
	Digest          string
}

// CompiledPolicy is everything the judge and the derivation read, and the digest over all of it but itself.
type CompiledPolicy struct {
	Rulebook
	// Catalogue as it stands in the document.
	Catalogue *base.JSONValue
}

// Subject is who acts and where, as far as rules may ask. Empty strings are unknown. Now is `YYYY-MM-DDTHH:MM:SS…Z`; without it no exception with an
// end holds.
type Subject struct {
	Agent         string
	User          string
	Home          string
	WorkspaceRoot string
	TempRoots     []string
	DefaultBranch string
	Now           string
	// ToolDescription of an MCP tool as the host told it (spec/mcp-registry.md 3.3).
	ToolDescription string
}
