// Commands of the clients psql, mysql and sqlite3. Implements spec/languages.md section 11.3. Twin of src/change/languages/sql-clients.ts.

package languages

import (
	"strings"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
)

// clientCommand is what a line for the client does: `\! ls`, `\copy t to program 'x'`, `.shell ls`, `system ls`.
func clientCommand(sink *Sink, line string) {
	switch {
	case strings.HasPrefix(line, "."):
		sqliteCommand(sink, line)
	case strings.HasPrefix(line, `\`):
		backslashCommand(sink, line[1:])
	default:
		wordCommand(sink, line)
	}
}

func backslashCommand(sink *Sink, line string) {
	if command, is := strings.CutPrefix(line, "!"); is {
		shellText(sink, base.TrimASCII(command))
		return
	}
	name, rest := cutCommand(line)
	switch name {
	case "i", "ir", "include", "include_relative", ".":
		putScript(sink, "sql", unquotedWord(rest))
	case "o", "out", "w", "write", "s", "T":
		redirectedTo(sink, rest)
	case "g", "gx":
		redirectedTo(sink, afterOptions(rest))
	case "copy":
		copiedByClient(sink, rest)
	case "setenv":
	case "gexec":
		putOpaque(sink, "unknown_code", "sql")
	case "lo_import":
		putFile(sink, "read", unquotedWord(rest))
	case "lo_export":
		_, file := cutCommand(rest)
		putFile(sink, "write", unquotedWord(file))
	default:
		embeddedCommand(sink, rest)
	}
}

func shellText(sink *Sink, code string) {
	putShell(sink, &code, nil)
}

// embeddedCommand: `\set x` with a command in backticks runs the command.
func embeddedCommand(sink *Sink, rest string) {
	if _, after, opened := strings.Cut(rest, "`"); opened {
		if command, _, closed := strings.Cut(after, "`"); closed {
			shellText(sink, command)
		}
	}
}

func afterOptions(rest string) string {
	if strings.HasPrefix(rest, "(") {
		return base.TrimASCII(rest[strings.IndexByte(rest, ')')+1:])
	}
	return rest
}

// redirectedTo reads `\o file`, `\o |command`.
func redirectedTo(sink *Sink, rest string) {
	target := base.TrimASCII(rest)
	if command, is := strings.CutPrefix(target, "|"); is {
		shellText(sink, base.TrimASCII(command))
	} else {
		putFile(sink, "write", unquotedWord(target))
	}
}

// copiedByClient reads `\copy t from 'f'`, `\copy (select …) to program 'x'`.
func copiedByClient(sink *Sink, rest string) {
	words := clientWords(rest)
	depth := 0
	for at, word := range words {
		if word.quoted {
			continue
		}
		depth += strings.Count(word.text, "(") - strings.Count(word.text, ")")
		lower := lowerASCII(word.text)
		if depth != 0 || lower != "from" && lower != "to" {
			continue
		}
		if lower == "from" {
			putOperation(sink, "write", words[0].text)
		}
		if at+1 < len(words) {
			copiedWith(sink, lower, words[at+1:])
		}
	}
}

// copiedWith reads what stands behind `from` or `to`.
func copiedWith(sink *Sink, direction string, words []clientWord) {
	next := lowerASCII(words[0].text)
	switch {
	case next == "program" && !words[0].quoted && len(words) > 1:
		shellText(sink, words[1].text)
	case next == "program" && !words[0].quoted:
		putShell(sink, nil, nil)
	case next == "stdin" || next == "stdout" || next == "pstdin" || next == "pstdout":
	case direction == "from":
		putFile(sink, "read", words[0].text)
	default:
		putFile(sink, "write", words[0].text)
	}
}

func sqliteCommand(sink *Sink, line string) {
	name, rest := cutCommand(line[1:])
	words := clientWords(rest)
	target := firstOperand(words)
	command, piped := strings.CutPrefix(target, "|")
	switch name {
	case "shell", "system":
		shellText(sink, rest)
	case "output", "once", "trace", "log":
		sqliteOutput(sink, rest, target)
	case "read":
		if piped {
			shellText(sink, command)
		} else {
			putScript(sink, "sql", target)
		}
	case "import":
		if piped {
			shellText(sink, command)
		} else {
			putFile(sink, "read", target)
		}
		into := ""
		if len(words) > 0 {
			into = words[len(words)-1].text
		}
		putOperation(sink, "write", into)
	case "backup", "save", "clone", "open":
		putLastWord(sink, "write", words)
	case "restore":
		putLastWord(sink, "read", words)
		putOperation(sink, "write", "")
	case "load":
		putOpaque(sink, "unknown_code", "sql")
	case "archive", "ar":
		putPath(sink, "write", model.UnknownWord)
	}
}

func sqliteOutput(sink *Sink, rest, target string) {
	if strings.HasPrefix(target, "|") {
		shellText(sink, base.TrimASCII(strings.ReplaceAll(rest[strings.IndexByte(rest, '|')+1:], `"`, "")))
		return
	}
	if target != "stdout" && target != "stderr" && target != "off" && target != "on" {
		putFile(sink, "write", target)
	}
}

func firstOperand(words []clientWord) string {
	for _, word := range words {
		if !strings.HasPrefix(word.text, "-") {
			return word.text
		}
	}
	return ""
}

func putLastWord(sink *Sink, effect string, words []clientWord) {
	if len(words) == 0 {
		putPath(sink, effect, model.UnknownWord)
	} else {
		putFile(sink, effect, words[len(words)-1].text)
	}
}

func wordCommand(sink *Sink, line string) {
	name, rest := cutCommand(line)
	if before, ended := strings.CutSuffix(rest, ";"); ended {
		rest = base.TrimASCII(before)
	}
	switch name {
	case "system", "pager":
		shellText(sink, rest)
	case "source":
		putScript(sink, "sql", rest)
	case "tee":
		putFile(sink, "write", rest)
	}
}

// cutCommand cuts the name, in lower case, from what stands behind it. `\t` and `\T` are not the same.
func cutCommand(line string) (name, rest string) {
	at := 0
	for at < len(line) && !isOneOf(line[at], " \t(|'\"") {
		at++
	}
	name = line[:at]
	if name != "T" {
		name = lowerASCII(name)
	}
	return name, base.TrimASCII(line[at:])
}

func unquotedWord(text string) string {
	if words := clientWords(text); len(words) > 0 {
		return words[0].text
	}
	return ""
}

type clientWord struct {
	text   string
	quoted bool
}

// clientWords are words at blanks, with quotes taken off.
func clientWords(text string) []clientWord {
	var words []clientWord
	for at := 0; at < len(text); {
		switch char := text[at]; char {
		case ' ', '\t':
			at++
		case '\'', '"':
			end := indexFrom(text, string(char), at+1)
			if end < 0 {
				end = len(text)
			}
			words = append(words, clientWord{text: text[at+1 : end], quoted: true})
			at = end + 1
		default:
			end := at
			for end < len(text) && !isOneOf(text[end], " \t") {
				end++
			}
			words = append(words, clientWord{text: text[at:end]})
			at = end
		}
	}
	return words
}
