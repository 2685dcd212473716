// GNU parallel: a command for every combination of arguments. Implements spec/catalogue.md clause 10.4.
// Twin of src/change/programs/parallel.ts.
// parallel joins its words by blanks and gives them to a shell, with the arguments quoted. Both readings are told where they differ:
// the words as they stand (what was meant), and the joined text (what runs).

package programs

import (
	"slices"
	"strconv"
	"strings"

	"cavra.dev/runtime/change/catalogue"
	"cavra.dev/runtime/change/model"
)

// maxParallelCommands: more combinations than this are told as one, for arguments of which nothing is known.
const maxParallelCommands = 64

// So are arguments of more sources than this, and commands that are more words than this in all.
const (
	maxParallelSources = 16
	maxParallelWords   = 4096
)

var (
	// idleMeanings: with one of these it tells about itself and runs nothing.
	idleMeanings    = []string{"help", "version", "bibtex", "citation", "number_of_cores", "number_of_cpus"}
	unknownArgument = model.Value{Kind: "unknown", Derived: true}
)

func readParallel(call *model.Call) model.Reading {
	context := lineOf(call)
	meanings := context.Around.Meanings
	if slices.ContainsFunc(idleMeanings, meanings.Has) {
		return catalogue.ReadingOf(context)
	}
	template, combinations, files := partsOf(context)
	place := "child"
	if meanings.Has("sshlogin") {
		place = "elsewhere"
	}
	scope := catalogue.ScopeOf(place, context, nil)
	var deeds []model.Deed
	for _, file := range files {
		deeds = append(deeds, fileDeed("read", file.Value, "exact", file.Span))
	}
	if !meanings.Has("dry_run") {
		for _, items := range combinations {
			deeds = append(deeds, parallelDeeds(template, items, scope, context)...)
		}
	}
	return withDeeds(context, deeds...)
}

func isSource(word model.Argument) bool {
	switch word.Value.Text {
	case ":::", ":::+", "::::", "::::+":
		return true
	}
	return false
}

// partsOf are the template, the combinations, each one value for every source, and the files that are read.
func partsOf(context *catalogue.Context) (template []model.Argument, combinations [][]model.Argument, files []model.Argument) {
	words := context.Located.Line.Operands
	first := slices.IndexFunc(words, isSource)
	template = words
	if first >= 0 {
		template = words[:first]
	}
	if context.Around.Meanings.Has("pipe") {
		return template, [][]model.Argument{nil}, nil
	}
	if first < 0 {
		for _, item := range stdinItems(context) {
			combinations = append(combinations, []model.Argument{item})
		}
	} else {
		combinations, files = combine(words[first:], context)
	}
	if len(combinations)*len(template) > maxParallelWords {
		combinations = unknownCombination(context)
	}
	return template, combinations, files
}

func unknownCombination(context *catalogue.Context) [][]model.Argument {
	return [][]model.Argument{{{Value: unknownArgument, Span: context.Call.Span}}}
}

func combine(words []model.Argument, context *catalogue.Context) (combinations [][]model.Argument, files []model.Argument) {
	unknown := []model.Argument{{Value: unknownArgument, Span: context.Call.Span}}
	combinations = [][]model.Argument{nil}
	sources := 0
	for _, word := range words {
		if isSource(word) {
			sources++
		}
	}
	isTooMany := sources > maxParallelSources
	for at := 0; at < len(words); {
		mark := words[at].Value.Text
		values := words[at+1:]
		if end := slices.IndexFunc(values, isSource); end >= 0 {
			values = values[:end]
		}
		at += len(values) + 1
		if strings.HasPrefix(mark, "::::") {
			for _, file := range values {
				if !isStream(file.Value) {
					files = append(files, file)
				}
			}
			values = unknown
		}
		isTooMany = isTooMany || !strings.HasSuffix(mark, "+") && len(combinations)*len(values) > maxParallelCommands
		switch {
		case isTooMany:
		case strings.HasSuffix(mark, "+"):
			combinations = linked(combinations, values)
		case len(values) > 0:
			// Without a value the source adds nothing: `parallel git reset --hard :::` still tells the command.
			combinations = crossed(combinations, values)
		}
	}
	if isTooMany {
		return unknownCombination(context), files
	}
	return combinations, files
}

func crossed(combinations [][]model.Argument, values []model.Argument) [][]model.Argument {
	var all [][]model.Argument
	for _, one := range combinations {
		for _, value := range values {
			all = append(all, slices.Concat(one, []model.Argument{value}))
		}
	}
	return all
}

func linked(combinations [][]model.Argument, values []model.Argument) [][]model.Argument {
	if len(values) == 0 {
		return combinations
	}
	all := make([][]model.Argument, len(combinations))
	for i, one := range combinations {
		all[i] = slices.Concat(one, []model.Argument{values[i%len(values)]})
	}
	return all
}

func stdinItems(context *catalogue.Context) []model.Argument {
	stdin := &context.Call.Stdin
	unknown := []model.Argument{{Value: unknownArgument, Span: context.Call.Span}}
	var items []model.Argument
	switch {
	case stdin.Kind == "lines":
		for _, glob := range stdin.Globs {
			items = append(items, model.Argument{Value: pattern(glob), Span: stdin.Span})
		}
	case stdin.Kind != "text" || context.Around.Meanings.Has("arg_file"):
		return unknown
	default:
		delimiter := "\n"
		if context.Around.Meanings.Has("null") {
			delimiter = "\x00"
		}
		for _, item := range splitAt(stdin.Text, delimiter) {
			items = append(items, model.Argument{Value: model.Text(item), Span: stdin.Span})
		}
	}
	if len(items) > maxParallelCommands {
		return unknown
	}
	return items
}

