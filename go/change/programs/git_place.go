// Where a git command works: `-C`, `--git-dir`, `--work-tree` and their variables, and which facts hold there. Implements spec/git.md
// section 2.
// Twin of src/change/programs/git-place.ts.
// The facts tell of one repository only; the temptation is to use its branch for any other that the line moves to.

package programs

import (
	"slices"
	"strings"

	"cavra.dev/runtime/change/catalogue"
	"cavra.dev/runtime/change/model"
)

type gitPlace struct {
	// folder from `-C`, to which paths on the line are relative; nil when git works where the call does.
	folder *model.Value
	// top of the work tree, as far as it can be told.
	top model.Value
	// ours: this is the repository that the facts tell of.
	ours  bool
	facts *model.Facts
}

// known is the facts of this repository. They are asked when a reader asks: most commands have no use for them, and the caller would have
// to look them up.
func (place *gitPlace) known() model.GitFacts {
	if !place.ours {
		return model.GitFacts{}
	}
	return place.facts.Git()
}

// branch is the current one; "" when it is not known.
func (place *gitPlace) branch() string {
	return place.known().CurrentBranch
}

// placeOf: globals are the options before the sub-command.
func placeOf(call *model.Call, globals *catalogue.CutLine) gitPlace {
	folder := changedFolder(globals)
	tree := lastValue(globals, "work_tree", call, "GIT_WORK_TREE")
	repository := lastValue(globals, "git_dir", call, "GIT_DIR")
	isMoved := !isOneOf(folder, ".", call.WorkspaceRoot) || !isOneOf(tree, ".", call.WorkspaceRoot) || !isOneOf(repository, ".git")
	isOurs := !isMoved && isInside(call.Cwd, call.WorkspaceRoot)
	return gitPlace{folder: folder, top: topOf(call, folder, tree, isOurs), ours: isOurs, facts: call.Facts}
}

func changedFolder(globals *catalogue.CutLine) *model.Value {
	var folder *model.Value
	for _, option := range globals.Options {
		if option.Means == "C" && len(option.Values) > 0 && option.Values[0].Value != model.Text("") {
			next := catalogue.Within(folder, option.Values[0].Value)
			folder = &next
		}
	}
	return folder
}

func topOf(call *model.Call, folder, tree *model.Value, isOurs bool) model.Value {
	switch {
	case tree != nil:
		return catalogue.Within(folder, *tree)
	case isOurs && call.WorkspaceRoot != "":
		return model.Text(call.WorkspaceRoot)
	case folder != nil:
		return *folder
	}
	return model.Text(".")
}

// lastValue of the option, else of the variable; nil for neither.
func lastValue(globals *catalogue.CutLine, means string, call *model.Call, variable string) *model.Value {
	for i := len(globals.Options) - 1; i >= 0; i-- {
		option := &globals.Options[i]
		if option.Means != means {
			continue
		}
		if len(option.Values) == 0 {
			return unknownWord()
		}
		return &option.Values[0].Value
	}
	if value, told := call.Environment.Get(variable); told {
		return &value
	}
	return nil
}

func isOneOf(value *model.Value, known ...string) bool {
	return value == nil || value.Kind == "text" && slices.Contains(known, value.Text)
}

func isInside(cwd model.Value, root string) bool {
	if cwd.Kind != "text" || root == "" {
		return false
	}
	return cwd.Text == root || strings.HasPrefix(cwd.Text, strings.TrimSuffix(root, "/")+"/")
}
