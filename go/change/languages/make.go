// Makefile text given on the command line (`make --eval`). Implements spec/languages.md section 14. Twin of src/change/languages/make.ts.
// Recipe lines and `$(shell …)` are code for a shell; a line whose make variables are not known is opaque.

package languages

import (
	"slices"
	"strings"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
)

const (
	// maxMakeExpansions is the `$` that are expanded in one text.
	maxMakeExpansions = 256
	// maxMakeText is the longest text that an expansion makes, in UTF-16 units: what is expanded again and again grows with the power of the lines.
	maxMakeText = 262_144
)

type makefile struct {
	sink       *Sink
	variables  map[string]string
	target     string
	expansions int
}

// readMake is the deeds of makefile text.
func readMake(code string, context *Context) []model.Deed {
	read := &makefile{sink: sinkFor("make", context), variables: map[string]string{}, expansions: maxMakeExpansions}
	for _, line := range logicalLines(code) {
		read.line(line)
	}
	return read.sink.deeds
}

func logicalLines(code string) []string {
	var lines []string
	var held strings.Builder
	for line := range strings.SplitSeq(code, "\n") {
		if before, goesOn := strings.CutSuffix(line, `\`); goesOn {
			held.WriteString(before)
			held.WriteByte(' ')
			continue
		}
		held.WriteString(line)
		lines = append(lines, held.String())
		held.Reset()
	}
	if held.Len() > 0 {
		lines = append(lines, held.String())
	}
	return lines
}

func (m *makefile) line(line string) {
	if recipe, is := strings.CutPrefix(line, "\t"); is {
		m.recipe(recipe)
		return
	}
	text := base.TrimASCII(line)
	if text == "" || text[0] == '#' {
		return
	}
	word, rest, _ := strings.Cut(text, " ")
	switch word {
	case "include", "-include", "sinclude":
		for file := range strings.SplitSeq(rest, " ") {
			if file != "" {
				putScript(m.sink, "make", file)
			}
		}
	case "load", "-load", "define", ".RECIPEPREFIX":
		putOpaque(m.sink, "unknown_code", "make")
	default:
		if !m.assignment(text) {
			m.rule(text)
		}
	}
}

// assignment reads `x = y`, `x := y`, `x != command`, `export x = y`.
func (m *makefile) assignment(text string) bool {
	equals := strings.IndexByte(text, '=')
	if equals < 0 || isRule(text, equals) {
		return false
	}
	end := equals
	for end > 0 && isOneOf(text[end-1], ":?+!") {
		end--
	}
	operator := text[end : equals+1]
	name := base.TrimASCII(text[:end])
	name = name[strings.LastIndexByte(name, ' ')+1:]
	value := base.TrimASCII(text[equals+1:])
	if name == "" || strings.Contains(text[:end], ";") {
		return false
	}
	if operator == "!=" {
		m.shell(value)
	}
	expanded, known := m.expand(value)
	if name == "SHELL" || name == ".SHELLFLAGS" {
		m.shellChanged(name, expanded, known)
	}
	if _, given := m.variables[name]; operator == "!=" || operator == "+=" || !known || given {
		delete(m.variables, name)
	} else {
		m.variables[name] = expanded
	}
	return true
}

// isRule: a colon that stands before the `=` and is no part of its operator ends the targets of a rule.
func isRule(text string, equals int) bool {
	colon := strings.IndexByte(text, ':')
	return colon >= 0 && colon < equals && base.Utf16Length(text[colon:equals]) > 3 && byteAt(text, colon+1) != ':' &&
		!strings.HasSuffix(base.TrimEndASCII(text[:equals]), ":")
}

var (
	makeShells     = []string{"sh", "bash", "dash", "zsh", "ksh"}
	makeShellFlags = []string{"-c", "-ec", "-euc", "-euxc", "-eu -o pipefail -c", "-o pipefail -c"}
)

// shellChanged: recipes are handed to `SHELL`, and a program that is no shell does something else with them.
func (m *makefile) shellChanged(name, value string, known bool) {
	if name == "SHELL" {
		known = known && slices.Contains(makeShells, value[strings.LastIndexByte(value, '/')+1:])
	} else {
		known = known && slices.Contains(makeShellFlags, value)
	}
	if !known {
		putOpaque(m.sink, "unknown_code", "make")
	}
}

// rule reads `target: prerequisites ; recipe`.
func (m *makefile) rule(text string) {
	colon := strings.IndexByte(text, ':')
	if colon < 0 {
		m.expand(text)
		return
	}
	m.target = base.TrimASCII(text[:colon])
	semicolon := indexFrom(text, ";", colon)
	if semicolon < 0 {
		m.expand(text)
		return
	}
	m.expand(text[:semicolon])
	m.recipe(text[semicolon+1:])
}

func (m *makefile) recipe(line string) {
	if line = strings.TrimLeft(line, "@-+ \t"); line != "" {
		m.shell(line)
	}
}

func (m *makefile) shell(line string) {
	if code, known := m.expand(line); known {
		putShell(m.sink, &code, nil)
	} else {
		putOpaque(m.sink, "unknown_code", "make")
	}
}

// expand is the text with its variables put in; false when one of them is not known. Functions that run or write become deeds on the way.
func (m *makefile) expand(text string) (string, bool) {
	var out strings.Builder
	known := true
	for at := 0; at < len(text); at++ {
		if text[at] != '$' {
			out.WriteByte(text[at])
			continue
		}
		if m.expansions--; m.expansions < 0 {
			putOpaque(m.sink, "limit_exceeded", "make")
			return "", false
		}
		at++
		next := byteAt(text, at)
		if next == '$' || next == 0 {
			out.WriteString(text[at:min(at+1, len(text))])
			continue
		}
		// One byte, as make takes it: the first of a longer character names nothing.
		inside := text[at : at+1]
		if next == '(' || next == '{' {
			end := makeClosing(text, at)
			inside = text[at+1 : end]
			at = end
		}
		value, is := m.variable(inside)
		known = known && is
		out.WriteString(value)
		if out.Len() > maxMakeText && base.Utf16Length(out.String()) > maxMakeText {
			putOpaque(m.sink, "limit_exceeded", "make")
			return "", false
		}
	}
	return out.String(), known
}

func (m *makefile) variable(inside string) (string, bool) {
	function, rest, called := strings.Cut(inside, " ")
	switch {
	case inside == "@":
		return m.target, true
	case inside == "MAKE":
		return "make", true
	case !called:
		value, known := m.variables[inside]
		return value, known
	}
	switch function {
	case "shell":
		m.shell(rest)
		return "", false
	case "file":
		m.file(rest)
		return "", true
	case "eval", "call", "guile":
		putOpaque(m.sink, "unknown_code", "make")
		return "", false
	}
	m.expand(rest)
	return "", function == "info" || function == "warning"
}

// file reads `$(file >name,text)`.
func (m *makefile) file(rest string) {
	effect := "write"
	if strings.HasPrefix(rest, "<") {
		effect = "read"
	}
	marked := strings.TrimPrefix(rest, "<")
	if effect == "write" {
		marked = strings.TrimPrefix(strings.TrimPrefix(rest, ">"), ">")
	}
	name, _, _ := strings.Cut(marked, ",")
	if path, known := m.expand(base.TrimASCII(name)); known {
		putFile(m.sink, effect, path)
	} else {
		putPath(m.sink, effect, model.UnknownWord)
	}
}

func makeClosing(text string, from int) int {
	opening, closing := text[from], byte(')')
	if opening == '{' {
		closing = '}'
	}
	depth := 0
	for at := from; at < len(text); at++ {
		switch text[at] {
		case opening:
			depth++
		case closing:
			depth--
			if depth == 0 {
				return at
			}
		}
	}
	return len(text)
}
