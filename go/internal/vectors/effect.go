// Effects as vectors write them: each with the keys of its kind and no others.

package vectors

import (
	"testing"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
)

// Effect is an effect of any kind.
type Effect struct {
	Kind       string   `json:"kind"`
	Span       Span     `json:"span"`
	Via        []string `json:"via"`
	Place      string   `json:"place"`
	Target     string   `json:"target"`
	Extent     string   `json:"extent"`
	Program    string   `json:"program"`
	Path       string   `json:"path"`
	Subcommand string   `json:"subcommand"`
	Options    []string `json:"options"`
	Known      bool     `json:"known"`
	Harmless   bool     `json:"harmless"`
	Operation  string   `json:"operation"`
	Ref        string   `json:"ref"`
	Remote     string   `json:"remote"`
	Force      string   `json:"force"`
	Host       string   `json:"host"`
	URL        string   `json:"url"`
	Direction  string   `json:"direction"`
	Data       string   `json:"data"`
	System     string   `json:"system"`
	Server     string   `json:"server"`
	Tool       string   `json:"tool"`
	Capability string   `json:"capability"`
	Reason     string   `json:"reason"`
	Detail     string   `json:"detail"`
}

// Span of an effect.
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// Model is the effect as the engine has it.
func (e Effect) Model() model.Effect {
	return model.Effect{
		Kind: e.Kind, Span: base.Span(e.Span), Via: e.Via, Place: e.Place, Target: e.Target, Extent: e.Extent, Program: e.Program,
		Path: e.Path, Subcommand: e.Subcommand, Options: e.Options, Known: e.Known, Harmless: e.Harmless, Operation: e.Operation,
		Ref: e.Ref, Remote: e.Remote, Force: e.Force, Host: e.Host, URL: e.URL, Direction: e.Direction, Data: e.Data,
		System: e.System, Server: e.Server, Tool: e.Tool, Capability: e.Capability, Reason: e.Reason, Detail: e.Detail,
	}
}

// Models is all of them.
func Models(effects []Effect) []model.Effect {
	models := make([]model.Effect, len(effects))
	for i, effect := range effects {
		models[i] = effect.Model()
	}
	return models
}

// Canonical is the canonical bytes of JSON as a vector writes it.
func Canonical(t *testing.T, text []byte) string {
	t.Helper()
	value, problem := base.ParseJSON(text, base.JSONLimits{SizeBytes: len(text), Depth: base.CanonicalDepth})
	if problem != nil {
		t.Fatalf("%s: %s", problem.Code, problem.At)
	}
	bytes, problem := base.CanonicalJSON(value)
	if problem != nil {
		t.Fatalf("%s: %s", problem.Code, problem.At)
	}
	return string(bytes)
}
