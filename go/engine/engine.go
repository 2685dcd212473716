// The second engine whole: a compiled policy opened once, and judgements by it. Implements spec/backend.md section 2.
// The catalogue is the one inside the policy, so that what judges is named by one digest.

// Package engine puts derivation and judging together. It knows no clock, no file and no stream.
package engine

import (
	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change"
	"cavra.dev/runtime/change/catalogue"
	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/judgement"
	"cavra.dev/runtime/policy"
	"cavra.dev/runtime/worker"
)

// Engine judges by one policy. It may be asked by several goroutines at once.
type Engine struct {
	// Policy as it was loaded, without its catalogue.
	Policy *policy.Rulebook
	// RegistryDigest of the registry of MCP servers; "" without one.
	RegistryDigest string
	opened         *policy.Policy
	catalogue      *model.Catalogue
}

// Open reads a compiled policy from the bytes of its file, to judge without a registry. Problems: those of policy.ParseCompiled, and `catalogue_mismatch` for a catalogue that is not
// the one that `catalogue_digest` names, or cannot be read.
func Open(text []byte) (*Engine, *base.Problem) {
	return OpenWith(text, nil)
}

// OpenWith is Open with a registry of MCP servers; nil is none. Who cannot read a registry does not judge: it is TypeScript that then denies.
func OpenWith(text []byte, registry *policy.McpRegistry) (*Engine, *base.Problem) {
	compiled, problem := policy.ParseCompiled(text)
	if problem != nil {
		return nil, problem
	}
	canonical, problem := base.CanonicalJSON(compiled.Catalogue)
	if problem != nil {
		return nil, problem
	}
	if base.Sha256(canonical) != compiled.CatalogueDigest {
		return nil, base.Bad("catalogue_mismatch", "the policy's catalogue is not the one that its `catalogue_digest` names")
	}
	read, problem := catalogue.Read(compiled.Catalogue)
	if problem != nil {
		return nil, base.Bad("catalogue_mismatch", "the policy's catalogue cannot be read: "+problem.Message)
	}
	judging := &Engine{Policy: &compiled.Rulebook, catalogue: read}
	var known *policy.OpenRegistry
	if registry != nil {
		judging.RegistryDigest, known = registry.Digest, registry.Opened()
	}
	judging.opened = policy.OpenWith(&compiled.Rulebook, known)
	return judging, nil
}

// Evaluate gives the judgement bytes. The problem is of the canonical form: a text that has none.
func (e *Engine) Evaluate(asked *worker.Evaluation) ([]byte, *base.Problem) {
	derived := change.Derive(&asked.Action, &asked.Facts, e.catalogue)
	judged := policy.Judge(&derived, e.subject(asked), e.opened)
	bytes, code := judgement.Append(make([]byte, 0, 2048), judged)
	if code != "" {
		return nil, base.Bad(code, "the judgement has no canonical form")
	}
	return bytes, nil
}

func (e *Engine) subject(asked *worker.Evaluation) *policy.Subject {
	description := ""
	if asked.Action.ActionType == "mcp_tool_call" {
		description = asked.Action.Operation
	}
	return &policy.Subject{
		Agent:         asked.Subject.Agent,
		User:          asked.Subject.User,
		Home:          asked.Facts.Home,
		WorkspaceRoot: asked.Action.WorkspaceRoot,
		TempRoots:     asked.Facts.TempRoots,
		DefaultBranch: asked.Facts.Repository.DefaultBranch,
		Now:           asked.Subject.Now,

		ToolDescription: description,
	}
}
