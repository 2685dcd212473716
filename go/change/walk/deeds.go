// Turns the deeds of programs and code into effects, and follows code. Implements spec/change.md section 6.3. Twin of
// src/change/walk/deeds.ts.

package walk

import (
	"strings"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/languages"
	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/change/shell"
)

// walkDeed is what one deed of a program does.
func walkDeed(deed *model.Deed, program string, frame *Frame) ran {
	switch deed.Kind {
	case "code":
		return inScope(&deed.Scope, program, frame, func(inner *Frame) ran {
			givePositional(deed, inner)
			return walkCode(deed.Language, deed.Code, deed.Positional, deed.Span, inner)
		})
	case "script":
		return inScope(&deed.Scope, program, frame, func(inner *Frame) ran {
			givePositional(deed, inner)
			return walkScriptFile(deed.Language, deed.Path, deed.Positional, deed.Span, inner)
		})
	case "command":
		return inScope(&deed.Scope, program, frame, func(inner *Frame) ran {
			// parallel runs its command in a shell, which has the exported functions; every other program runs programs.
			return walkWords(deed.Words, deed.Span, inner, manner{functions: program == "parallel", builtins: true})
		})
	}
	walkBareDeed(deed, frame.carrying(program))
	return unsure
}

func givePositional(deed *model.Deed, inner *Frame) {
	if deed.Scope.Place != "same" {
		inner.shell.change(func(now *Shell) { now.positional = &positional{deed.Positional} })
	}
}

// walkBareDeed turns a deed that runs nothing into its effect; via stands as it is.
func walkBareDeed(deed *model.Deed, frame *Frame) {
	switch deed.Kind {
	case "file":
		// Removing a path removes the link that it names; everything else goes through it.
		follow := model.FollowAll
		if deed.Effect == "delete" {
			follow = model.FollowParents
		}
		if file := fileTarget(deed.Path, deed.Extent, frame, follow); !file.device {
			emit(frame, deed.Span, model.Effect{Kind: deed.Effect, Target: file.target, Extent: file.extent})
		}
	case "key":
		emitKey(deed, frame)
	case "git":
		frame.walk.wants.git = true
		effect := model.Effect{Kind: "git", Operation: deed.Operation, Ref: named(deed.Ref), Remote: named(deed.Remote), Force: deed.Force}
		emit(frame, deed.Span, effect)
	case "network":
		emitNetwork(deed, frame)
	case "operate":
		emit(frame, deed.Span, model.Effect{Kind: "operate", System: deed.System, Operation: deed.Operation, Target: named(deed.Target)})
	case "opaque":
		emitOpaque(frame, deed.Span, deed.Reason, deed.Detail)
	}
}

func named(value model.Value) string {
	if value.Kind == "text" {
		return value.Text
	}
	return model.Unknown
}

// emitKey: a key that nobody can tell from others is taken for read: a policy asks of a read, and not of a use, which files a pattern may name.
func emitKey(deed *model.Deed, frame *Frame) {
	file := fileTarget(deed.Path, "exact", frame, model.FollowAll)
	switch {
	case file.device:
	case file.extent == "pattern":
		emit(frame, deed.Span, model.Effect{Kind: "read", Target: file.target, Extent: file.extent})
	default:
		emit(frame, deed.Span, model.Effect{Kind: "operate", System: "keys", Operation: "use", Target: file.target})
	}
}

func emitNetwork(deed *model.Deed, frame *Frame) {
	host, url := destinationOf(deed.Destination)
	direction, data := deed.Direction, deed.Data
	piped := frame.input.stdin.Kind == "stream" || frame.input.stdin.Kind == "lines"
	// A URL that holds what a program printed carries it away.
	if deed.Destination.Kind == "unknown" && deed.Destination.Derived && host != model.Unknown {
		direction, data = "send", "derived"
	} else if data == "unknown" && piped {
		data = "derived"
	}
	emit(frame, deed.Span, model.Effect{Kind: "network", Host: host, URL: url, Direction: direction, Data: data})
}

