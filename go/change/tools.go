// What an MCP tool does with its arguments, by the catalogue. Implements spec/change.md section 2.6. Twin of src/change/tools.ts.
// The roles are those of command lines, so the interpreter of command lines reads them: every argument is an operand with a slot of its
// own.

package change

import (
	"slices"
	"strings"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/catalogue"
	"cavra.dev/runtime/change/model"
)

// toolReading: readable is false when the arguments are no JSON object.
type toolReading struct {
	capability string
	deeds      []model.Deed
	readable   bool
}

// maxValues that one argument may hold; more make the rest unknown.
const maxValues = 256

func toolDeeds(server, tool string, action *model.Action, span base.Span, facts *model.Facts, known *model.Catalogue) toolReading {
	given, readable := parseArguments(action.Arguments)
	host, name := base.FoldASCII(server), base.FoldASCII(tool)
	isTool := func(one model.McpTool) bool { return anyMatches(one.Server, host) && anyMatches(one.Tool, name) }
	at := slices.IndexFunc(known.Mcp, isTool)
	if at < 0 {
		return toolReading{capability: "unknown", readable: readable}
	}
	entry := &known.Mcp[at]
	reading := toolReading{capability: entry.Capability, readable: readable}
	if readable {
		reading.deeds = deedsOf(tool, entry, given, action, span, facts, known)
	}
	return reading
}

// anyMatches: hosts spell servers and tools in any letter case; folded is in lower case already.
func anyMatches(globs []string, folded string) bool {
	return slices.ContainsFunc(globs, func(glob string) bool { return model.MatchesGlob(base.FoldASCII(glob), folded) })
}

func deedsOf(
	tool string, entry *model.McpTool, given *base.JSONValue, action *model.Action, span base.Span, facts *model.Facts,
	known *model.Catalogue,
) []model.Deed {
	var operands []model.Slot
	words := []model.Argument{{Value: model.Text("--"), Span: span}}
	for _, path := range base.SortedByBytes(entry.Arguments.Keys()) {
		role, _ := entry.Arguments.Get(path)
		for _, value := range valuesAt(given, strings.Split(path, ".")) {
			operands = append(operands, model.Slot{Role: role, Take: "one"})
			words = append(words, model.Argument{Value: value, Span: span})
		}
	}
	return catalogue.InterpretProgram(&model.Program{Operands: operands}, &model.Call{
		Name:          tool,
		Words:         words,
		Span:          span,
		Stdin:         model.Stdin{Kind: "inherited"},
		Cwd:           model.Text(action.Cwd),
		Environment:   &base.Ordered[model.Value]{},
		Facts:         facts,
		WorkspaceRoot: action.WorkspaceRoot,
		Catalogue:     known,
	}).Deeds
}

// valuesAt is the values at `a.b` (one inside another) or `a.*` (each of a list, or of an object by its keys). What is no text is unknown.
func valuesAt(given *base.JSONValue, path []string) []model.Value {
	found := []*base.JSONValue{given}
	isMore := false
	keep := func(inside func(value *base.JSONValue) []*base.JSONValue) {
		var all []*base.JSONValue
		for _, value := range found {
			all = append(all, inside(value)...)
		}
		isMore = isMore || len(all) > maxValues
		found = all[:min(len(all), maxValues)]
	}
	for _, step := range path {
		keep(func(value *base.JSONValue) []*base.JSONValue { return inside(value, step) })
	}
	keep(elements)
	values := make([]model.Value, 0, len(found)+1)
	for _, value := range found {
		values = append(values, toolValue(value))
	}
	// SECURITY: the rest is told as one unknown value. The temptation is to drop it: the 257th path would then be read unseen.
	if isMore {
		values = append(values, model.UnknownWord)
	}
	return values
}

func inside(value *base.JSONValue, step string) []*base.JSONValue {
	switch {
	case value.Kind == base.JSONArray && step == "*":
		return elements(value)
	case value.Kind != base.JSONObject:
		return nil
	case step == "*":
		return members(value)
	}
	if one, is := value.Get(step); is {
		return []*base.JSONValue{one}
	}
	return nil
}

// elements is those of an array; anything else is one of itself.
func elements(value *base.JSONValue) []*base.JSONValue {
	if value.Kind != base.JSONArray {
		return []*base.JSONValue{value}
	}
	all := make([]*base.JSONValue, 0, len(value.Items))
	for i := range value.Items {
		all = append(all, &value.Items[i])
	}
	return all
}

// members is the values of an object in the order of its keys.
func members(value *base.JSONValue) []*base.JSONValue {
	sorted := make([]*base.JSONMember, 0, len(value.Members))
	for i := range value.Members {
		sorted = append(sorted, &value.Members[i])
	}
	slices.SortFunc(sorted, func(a, b *base.JSONMember) int { return base.CompareBytes(a.Key, b.Key) })
	all := make([]*base.JSONValue, 0, len(sorted))
	for _, member := range sorted {
		all = append(all, &member.Value)
	}
	return all
}

func toolValue(value *base.JSONValue) model.Value {
	switch value.Kind {
	case base.JSONString:
		return model.Text(value.Text)
	case base.JSONNumber, base.JSONBool:
		if written, problem := base.CanonicalJSON(value); problem == nil {
			return model.Text(string(written))
		}
	}
	return model.UnknownWord
}

var argumentLimits = base.JSONLimits{SizeBytes: 32 * 1024 * 1024, Depth: 128}

// parseArguments reads them by the strict reader: of two equal keys a server may take the one that another reader drops.
func parseArguments(given string) (*base.JSONValue, bool) {
	if given == "" {
		return &base.JSONValue{Kind: base.JSONObject}, true
	}
	value, problem := base.ParseJSON([]byte(given), argumentLimits)
	if problem != nil || value.Kind != base.JSONObject {
		return nil, false
	}
	return value, true
}
