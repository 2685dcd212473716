// find: walks folders and acts on what it meets. Implements spec/catalogue.md clause 10.1. Twin of src/change/programs/find.ts.

package programs

import (
	"slices"
	"strings"

	"cavra.dev/runtime/change/catalogue"
	"cavra.dev/runtime/change/model"
)

// maxFindRoots: with more roots than this a command of `-exec` is told once, for an unknown path.
const maxFindRoots = 16

func readFind(call *model.Call) model.Reading {
	roots, rest := splitRoots(call)
	expression := parseFindExpression(rest)
	var deeds []model.Deed
	var options []string
	for i := range expression.actions {
		action := &expression.actions[i]
		if i < maxFindActions {
			deeds = append(deeds, actionDeeds(action, roots, expression, call)...)
		} else if i == maxFindActions {
			deeds = append(deeds, opaqueDeed("limit_exceeded", "find", action.span))
		}
		if action.name != "print" {
			options = append(options, action.name)
		}
	}
	for _, word := range expression.unknown {
		deeds = append(deeds, opaqueDeed("unknown_option", "", word.Span))
	}
	slices.Sort(options)
	return model.Reading{
		Deeds:    catalogue.InSourceOrder(deeds),
		Options:  slices.Compact(options),
		Known:    true,
		Harmless: len(expression.unknown) == 0 && !expression.unlisted,
		Output:   findOutput(expression, roots),
	}
}

// splitRoots: options before the roots, `-f root` of BSD, then roots up to the first word of the expression.
func splitRoots(call *model.Call) (roots, rest []model.Argument) {
	words := call.Words
	next := 0
	for ; next < len(words); next++ {
		word := catalogue.KnownPrefix(words[next].Value)
		if word == "-f" && next+1 < len(words) {
			next++
			roots = append(roots, words[next])
			continue
		}
		if word == "-D" {
			next++
			continue
		}
		if word == "-H" || word == "-L" || word == "-P" || word == "--" {
			continue
		}
		if strings.HasPrefix(word, "-") || word == "(" || word == "!" || word == "," {
			break
		}
		// After a root, a word of which nothing is known may as well be `-delete`.
		if len(roots) > 0 && words[next].Value.Kind == "unknown" && word == "" {
			break
		}
		roots = append(roots, words[next])
	}
	if len(roots) == 0 {
		roots = []model.Argument{{Value: model.Text("."), Span: call.Span}}
	}
	return roots, words[min(next, len(words)):]
}

func actionDeeds(action *findAction, roots []model.Argument, expression *findExpression, call *model.Call) []model.Deed {
	switch action.name {
	case "delete":
		whole := *action
		if isTooMany(action.narrowing, roots) {
			whole.narrowing = nil
		}
		var deeds []model.Deed
		for _, root := range roots {
			deeds = append(deeds, deletedBelow(root.Value, &whole, expression)...)
		}
		return deeds
	case "exec", "ok", "execdir", "okdir":
		return commandsOf(action, roots, expression)
	case "fprint", "fprint0", "fls", "fprintf":
		if len(action.words) > 0 {
			return []model.Deed{fileDeed("write", action.words[0].Value, "exact", action.words[0].Span)}
		}
	case "files0-from":
		file := action.words[0]
		if !isStream(file.Value) || call.Stdin.Kind == "inherited" {
			return []model.Deed{fileDeed("read", file.Value, "exact", file.Span)}
		}
	}
	return nil
}

func isTooMany(narrowed narrowing, roots []model.Argument) bool {
	return len(roots)*len(narrowed) > maxFindPaths
}

func deletedBelow(root model.Value, action *findAction, expression *findExpression) []model.Deed {
	if action.narrowing == nil {
		if expression.min > 0 {
			return []model.Deed{fileDeed("delete", root, "contents", action.span)}
		}
		return []model.Deed{fileDeed("delete", root, "tree", action.span)}
	}
	var deeds []model.Deed
	for _, path := range matched(root, action.narrowing, expression) {
		deeds = append(deeds, fileDeed("delete", path, "exact", action.span))
	}
	return deeds
}

func commandsOf(action *findAction, roots []model.Argument, expression *findExpression) []model.Deed {
	if len(action.words) == 0 {
		return nil
	}
	inFolder := action.name == "execdir" || action.name == "okdir"
	hasPath := hasMark(action.words, "{}")
	var deeds []model.Deed
	for _, root := range rootsThemselves(action, roots, expression) {
		if hasPath {
			deeds = append(deeds, told(action, root, nil))
		} else if inFolder {
			folder := folderAbove(root)
			deeds = append(deeds, told(action, root, &folder))
		}
	}
	paths := []model.Value{model.UnknownWord}
	if len(roots) <= maxFindRoots && !isTooMany(action.narrowing, roots) {
		paths = nil
		for _, root := range roots {
			paths = append(paths, matched(root.Value, action.narrowing, expression)...)
		}
	}
	if !inFolder {
		for _, path := range unique(paths) {
			deeds = append(deeds, told(action, path, nil))
		}
		return deeds
	}
	for i, path := range paths {
		paths[i] = fromItsFolder(path)
	}
	for i, path := range unique(paths) {
		folder := model.UnknownWord
		if i < len(roots) {
			folder = folderBelow(roots[i].Value)
		}
		deeds = append(deeds, told(action, path, &folder))
	}
	return deeds
}

