// Cuts the words of a command into options and operands, as the program's own option parser does. Implements spec/catalogue.md section 7.
// Twin of src/change/catalogue/command-line.ts. Total and linear in the words; it says what it could not recognise and decides nothing.

package catalogue

import (
	"slices"
	"strings"
	"unicode/utf8"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
)

var (
	trueWords  = []string{"true", "t", "1", "yes", "on"}
	falseWords = []string{"false", "f", "0", "no", "off", "none"}
)

// CutOption is an option as it stands on a line.
type CutOption struct {
	Option *model.Option
	Means  string
	// Negated: `--no-x`, `+x`: the meaning is taken back.
	Negated bool
	// Values are as many as the option takes; fewer when the line ends before, none when an optional one is not given.
	Values []model.Argument
	Span   base.Span
	// At is the index of its word.
	At int
}

// CutLine is a line of words, cut.
type CutLine struct {
	Options  []CutOption
	Operands []model.Argument
	// OperandsAt is the index of the word of each operand.
	OperandsAt []int
	// Separator is how many operands stood before `--`; -1 without `--`.
	Separator int
	// Unlisted are option words that the program does not list, or that are short for several. They stand in Options too.
	Unlisted []model.Argument
	// Unknown are words in the place of options whose text is not fully known. Those that may be no option at all are operands too.
	Unknown []model.Argument
}

type cutter struct {
	line    CutLine
	grammar *model.Grammar
	known   *model.OptionList
	words   []model.Argument
	ended   bool
	next    int
}

// CutCommandLine cuts words by the options that are known, in order of preference: the first option of a name counts.
func CutCommandLine(grammar *model.Grammar, known *model.OptionList, words []model.Argument) CutLine {
	c := &cutter{line: CutLine{Separator: -1}, grammar: grammar, known: known, words: words}
	for c.next < len(words) {
		at := c.next
		c.next++
		c.cutWord(words[at], at)
	}
	return c.line
}

// MeaningOf is the meaning of an option: its own, or its canonical name without leading dashes and with `_` for `-`.
func MeaningOf(option *model.Option) string {
	if option.Means != "" || len(option.Names) == 0 {
		return option.Means
	}
	return strings.ReplaceAll(strings.TrimLeft(option.Names[0], "-+"), "-", "_")
}

func (c *cutter) cutWord(word model.Argument, at int) {
	if c.ended {
		c.addOperand(word, at)
		return
	}
	prefix := KnownPrefix(word.Value)
	whole := word.Value.Kind == "text"
	if whole && prefix == "--" {
		c.line.Separator = len(c.line.Operands)
		c.ended = true
		return
	}
	if c.grammar.KeyValue && c.cutKeyValue(word, at, prefix) {
		return
	}
	if c.grammar.LeadingCluster && at == 0 && whole && prefix != "" && prefix[0] != '-' {
		c.cutLeadingCluster(word, prefix)
		return
	}
	if strings.HasPrefix(prefix, "-") && (len(prefix) > 1 || !whole) {
		c.cutDashed(word, at, prefix, whole)
		return
	}
	if c.grammar.Plus && strings.HasPrefix(prefix, "+") {
		if plus := c.find("+"); plus != nil {
			c.addOption(plus, false, []model.Argument{behind(word, 1)}, word, at)
			return
		}
		if len(prefix) > 1 {
			c.cutCluster(word, at, "+")
			return
		}
	}
	if !whole && prefix == "" {
		c.line.Unknown = append(c.line.Unknown, word)
	}
	c.addOperand(word, at)
}

// behind is what follows the first bytes of a word, at its place.
func behind(word model.Argument, count int) model.Argument {
	return model.Argument{Value: DropPrefix(word.Value, count), Span: word.Span}
}

func (c *cutter) addOperand(word model.Argument, at int) {
	c.line.Operands = append(c.line.Operands, word)
	c.line.OperandsAt = append(c.line.OperandsAt, at)
	limit := c.grammar.OptionsEnd
	if limit == "first_operand" || limit == "second_operand" && len(c.line.Operands) >= 2 {
		c.ended = true
	}
}

