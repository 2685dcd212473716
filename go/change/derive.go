// From an action to its change. Implements spec/change.md sections 1 and 2. Twin of src/change/derive.ts.
// Pure and total: every action, whatever it holds, gives a change; what is beyond a limit gives an opaque effect, never silence.

// Package change tells what an action would change. It never judges.
package change

import (
	"strings"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/change/shell"
	"cavra.dev/runtime/change/walk"
)

// Wants is what would help to know more: absolute paths (for links), folders (for globs), scripts, and whether the git facts were asked
// for, each in the order of first use.
type Wants struct {
	Paths   []string
	Folders []string
	Scripts []string
	Git     bool
}

// Derive is all effects of the action, in the order in which they would happen.
func Derive(action *model.Action, facts *model.Facts, catalogue *model.Catalogue) model.Change {
	change, _ := DeriveWithWants(action, facts, catalogue)
	return change
}

// DeriveWithWants is the change, and what to look up before deriving it again.
func DeriveWithWants(action *model.Action, facts *model.Facts, catalogue *model.Catalogue) (model.Change, Wants) {
	frame := walk.NewFrame(action.Cwd, action.WorkspaceRoot, facts, catalogue)
	walkAction(action, base.Span{End: len(action.Target)}, frame, catalogue)
	var wants Wants
	wants.Paths, wants.Folders, wants.Scripts, wants.Git = frame.Wants()
	return model.Change{Effects: frame.Effects()}, wants
}

func walkAction(action *model.Action, span base.Span, frame *walk.Frame, catalogue *model.Catalogue) {
	switch action.ActionType {
	case "execute_command":
		script := shell.ReadShell(action.Target)
		walk.Line(&script, frame)
	case "read_file":
		walkFile("read", action.Target, span, frame)
	case "write_file":
		effect := "write"
		if action.Operation == "delete" {
			effect = "delete"
		}
		walkFile(effect, action.Target, span, frame)
	case "git_operation":
		words := append([]model.Argument{{Value: model.Text("git"), Span: span}}, commandWords(action.Target, span)...)
		walk.CommandWords(words, span, frame)
	case "network_request":
		walkRequest(action, span, frame)
	case "mcp_tool_call":
		walkTool(action, span, frame, catalogue)
	}
}

func walkFile(effect, path string, span base.Span, frame *walk.Frame) {
	deed := model.Deed{Kind: "file", Effect: effect, Path: homePath(path, frame.Facts().Home), Extent: "exact", Span: span}
	walk.ToolDeed(&deed, "", frame)
}

// homePath is a path that a tool was given: as it stands, but hosts take `~/` for the home folder.
func homePath(path, home string) model.Value {
	switch {
	case path != "~" && !strings.HasPrefix(path, "~/"):
		return model.Text(path)
	case home == "":
		return model.UnknownWord
	}
	return model.Text(home + path[1:])
}

// commandWords is the words of a git command line: blanks part them, quotes and backslashes hold them together, and nothing is expanded.
func commandWords(line string, span base.Span) []model.Argument {
	var words []model.Argument
	var word []byte
	isOpen := false
	quote := byte(0)
	end := func() {
		if isOpen {
			words = append(words, model.Argument{Value: model.Text(string(word)), Span: span})
		}
		word, isOpen = nil, false
	}
	for i := 0; i < len(line); i++ {
		character := line[i]
		isBlank := character == ' ' || character == '\t' || character == '\n'
		switch {
		case quote != 0 && character == quote:
			quote = 0
		case character == '\\' && quote != '\'' && i+1 < len(line):
			i++
			word, isOpen = append(word, line[i]), true
		case quote == 0 && (character == '\'' || character == '"'):
			quote, isOpen = character, true
		case quote == 0 && isBlank:
			end()
		default:
			word, isOpen = append(word, character), true
		}
	}
	end()
	if len(words) > 0 && words[0].Value.Text == "git" {
		return words[1:]
	}
	return words
}

func walkRequest(action *model.Action, span base.Span, frame *walk.Frame) {
	deed := model.Deed{Kind: "network", Destination: model.Text(action.Target), Direction: "send", Data: "literal", Span: span}
	switch base.UpperASCII(action.Operation) {
	case "", "GET", "HEAD":
		deed.Direction, deed.Data = "receive", "none"
	}
	walk.ToolDeed(&deed, "", frame)
}

func walkTool(action *model.Action, span base.Span, frame *walk.Frame, catalogue *model.Catalogue) {
	// The server is what stands in the target. The temptation is an argument named `server`: that is the agent's word, and data.
	server, tool, isParted := strings.Cut(action.Target, "/")
	if !isParted {
		tool = model.Unknown
	}
	reading := toolDeeds(server, tool, action, span, frame.Facts(), catalogue)
	walk.Emit(frame, span, model.Effect{Kind: "call", Server: server, Tool: tool, Capability: reading.capability})
	if !reading.readable {
		walk.Emit(frame, span, model.Effect{Kind: "opaque", Reason: "invalid_arguments"})
	}
	for i := range reading.deeds {
		walk.ToolDeed(&reading.deeds[i], server+"/"+tool, frame)
	}
}
