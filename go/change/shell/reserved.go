// Reserved words. Implements spec/shell.md section 4.4.

package shell

const longestReserved = len("function")

// reserved gives the reserved word that stands here, or "", and its end.
func (r *reader) reserved() (string, int) {
	var buffer [longestReserved]byte
	count, i := 0, r.pos
	for {
		for r.continues(i) {
			i += 2
		}
		if i >= len(r.text) || r.breaksWord(i) {
			break
		}
		if count == longestReserved {
			return "", 0
		}
		buffer[count] = r.text[i]
		count++
		i++
	}
	word := reservedWord(buffer[:count])
	if word == "!" && i < len(r.text) && r.text[i] == '(' {
		return "", 0
	}
	return word, r.lastEnd(i)
}

// lastEnd goes back over the line continuations before a position.
func (r *reader) lastEnd(i int) int {
	for i >= 2 && i-2 > r.pos && r.continues(i-2) {
		i -= 2
	}
	return i
}

// breaksWord: a breaking character stands at i that does not belong to a word.
func (r *reader) breaksWord(i int) bool {
	c := r.text[i]
	if !is(c, breaks) {
		return false
	}
	if c == '<' || c == '>' {
		next, _ := r.after(i)
		return next != '('
	}
	return true
}

func reservedWord(text []byte) string {
	for _, word := range reservedWords {
		if string(text) == word {
			return word
		}
	}
	return ""
}

var reservedWords = [...]string{
	"if", "then", "else", "elif", "fi", "case", "esac", "for", "select", "while", "until", "do", "done", "in", "function", "time",
	"{", "}", "!", "[[", "]]", "coproc",
}
