// Places in a syntax tree: in each other, in order, inside the text, and on the boundaries of characters. Twin of test/shell/places.ts.

package shell

import (
	"fmt"
	"sort"
	"unicode/utf8"

	"cavra.dev/runtime/base"
)

// checker keeps the first place that is wrong.
type checker struct {
	text  string
	wrong string
}

// checkPlaces says what is wrong with a tree's places, or "".
func checkPlaces(text string, script Script) string {
	c := checker{text: text}
	c.script(&script, base.Span{Start: 0, End: len(text)})
	return c.wrong
}

func (c *checker) inside(inner, outer base.Span) {
	if c.wrong == "" && (inner.Start > inner.End || inner.Start < outer.Start || inner.End > outer.End) {
		c.wrong = fmt.Sprintf("%v is not inside %v", inner, outer)
	}
	for _, at := range [2]int{inner.Start, inner.End} {
		// What lies behind a cut may be no text, so that only continuation bytes of whole characters are refused.
		if c.wrong == "" && at < len(c.text) && at > 0 && !utf8.RuneStart(c.text[at]) && utf8.ValidString(c.text) {
			c.wrong = fmt.Sprintf("%d is inside a character", at)
		}
	}
}

func (c *checker) inOrder(spans []base.Span, whole base.Span) {
	end := whole.Start
	for _, span := range spans {
		c.inside(span, base.Span{Start: end, End: whole.End})
		end = span.End
	}
}

func (c *checker) script(script *Script, whole base.Span) {
	c.inside(script.Span, whole)
	var spans []base.Span
	for i := range script.Items {
		spans = append(spans, script.Items[i].Span)
	}
	c.inOrder(spans, script.Span)
	for i := range script.Items {
		item := &script.Items[i]
		pipelines := []*Pipeline{&item.First}
		for j := range item.Rest {
			pipelines = append(pipelines, &item.Rest[j].Pipeline)
		}
		spans = nil
		for _, pipeline := range pipelines {
			spans = append(spans, pipeline.Span)
			c.pipeline(pipeline)
		}
		c.inOrder(spans, item.Span)
	}
}

func (c *checker) pipeline(pipeline *Pipeline) {
	if len(pipeline.Stderr) != len(pipeline.Commands)-1 {
		c.wrong = "a pipeline has another number of pipes than of commands"
	}
	var spans []base.Span
	for i := range pipeline.Commands {
		spans = append(spans, pipeline.Commands[i].Span)
		c.command(&pipeline.Commands[i])
	}
	c.inOrder(spans, pipeline.Span)
}

func (c *checker) command(command *Command) {
	words := command.wordsInside()
	var spans []base.Span
	for _, word := range words {
		spans = append(spans, word.Span)
		c.word(word)
	}
	for i := range command.Assignments {
		assignment := &command.Assignments[i]
		spans = append(spans, assignment.Span)
		c.assignment(assignment)
	}
	for i := range command.Redirects {
		redirect := &command.Redirects[i]
		spans = append(spans, redirect.Span)
		c.word(redirect.Target)
		if redirect.Operator != "<<" && redirect.Operator != "<<-" {
			c.inside(redirect.Target.Span, redirect.Span)
		}
	}
	sort.SliceStable(spans, func(i, j int) bool {
		return spans[i].Start < spans[j].Start || spans[i].Start == spans[j].Start && spans[i].End < spans[j].End
	})
	c.inOrder(spans, command.Span)
	for _, body := range command.bodies() {
		c.script(body, command.Span)
	}
	if command.Function != nil {
		c.command(command.Function)
	}
}

func (command *Command) wordsInside() []*Word {
	var words []*Word
	add := func(list []Word) {
		for i := range list {
			words = append(words, &list[i])
		}
	}
	add(command.Words)
	add(command.Values)
	for _, word := range [2]*Word{command.Expression, command.Subject} {
		if word != nil {
			words = append(words, word)
		}
	}
	for i := range command.Branches {
		add(command.Branches[i].Patterns)
	}
	return words
}

func (command *Command) bodies() []*Script {
	var bodies []*Script
	for _, body := range [3]*Script{command.Condition, command.Body, command.Otherwise} {
		if body != nil {
			bodies = append(bodies, body)
		}
	}
	for i := range command.Clauses {
		bodies = append(bodies, &command.Clauses[i].Condition, &command.Clauses[i].Body)
	}
	for i := range command.Branches {
		bodies = append(bodies, &command.Branches[i].Body)
	}
	return bodies
}

func (c *checker) assignment(assignment *Assignment) {
	var spans []base.Span
	for _, word := range [2]*Word{assignment.Subscript, assignment.Value} {
		if word != nil {
			spans = append(spans, word.Span)
			c.word(word)
		}
	}
	for i := range assignment.Elements {
		spans = append(spans, assignment.Elements[i].Span)
		c.word(&assignment.Elements[i])
	}
	c.inOrder(spans, assignment.Span)
}

func (c *checker) word(word *Word) {
	if len(word.Parts) == 0 {
		c.wrong = "a word has no parts"
	}
	c.parts(word.Parts, word.Span)
}

func (c *checker) parts(parts []Part, whole base.Span) {
	var spans []base.Span
	for i := range parts {
		part := &parts[i]
		spans = append(spans, part.Span)
		c.parts(part.Parts, part.Span)
		if part.Body != nil {
			c.script(part.Body, part.Span)
		}
		var words []base.Span
		if part.Subscript != nil {
			words = append(words, part.Subscript.Span)
			c.word(part.Subscript)
		}
		for j := range part.Arguments {
			words = append(words, part.Arguments[j].Span)
			c.word(&part.Arguments[j])
		}
		c.inOrder(words, part.Span)
	}
	c.inOrder(spans, whole)
}
