// sed scripts: the files that they read and write, and the commands that they run. Implements spec/languages.md section 9.
// Twin of src/change/languages/sed.ts.
// The grammar is that of GNU sed 4.9; a script that it would refuse is opaque, because another sed may not refuse it.

package languages

import (
	"strings"
	"unicode/utf8"

	"cavra.dev/runtime/change/model"
)

// sedScript is where the reading of a script stands.
type sedScript struct {
	text  string
	sink  *Sink
	at    int
	depth int
}

// readSed is the deeds of a sed script.
func readSed(text string, context *Context) []model.Deed {
	script := &sedScript{text: text, sink: sinkFor("sed", context)}
	for script.at < len(text) {
		if !script.command() {
			putOpaque(script.sink, "unknown_code", "sed")
			return script.sink.deeds
		}
	}
	if script.depth != 0 {
		putOpaque(script.sink, "unknown_code", "sed")
	}
	return script.sink.deeds
}

// char is the byte at the place where the reading stands, 0 at the end.
func (s *sedScript) char() byte {
	return byteAt(s.text, s.at)
}

// command is false where sed would refuse the script.
func (s *sedScript) command() bool {
	s.skip(" \t\n;\r")
	if s.at >= len(s.text) {
		return true
	}
	if !s.addresses() {
		return false
	}
	s.skip(" \t")
	for s.char() == '!' {
		s.at++
		s.skip(" \t")
	}
	letter := s.char()
	s.at++
	switch letter {
	case '{':
		s.depth++
		return true
	case '}':
		s.depth--
		return s.depth >= 0 && s.ends()
	case '#':
		s.line()
		return true
	case ':', 'b', 't', 'T':
		return s.label(letter == ':')
	case 'a', 'i', 'c':
		return s.textArgument()
	case 's':
		return s.substitution()
	case 'y':
		return s.transliteration()
	case 'r', 'R':
		return s.file("read")
	case 'w', 'W':
		return s.file("write")
	case 'e':
		return s.execution()
	}
	return s.plain(letter)
}

// plain reads `=`, `d`, `p`, …, and those with a number: `q5`, `Q`, `l 3`, `L`; `v 4.2`.
func (s *sedScript) plain(letter byte) bool {
	if !isOneOf(letter, "=dDgGhHnNpPxzFlLqQv") {
		return false
	}
	if isOneOf(letter, "lLqQ") {
		s.skip(" \t")
		s.skip("0123456789")
	}
	if letter == 'v' {
		return s.label(false)
	}
	return s.ends()
}

func (s *sedScript) addresses() bool {
	found, ended := s.address()
	if !found || !ended {
		return ended
	}
	s.skip(" \t")
	if s.char() != ',' {
		return true
	}
	s.at++
	s.skip(" \t")
	if s.char() == '+' || s.char() == '~' {
		s.at++
		return s.digits()
	}
	found, ended = s.address()
	return found && ended
}

// address says whether an address was read, and whether it had its end.
func (s *sedScript) address() (found, ended bool) {
	char := s.char()
	switch {
	case char == '$':
		s.at++
		return true, true
	case isDigit(char):
		s.digits()
		if s.char() == '~' {
			s.at++
			s.digits()
		}
		return true, true
	case char == '\\':
		s.at++
	case char != '/':
		return false, true
	}
	delimiter := s.character()
	if delimiter == "" || delimiter == "\n" {
		return true, false
	}
	if _, ended := s.part(delimiter, true); !ended {
		return true, false
	}
	s.skip("IM")
	return true, true
}

func (s *sedScript) digits() bool {
	from := s.at
	s.skip("0123456789")
	return s.at > from
}

// character takes one character, "" at the end.
func (s *sedScript) character() string {
	if s.at >= len(s.text) {
		return ""
	}
	_, size := utf8.DecodeRuneInString(s.text[s.at:])
	s.at += size
	return s.text[s.at-size : s.at]
}

// delimiter takes the character that is to end the parts; false where it cannot.
func (s *sedScript) delimiter() (string, bool) {
	delimiter := s.character()
	return delimiter, delimiter != "" && delimiter != "\n" && delimiter != "\\"
}

