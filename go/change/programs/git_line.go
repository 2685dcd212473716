// One git sub-command, cut into options and operands, and the words in which its meaning is said. Implements spec/git.md sections 1 and 3.
// Twin of src/change/programs/git-line.ts.
// `has` is what surely stands on the line, `may` also what could: dangers are asked with `may`, what disarms them with `has`.

package programs

import (
	"slices"
	"strings"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/catalogue"
	"cavra.dev/runtime/change/model"
)

// gitLine is what a meaning looks at. Its words are said by methods, as TypeScript says them by functions of the line.
type gitLine struct {
	call  *model.Call
	place gitPlace
	// config is what the line injects, in order.
	config []configEntry
	// globals are the options before the sub-command.
	globals catalogue.CutLine
	// name: `push`, `stash drop`.
	name string
	// span of the words that name the sub-command.
	span    base.Span
	program *model.Program
	cut     catalogue.CutLine
	// first is where the words of cut begin among those of the call; before is how many options of cut stand in front of them.
	first  int
	before int
}

type meaning func(line *gitLine) []model.Deed

// has: one of the meanings is given and not taken back; the last word on it counts, as in git.
func (line *gitLine) has(meanings ...string) bool {
	return slices.ContainsFunc(meanings, line.hasOne)
}

func (line *gitLine) hasOne(meaning string) bool {
	for i := len(line.cut.Options) - 1; i >= 0; i-- {
		option := &line.cut.Options[i]
		if option.Means == meaning {
			return !option.Negated
		}
		if slices.Contains(option.Option.Clears, meaning) {
			return false
		}
	}
	return false
}

// may: given, or a word that could be it: an abbreviation of several options, or an option whose text is not known.
func (line *gitLine) may(meanings ...string) bool {
	if line.has(meanings...) {
		return true
	}
	if len(line.cut.Unlisted) == 0 && len(line.cut.Unknown) == 0 {
		return false
	}
	var wanted []*model.Option
	for _, option := range catalogue.OptionsOf(line.program).All {
		if slices.Contains(meanings, catalogue.MeaningOf(option)) {
			wanted = append(wanted, option)
		}
	}
	return slices.ContainsFunc(line.cut.Unlisted, func(word model.Argument) bool { return isShortFor(word, wanted) }) ||
		slices.ContainsFunc(line.cut.Unknown, func(word model.Argument) bool { return couldBe(word, wanted) })
}

func isShortFor(word model.Argument, wanted []*model.Option) bool {
	written, _, _ := strings.Cut(catalogue.KnownPrefix(word.Value), "=")
	begins := func(name string) bool { return strings.HasPrefix(name, written) }
	return len(written) > 2 && strings.HasPrefix(written, "--") && hasName(wanted, begins)
}

// couldBe: a word of which the beginning of an option is known, and that could be one of these.
func couldBe(word model.Argument, wanted []*model.Option) bool {
	prefix := catalogue.KnownPrefix(word.Value)
	if !strings.HasPrefix(prefix, "-") {
		return false
	}
	if strings.HasPrefix(prefix, "--") {
		return hasName(wanted, func(name string) bool { return strings.HasPrefix(name, prefix) })
	}
	return hasName(wanted, func(name string) bool { return !strings.HasPrefix(name, "--") || prefix == "-" })
}

func hasName(options []*model.Option, is func(name string) bool) bool {
	return slices.ContainsFunc(options, func(option *model.Option) bool { return slices.ContainsFunc(option.Names, is) })
}

// hasLooseWord is true when a word of which nothing is known stands where an option could (`git reset "$x"`).
func (line *gitLine) hasLooseWord() bool {
	return slices.ContainsFunc(line.cut.Unknown, func(word model.Argument) bool { return catalogue.KnownPrefix(word.Value) == "" })
}

// valuesOf gives every value of the options with that meaning since it was last taken back.
func (line *gitLine) valuesOf(meanings ...string) []model.Argument {
	var values []model.Argument
	for _, option := range line.cut.Options {
		if !slices.Contains(meanings, option.Means) {
			continue
		}
		if option.Negated {
			values = nil
		} else {
			values = append(values, option.Values...)
		}
	}
	return values
}

