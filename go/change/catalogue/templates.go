// Effects that come from running a program at all. Implements spec/catalogue.md section 5. Twin of src/change/catalogue/templates.ts.

package catalogue

import (
	"strings"

	"cavra.dev/runtime/change/model"
)

// A program that is asked for help prints it, and does nothing else.
func templateDeeds(context *Context) []model.Deed {
	if context.Around.Meanings.Has("help") {
		return nil
	}
	var deeds []model.Deed
	effects := context.Located.Program.Effects
	for i := range effects {
		if applies(effects[i].When, effects[i].Unless, &context.Around) {
			deeds = append(deeds, deedOf(&effects[i], context))
		}
	}
	return deeds
}

func deedOf(template *model.EffectTemplate, context *Context) model.Deed {
	span := context.Call.Span
	target := fill(template.Target, context)
	switch template.Kind {
	case "network":
		return model.Deed{
			Kind: "network", Destination: target, Direction: orElse(template.Direction, "receive"), Data: orElse(template.Data, "none"), Span: span,
		}
	case "operate":
		if template.Target == "" {
			target = targetWords(context)
		}
		return model.Deed{
			Kind: "operate", System: template.System, Operation: textOrUnknown(fill(template.Operation, context)), Target: target, Span: span,
		}
	case "opaque":
		return model.Deed{Kind: "opaque", Reason: textOrUnknown(fill(template.Operation, context)), Span: span}
	}
	return model.Deed{
		Kind: "file", Effect: template.Kind, Path: Within(context.Folder, underHome(target, context)), Extent: extentOf(template.Tree, &context.Around),
		Span: span,
	}
}

func orElse(given, fallback string) string {
	if given == "" {
		return fallback
	}
	return given
}

func textOrUnknown(value model.Value) string {
	if value.Kind == "text" {
		return value.Text
	}
	return "unknown"
}

func underHome(path model.Value, context *Context) model.Value {
	if path.Kind != "text" || !strings.HasPrefix(path.Text, "~/") {
		return path
	}
	home := context.Call.Facts.Home
	if home == "" {
		return model.UnknownWord
	}
	return model.Text(home + path.Text[1:])
}

// fill replaces every `$name`, from left to right; known text around a hole stays known up to the hole.
func fill(template string, context *Context) model.Value {
	if !strings.Contains(template, "$") {
		return model.Text(template)
	}
	var parts []model.Value
	rest := template
	for {
		plain, after, found := strings.Cut(rest, "$")
		parts = append(parts, model.Text(plain))
		if !found {
			return Joined(parts, "")
		}
		name := nameAt(after)
		parts = append(parts, variable(name, context))
		rest = after[len(name):]
	}
}

// nameAt is the name at the beginning of what follows a `$`.
func nameAt(template string) string {
	if template != "" && (template[0] == '*' || template[0] >= '1' && template[0] <= '9') {
		return template[:1]
	}
	end := 0
	for end < len(template) && isNameByte(template[end]) {
		end++
	}
	return template[:end]
}

func isNameByte(unit byte) bool {
	return unit >= 'a' && unit <= 'z' || unit >= 'A' && unit <= 'Z' || unit >= '0' && unit <= '9' || unit == '_' || unit == ':'
}

func variable(name string, context *Context) model.Value {
	operands := context.Located.Line.Operands
	switch {
	case name == "*":
		return Joined(valuesAt(operands), " ")
	case len(name) == 1 && name[0] >= '1' && name[0] <= '9':
		return valueAt(operands, int(name[0]-'1'))
	case name == "last":
		return valueAt(operands, len(operands)-1)
	case name == "subcommand":
		subcommands := context.Located.Subcommands
		if len(subcommands) == 0 {
			return model.Text("")
		}
		return model.Text(subcommands[len(subcommands)-1])
	case name == "subcommands":
		return model.Text(strings.Join(context.Located.Subcommands, " "))
	case name == "target":
		return targetWords(context)
	}
	meaning, isOption := strings.CutPrefix(name, "option:")
	if !isOption {
		return model.Text("")
	}
	options := context.Located.Line.Options
	for i := range options {
		if options[i].Means == meaning && !options[i].Negated {
			return valueAt(options[i].Values, 0)
		}
	}
	return model.Text("")
}

func valuesAt(words []model.Argument) []model.Value {
	values := make([]model.Value, len(words))
	for i := range words {
		values[i] = words[i].Value
	}
	return values
}

// valueAt is empty text where nothing stands.
func valueAt(words []model.Argument, at int) model.Value {
	if at < 0 || at >= len(words) {
		return model.Text("")
	}
	return words[at].Value
}

func targetWords(context *Context) model.Value {
	var words []model.Value
	for i := range context.Uses {
		if context.Uses[i].Role == "target" {
			words = append(words, context.Uses[i].Argument.Value)
		}
	}
	return Joined(words, " ")
}
