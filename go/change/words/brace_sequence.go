// `{1..9..2}`, `{05..10}`, `{a..e}`: the words of a sequence in braces. Implements spec/change.md section 5.4.
// Twin of src/change/words/brace-sequence.ts.

package words

import (
	"strconv"
	"strings"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/change/shell"
)

// mostDigits of a number: longer ones are beyond what is counted exactly.
const mostDigits = 15

// made says what became of a text in braces.
type made int

const (
	madeWords made = iota
	// madeNothing: it is no sequence.
	madeNothing
	// madeTooMany: it has more words than the limit.
	madeTooMany
)

// sequenceOf is the parts that a sequence makes.
func sequenceOf(text string, span base.Span) ([]shell.Part, made) {
	texts, how := textsOf(text)
	parts := make([]shell.Part, 0, len(texts))
	for _, one := range texts {
		part := shell.Part{Kind: shell.Literal, Text: one, Span: span}
		// Between `Z` and `a` stand a backslash and a backtick: bash reads them, and what follows them, once more.
		if one == `\` || one == "`" {
			part = shell.Part{Kind: shell.Unsupported, Reason: syntaxError, Span: span}
		}
		parts = append(parts, part)
	}
	return parts, how
}

// syntaxError is the reason of what braces make unreadable.
const syntaxError = "syntax_error"

func textsOf(text string) ([]string, made) {
	ends := strings.Split(text, "..")
	if len(ends) < 2 || len(ends) > 3 {
		return nil, madeNothing
	}
	from, to := ends[0], ends[1]
	step := bound{number: 1, is: true}
	if len(ends) == 3 {
		step = boundOf(behindBlanks(ends[2]))
	}
	if !step.is {
		return nil, madeNothing
	}
	first, last := boundOf(behindBlanks(from)), boundOf(to)
	if first.is && last.is {
		if first.tooLong || last.tooLong || step.tooLong {
			return nil, madeTooMany
		}
		width := 0
		if isPadded(from) || isPadded(to) {
			width = max(len(from), len(to))
		}
		return rangeOf(first.number, last.number, step.number, func(n int64) string { return pad(n, width) })
	}
	if !isLetter(from) || !isLetter(to) {
		return nil, madeNothing
	}
	if step.tooLong {
		return nil, madeTooMany
	}
	return rangeOf(int64(from[0]), int64(to[0]), step.number, func(n int64) string { return string(rune(n)) })
}

func rangeOf(first, last, step int64, text func(int64) string) ([]string, made) {
	stride := max(1, step, -step)
	if max(last-first, first-last) >= stride*model.LimitBraceWords {
		return nil, madeTooMany
	}
	var texts []string
	if first <= last {
		for n := first; n <= last; n += stride {
			texts = append(texts, text(n))
		}
	} else {
		for n := first; n >= last; n -= stride {
			texts = append(texts, text(n))
		}
	}
	return texts, madeWords
}

// behindBlanks: bash reads the first number and the step with strtoimax, which passes blanks; of these, no other two can stand in a word.
func behindBlanks(text string) string {
	return strings.TrimLeft(text, "\v\f")
}

// bound is one end of a sequence, or its step: `is` a number at all, or one with too many digits.
type bound struct {
	number  int64
	is      bool
	tooLong bool
}

func boundOf(text string) bound {
	digits := text
	if strings.HasPrefix(text, "-") || strings.HasPrefix(text, "+") {
		digits = text[1:]
	}
	if digits == "" {
		return bound{}
	}
	for i := 0; i < len(digits); i++ {
		if !isDigit(digits[i]) {
			return bound{}
		}
	}
	if len(digits) > mostDigits {
		return bound{is: true, tooLong: true}
	}
	number, err := strconv.ParseInt(text, 10, 64)
	return bound{number: number, is: err == nil}
}

func isPadded(text string) bool {
	digits := strings.TrimPrefix(text, "-")
	return len(digits) > 1 && digits[0] == '0'
}

func pad(n int64, width int) string {
	digits := strconv.FormatInt(max(n, -n), 10)
	if n < 0 {
		return "-" + strings.Repeat("0", max(0, width-1-len(digits))) + digits
	}
	return strings.Repeat("0", max(0, width-len(digits))) + digits
}

func isLetter(text string) bool {
	return len(text) == 1 && isNameStart(text[0]) && text[0] != '_'
}
