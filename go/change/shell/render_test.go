// Writes a syntax tree as one line of text, as spec/shell.md section 2.6 defines it. The shared vectors are written in it.
// Twin of test/shell/render.ts.

package shell

import (
	"fmt"
	"strings"

	"cavra.dev/runtime/base"
)

func render(script Script, show string) string {
	if show == "places" {
		var places []string
		for _, place := range UnsupportedPlaces(script) {
			places = append(places, fmt.Sprintf("%s@%d-%d", place.Reason, place.Span.Start, place.Span.End))
		}
		return strings.Join(places, " ")
	}
	return renderer{spans: show == "spans"}.script(&script)
}

// renderer has the pieces of 2.6, with spans or without.
type renderer struct{ spans bool }

func (style renderer) at(text string, span base.Span) string {
	if !style.spans {
		return text
	}
	return fmt.Sprintf("%s@%d-%d", text, span.Start, span.End)
}

func (style renderer) script(script *Script) string {
	items := make([]string, len(script.Items))
	for i := range script.Items {
		items[i] = style.item(&script.Items[i])
	}
	return "[" + strings.Join(items, " ") + "]"
}

func (style renderer) item(item *ListItem) string {
	text := style.pipeline(&item.First)
	for i := range item.Rest {
		text += " " + item.Rest[i].Operator + " " + style.pipeline(&item.Rest[i].Pipeline)
	}
	if len(item.Rest) > 0 {
		text = "(" + text + ")"
	}
	if item.Background {
		return "(& " + text + ")"
	}
	return text
}

func (style renderer) pipeline(pipeline *Pipeline) string {
	text := ""
	for i := range pipeline.Commands {
		if i > 0 && pipeline.Stderr[i-1] {
			text += " |& "
		} else if i > 0 {
			text += " | "
		}
		text += style.command(&pipeline.Commands[i])
	}
	if len(pipeline.Commands) > 1 {
		text = "(" + text + ")"
	}
	if pipeline.Timed {
		text = "(time " + text + ")"
	}
	if pipeline.Negated {
		text = "(! " + text + ")"
	}
	return text
}

func (style renderer) command(command *Command) string {
	pieces := style.pieces(command)
	for i := range command.Redirects {
		pieces = append(pieces, style.redirect(&command.Redirects[i]))
	}
	return style.at("("+strings.Join(pieces, " ")+")", command.Span)
}

func (style renderer) pieces(command *Command) []string {
	switch command.Kind {
	case Simple:
		var pieces []string
		for i := range command.Assignments {
			pieces = append(pieces, style.assignment(&command.Assignments[i]))
		}
		return append(pieces, style.words(command.Words)...)
	case Subshell, Group:
		return []string{command.Kind, style.script(command.Body)}
	case If:
		return style.clauses(command)
	case While, Until:
		return []string{command.Kind, style.script(command.Condition), style.script(command.Body)}
	case For:
		values := "*"
		if command.HasValues {
			values = "(" + strings.Join(style.words(command.Values), " ") + ")"
		}
		return []string{"for", command.Variable, values, style.script(command.Body)}
	case ArithmeticFor:
		return []string{"for_arithmetic", style.word(command.Expression), style.script(command.Body)}
	case Case:
		pieces := []string{"case", style.word(command.Subject)}
		for i := range command.Branches {
			branch := &command.Branches[i]
			patterns := strings.Join(style.words(branch.Patterns), " | ")
			pieces = append(pieces, "("+patterns+" "+style.script(&branch.Body)+" "+branch.Ends+")")
		}
		return pieces
	case Function:
		return []string{"function", command.Name, style.command(command.Function)}
	case Test:
		return append([]string{"test"}, style.words(command.Words)...)
	case Arithmetic:
		return []string{"arithmetic", style.word(command.Expression)}
	}
	return []string{command.Kind, command.Reason}
}

func (style renderer) clauses(command *Command) []string {
	var pieces []string
	for i := range command.Clauses {
		name := "elif"
		if i == 0 {
			name = "if"
		}
		pieces = append(pieces, name, style.script(&command.Clauses[i].Condition), style.script(&command.Clauses[i].Body))
	}
	if command.Otherwise != nil {
		pieces = append(pieces, "else", style.script(command.Otherwise))
	}
	return pieces
}

func (style renderer) assignment(assignment *Assignment) string {
	text := assignment.Name
	if assignment.Subscript != nil {
		text += "[" + style.word(assignment.Subscript) + "]"
	}
	if assignment.Append {
		text += "+"
	}
	text += "="
	if assignment.IsArray {
		text += "(" + strings.Join(style.words(assignment.Elements), " ") + ")"
	}
	if assignment.Value != nil {
		text += style.word(assignment.Value)
	}
	return style.at(text, assignment.Span)
}

func (style renderer) redirect(redirect *Redirect) string {
	prefix := ""
	if redirect.Variable != "" {
		prefix = "{" + redirect.Variable + "}"
	} else if redirect.Fd >= 0 {
		prefix = fmt.Sprint(redirect.Fd)
	}
	return style.at(prefix+redirect.Operator+style.word(redirect.Target), redirect.Span)
}

func (style renderer) words(words []Word) []string {
	texts := make([]string, len(words))
	for i := range words {
		texts[i] = style.word(&words[i])
	}
	return texts
}

func (style renderer) word(word *Word) string { return style.at(style.parts(word.Parts), word.Span) }

func (style renderer) parts(parts []Part) string {
	texts := make([]string, len(parts))
	for i := range parts {
		texts[i] = style.part(&parts[i])
	}
	return strings.Join(texts, "+")
}

func (style renderer) part(part *Part) string {
	switch part.Kind {
	case Literal:
		return quote(part.Text)
	case Quoted:
		return "q" + quote(part.Text)
	case Double:
		return "d{" + style.parts(part.Parts) + "}"
	case Parameter:
		return style.parameter(part)
	case CommandSubstitution:
		return "$" + style.script(part.Body)
	case ProcessSubstitution:
		return part.Direction + style.script(part.Body)
	case Arithmetic:
		return "$((" + style.parts(part.Parts) + "))"
	}
	return style.at("!"+part.Reason, part.Span)
}

func (style renderer) parameter(part *Part) string {
	text := "${" + part.Name
	if part.Subscript != nil {
		text += "[" + style.word(part.Subscript) + "]"
	}
	if part.Operator != "" {
		text += " " + part.Operator
	}
	for i := range part.Arguments {
		text += " " + style.word(&part.Arguments[i])
	}
	return text + "}"
}

func quote(text string) string {
	var result strings.Builder
	result.WriteByte('"')
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"' || c == '\\':
			result.WriteByte('\\')
			result.WriteByte(c)
		case c == '\n':
			result.WriteString(`\n`)
		case c == '\t':
			result.WriteString(`\t`)
		case c == '\r':
			result.WriteString(`\r`)
		case c < 0x20:
			fmt.Fprintf(&result, `\u%04x`, c)
		default:
			result.WriteByte(c)
		}
	}
	result.WriteByte('"')
	return result.String()
}
