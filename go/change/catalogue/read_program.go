// Reads the description of a program from the compiled catalogue. Implements spec/catalogue.md clause 1.5. No twin: in TypeScript the compiled
// catalogue is its own description.
// INVARIANT: a key that is not known here is refused. The temptation is to skip it; the engine would then know less of the program than the policy's
// author meant it to, and nobody would be told.

package catalogue

import (
	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
)

func (r *shapeReader) program(value *base.JSONValue, at *base.Place) *model.Program {
	program := &model.Program{}
	r.Object(value, at, func(key string, value *base.JSONValue, at *base.Place) bool {
		switch key {
		case "harmless":
			program.Harmless = r.set(value, at)
		case "versioned":
			program.Versioned = r.set(value, at)
		case "grammar":
			program.Grammar = r.grammar(value, at)
		case "options":
			program.Options = base.ListIn(r.ShapeReader, value, at, 0, r.option)
		case "flags":
			program.Flags = r.Filled(value, at)
		case "values":
			program.Values = r.Filled(value, at)
		case "operands":
			program.Operands = base.ListIn(r.ShapeReader, value, at, 0, r.slot)
		case "subcommands":
			program.Subcommands = base.RecordIn(r.ShapeReader, value, at, r.program)
		case "subcommand_aliases":
			program.SubcommandAliases = base.RecordIn(r.ShapeReader, value, at, r.Filled)
		case "subcommand_same":
			program.SubcommandSame = base.RecordIn(r.ShapeReader, value, at, r.Filled)
		case "effects":
			program.Effects = base.ListIn(r.ShapeReader, value, at, 0, r.effect)
		case "stdin":
			program.Stdin = base.ListIn(r.ShapeReader, value, at, 0, r.stdin)
		case "output":
			program.Output = r.Filled(value, at)
		case "content":
			program.Content = r.Word(value, at, "kept", "copied", "input", "made", "fetched")
		case "special":
			program.Special = r.Filled(value, at)
		default:
			return false
		}
		return true
	})
	return program
}

func (r *shapeReader) grammar(value *base.JSONValue, at *base.Place) *model.Grammar {
	grammar := &model.Grammar{}
	r.Object(value, at, func(key string, value *base.JSONValue, at *base.Place) bool {
		switch key {
		case "options_end":
			grammar.OptionsEnd = r.Word(value, at, "first_operand", "second_operand")
		case "long":
			grammar.Long = r.Word(value, at, "single", "both")
		case "abbreviate":
			grammar.Abbreviate = r.set(value, at)
		case "negate":
			grammar.Negate = r.set(value, at)
		case "key_value":
			grammar.KeyValue = r.set(value, at)
		case "leading_cluster":
			grammar.LeadingCluster = r.set(value, at)
		case "plus":
			grammar.Plus = r.set(value, at)
		case "number":
			grammar.Number = r.set(value, at)
		case "keep_name":
			grammar.KeepName = r.set(value, at)
		case "unlisted":
			grammar.Unlisted = r.Word(value, at, "flag", "value")
		default:
			return false
		}
		return true
	})
	return grammar
}

func (r *shapeReader) option(value *base.JSONValue, at *base.Place) *model.Option {
	option := &model.Option{}
	r.Object(value, at, func(key string, value *base.JSONValue, at *base.Place) bool {
		switch key {
		case "names":
			option.Names = r.names(value, at)
		case "arity":
			option.Arity = r.count(value, at)
		case "optional":
			option.Optional = r.set(value, at)
		case "digits":
			option.Digits = r.set(value, at)
		case "roles":
			option.Roles = base.ListIn(r.ShapeReader, value, at, 0, r.role)
		case "means":
			option.Means = r.Filled(value, at)
		case "clears":
			option.Clears = r.names(value, at)
		case "tree":
			option.Tree = r.Filled(value, at)
		case "last":
			option.Last = r.set(value, at)
		case "keys":
			option.Keys = base.RecordIn(r.ShapeReader, value, at, r.role)
		case "inject":
			option.Inject = r.names(value, at)
		case "ordinary":
			option.Ordinary = r.names(value, at)
		default:
			return r.condition(key, value, at, &option.When, &option.Unless)
		}
		return true
	})
	r.need(option.Names != nil, at, "names")
	return option
}

