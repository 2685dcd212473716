// The door of the walk: from a script, or the words of one command, to effects. Implements spec/change.md section 7. Twin of
// src/change/walk/index.ts.

// Package walk follows a command line from its tree to its effects. It alone turns deeds into effects, and alone recurses.
package walk

import (
	"strings"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/change/shell"
)

// NewFrame is a walk that has not begun: an empty shell in the action's folder.
func NewFrame(cwd, workspaceRoot string, facts *model.Facts, catalogue *model.Catalogue) *Frame {
	inherited := &base.Ordered[model.Value]{}
	for name, value := range facts.Environment.All() {
		inherited.Set(name, model.Text(value))
	}
	walk := &walk{
		factsElsewhere: &model.Facts{Home: facts.Home},
		workspaceRoot:  workspaceRoot,
		catalogue:      catalogue,
		budget:         model.NewBudget(),
		sink:           sink{seen: map[string]bool{}},
		inherited:      inherited,
		nextDescriptor: 63,
	}
	walk.facts = facts.Noticing(&walk.wants.git)
	folder := model.UnknownWord
	if strings.HasPrefix(cwd, "/") {
		folder = model.Text(cwd)
	}
	return &Frame{walk: walk, shell: &holder{newShell(folder)}, place: "here", input: inputOf(model.Stdin{Kind: "inherited"})}
}

// Facts is what the caller knows, noting what is asked for.
func (f *Frame) Facts() *model.Facts {
	return f.walk.facts
}

// Effects is all effects so far, in their order.
func (f *Frame) Effects() []model.Effect {
	return f.walk.sink.effects
}

// Wants is what the caller could look up to know more: absolute paths, folders, scripts, and whether the git facts were asked for.
func (f *Frame) Wants() (paths, folders, scripts []string, git bool) {
	wants := &f.walk.wants
	return wants.paths.Keys(), wants.folders.Keys(), wants.scripts.Keys(), wants.git
}

// Line walks a whole command line, and what its traps leave for the end.
func Line(script *shell.Script, frame *Frame) {
	walkScript(script, frame)
	runTraps(frame)
}

// CommandWords walks one command given by its words.
func CommandWords(given []model.Argument, span base.Span, frame *Frame) {
	walkWords(given, span, frame, manner{})
}

// ToolDeed turns one deed that no program told (of a tool, say) into effects; tool is "" where none carries it.
func ToolDeed(deed *model.Deed, tool string, frame *Frame) {
	if tool == "" {
		walkBareDeed(deed, frame)
	} else {
		walkDeed(deed, tool, frame)
	}
}

// Emit adds an effect that no deed tells.
func Emit(frame *Frame, span base.Span, effect model.Effect) {
	emit(frame, span, effect)
}
