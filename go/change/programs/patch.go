// patch: changes the files that a difference names. Implements spec/catalogue.md clause 10.8. Twin of src/change/programs/patch.ts.

package programs

import (
	"strings"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/catalogue"
	"cavra.dev/runtime/change/model"
)

// maxPatchedFiles: a difference that names more files is told as the whole folder. It is the limit of git_patch.go too.
const maxPatchedFiles = 200

func readPatch(call *model.Call) model.Reading {
	context := lineOf(call)
	words := context.Located.Line.Operands
	var deeds []model.Deed
	if difference := nth(words, 1); difference != nil {
		deeds = append(deeds, fileDeed("read", catalogue.Within(context.Folder, difference.Value), "exact", difference.Span))
	}
	if meanings := context.Around.Meanings; !meanings.Has("dry_run") && !meanings.Has("output") {
		if len(words) > 0 {
			deeds = append(deeds, changedDeeds(words[0].Value, context.Folder, words[0].Span)...)
		} else {
			deeds = append(deeds, patchedDeeds(context)...)
		}
	}
	return withDeeds(context, deeds...)
}

// patchedDeeds are of the files that known standard input names; else the contents of the folder.
func patchedDeeds(context *catalogue.Context) []model.Deed {
	stdin := &context.Call.Stdin
	if stdin.Kind != "text" {
		return []model.Deed{fileDeed("write", catalogue.Within(context.Folder, model.Text(".")), "contents", context.Call.Span)}
	}
	depth := 0
	if strip := lastGiven(context, "strip"); strip != nil {
		depth, _ = base.WholeNumber(strip.Value.Text)
	}
	paths := namedFiles(stdin.Text, depth)
	if len(paths) == 0 || len(paths) > maxPatchedFiles {
		return []model.Deed{fileDeed("write", catalogue.Within(context.Folder, model.Text(".")), "contents", stdin.Span)}
	}
	var deeds []model.Deed
	for _, path := range paths {
		deeds = append(deeds, changedDeeds(model.Text(path), context.Folder, stdin.Span)...)
	}
	return deeds
}

func changedDeeds(file model.Value, folder *model.Value, span base.Span) []model.Deed {
	path := catalogue.Within(folder, file)
	return []model.Deed{fileDeed("read", path, "exact", span), fileDeed("write", path, "exact", span)}
}

// namedFiles are the names after `--- ` and `+++ `, without depth leading components; none in another form of difference.
func namedFiles(difference string, depth int) []string {
	var paths []string
	seen := map[string]bool{}
	for line := range strings.SplitSeq(difference, "\n") {
		if !strings.HasPrefix(line, "+++ ") && !strings.HasPrefix(line, "--- ") {
			continue
		}
		name, _, _ := strings.Cut(line[len("+++ "):], "\t")
		name = base.TrimASCII(name)
		if name == "" || name == "/dev/null" || strings.HasPrefix(name, "-") {
			continue
		}
		if path := withoutLeading(name, depth); !seen[path] {
			seen[path] = true
			paths = append(paths, path)
		}
	}
	return paths
}

func withoutLeading(path string, depth int) string {
	for ; depth > 0; depth-- {
		_, rest, hasMore := strings.Cut(path, "/")
		if !hasMore {
			break
		}
		path = rest
	}
	return path
}
