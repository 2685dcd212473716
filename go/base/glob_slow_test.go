// Globs once more, as spec/policy.md 3.2 and 3.3 say it: from the text, by trying everything. Only for texts that are globs.

package base_test

import (
	"strings"

	"cavra.dev/runtime/base"
)

// slowGlob says whether a path is in a path glob, with the home /home/dev and the workspace /srv/app.
func slowGlob(text, path string, fold bool) bool {
	for _, one := range slowBraces([]rune(text)) {
		switch {
		case one == "/":
			one = ""
		case strings.HasPrefix(one, "/"):
		case one == "~" || strings.HasPrefix(one, "~/"):
			one = "/home/dev" + one[1:]
		case one == "${workspace}" || strings.HasPrefix(one, "${workspace}/"):
			one = "/srv/app" + one[len("${workspace}"):]
		case one == "**" || strings.HasPrefix(one, "**/"):
			one = "/" + one
		default:
			one = "/srv/app/" + one
		}
		if slowNames(slowSplit(one), slowSplit(path), fold) {
			return true
		}
	}
	return false
}

func slowTextGlob(text, against string, fold bool) bool {
	for _, one := range slowBraces([]rune(text)) {
		if slowMatch([]rune(one), []rune(against), fold) {
			return true
		}
	}
	return false
}

func slowSplit(path string) []string {
	var names []string
	for name := range strings.SplitSeq(path, "/") {
		if name != "" {
			names = append(names, name)
		}
	}
	return names
}

func slowNames(glob, names []string, fold bool) bool {
	if len(glob) == 0 {
		return len(names) == 0
	}
	if glob[0] == "**" {
		return slowNames(glob[1:], names, fold) || len(names) > 0 && slowNames(glob, names[1:], fold)
	}
	return len(names) > 0 && slowMatch([]rune(glob[0]), []rune(names[0]), fold) && slowNames(glob[1:], names[1:], fold)
}

// slowBraces is the texts that the first brace outside of brackets, escapes and `${…}` makes, each written out further.
func slowBraces(text []rune) []string {
	for i := 0; i < len(text); i++ {
		if text[i] != '{' {
			i = slowBehind(text, i) - 1
			continue
		}
		var all []string
		from, depth := i+1, 0
		var pieces []string
		for at := i + 1; at < len(text); at = slowBehind(text, at) {
			switch {
			case text[at] == '{':
				depth++
			case text[at] == '}' && depth > 0:
				depth--
			case text[at] == ',' && depth == 0, text[at] == '}':
				pieces = append(pieces, string(text[from:at]))
				from = at + 1
				if text[at] == '}' {
					for _, piece := range pieces {
						all = append(all, slowBraces([]rune(string(text[:i])+piece+string(text[at+1:])))...)
					}
					return all
				}
			}
		}
		return nil
	}
	return []string{string(text)}
}

// slowBehind is the place behind an escape, a bracket, a `${…}`, or one character.
func slowBehind(text []rune, at int) int {
	switch {
	case text[at] == '\\' && at+1 < len(text):
		return at + 2
	case text[at] == '$' && at+1 < len(text) && text[at+1] == '{':
		for end := at; end < len(text); end++ {
			if text[end] == '}' {
				return end + 1
			}
		}
	case text[at] == '[':
		return slowBracketEnd(text, at)
	}
	return at + 1
}

func slowBracketEnd(text []rune, at int) int {
	end := at + 1
	if end < len(text) && text[end] == '!' {
		end++
	}
	for first := true; end < len(text) && (first || text[end] != ']'); first = false {
		if text[end] == '\\' {
			end++
		}
		end++
	}
	return min(end+1, len(text))
}

func slowMatch(glob, text []rune, fold bool) bool {
	if len(glob) == 0 {
		return len(text) == 0
	}
	if glob[0] == '*' {
		return slowMatch(glob[1:], text, fold) || len(text) > 0 && slowMatch(glob, text[1:], fold)
	}
	if len(text) == 0 {
		return false
	}
	end := 1
	is := glob[0] == '?'
	switch glob[0] {
	case '\\':
		end = 2
		is = slowSame(glob[1], glob[1], text[0], fold)
	case '[':
		end = slowBracketEnd(glob, 0)
		is = slowSet(glob[1:end-1], text[0], fold)
	case '?':
	default:
		is = slowSame(glob[0], glob[0], text[0], fold)
	}
	return is && slowMatch(glob[end:], text[1:], fold)
}

func slowSet(members []rune, code rune, fold bool) bool {
	if members[0] == '!' {
		return !slowSet(append([]rune{'\\'}, members[1:]...), code, fold) // The backslash keeps a second `!` a member.
	}
	one := func() rune {
		if members[0] == '\\' {
			members = members[1:]
		}
		first := members[0]
		members = members[1:]
		return first
	}
	is := false
	for len(members) > 0 {
		low := one()
		high := low
		if len(members) > 1 && members[0] == '-' {
			members = members[1:]
			high = one()
		}
		is = is || slowSame(low, high, code, fold)
	}
	return is
}

// slowSame is true when the code, or with folding the other case of an ASCII letter, lies in the range.
func slowSame(low, high, code rune, fold bool) bool {
	is := low <= code && code <= high
	if fold && (code >= 'a' && code <= 'z' || code >= 'A' && code <= 'Z') {
		other := code ^ 0x20
		is = is || low <= other && other <= high
	}
	return is
}

// slowPattern says whether a path matches the pattern of an effect's target, by its components one by one; their tokens are read by the engine, because
// spec/policy.md 3.2 widens there what the shell would not.
func slowPattern(pattern, path string) bool {
	return slowComponents(base.PatternComponents(pattern), base.LiteralComponents(path, false), false)
}

func slowComponents(set, path []base.Component, fold bool) bool {
	if len(set) == 0 {
		return len(path) == 0
	}
	if set[0].Kind == base.ComponentDeep {
		return slowComponents(set[1:], path, fold) || len(path) > 0 && slowComponents(set, path[1:], fold)
	}
	return len(path) > 0 && base.MatchComponent(&set[0], path[0].Text, fold) && slowComponents(set[1:], path[1:], fold)
}