func told(action *findAction, path model.Value, cwd *model.Value) model.Deed {
	return commandDeed(replaceInWords(action.words, "{}", path), model.Scope{Place: "child", Cwd: cwd}, action.span)
}

// rootsThemselves are the roots that the command is run for as they are. The temptation is a pattern alone: `/tmp/` and all below it is
// scratch, `/tmp` is not.
func rootsThemselves(action *findAction, roots []model.Argument, expression *findExpression) []model.Value {
	if action.narrowing != nil || expression.min > 0 || expression.max == 0 || len(roots) > maxFindRoots || expression.tests {
		return nil
	}
	var known []model.Value
	for _, root := range roots {
		if root.Value.Kind != "unknown" {
			known = append(known, root.Value)
		}
	}
	return unique(known)
}

// matched is every path that a test lets through, below one root.
func matched(root model.Value, narrowed narrowing, expression *findExpression) []model.Value {
	if expression.max == 0 {
		return []model.Value{root}
	}
	if root.Kind == "unknown" {
		return []model.Value{{Kind: "unknown", Prefix: root.Prefix}}
	}
	under := below(root)
	if narrowed == nil {
		return []model.Value{pattern(under + "**")}
	}
	var paths []model.Value
	for _, glob := range narrowed {
		if path, whole := strings.CutPrefix(glob, "="); whole {
			paths = append(paths, patternOrText(path))
		} else {
			paths = append(paths, patternOrText(under+shallow(glob, expression)))
		}
	}
	return paths
}

// below is the glob of a root, and the slash behind it.
func below(root model.Value) string {
	start := catalogue.WithoutTrailingSlashes(root.Glob)
	if root.Kind == "text" {
		start = catalogue.EscapeGlob(catalogue.WithoutTrailingSlashes(root.Text))
	}
	if start == "/" {
		return start
	}
	return start + "/"
}

// shallow: `-maxdepth 1` leaves one component.
func shallow(glob string, expression *findExpression) string {
	if expression.max == 1 {
		return strings.TrimPrefix(glob, "**/")
	}
	return glob
}

func patternOrText(glob string) model.Value {
	if strings.ContainsAny(glob, `*?[\`) {
		return pattern(glob)
	}
	return model.Text(glob)
}

func fromItsFolder(path model.Value) model.Value {
	switch path.Kind {
	case "text":
		return model.Text("./" + path.Text[strings.LastIndexByte(path.Text, '/')+1:])
	case "pattern":
		return pattern("./" + path.Glob[strings.LastIndexByte(path.Glob, '/')+1:])
	}
	return pattern("./*")
}

func folderBelow(root model.Value) model.Value {
	return matched(root, nil, &findExpression{max: -1})[0]
}

// folderAbove is where find stands when it meets the root itself: in the folder that holds it.
func folderAbove(root model.Value) model.Value {
	if root.Kind != "text" {
		return model.UnknownWord
	}
	path := catalogue.WithoutTrailingSlashes(root.Text)
	slash := strings.LastIndexByte(path, '/')
	if slash < 0 {
		return model.Text(".")
	}
	return model.Text(path[:slash+1])
}

func unique(paths []model.Value) []model.Value {
	seen := map[model.Value]bool{}
	var fresh []model.Value
	for _, path := range paths {
		if !seen[path] {
			seen[path] = true
			fresh = append(fresh, path)
		}
	}
	return fresh
}

// findOutput is the paths that find prints, when it prints nothing but paths.
func findOutput(expression *findExpression, roots []model.Argument) model.Output {
	stream := model.Output{Kind: "stream"}
	var printing []narrowing
	isPrinted := true
	for _, action := range expression.actions {
		switch action.name {
		case "print", "print0":
			printing = append(printing, action.narrowing)
		case "files0-from":
			return stream
		case "prune", "quit", "delete":
		default:
			isPrinted = false
		}
	}
	if !isPrinted || len(roots) > maxFindRoots || len(expression.actions) > maxFindActions {
		return stream
	}
	if len(printing) == 0 {
		printing = []narrowing{expression.printed}
	}
	var globs []string
	seen := map[string]bool{}
	for _, narrowed := range printing {
		if isTooMany(narrowed, roots) {
			return stream
		}
		for _, root := range roots {
			for _, value := range printedBelow(root.Value, narrowed, expression) {
				if value.Kind == "unknown" {
					return stream
				}
				glob := value.Glob
				if value.Kind == "text" {
					glob = catalogue.EscapeGlob(value.Text)
				}
				if !seen[glob] {
					seen[glob] = true
					globs = append(globs, glob)
				}
			}
		}
	}
	return model.Output{Kind: "lines", Globs: globs}
}

func printedBelow(root model.Value, narrowed narrowing, expression *findExpression) []model.Value {
	paths := matched(root, narrowed, expression)
	if narrowed == nil && expression.min == 0 {
		return append([]model.Value{root}, paths...)
	}
	return paths
}
