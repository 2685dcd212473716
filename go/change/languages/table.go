// What CAVRA knows about the functions of a language, as data. Implements spec/languages.md section 4.
// Twin of src/change/languages/table.ts.
// Compiled from spec/catalogue/languages.yaml by scripts/generate-languages.mjs; this file only gives it its shape, a language when it is asked for.

package languages

import (
	"strings"
	"sync"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/generated"
)

// LanguageTable is what is known of one language. Nobody writes to it.
type LanguageTable struct {
	Lexicon Lexicon
	// Functions: full name (`os.remove`) → what calling it does. A name that ends in `.*` stands for everything below it.
	Functions map[string]*Entry
	// Methods: type of the receiver (`path`, `file`, `text`, `list`, `any`, …) → method → what calling it does.
	Methods map[string]map[string]*Entry
	// Values: name → what it is without being called: a result, as in an entry (`arguments`, `stdin`, `environment`, `name:os`).
	Values map[string]string
	// Renames: beginning of a name → what stands for it (`node:fs` → `fs`).
	Renames map[string]string
	// Hiding: names that reach into the machinery of the language: naming them is enough to hide code.
	Hiding []string
	// Bare: names that take the words after them as arguments without brackets, besides the functions of perl and ruby.
	Bare []string
	// Growing: methods and functions that put something behind what they are called on.
	Growing []string
	// Changing: methods and functions that change what they are called on in any other way.
	Changing []string
}

// Entry is read from its line (spec/languages.md section 4.1).
type Entry struct {
	// Parameters in order; where Rest is set, the last one stands for all that follow.
	Parameters []Parameter
	Rest       bool
	// Self is the role of the receiver.
	Self string
	// Result says what the call gives.
	Result string
}

// Parameter is a name and what the argument is to the function.
type Parameter struct {
	Name string
	Role string
}

var tables = map[General]func() *LanguageTable{
	"python":     lazily("python"),
	"javascript": lazily("javascript"),
	"perl":       lazily("perl"),
	"ruby":       lazily("ruby"),
	"php":        lazily("php"),
}

func lazily(language General) func() *LanguageTable {
	return sync.OnceValue(func() *LanguageTable { return decodeTable(language) })
}

func tableOf(language General) *LanguageTable {
	return tables[language]()
}

// decodeTable gives an empty table where the build's own data cannot be read; the vectors would see that at once.
func decodeTable(language General) *LanguageTable {
	table := &LanguageTable{Functions: map[string]*Entry{}, Methods: map[string]map[string]*Entry{}}
	languages, _ := base.SplitObject(generated.Languages)
	for _, member := range languages {
		if member.Key != language {
			continue
		}
		value, problem := base.ParseJSON(member.Raw, base.DefaultJSONLimits)
		if problem != nil {
			return table
		}
		fillTable(table, value)
	}
	return table
}

func fillTable(table *LanguageTable, value *base.JSONValue) {
	for _, member := range value.Members {
		switch member.Key {
		case "lexicon":
			table.Lexicon = lexiconFrom(&member.Value)
		case "functions":
			table.Functions = entriesFrom(&member.Value)
		case "methods":
			for _, methods := range member.Value.Members {
				table.Methods[methods.Key] = entriesFrom(&methods.Value)
			}
		case "values":
			table.Values = textsByName(&member.Value)
		case "renames":
			table.Renames = textsByName(&member.Value)
		case "hiding":
			table.Hiding = textsFrom(&member.Value)
		case "bare":
			table.Bare = textsFrom(&member.Value)
		case "growing":
			table.Growing = textsFrom(&member.Value)
		case "changing":
			table.Changing = textsFrom(&member.Value)
		}
	}
}

func lexiconFrom(value *base.JSONValue) Lexicon {
	lexicon := Lexicon{Keywords: map[string]bool{}}
	for _, member := range value.Members {
		one := member.Value
		switch member.Key {
		case "line_comments":
			lexicon.LineComments = textsFrom(&one)
		case "block_comments":
			for _, pair := range one.Items {
				if marks := textsFrom(&pair); len(marks) == 2 {
					lexicon.BlockComments = append(lexicon.BlockComments, [2]string(marks))
				}
			}
		case "operators":
			lexicon.Operators = textsFrom(&one)
		case "keywords":
			for _, keyword := range textsFrom(&one) {
				lexicon.Keywords[keyword] = true
			}
		case "name_characters":
			lexicon.NameCharacters = one.Text
		case "sigils":
			lexicon.Sigils = one.Text
		case "newlines_end_statements":
			lexicon.NewlinesEndStatements = one.Bool
		}
	}
	return lexicon
}

func entriesFrom(value *base.JSONValue) map[string]*Entry {
	entries := make(map[string]*Entry, len(value.Members))
	for _, member := range value.Members {
		entries[member.Key] = entryFrom(member.Value.Text)
	}
	return entries
}

func textsByName(value *base.JSONValue) map[string]string {
	texts := make(map[string]string, len(value.Members))
	for _, member := range value.Members {
		texts[member.Key] = member.Value.Text
	}
	return texts
}

func textsFrom(value *base.JSONValue) []string {
	texts := make([]string, 0, len(value.Items))
	for _, item := range value.Items {
		texts = append(texts, item.Text)
	}
	return texts
}

// entryFrom reads `path:delete other:write... -> result`.
func entryFrom(line string) *Entry {
	left, result, _ := strings.Cut(line, "->")
	entry := &Entry{Result: base.TrimASCII(result)}
	for word := range strings.SplitSeq(left, " ") {
		if word == "" {
			continue
		}
		word, many := strings.CutSuffix(word, "...")
		name, role, _ := strings.Cut(word, ":")
		switch name {
		case "self":
			entry.Self = role
		case "_":
			entry.Parameters = append(entry.Parameters, Parameter{Role: role})
		default:
			entry.Parameters = append(entry.Parameters, Parameter{Name: name, Role: role})
		}
		entry.Rest = entry.Rest || many
	}
	return entry
}
