// Here-documents of ruby, perl and php. Implements spec/languages.md section 3.6. Twin of src/change/languages/heredocs.ts.
// The body stands on the lines after the one that names it; the scanner jumps over it when that line ends.

package languages

import (
	"strings"

	"cavra.dev/runtime/base"
)

// marker is what names a here-document: its word, the quote around it or 0, whether its end may be indented, whether the indent is taken off its
// lines, and where the line goes on.
type marker struct {
	word     string
	quote    byte
	indented bool
	strip    bool
	next     int
}

// readHeredoc reads `<<~EOS`, `<<"EOS"`, `<<<EOS` with its body; false when none begins here.
func readHeredoc(scanner *Scanner, gap bool) bool {
	found, is := markerAt(scanner)
	if !is {
		return false
	}
	body, resume, ends := bodyOf(scanner, &found)
	if !ends {
		return fail(scanner)
	}
	if found.strip {
		body = stripIndent(body)
	}
	parts, read := []Part{{Kind: "text", Text: body}}, true
	if found.quote != '\'' {
		parts, read = readInterpolated(scanner, body, scanner.language, scanner.language)
	}
	if !read {
		return fail(scanner)
	}
	kind := "string"
	if found.quote == '`' {
		kind = "command"
	}
	finish(scanner, kind, parts, gap)
	scanner.at = found.next
	scanner.resume = resume
	return true
}

func markerAt(scanner *Scanner) (marker, bool) {
	code, php := scanner.code, scanner.language == "php"
	if scanner.language == "python" || scanner.language == "javascript" || !startsAt(code, "<<", scanner.at) {
		return marker{}, false
	}
	at := scanner.at + 2
	if php {
		if byteAt(code, at) != '<' {
			return marker{}, false
		}
		at++
		for byteAt(code, at) == ' ' || byteAt(code, at) == '\t' {
			at++
		}
	}
	flag := byteAt(code, at)
	flagged := !php && (flag == '~' || flag == '-' && scanner.language == "ruby")
	if flagged {
		at++
	}
	quote := byte(0)
	if isOneOf(byteAt(code, at), "\"'`") {
		quote = code[at]
		at++
	} else if first := byteAt(code, at); !isNameStart(scanner.lexicon, first) ||
		!flagged && !php && afterOperand(scanner) && !startsUpper(first) {
		return marker{}, false
	}
	from := at
	for at < len(code) && (quote == 0 && isNamePart(scanner.lexicon, code[at]) || quote != 0 && code[at] != quote && code[at] != '\n') {
		at++
	}
	word := code[from:at]
	if quote != 0 {
		if byteAt(code, at) != quote {
			return marker{}, false
		}
		at++
	}
	return marker{word, quote, flagged || php, flag == '~' || php, at}, word != ""
}

func startsUpper(char byte) bool {
	return char >= 'A' && char <= 'Z' || char == '_'
}

// bodyOf gives the body, and where the line behind it begins; false where it never ends.
func bodyOf(scanner *Scanner, found *marker) (body string, resume int, ends bool) {
	code := scanner.code
	lineEnd := indexFrom(code, "\n", found.next)
	if lineEnd < 0 {
		return "", 0, false
	}
	from := lineEnd + 1
	if scanner.resume >= 0 {
		from = scanner.resume
	}
	for at := from; at <= len(code); {
		end := indexFrom(code, "\n", at)
		stop := end
		if end < 0 {
			stop = len(code)
		}
		line := base.TrimEndASCII(code[at:stop])
		if found.indented {
			line = base.TrimStartASCII(line)
		}
		if line == found.word {
			return code[from:at], min(stop+1, len(code)), true
		}
		// In PHP code may go on right after the closing word.
		rest, begins := strings.CutPrefix(line, found.word)
		if begins && scanner.language == "php" && !isNamePart(scanner.lexicon, byteAt(rest, 0)) {
			return code[from:max(from, at-1)], indexFrom(code, found.word, at) + len(found.word), true
		}
		if end < 0 {
			break
		}
		at = end + 1
	}
	return "", 0, false
}

func stripIndent(body string) string {
	lines := strings.Split(body, "\n")
	depth := -1
	for _, line := range lines {
		if base.TrimASCII(line) == "" {
			continue
		}
		if indent := indentOf(line); depth < 0 || indent < depth {
			depth = indent
		}
	}
	for i, line := range lines {
		lines[i] = line[min(max(depth, 0), indentOf(line)):]
	}
	return strings.Join(lines, "\n")
}

func indentOf(line string) int {
	return len(line) - len(base.TrimStartASCII(line))
}