// lastOf gives the last of them; nil when there is none.
func (line *gitLine) lastOf(meanings ...string) *model.Argument {
	return last(line.valuesOf(meanings...))
}

// last of the words; nil when there is none.
func last(words []model.Argument) *model.Argument {
	return nth(words, len(words)-1)
}

// nth of the words; nil when there are fewer.
func nth(words []model.Argument, n int) *model.Argument {
	if n < 0 || n >= len(words) {
		return nil
	}
	return &words[n]
}

func (line *gitLine) operands() []model.Argument {
	return line.cut.Operands
}

// beforeSeparator gives the operands before `--`; all of them when there is none.
func (line *gitLine) beforeSeparator() []model.Argument {
	if line.cut.Separator < 0 {
		return line.cut.Operands
	}
	return line.cut.Operands[:line.cut.Separator]
}

// afterSeparator gives the operands after `--`; none when there is none.
func (line *gitLine) afterSeparator() []model.Argument {
	if line.cut.Separator < 0 {
		return nil
	}
	return line.cut.Operands[line.cut.Separator:]
}

// innerName is the sub-command without the word that the catalogue lists it under: `drop` of `stash drop`, "" for `stash`.
func (line *gitLine) innerName() string {
	_, inner, _ := strings.Cut(line.name, " ")
	return inner
}

// gitTarget is what a git deed is about; what is left out is nothing, "none", and the words of the sub-command.
type gitTarget struct {
	ref    model.Value
	remote model.Value
	force  string
	span   *base.Span
}

// git is a git deed; what it is about stands in target, its place is the sub-command's unless a word carries it.
func (line *gitLine) git(operation string, target gitTarget) model.Deed {
	deed := model.Deed{Kind: "git", Operation: operation, Ref: target.ref, Remote: target.remote, Force: target.force, Span: line.span}
	if deed.Ref.Kind == "" {
		deed.Ref = model.Text("")
	}
	if deed.Remote.Kind == "" {
		deed.Remote = model.Text("")
	}
	if deed.Force == "" {
		deed.Force = "none"
	}
	if target.span != nil {
		deed.Span = *target.span
	}
	return deed
}

// file is a path as the line writes it, seen from the folder of `-C`.
func (line *gitLine) file(effect string, path model.Argument, extent model.Extent) model.Deed {
	return fileDeed(effect, catalogue.Within(line.place.folder, path.Value), extent, path.Span)
}

// code is run by git, in the folder of `-C`.
func (line *gitLine) code(language model.Language, source model.Argument) model.Deed {
	return model.Deed{Kind: "code", Language: language, Code: source.Value, Scope: line.scope(), Span: source.Span}
}

// command is run by git, in the folder of `-C`.
func (line *gitLine) command(words ...model.Argument) model.Deed {
	span := line.span
	if len(words) > 0 {
		span = words[0].Span
	}
	return model.Deed{Kind: "command", Words: words, Scope: line.scope(), Span: span}
}

func (line *gitLine) scope() model.Scope {
	return model.Scope{Place: "child", Cwd: line.place.folder}
}

// in is the same code or command, run in another folder.
func in(folder model.Value, deed model.Deed) model.Deed {
	deed.Scope.Cwd = &folder
	return deed
}

// reading is the same code or command with what it reads.
func reading(stdin *model.Stdin, deed model.Deed) model.Deed {
	deed.Scope.Stdin = stdin
	return deed
}

// gitOutput is what a pager or filter reads: the output of git, which nobody knows.
func gitOutput(span base.Span) *model.Stdin {
	return &model.Stdin{Kind: "stream", Span: span}
}

// currentBranch is the branch that HEAD is on, or unknown.
func (line *gitLine) currentBranch() model.Value {
	if branch := line.place.branch(); branch != "" {
		return model.Text(branch)
	}
	return model.UnknownWord
}
