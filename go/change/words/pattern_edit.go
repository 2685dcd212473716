// `${f%.ts}`, `${f##*/}` and their like where only a pattern of the value is known. Implements spec/change.md section 5.5.
// Twin of src/change/words/pattern-edit.ts.
// Only what surely happens to every text of the pattern is done; nothing where it depends on the text.

package words

import (
	"strings"
	"unicode/utf8"

	"cavra.dev/runtime/change/model"
)

// editPattern is the pattern after the edit; false when that cannot be said. argument and by as in `${x/argument/by}`.
func editPattern(glob, operator, argument, by string) (string, bool) {
	if operator == "##" && argument == "*/" {
		return lastComponent(glob)
	}
	if operator == "%" && argument == "/*" {
		return folderOf(glob)
	}
	literal := model.UnescapeGlob(argument)
	if operator == "%" {
		return withoutEnd(glob, argument)
	}
	if model.HasActive(argument) || literal == "" && strings.HasPrefix(operator, "/") {
		return "", false
	}
	switch operator {
	case "%%":
		return withoutEnd(glob, argument)
	case "/%":
		rest, is := withoutEnd(glob, argument)
		if is && rest != glob {
			rest += model.EscapeGlob(by)
		}
		return rest, is
	case "#", "##":
		return withoutStart(glob, literal)
	case "/#":
		rest, is := withoutStart(glob, literal)
		if is && rest != glob {
			rest = model.EscapeGlob(by) + rest
		}
		return rest, is
	case "/":
		return replacedOnce(glob, literal, by)
	}
	return "", false
}

func lastComponent(glob string) (string, bool) {
	last := glob[strings.LastIndexByte(glob, '/')+1:]
	return last, !strings.Contains(last, "**")
}

func folderOf(glob string) (string, bool) {
	slash := strings.LastIndexByte(glob, '/')
	if strings.Contains(glob[slash+1:], "**") {
		return "", false
	}
	if slash < 0 {
		return glob, true
	}
	return glob[:slash], true
}

// withoutEnd takes the shortest suffix that matches, when it lies in the known end.
func withoutEnd(glob, argument string) (string, bool) {
	start := endStart(glob)
	end := []rune(model.UnescapeGlob(glob[start:]))
	tokens := model.GlobTokens(argument)
	for length := 0; length <= len(end); length++ {
		if model.MatchTokens(tokens, end, len(end)-length, len(end)) {
			return glob[:start] + model.EscapeGlob(string(end[:len(end)-length])), true
		}
	}
	return glob, !model.HasActive(argument) && len(end) >= utf8.RuneCountInString(model.UnescapeGlob(argument))
}

// endStart is where the literal text at the end of the glob begins.
func endStart(glob string) int {
	start := 0
	for i := 0; i < len(glob); i++ {
		switch glob[i] {
		case '\\':
			i++
		case '*', '?', '[', ']':
			start = i + 1
		}
	}
	return start
}

func withoutStart(glob, literal string) (string, bool) {
	start := model.GlobPrefix(glob)
	if strings.HasPrefix(start, literal) {
		return glob[writtenLength(glob, len(literal)):], true
	}
	return glob, utf8.RuneCountInString(start) >= utf8.RuneCountInString(literal)
}

func replacedOnce(glob, literal, by string) (string, bool) {
	at := strings.Index(model.GlobPrefix(glob), literal)
	if at < 0 {
		return "", false
	}
	return glob[:writtenLength(glob, at)] + model.EscapeGlob(by) + glob[writtenLength(glob, at+len(literal)):], true
}

// writtenLength is how much of the glob stands for its first literal bytes.
func writtenLength(glob string, count int) int {
	length := 0
	for taken := 0; taken < count && length < len(glob); taken++ {
		if glob[length] == '\\' {
			length++
		}
		length++
	}
	return min(length, len(glob))
}
