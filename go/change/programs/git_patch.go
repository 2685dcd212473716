// The files that a patch changes, when its text stands on the line. Implements spec/git.md section 11.8.
// Twin of src/change/programs/git-patch.ts.

package programs

import (
	"strings"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/catalogue"
	"cavra.dev/runtime/change/model"
)

// patchedTree is write and delete deeds for each file of a known patch on standard input; else one write of the whole work tree.
func patchedTree(line *gitLine) []model.Deed {
	stdin := &line.call.Stdin
	folder := model.Text(".")
	if line.place.folder != nil {
		folder = *line.place.folder
	}
	directory := line.lastOf("directory")
	if directory != nil {
		folder = catalogue.Within(&line.place.top, directory.Value)
	}
	whole := []model.Deed{fileDeed("write", folder, "tree", line.span)}
	isMoved := line.place.folder != nil || directory != nil || len(line.valuesOf("p")) > 0
	if stdin.Kind != "text" || isMoved {
		return whole
	}
	for _, operand := range line.operands() {
		if !isStream(operand.Value) {
			return whole
		}
	}
	files, known := filesOf(stdin.Text)
	if !known || len(files) == 0 {
		return whole
	}
	var deeds []model.Deed
	for _, file := range files {
		deeds = append(deeds, fileDeed(file.effect, model.Text(file.path), "exact", stdin.Span))
	}
	return deeds
}

type patchedFile struct {
	path string
	// effect: `write` or `delete`.
	effect string
}

// filesOf: `--- a/x` and `+++ b/x`; `rename to x`; `diff --git a/x b/x`. False when a name is quoted, has no folder to strip, or there are
// too many.
func filesOf(patch string) ([]patchedFile, bool) {
	var files []patchedFile
	seen := map[patchedFile]bool{}
	add := func(path, effect string) {
		file := patchedFile{path: path, effect: effect}
		if !seen[file] {
			seen[file] = true
			files = append(files, file)
		}
	}
	old := ""
	for line := range strings.SplitSeq(patch, "\n") {
		if names, is := strings.CutPrefix(line, "diff --git "); is {
			if both, same := bothNames(base.TrimEndASCII(names)); same {
				add(both, "write")
			}
		}
		name, isHeader := headerName(line)
		if !isHeader {
			continue
		}
		if strings.HasPrefix(name, `"`) {
			return nil, false
		}
		if strings.HasPrefix(line, "--- ") {
			old = name
			continue
		}
		isDeleted := name == "/dev/null"
		path, stripped := name, true
		if strings.HasPrefix(line, "+++ ") {
			if isDeleted {
				name = old
			}
			path, stripped = withoutFirst(name)
		}
		if !stripped || len(files) >= maxPatchedFiles {
			return nil, false
		}
		if isDeleted || strings.HasPrefix(line, "rename from ") {
			add(path, "delete")
		} else {
			add(path, "write")
		}
	}
	return files, true
}

// bothNames: `a/x b/x` is x, a change of mode, or of a file that is no text, has no other line that names it. Renames have lines of their
// own.
func bothNames(names string) (string, bool) {
	half := middleOf(names)
	if half < 0 || names[half] != ' ' {
		return "", false
	}
	left, isLeft := withoutFirst(names[:half])
	right, isRight := withoutFirst(names[half+1:])
	return left, isLeft && isRight && left == right
}

// middleOf is where the middle UTF-16 unit stands; -1 when there are as many before it as after it and none between.
func middleOf(names string) int {
	units := base.Utf16Length(names)
	if units%2 == 0 {
		return -1
	}
	before := 0
	for i, character := range names {
		if before == units/2 {
			return i
		}
		before++
		if character > 0xffff {
			before++
		}
	}
	return -1
}

func headerName(line string) (string, bool) {
	for _, header := range []string{"--- ", "+++ ", "rename from ", "rename to ", "copy to "} {
		if rest, is := strings.CutPrefix(line, header); is {
			name, _, _ := strings.Cut(rest, "\t")
			return base.TrimEndASCII(name), true
		}
	}
	return "", false
}

// withoutFirst: git strips one component, as `patch -p1` does.
func withoutFirst(name string) (string, bool) {
	_, rest, _ := strings.Cut(name, "/")
	return rest, rest != ""
}
