// What git prints, where it can be told: names of the current branch, one-word answers, lists of paths. Implements spec/git.md section 10.
// Twin of src/change/programs/git-output.ts.

package programs

import (
	"slices"
	"strings"

	"cavra.dev/runtime/change/model"
)

var (
	streamOutput = model.Output{Kind: "stream"}
	// wordOutput is a hash or a name without a slash.
	wordOutput = model.Output{Kind: "lines", Globs: []string{"*"}}
	// pathsOutput is paths below the folder that git works in; never one that leads out of it.
	pathsOutput = model.Output{Kind: "lines", Globs: []string{"**/*"}}
)

func gitOutputOf(line *gitLine) model.Output {
	switch line.name {
	case "branch":
		if line.has("show_current") {
			return branchOutput(line)
		}
	case "rev-parse":
		return revParseOutput(line)
	case "symbolic-ref":
		if line.has("short") && len(line.operands()) == 1 {
			return branchOutput(line)
		}
	case "merge-base", "hash-object", "write-tree", "commit-tree":
		return wordOutput
	case "ls-files":
		if !line.has("stage", "format", "t", "unmerged") && line.place.folder == nil {
			return pathsOutput
		}
	case "diff", "ls-tree":
		if line.has("name_only") && line.place.folder == nil {
			return pathsOutput
		}
	}
	return streamOutput
}

func branchOutput(line *gitLine) model.Output {
	if branch := line.place.branch(); branch != "" {
		return model.Output{Kind: "text", Text: branch + "\n"}
	}
	return streamOutput
}

func revParseOutput(line *gitLine) model.Output {
	names := line.operands()
	switch {
	case line.has("parseopt", "sq_quote"):
		return streamOutput
	case line.has("abbrev_ref"):
		if len(names) == 1 && isHead(names[0].Value.Text) {
			return branchOutput(line)
		}
		return streamOutput
	case line.has("show_toplevel"):
		return topLevelOutput(line)
	case line.has("symbolic_full_name", "git_dir", "show_cdup", "show_prefix", "git_path"):
		return streamOutput
	}
	// A word that is no revision is printed as it stands, so only those without a slash are sure to give a name.
	isNotName := func(word model.Argument) bool { return word.Value.Text == "" || strings.Contains(word.Value.Text, "/") }
	if len(names) == 0 || slices.ContainsFunc(names, isNotName) {
		return streamOutput
	}
	return wordOutput
}

// topLevelOutput: the workspace is taken for the repository that it is the top of (section 2), here as for every path from the top.
func topLevelOutput(line *gitLine) model.Output {
	top := line.place.top
	if top.Kind == "text" && top.Text != "" && top.Text == line.call.WorkspaceRoot {
		return model.Output{Kind: "text", Text: top.Text + "\n"}
	}
	return streamOutput
}