// part is one part up to the delimiter, which a backslash or a bracket expression protects; false when it never ends.
func (s *sedScript) part(delimiter string, brackets bool) (string, bool) {
	text, from, open := s.text, s.at, -1
	for at := from; at < len(text); at++ {
		switch {
		case text[at] == '\\':
			at++
		case startsAt(text, delimiter, at):
			s.at = at + len(delimiter)
			return text[from:at], true
		case brackets && text[at] == '[' && delimiter != "[" && at > open:
			end := bracketEnd(text, at)
			// Where one has no end on this line, none behind it has: searching again would take the square of the time.
			if end == at {
				open = lineEnd(text, at)
			}
			at = end
		}
	}
	return "", false
}

// bracketEnd is where a bracket expression ends; the opening place itself when it never does, so that a lone `[` protects nothing.
func bracketEnd(text string, from int) int {
	at := from + 1
	if byteAt(text, at) == '^' {
		at++
	}
	if byteAt(text, at) == ']' {
		at++
	}
	for ; at < len(text) && text[at] != '\n'; at++ {
		if text[at] == '[' && isOneOf(byteAt(text, at+1), ":.=") {
			end := indexFrom(text, text[at+1:at+2]+"]", at+2)
			if end < 0 {
				return from
			}
			at = end + 1
		} else if text[at] == ']' {
			return at
		}
	}
	return from
}

// lineEnd is where the line of a place ends: its newline, or the end of the text.
func lineEnd(text string, from int) int {
	if end := indexFrom(text, "\n", from); end >= 0 {
		return end
	}
	return len(text)
}

func (s *sedScript) substitution() bool {
	delimiter, is := s.delimiter()
	if !is {
		return false
	}
	if _, ended := s.part(delimiter, true); !ended {
		return false
	}
	if _, ended := s.part(delimiter, false); !ended {
		return false
	}
	for ; s.at < len(s.text); s.at++ {
		flag := s.char()
		if flag == 'w' {
			s.at++
			return s.file("write")
		}
		// The text that comes out of the substitution is run by a shell.
		if flag == 'e' {
			putShell(s.sink, nil, nil)
		} else if !isOneOf(flag, "gpIiMm0123456789") {
			break
		}
	}
	return s.ends()
}

func (s *sedScript) transliteration() bool {
	delimiter, is := s.delimiter()
	if !is {
		return false
	}
	if _, ended := s.part(delimiter, false); !ended {
		return false
	}
	_, ended := s.part(delimiter, false)
	return ended && s.ends()
}

// file reads the name of a file, which goes to the end of the line: `;` and `}` belong to it.
func (s *sedScript) file(effect string) bool {
	s.skip(" \t")
	switch name := s.line(); name {
	case "":
		return false
	case "/dev/null", "/dev/stdout", "/dev/stdin", "/dev/stderr":
	default:
		putFile(s.sink, effect, name)
	}
	return true
}

// execution: `e command` runs the command, `e` alone the line that is being edited.
func (s *sedScript) execution() bool {
	s.skip(" \t")
	if code := s.line(); code == "" || code == "}" {
		putShell(s.sink, nil, nil)
	} else {
		putShell(s.sink, &code, nil)
	}
	return true
}

// textArgument is the text of `a`, `i` and `c`: to the end of the line, and on where a backslash stands before the newline.
func (s *sedScript) textArgument() bool {
	for ; s.at < len(s.text) && s.text[s.at] != '\n'; s.at++ {
		if s.text[s.at] == '\\' {
			s.at++
		}
	}
	s.at = min(s.at, len(s.text))
	return true
}

// label ends at white space, `;` or `}`, and the next command may stand right behind it: `:a w f` writes. Other implementations of sed take
// more for the label, and do less.
func (s *sedScript) label(needed bool) bool {
	s.skip(" \t")
	from := s.at
	for s.at < len(s.text) && strings.IndexByte(" \t\n\v\f\r;}", s.text[s.at]) < 0 {
		s.at++
	}
	return !needed || s.at > from
}

// ends is true after a command: blanks, then `;`, a newline, `}`, a comment or the end.
func (s *sedScript) ends() bool {
	s.skip(" \t\r")
	return s.at >= len(s.text) || isOneOf(s.char(), ";\n}#")
}

func (s *sedScript) line() string {
	from := s.at
	s.at = lineEnd(s.text, from)
	return s.text[from:s.at]
}

func (s *sedScript) skip(chars string) {
	for s.at < len(s.text) && isOneOf(s.text[s.at], chars) {
		s.at++
	}
}