func (c *cutter) cutDashed(word model.Argument, at int, prefix string, whole bool) {
	isLong := strings.HasPrefix(prefix, "--") || c.grammar.Long != "" || c.isLettersOption(prefix)
	if c.grammar.Number && whole && isNumber(prefix[1:]) && c.find(prefix) == nil {
		value := model.Argument{Value: model.Text(prefix[1:]), Span: word.Span}
		c.addOption(&model.Option{Names: []string{prefix}, Means: "number", Arity: 1}, false, []model.Argument{value}, word, at)
		return
	}
	if !isLong {
		c.cutCluster(word, at, "-")
		return
	}
	if colon := strings.IndexByte(prefix, ':') + 1; colon > 0 {
		if glued := c.find(prefix[:colon]); glued != nil {
			c.addOption(glued, false, []model.Argument{behind(word, colon)}, word, at)
			return
		}
	}
	name, _, hasValue := strings.Cut(prefix, "=")
	if !whole && !hasValue {
		c.line.Unknown = append(c.line.Unknown, word)
		return
	}
	var attached *model.Argument
	if hasValue {
		value := behind(word, len(name)+1)
		attached = &value
	}
	c.cutLong(word, at, name, attached)
}

// isLettersOption: a listed name of one dash and several letters (`zip -TT`, `node -pe`) is that option before it is a cluster.
func (c *cutter) isLettersOption(prefix string) bool {
	name, _, _ := strings.Cut(prefix, "=")
	if len(name) <= 2 || base.Utf16Length(name) <= 2 {
		return false
	}
	return c.find(name) != nil || c.find(name[:strings.IndexByte(name, ':')+1]) != nil
}

func (c *cutter) cutLong(word model.Argument, at int, name string, attached *model.Argument) {
	option, negated := c.findLong(name)
	switch {
	case option == nil:
		c.cutUnlisted(word, at, name, attached)
	case negated || option.Arity == 0:
		c.cutFlag(option, negated, word, at, attached)
	case option.Optional:
		c.addOption(option, false, optional(attached), word, at)
	default:
		c.addOption(option, false, c.takeValues(option.Arity, attached), word, at)
	}
}

// cutFlag: a flag may be given a truth value in many parsers (`--dry-run=false`). What is false takes it back; the temptation is to see the flag
// alone, and then `--dry-run=false` would pass as a dry run. Anything else but the words of truth is strange to the program.
func (c *cutter) cutFlag(option *model.Option, negated bool, word model.Argument, at int, attached *model.Argument) {
	if attached != nil {
		value := ""
		if known, is := KnownText(attached.Value); is {
			value = base.FoldASCII(known)
		}
		if slices.Contains(falseWords, value) {
			negated = !negated
		} else if !slices.Contains(trueWords, value) {
			c.line.Unlisted = append(c.line.Unlisted, word)
		}
	}
	c.addOption(option, negated, nil, word, at)
}

// cutUnlisted: an option that the catalogue does not list still has a name that rules may want to see.
func (c *cutter) cutUnlisted(word model.Argument, at int, name string, attached *model.Argument) {
	c.line.Unlisted = append(c.line.Unlisted, word)
	if c.grammar.Unlisted != "value" {
		c.addOption(&model.Option{Names: []string{name}}, false, nil, word, at)
		return
	}
	values := optional(attached)
	if attached == nil && c.next < len(c.words) && !strings.HasPrefix(KnownPrefix(c.words[c.next].Value), "-") {
		values = c.takeValues(1, nil)
	}
	c.addOption(&model.Option{Names: []string{name}, Arity: 1, Roles: fileURLRole}, false, values, word, at)
}

var fileURLRole = []model.Role{"file_url"}

// cutCluster: `-abc`, `-ovalue`, `-o value`; letters after an option with a value are that value. Reads only the text that is known.
func (c *cutter) cutCluster(word model.Argument, at int, sign string) {
	prefix := KnownPrefix(word.Value)
	next := 1
	for next >= 0 && next < len(prefix) {
		_, size := utf8.DecodeRuneInString(prefix[next:])
		next = c.cutLetter(word, at, sign, prefix, next, next+size)
	}
	if next >= 0 && word.Value.Kind != "text" {
		c.line.Unknown = append(c.line.Unknown, word)
	}
}

