// The compact form of effects in which vectors and tests say what they expect. Implements spec/change.md section 11.2. Twin of
// test/change/compact.ts.

package change_test

import (
	"fmt"
	"strings"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
)

func compactEffect(effect *model.Effect) string {
	carried := ""
	for i, program := range effect.Via {
		if i == 0 {
			carried = " via "
		} else {
			carried += ">"
		}
		carried += word(program)
	}
	place := ""
	if effect.Place == "elsewhere" {
		place = " elsewhere"
	}
	return fmt.Sprintf("%s%s%s @%d-%d", body(effect), carried, place, effect.Span.Start, effect.Span.End)
}

func body(effect *model.Effect) string {
	fields := []string{effect.Kind}
	switch effect.Kind {
	case "read", "write", "delete":
		fields = append(fields, effect.Extent, word(effect.Target))
	case "exec":
		fields = append(fields, word(effect.Program))
		if effect.Path != "" {
			fields = append(fields, "path="+word(effect.Path))
		}
		if effect.Subcommand != "" {
			fields = append(fields, "sub="+word(effect.Subcommand))
		}
		if len(effect.Options) > 0 {
			var options []string
			for _, option := range effect.Options {
				options = append(options, word(option))
			}
			fields = append(fields, "options="+strings.Join(options, ","))
		}
		switch {
		case effect.Harmless:
			fields = append(fields, "harmless")
		case effect.Known:
			fields = append(fields, "known")
		default:
			fields = append(fields, "unknown")
		}
	case "git":
		fields = append(fields, effect.Operation, word(effect.Ref), word(effect.Remote), effect.Force)
	case "network":
		fields = append(fields, effect.Direction, word(effect.Host), word(effect.URL), effect.Data)
	case "operate":
		fields = append(fields, effect.System, effect.Operation, word(effect.Target))
	case "call":
		fields = append(fields, word(effect.Server), word(effect.Tool), effect.Capability)
	case "opaque":
		fields = append(fields, effect.Reason)
		if effect.Detail != "" {
			fields = append(fields, effect.Detail)
		}
	}
	return strings.Join(fields, " ")
}

// word: a string that is empty, or holds a blank, a quote, a comma, `>` or a control character, stands in JSON quotes.
func word(text string) string {
	special := func(character rune) bool {
		return character <= ' ' || strings.ContainsRune(`'",>`, character) || character == 0x7f
	}
	if text != "" && strings.IndexFunc(text, special) < 0 {
		return text
	}
	quoted, _ := base.AppendString(nil, text)
	return string(quoted)
}
