// Where the text that a key's globs are held against is found. Implements spec/policy.md section 2.4. Twin of TEXT_KEYS in src/policy/clause.ts.

package policy

import "cavra.dev/runtime/change/model"

// A textKey is a key of a clause whose globs are held against a text of the effect or the subject.
type textKey byte

const (
	keyAgent textKey = iota
	keyUser
	keyVia
	keyProgram
	keySubcommand
	keyHost
	keyOperation
	keyRef
	keyRemote
	keySystem
	keyTarget
	keyServer
	keyTool
	keyReason
	keyDetail
	textKeys = iota
)

func (key textKey) globs(clause *Clause) []string {
	switch key {
	case keyAgent:
		return clause.Agent
	case keyUser:
		return clause.User
	case keyVia:
		return clause.Via
	case keyProgram:
		return clause.Program
	case keySubcommand:
		return clause.Subcommand
	case keyHost:
		return clause.Host
	case keyOperation:
		return clause.Operation
	case keyRef:
		return clause.Ref
	case keyRemote:
		return clause.Remote
	case keySystem:
		return clause.System
	case keyTarget:
		return clause.Target
	case keyServer:
		return clause.Server
	case keyTool:
		return clause.Tool
	case keyReason:
		return clause.Reason
	}
	return clause.Detail
}

// of gives the text of any key but keyVia, which has several. False: this kind of effect has no such thing, so the clause cannot hold.
func (key textKey) of(effect *model.Effect, subject *Subject) (string, bool) {
	switch key {
	case keyAgent:
		return subject.Agent, true
	case keyUser:
		return subject.User, true
	case keyProgram:
		return effect.Program, effect.Kind == "exec"
	case keySubcommand:
		return effect.Subcommand, effect.Kind == "exec"
	case keyHost:
		return effect.Host, effect.Kind == "network"
	case keyOperation:
		return effect.Operation, effect.Kind == "git" || effect.Kind == "operate"
	case keyRef:
		return effect.Ref, effect.Kind == "git"
	case keyRemote:
		return effect.Remote, effect.Kind == "git"
	case keySystem:
		return effect.System, effect.Kind == "operate"
	case keyTarget:
		return effect.Target, effect.Kind == "operate"
	case keyServer:
		return effect.Server, effect.Kind == "call"
	case keyTool:
		return effect.Tool, effect.Kind == "call"
	case keyReason:
		return effect.Reason, effect.Kind == "opaque"
	case keyDetail:
		return effect.Detail, effect.Kind == "opaque"
	}
	return "", false
}
