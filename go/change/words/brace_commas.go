// Whether a comma is written somewhere in the parts of a word, quoted ones included: bash looks for one in the text between braces.
// Implements spec/change.md section 5.4. Twin of src/change/words/brace-commas.ts. The tree has lost quotes and comments, so that it cannot
// always be told.

package words

import (
	"strings"

	"cavra.dev/runtime/change/shell"
)

// answer is no, maybe or yes, and the larger one wins where several count.
type answer int

const (
	no answer = iota
	maybe
	yes
)

// commaIn: a comma behind a backslash does not count.
func commaIn(parts []shell.Part) answer {
	all := no
	for i := range parts {
		all = max(all, commaInPart(&parts[i]))
	}
	return all
}

func commaInPart(part *shell.Part) answer {
	switch part.Kind {
	case shell.Literal:
		return commaInText(part.Text)
	case shell.Quoted:
		if part.Text == "," && part.Span.End-part.Span.Start == 2 {
			return no
		}
		return commaInText(part.Text)
	case shell.Double, shell.Arithmetic:
		return commaIn(part.Parts)
	case shell.Parameter:
		return commaInParameter(part)
	case shell.CommandSubstitution:
		return commaInSubstitution(part.Body, part.Span.End-part.Span.Start)
	}
	return maybe
}

// commaInText: directly behind a backslash it may be that the backslash is itself escaped.
func commaInText(text string) answer {
	found := no
	for at := 0; at < len(text); at++ {
		if text[at] != ',' {
			continue
		}
		if at == 0 || text[at-1] != '\\' {
			return yes
		}
		found = maybe
	}
	return found
}

func commaInParameter(part *shell.Part) answer {
	if strings.HasPrefix(part.Operator, ",") {
		return yes
	}
	all := commaInWord(part.Subscript)
	for i := range part.Arguments {
		all = max(all, commaInWord(&part.Arguments[i]))
	}
	return all
}

func commaInWord(word *shell.Word) answer {
	if word == nil {
		return no
	}
	return commaIn(word.Parts)
}

// commaInSubstitution: `$(nproc)`, `$(wc -l <f)`, one simple command that fills the parentheses. In anything else a comment could hold the
// comma.
func commaInSubstitution(body *shell.Script, sizeBytes int) answer {
	if len(body.Items) != 1 || sizeBytes != body.Span.End-body.Span.Start+3 {
		return maybe
	}
	only := &body.Items[0]
	if len(only.Rest) > 0 || only.Background || len(only.First.Commands) != 1 {
		return maybe
	}
	return commaInCommand(&only.First.Commands[0])
}

func commaInCommand(command *shell.Command) answer {
	if command.Kind != shell.Simple || len(command.Assignments) > 0 {
		return maybe
	}
	for i := range command.Redirects {
		if operator := command.Redirects[i].Operator; operator == "<<" || operator == "<<-" {
			return maybe
		}
	}
	all := no
	for i := range command.Words {
		all = max(all, commaInWord(&command.Words[i]))
	}
	for i := range command.Redirects {
		all = max(all, commaInWord(command.Redirects[i].Target))
	}
	return all
}
