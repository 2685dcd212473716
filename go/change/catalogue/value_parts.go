// Parts of values: the text that is known at the beginning, what follows it, folders and last components. Implements spec/catalogue.md section 8.1.
// Twin of src/change/catalogue/value-parts.ts. Nothing here guesses: what cannot be said of every possible text becomes unknown.

// Package catalogue reads command lines by the catalogue. It is generic: it must never know a program by its name.
package catalogue

import (
	"slices"
	"strings"

	"cavra.dev/runtime/change/model"
)

// KnownPrefix is the text with which every possible text of the value begins.
func KnownPrefix(value model.Value) string {
	switch value.Kind {
	case "text":
		return value.Text
	case "pattern":
		return literalPrefix(value.Glob)
	}
	return value.Prefix
}

// DropPrefix is the value without its first count bytes, which must be known.
func DropPrefix(value model.Value, count int) model.Value {
	switch value.Kind {
	case "text":
		return model.Text(value.Text[min(count, len(value.Text)):])
	case "pattern":
		return model.Value{Kind: "pattern", Glob: value.Glob[globLength(value.Glob, count):]}
	}
	value.Prefix = value.Prefix[min(count, len(value.Prefix)):]
	value.Many = false
	return value
}

// Prepend puts known text before a value.
func Prepend(known string, value model.Value) model.Value {
	switch value.Kind {
	case "text":
		return model.Text(known + value.Text)
	case "pattern":
		return model.Value{Kind: "pattern", Glob: EscapeGlob(known) + value.Glob}
	}
	value.Prefix = known + value.Prefix
	return value
}

// Append puts known text behind a value.
func Append(value model.Value, known string) model.Value {
	switch value.Kind {
	case "text":
		return model.Text(value.Text + known)
	case "pattern":
		return model.Value{Kind: "pattern", Glob: value.Glob + EscapeGlob(known)}
	}
	return value
}

// Within is `path` as seen from `folder` (nil: from where it is used). What may be absolute and what may not cannot be told apart when the path is
// unknown.
func Within(folder *model.Value, path model.Value) model.Value {
	start := KnownPrefix(path)
	if folder == nil || strings.HasPrefix(start, "/") || path.Kind == "unknown" && start == "" {
		return path
	}
	switch {
	case folder.Kind == "text" && strings.HasSuffix(folder.Text, "/"):
		return Prepend(folder.Text, path)
	case folder.Kind == "text":
		return Prepend(folder.Text+"/", path)
	case folder.Kind == "unknown":
		return model.Value{Kind: "unknown", Prefix: folder.Prefix}
	case path.Kind == "unknown":
		return model.UnknownWord
	}
	return model.Value{Kind: "pattern", Glob: folder.Glob + "/" + asGlob(path)}
}

// asGlob is a text or pattern as a glob.
func asGlob(value model.Value) string {
	if value.Kind == "text" {
		return EscapeGlob(value.Text)
	}
	return value.Glob
}

// FolderOf is the folder that a path stands in, `.` when it has none.
func FolderOf(path model.Value) model.Value {
	if path.Kind == "unknown" {
		return model.UnknownWord
	}
	written := WithoutTrailingSlashes(path.Text)
	if path.Kind == "pattern" {
		written = WithoutTrailingSlashes(path.Glob)
	}
	folder := "."
	if slash := strings.LastIndexByte(written, '/'); slash == 0 {
		folder = "/"
	} else if slash > 0 {
		folder = written[:slash]
	}
	if path.Kind == "text" {
		return model.Text(folder)
	}
	return model.Value{Kind: "pattern", Glob: folder}
}

// BaseName is the last component; false when there is none (`/`, `.`, `..`, `a/.`).
func BaseName(path model.Value) (model.Value, bool) {
	if path.Kind == "unknown" {
		return model.UnknownWord, true
	}
	written := path.Text
	if path.Kind == "pattern" {
		written = path.Glob
	}
	trimmed := WithoutTrailingSlashes(written)
	base := trimmed[strings.LastIndexByte(trimmed, '/')+1:]
	switch {
	case base == "" || base == "." || base == "..":
		return model.Value{}, false
	case path.Kind == "text":
		return model.Text(base), true
	case base == "**":
		return model.UnknownWord, true
	}
	return model.Value{Kind: "pattern", Glob: base}, true
}

// WithoutTrailingSlashes keeps the one of `/`.
func WithoutTrailingSlashes(path string) string {
	end := len(path)
	for end > 1 && path[end-1] == '/' {
		end--
	}
	return path[:end]
}

// EscapeGlob is text as a glob that matches only it.
func EscapeGlob(literal string) string {
	if !strings.ContainsAny(literal, `*?[]\`) {
		return literal
	}
	glob := make([]byte, 0, len(literal)+8)
	for i := 0; i < len(literal); i++ {
		if strings.IndexByte(`*?[]\`, literal[i]) >= 0 {
			glob = append(glob, '\\')
		}
		glob = append(glob, literal[i])
	}
	return string(glob)
}

// Joined is the values joined by the separator: text when all are, else unknown from the first that is not.
func Joined(values []model.Value, separator string) model.Value {
	if len(values) == 1 && values[0].Kind == "text" {
		return model.Text(values[0].Text)
	}
	var known strings.Builder
	for i, value := range values {
		if i > 0 {
			known.WriteString(separator)
		}
		if value.Kind != "text" {
			return model.Value{Kind: "unknown", Prefix: known.String() + KnownPrefix(value), Derived: slices.ContainsFunc(values, isDerived)}
		}
		known.WriteString(value.Text)
	}
	return model.Text(known.String())
}

func isDerived(value model.Value) bool {
	return value.Kind == "unknown" && value.Derived
}

func literalPrefix(glob string) string {
	end := strings.IndexAny(glob, `*?[\`)
	if end < 0 {
		return glob
	}
	if glob[end] != '\\' {
		return glob[:end]
	}
	literal := make([]byte, 0, len(glob))
	for i := 0; i < len(glob); i++ {
		unit := glob[i]
		if unit == '*' || unit == '?' || unit == '[' {
			break
		}
		if unit == '\\' && i+1 < len(glob) {
			i++
		}
		literal = append(literal, glob[i])
	}
	return string(literal)
}

// globLength is how many bytes of the glob stand for its first count literal ones.
func globLength(glob string, count int) int {
	i := 0
	for taken := 0; taken < count && i < len(glob); taken++ {
		if glob[i] == '\\' && i+1 < len(glob) {
			i++
		}
		i++
	}
	return i
}