// cutLetter gives where the next letter stands; -1 when the rest of the word is a value.
func (c *cutter) cutLetter(word model.Argument, at int, sign, prefix string, start, after int) int {
	letter := prefix[start:after]
	option, negated := c.findLetter(sign, letter)
	switch {
	case option == nil:
		takesRest := c.grammar.Unlisted == "value"
		var attached *model.Argument
		if takesRest && (after < len(prefix) || word.Value.Kind != "text") {
			rest := behind(word, after)
			attached = &rest
		}
		c.cutUnlisted(word, at, sign+letter, attached)
		if takesRest {
			return -1
		}
	case option.Digits:
		end := after
		for end < len(prefix) && prefix[end] >= '0' && prefix[end] <= '9' {
			end++
		}
		var values []model.Argument
		if end > after {
			values = []model.Argument{{Value: model.Text(prefix[after:end]), Span: word.Span}}
		}
		c.addOption(option, negated, values, word, at)
		return end
	case option.Arity > 0:
		c.cutClusterValue(option, negated, word, at, prefix, after)
		return -1
	default:
		c.addOption(option, negated, nil, word, at)
	}
	return after
}

func (c *cutter) cutClusterValue(option *model.Option, negated bool, word model.Argument, at int, prefix string, used int) {
	var attached *model.Argument
	if used < len(prefix) || word.Value.Kind != "text" {
		// Parsers written in Go read `-n=x` as x, getopt as `=x`; a file whose name begins with `=` is the rarer case.
		if len(prefix) > used+1 && prefix[used] == '=' {
			used++
		}
		rest := behind(word, used)
		attached = &rest
	}
	if option.Optional {
		c.addOption(option, negated, optional(attached), word, at)
		return
	}
	c.addOption(option, negated, c.takeValues(option.Arity, attached), word, at)
}

// cutLeadingCluster: `tar xzf a.tgz`: the letters first, then their values in the order of the letters.
func (c *cutter) cutLeadingCluster(word model.Argument, letters string) {
	for start := 0; start < len(letters); {
		_, size := utf8.DecodeRuneInString(letters[start:])
		name := "-" + letters[start:start+size]
		start += size
		option := c.find(name)
		switch {
		case option == nil:
			c.cutUnlisted(word, 0, name, nil)
		case option.Optional:
			c.addOption(option, false, nil, word, 0)
		default:
			c.addOption(option, false, c.takeValues(option.Arity, nil), word, 0)
		}
	}
}

func (c *cutter) cutKeyValue(word model.Argument, at int, prefix string) bool {
	key, _, hasValue := strings.Cut(prefix, "=")
	if !hasValue {
		return false
	}
	option := c.find(key)
	if option == nil {
		return false
	}
	c.addOption(option, false, []model.Argument{behind(word, len(key)+1)}, word, at)
	return true
}

func optional(attached *model.Argument) []model.Argument {
	if attached == nil {
		return nil
	}
	return []model.Argument{*attached}
}

func (c *cutter) takeValues(arity int, attached *model.Argument) []model.Argument {
	values := optional(attached)
	more := min(arity-len(values), len(c.words)-c.next)
	if more <= 0 {
		return values
	}
	following := c.words[c.next : c.next+more : c.next+more]
	c.next += more
	if values == nil {
		return following
	}
	return append(values, following...)
}

func (c *cutter) addOption(option *model.Option, negated bool, values []model.Argument, word model.Argument, at int) {
	span := word.Span
	if len(values) > 0 {
		last := values[len(values)-1].Span
		span = base.Span{Start: min(span.Start, last.Start), End: max(span.End, last.End)}
	}
	c.line.Options = append(c.line.Options, CutOption{Option: option, Means: MeaningOf(option), Negated: negated, Values: values, Span: span, At: at})
	if option.Last {
		c.ended = true
	}
}

func isNumber(digits string) bool {
	return digits != "" && allDigits(digits)
}

// KnownText is the text of a value; false when it is not known.
func KnownText(value model.Value) (string, bool) {
	return value.Text, value.Kind == "text"
}
