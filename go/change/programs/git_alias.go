// Aliases that the line itself defines: to a sub-command, or to shell code. Implements spec/git.md section 8.
// Twin of src/change/programs/git-alias.ts.
// An alias that is defined and not used is nothing; git's own sub-commands cannot be aliased.

package programs

import (
	"slices"
	"strings"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
)

// maxAliasSteps is how many steps aliases of aliases are followed; beyond, the sub-command is unknown.
const maxAliasSteps = 10

type aliasUse struct {
	config []configEntry
	place  *gitPlace
	name   string
	// word names the alias; before it stand the global options, after it its arguments.
	word   model.Argument
	before []model.Argument
	after  []model.Argument
}

// alias is the words that it stands for, or where there are none what it does.
type alias struct {
	words []model.Argument
	deed  model.Deed
}

// aliasOf is what the alias stands for; nil when the line defines none of that name.
func aliasOf(use *aliasUse) *alias {
	var entry *configEntry
	for i := range use.config {
		if one := &use.config[i]; one.known && isAliasKey(one.key, use.name) {
			entry = one
		}
	}
	if entry == nil || entry.value == nil || entry.value.Kind == "text" && base.TrimASCII(entry.value.Text) == "" {
		return nil
	}
	value := *entry.value
	if value.Kind != "text" {
		return opaqueAlias(use)
	}
	if code, isShell := strings.CutPrefix(value.Text, "!"); isShell {
		return &alias{deed: shellDeed(use, code)}
	}
	words, closed := splitAlias(value.Text)
	if !closed {
		return opaqueAlias(use)
	}
	all := make([]model.Argument, 0, len(use.before)+len(words)+len(use.after))
	all = append(all, use.before...)
	for _, word := range words {
		all = append(all, model.Argument{Value: model.Text(word), Span: use.word.Span})
	}
	return &alias{words: append(all, use.after...)}
}

// isAliasKey: `alias.name` and `alias.name.command`; names of aliases do not tell capitals apart in the first form.
func isAliasKey(key, name string) bool {
	return key == "alias."+base.FoldASCII(name) || key == "alias."+name+".command"
}

func opaqueAlias(use *aliasUse) *alias {
	return &alias{deed: opaqueDeed("unknown_code", "git_alias", use.word.Span)}
}

// shellDeed: git runs `sh -c 'code "$@"' code args…` in the top folder, and hands its injected configuration on.
func shellDeed(use *aliasUse, source string) model.Deed {
	code := source
	if len(use.after) > 0 {
		code += ` "$@"`
	}
	var handedOn []string
	for _, entry := range use.config {
		if entry.known && entry.value != nil && entry.value.Kind == "text" {
			handedOn = append(handedOn, quoted(entry.key)+"="+quoted(entry.value.Text))
		}
	}
	scope := model.Scope{Place: "child", Cwd: &use.place.top}
	if len(handedOn) > 0 {
		scope.Environment = []model.Variable{{Name: "GIT_CONFIG_PARAMETERS", Value: model.Text(strings.Join(handedOn, " "))}}
	}
	deed := codeDeed("shell", model.Text(code), scope, use.word.Span)
	deed.Positional = slices.Concat([]model.Argument{{Value: model.Text(source), Span: use.word.Span}}, use.after)
	return deed
}

// splitAlias gives the words of an alias, split as git does: blanks, single and double quotes, backslash. False when a quote is left open.
func splitAlias(source string) ([]string, bool) {
	var words []string
	var word openWord
	var quote byte
	for i := 0; i < len(source); i++ {
		unit := source[i]
		switch {
		case quote == 0 && isBlank(unit):
			words = word.end(words)
		case quote == 0 && (unit == '\'' || unit == '"'):
			quote = unit
			word.begun = true
		case unit == quote && quote != 0:
			quote = 0
		case unit == '\\' && quote != '\'':
			i++
			if i >= len(source) {
				return nil, false
			}
			word.add(source[i])
		default:
			word.add(unit)
		}
	}
	return word.end(words), quote == 0
}