func parallelDeeds(template, items []model.Argument, scope model.Scope, context *catalogue.Context) []model.Deed {
	if len(template) == 0 {
		if len(items) == 0 {
			return nil
		}
		return []model.Deed{codeDeed("shell", items[0].Value, scope, items[0].Span)}
	}
	words := filled(template, items, context)
	asWords := commandDeed(words, scope, words[0].Span)
	changesCode := slices.ContainsFunc(template, func(word model.Argument) bool { return hasControl(word.Value.Text) })
	if len(template) == 1 {
		changesCode = !isPlainWord(template[0].Value)
	}
	if !changesCode {
		return []model.Deed{asWords}
	}
	code, known := joinedCode(template, items, context)
	if !known {
		return []model.Deed{asWords}
	}
	asCode := codeDeed("shell", model.Text(code), scope, asWords.Span)
	if len(template) == 1 {
		return []model.Deed{asCode}
	}
	return []model.Deed{asWords, asCode}
}

// filled is the template with each mark replaced; without any mark the arguments are appended.
func filled(template, items []model.Argument, context *catalogue.Context) []model.Argument {
	marks := marksOf(items, context)
	if !slices.ContainsFunc(marks, func(one parallelMark) bool { return hasMark(template, one.mark) }) {
		return slices.Concat(template, items)
	}
	words := template
	for _, one := range marks {
		words = replaceInWords(words, one.mark, one.value)
	}
	return words
}

type parallelMark struct {
	mark  string
	value model.Value
}

func marksOf(items []model.Argument, context *catalogue.Context) []parallelMark {
	var marks []parallelMark
	for i, item := range items {
		marks = append(marks, spellings(item.Value, strconv.Itoa(i+1))...)
	}
	all := joinTexts(items)
	if len(items) == 1 {
		all = items[0].Value
	}
	marks = append(marks, spellings(all, "")...)
	if own := lastGiven(context, "replace"); own != nil && own.Value.Text != "" && own.Value.Text != "{}" {
		marks = append(marks, parallelMark{mark: own.Value.Text, value: all})
	}
	return marks
}

func joinTexts(items []model.Argument) model.Value {
	known := make([]string, len(items))
	for i, item := range items {
		if item.Value.Kind != "text" {
			return unknownArgument
		}
		known[i] = item.Value.Text
	}
	return model.Text(strings.Join(known, " "))
}

// spellings: `{}` the argument, `{.}` without its ending, `{/}` its last component, `{//}` its folder, `{/.}` both; with a number, of that
// source.
func spellings(value model.Value, number string) []parallelMark {
	via := func(change func(path string) string) model.Value {
		if value.Kind != "text" {
			return unknownArgument
		}
		return model.Text(change(value.Text))
	}
	return []parallelMark{
		{"{" + number + "}", value},
		{"{" + number + ".}", via(withoutEnding)},
		{"{" + number + "/}", via(lastComponent)},
		{"{" + number + "//}", via(folderOf)},
		{"{" + number + "/.}", via(func(path string) string { return withoutEnding(lastComponent(path)) })},
	}
}

func withoutEnding(path string) string {
	dot := strings.LastIndexByte(path, '.')
	if dot > strings.LastIndexByte(path, '/')+1 {
		return path[:dot]
	}
	return path
}

func lastComponent(path string) string {
	return path[strings.LastIndexByte(path, '/')+1:]
}

func folderOf(path string) string {
	switch slash := strings.LastIndexByte(path, '/'); slash {
	case -1:
		return "."
	case 0:
		return "/"
	default:
		return path[:slash]
	}
}

// joinedCode is the text that the shell gets; false when a word or an argument is not known.
func joinedCode(template, items []model.Argument, context *catalogue.Context) (string, bool) {
	quotedItems := slices.Clone(items)
	for i, item := range items {
		if item.Value.Kind == "text" {
			quotedItems[i] = model.Argument{Value: model.Text(shellQuoted(item.Value.Text)), Span: item.Span}
		}
	}
	words := filled(template, quotedItems, context)
	texts := make([]string, len(words))
	for i, word := range words {
		if word.Value.Kind != "text" {
			return "", false
		}
		texts[i] = word.Value.Text
	}
	return strings.Join(texts, " "), true
}

// shellQuoted is text that a shell reads as itself.
func shellQuoted(known string) string {
	if known != "" && isPlainWord(model.Text(known)) {
		return known
	}
	return "'" + strings.ReplaceAll(known, "'", `'\''`) + "'"
}

// hasControl: what makes more commands of the joined words than of the words. Quotes and brackets that are lost by joining only break it.
func hasControl(known string) bool {
	return strings.ContainsAny(known, ";|&`\n") || strings.Contains(known, "$(")
}

func isPlainWord(value model.Value) bool {
	return value.Kind == "text" && isPlainText(value.Text, "_-./:=+,@%{}^")
}
