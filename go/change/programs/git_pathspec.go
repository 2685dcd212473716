// What a pathspec can reach: magic, exclusion, globs that cross folders. Implements spec/git.md section 5.
// Twin of src/change/programs/git-pathspec.ts.
// Always a superset: what cannot be said as one path becomes a glob that matches at least as much.

package programs

import (
	"slices"
	"strings"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/catalogue"
	"cavra.dev/runtime/change/model"
)

// pathspecDeeds are file deeds for what the pathspecs reach. Only exclusions, or `:`, reach the whole work tree.
func pathspecDeeds(line *gitLine, effect string, words []model.Argument, extent model.Extent) []model.Deed {
	var deeds []model.Deed
	for _, word := range words {
		if path, reaches := reachOf(line, word.Value); reaches {
			deeds = append(deeds, fileAt(effect, path, extent, word.Span))
		}
	}
	// What is only read is told path by path: "everything but x" would claim every secret, and git shows only what it tracks.
	if len(deeds) > 0 || len(words) == 0 || effect == "read" {
		return deeds
	}
	return []model.Deed{fileAt(effect, line.place.top, "tree", words[0].Span)}
}

func fileAt(effect string, path model.Value, extent model.Extent, span base.Span) model.Deed {
	if path.Kind == "pattern" {
		extent = "exact"
	}
	return fileDeed(effect, path, extent, span)
}

// reachOf is the path, seen from where the call works; false for an exclusion.
func reachOf(line *gitLine, value model.Value) (model.Value, bool) {
	if value.Kind != "text" {
		written := catalogue.KnownPrefix(value)
		if strings.HasPrefix(written, ":!") || strings.HasPrefix(written, ":^") {
			return model.Value{}, false
		}
		return catalogue.Within(line.place.folder, value), true
	}
	magic, rest := readMagic(value.Text)
	if slices.Contains(magic, "exclude") {
		return model.Value{}, false
	}
	folder := line.place.folder
	if slices.Contains(magic, "top") {
		folder = &line.place.top
	}
	switch {
	case rest == "" && (len(magic) > 0 || value.Text == ":"):
		return line.place.top, true
	case rest == "" && folder != nil:
		return *folder, true
	case rest == "":
		return model.Text("."), true
	case slices.Contains(magic, "literal"):
		return catalogue.Within(folder, model.Text(rest)), true
	}
	return catalogue.Within(folder, globOf(rest, slices.Contains(magic, "glob"))), true
}

// readMagic: `:(top,exclude)x`, `:/x`, `:!x`, `:^x`.
func readMagic(written string) (magic []string, rest string) {
	if !strings.HasPrefix(written, ":") {
		return nil, written
	}
	if inside, isLong := strings.CutPrefix(written, ":("); isLong {
		words, rest, closed := strings.Cut(inside, ")")
		if !closed {
			return nil, written
		}
		return strings.Split(words, ","), rest
	}
	i := 1
	for ; i < len(written); i++ {
		unit := written[i]
		if unit == '/' {
			magic = append(magic, "top")
		} else if unit == '!' || unit == '^' {
			magic = append(magic, "exclude")
		} else {
			break
		}
	}
	return magic, strings.TrimPrefix(written[i:], ":")
}

// globOf: in a pathspec `*` and `?` match `/` too, unless `:(glob)` stands before: the folders before the first wildcard, any folders, the
// end after the last one.
func globOf(written string, isPathname bool) model.Value {
	first := strings.IndexAny(written, `*?[\`)
	if first < 0 {
		return model.Text(written)
	}
	if isPathname {
		return pattern(written)
	}
	folder := written[:strings.LastIndexByte(written[:first], '/')+1]
	name := written[strings.LastIndexByte(written, '/')+1:]
	tail := name[strings.LastIndexAny(name, `*?[]\`)+1:]
	return pattern(catalogue.EscapeGlob(folder) + "**/*" + catalogue.EscapeGlob(tail))
}