// walkCode walks code in the frame's own shell: shell code is read and walked, other code is asked for its deeds.
func walkCode(language model.Language, code model.Value, positional []model.Argument, span base.Span, frame *Frame) ran {
	place := frame.spanOr(span)
	if language == "shell" && code.Kind == "pattern" && code.Random {
		code = withNames(code.Glob)
	}
	if code.Kind != "text" {
		return walkUnknownCode(language, code, span, frame)
	}
	if frame.codeDepth >= model.LimitCodeDepth {
		reachLimit(frame, span, "code_depth")
		return unsure
	}
	if !model.Spend(frame.walk.budget, 1+len(code.Text)/16) {
		reachLimit(frame, span, "work")
		return unsure
	}
	inner := frame.with(func(inner *Frame) {
		inner.carrier = &place
		inner.codeDepth++
	})
	if language == "shell" {
		script := shell.ReadShell(code.Text)
		return walkScript(&script, inner)
	}
	program := frame.carriedBy()
	// The deeds are the program's own: it stands in via already.
	inner.via = frame.via[:max(0, len(frame.via)-1)]
	context := languages.Context{Positional: positional, Stdin: frame.input.stdin, Span: place, Environment: codeEnvironment(frame)}
	deeds := languages.ReadCode(language, code.Text, &context)
	for i := range deeds {
		walkDeed(&deeds[i], program, inner)
		noteCodeWrite(&deeds[i], inner)
	}
	return unsure
}

func walkUnknownCode(language model.Language, code model.Value, span base.Span, frame *Frame) ran {
	if code.Trusted && frame.carriedBy() == "eval" {
		return quiet
	}
	emitOpaque(frame, span, "unknown_code", language)
	if language == "shell" && code.Kind == "unknown" {
		walkBeginning(code.Prefix, frame.spanOr(span), frame)
	}
	return unsure
}

// withNames: code of which only random names are open (`trap "rm -rf $T"`) is the same code for all of them; one name stands for every
// other.
func withNames(glob string) model.Value {
	var named strings.Builder
	for i := 0; i < len(glob); i++ {
		switch {
		case glob[i] == '\\' && i+1 < len(glob):
			named.WriteString(glob[i : i+2])
			i++
		case glob[i] == '*':
			named.WriteString("XXXXXXXXXX")
		default:
			named.WriteByte(glob[i])
		}
	}
	return model.Text(model.UnescapeGlob(named.String()))
}

// codeEnvironment is what code finds in its environment; the home folder is known also where nobody set it.
func codeEnvironment(frame *Frame) *base.Ordered[model.Value] {
	own := environmentOf(frame)
	home := frame.walk.facts.Home
	if frame.place != "here" || home == "" || own.Has("HOME") {
		return own
	}
	environment := own.Clone()
	environment.Set("HOME", model.Text(home))
	return environment
}

// walkBeginning: of code that is known only at its beginning, whole commands at the beginning are still seen.
func walkBeginning(prefix string, place base.Span, frame *Frame) {
	end := strings.LastIndexByte(prefix, ' ')
	if end <= 0 || frame.codeDepth >= model.LimitCodeDepth {
		return
	}
	script := shell.ReadShell(prefix[:end])
	for i := range script.Items {
		item := &script.Items[i]
		if hasUnsupported(&item.First) {
			return
		}
		for j := range item.Rest {
			if hasUnsupported(&item.Rest[j].Pipeline) {
				return
			}
		}
	}
	walkScript(&script, frame.with(func(inner *Frame) {
		inner.carrier = &place
		inner.codeDepth++
	}))
}

func hasUnsupported(pipeline *shell.Pipeline) bool {
	for i := range pipeline.Commands {
		if pipeline.Commands[i].Kind == shell.Unsupported {
			return true
		}
	}
	return false
}
