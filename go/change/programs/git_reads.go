// Files that reading sub-commands show: `show HEAD:.env`, `diff -- .env`, `blame .env`. Implements spec/git.md section 16.
// Twin of src/change/programs/git-reads.ts.
// A path is told as itself, without what is below it: git shows only what it tracks, and a folder would seem to give every secret in it
// away.

package programs

import (
	"slices"
	"strings"

	"cavra.dev/runtime/change/catalogue"
	"cavra.dev/runtime/change/model"
)

func diff(line *gitLine) []model.Deed {
	if line.has("no_index") {
		return line.files("read", line.operands(), "tree")
	}
	return append(blobs(line), namedPaths(line)...)
}

func show(line *gitLine) []model.Deed {
	if line.name == "show" {
		return append(blobs(line), namedPaths(line)...)
	}
	return blobs(line)
}

// showLog: content is shown only with a patch, or with `-L`.
func showLog(line *gitLine) []model.Deed {
	var deeds []model.Deed
	for _, given := range line.valuesOf("L") {
		// `-L 1,5:path`
		prefix := catalogue.KnownPrefix(given.Value)
		if colon := strings.LastIndexByte(prefix, ':'); colon >= 0 {
			path := model.Argument{Value: catalogue.DropPrefix(given.Value, colon+1), Span: given.Span}
			deeds = append(deeds, line.file("read", path, "exact"))
		}
	}
	if line.has("patch", "u", "cc") {
		return append(deeds, namedPaths(line)...)
	}
	return deeds
}

func blame(line *gitLine) []model.Deed {
	path := line.afterSeparator()
	if len(path) == 0 {
		before := line.beforeSeparator()
		path = before[max(0, len(before)-1):]
	}
	return pathspecDeeds(line, "read", path, "exact")
}

// grep: the first operand is what to look for, unless `-e` or `-f` says it.
func grep(line *gitLine) []model.Deed {
	behind := func(words []model.Argument, count int) []model.Argument { return words[min(count, len(words)):] }
	first := 1
	if len(line.valuesOf("e", "f")) > 0 {
		first = 0
	}
	if line.has("no_index") {
		return line.files("read", behind(line.operands(), first), "tree")
	}
	before := line.beforeSeparator()
	deeds := append(blobs(line), pathsOf(line, behind(before, first))...)
	if len(before) > 0 {
		first = 0
	}
	return append(deeds, pathsOf(line, behind(line.afterSeparator(), first))...)
}

func readFiles(line *gitLine) []model.Deed {
	named := line.operands()
	if line.name != "hash-object" && line.name != "mailsplit" {
		named = named[:min(1, len(named))]
	}
	var deeds []model.Deed
	for _, word := range named {
		if catalogue.KnownPrefix(word.Value) != "-" {
			deeds = append(deeds, line.file("read", word, "exact"))
		}
	}
	return deeds
}

// mergeFile: the first file is overwritten with the result unless `-p` prints it.
func mergeFile(line *gitLine) []model.Deed {
	deeds := line.files("read", line.operands(), "exact")
	if len(line.operands()) == 0 || line.has("stdout") {
		return deeds
	}
	return append(deeds, line.file("write", line.operands()[0], "exact"))
}

func trailers(line *gitLine) []model.Deed {
	deeds := line.files("read", line.operands(), "exact")
	if !line.has("in_place") {
		return deeds
	}
	return append(deeds, line.files("write", line.operands(), "exact")...)
}

// blobs: `revision:path`, from the top, or with `./` from here; `:path` and `:0:path` are the index.
func blobs(line *gitLine) []model.Deed {
	var deeds []model.Deed
	for _, word := range line.beforeSeparator() {
		if path, isBlob := blobPath(line, word.Value); isBlob {
			deeds = append(deeds, fileDeed("read", path, "exact", word.Span))
		}
	}
	return deeds
}

func blobPath(line *gitLine, value model.Value) (model.Value, bool) {
	prefix := catalogue.KnownPrefix(value)
	colon := strings.IndexByte(prefix, ':')
	if colon < 0 || colon == 0 && len(prefix) > 1 && strings.IndexByte("(/!^", prefix[1]) >= 0 {
		return model.Value{}, false
	}
	start := colon + 1
	if colon == 0 && len(prefix) > 2 && prefix[2] == ':' && prefix[1] >= '0' && prefix[1] <= '3' {
		start = 3
	}
	path := catalogue.DropPrefix(value, start)
	if path == model.Text("") {
		return model.Value{}, false
	}
	if known := catalogue.KnownPrefix(path); strings.HasPrefix(known, "./") || strings.HasPrefix(known, "../") {
		return catalogue.Within(line.place.folder, path), true
	}
	return catalogue.Within(&line.place.top, path), true
}

// namedPaths: paths after `--`, and words before it that need not be revisions.
func namedPaths(line *gitLine) []model.Deed {
	return append(pathsOf(line, line.beforeSeparator()), pathspecDeeds(line, "read", line.afterSeparator(), "exact")...)
}

func pathsOf(line *gitLine, words []model.Argument) []model.Deed {
	var paths []model.Argument
	for _, word := range words {
		if mayBePath(line, word.Value) {
			paths = append(paths, word)
		}
	}
	return pathspecDeeds(line, "read", paths, "exact")
}

func mayBePath(line *gitLine, value model.Value) bool {
	if value.Kind != "text" {
		return value.Kind == "pattern"
	}
	if strings.HasPrefix(value.Text, ":") {
		return len(value.Text) == 1 || strings.IndexByte("(/!^", value.Text[1]) >= 0
	}
	if isSurelyRevision(&line.place, value.Text) || strings.Contains(value.Text, ":") || strings.HasPrefix(value.Text, "^") {
		return false
	}
	ref := shortRef(&line.place, value)
	known := line.call.Facts.Git()
	return ref.Kind != "text" || !slices.Contains([]string{known.DefaultBranch, known.UpstreamBranch, "main", "master"}, ref.Text)
}