// condition reads the keys of everything that has conditions.
func (r *shapeReader) condition(key string, value *base.JSONValue, at *base.Place, when, unless *[]string) bool {
	switch key {
	case "when":
		*when = r.names(value, at)
	case "unless":
		*unless = r.names(value, at)
	default:
		return false
	}
	return true
}

func (r *shapeReader) slot(value *base.JSONValue, at *base.Place) model.Slot {
	slot := model.Slot{}
	r.Object(value, at, func(key string, value *base.JSONValue, at *base.Place) bool {
		switch key {
		case "role":
			slot.Role = r.role(value, at)
		case "take":
			slot.Take = r.Word(value, at, "one", "all_but_last", "assignments", "every", "last")
		case "tree":
			slot.Tree = r.Filled(value, at)
		case "place":
			slot.Place = r.Word(value, at, "same", "elsewhere")
		default:
			return r.condition(key, value, at, &slot.When, &slot.Unless)
		}
		return true
	})
	r.need(slot.Role != "", at, "role")
	return slot
}

func (r *shapeReader) stdin(value *base.JSONValue, at *base.Place) model.StdinUse {
	use := model.StdinUse{}
	r.Object(value, at, func(key string, value *base.JSONValue, at *base.Place) bool {
		switch key {
		case "role":
			use.Role = r.role(value, at)
		case "place":
			use.Place = r.Word(value, at, "same", "elsewhere")
		default:
			return r.condition(key, value, at, &use.When, &use.Unless)
		}
		return true
	})
	r.need(use.Role != "", at, "role")
	return use
}

func (r *shapeReader) effect(value *base.JSONValue, at *base.Place) model.EffectTemplate {
	effect := model.EffectTemplate{}
	r.Object(value, at, func(key string, value *base.JSONValue, at *base.Place) bool {
		switch key {
		case "kind":
			effect.Kind = r.Word(value, at, "read", "write", "delete", "network", "operate", "opaque")
		case "system":
			effect.System = r.Text(value, at)
		case "operation":
			effect.Operation = r.Text(value, at)
		case "target":
			effect.Target = r.Text(value, at)
		case "direction":
			effect.Direction = r.Word(value, at, "send")
		case "data":
			effect.Data = r.Word(value, at, "literal", "derived", "unknown")
		case "tree":
			effect.Tree = r.Filled(value, at)
		default:
			return r.condition(key, value, at, &effect.When, &effect.Unless)
		}
		return true
	})
	r.need(effect.Kind != "", at, "kind")
	return effect
}

func (r *shapeReader) environmentVariable(value *base.JSONValue, at *base.Place) *model.EnvironmentVariable {
	variable := &model.EnvironmentVariable{}
	r.Object(value, at, func(key string, value *base.JSONValue, at *base.Place) bool {
		switch key {
		case "role":
			variable.Role = r.role(value, at)
		case "used_by":
			variable.UsedBy = r.names(value, at)
		case "inject":
			variable.Inject = r.names(value, at)
		default:
			return r.condition(key, value, at, &variable.When, &variable.Unless)
		}
		return true
	})
	r.need(variable.Role != "", at, "role")
	return variable
}

func (r *shapeReader) mcpTool(value *base.JSONValue, at *base.Place) model.McpTool {
	tool := model.McpTool{}
	r.Object(value, at, func(key string, value *base.JSONValue, at *base.Place) bool {
		switch key {
		case "server":
			tool.Server = r.names(value, at)
		case "tool":
			tool.Tool = r.names(value, at)
		case "capability":
			tool.Capability = r.Word(value, at, "read", "write", "execute", "network")
		case "arguments":
			tool.Arguments = base.RecordIn(r.ShapeReader, value, at, r.role)
		default:
			return false
		}
		return true
	})
	r.need(tool.Server != nil, at, "server")
	r.need(tool.Tool != nil, at, "tool")
	r.need(tool.Capability != "", at, "capability")
	r.need(tool.Arguments != nil, at, "arguments")
	return tool
}
