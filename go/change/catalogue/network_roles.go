// Network roles: hosts, URLs, and what is sent to them. Implements spec/catalogue.md section 3 and clause 3.6.
// Twin of src/change/catalogue/network-roles.ts.

package catalogue

import (
	"slices"
	"strings"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
)

const fileScheme = "file://"

var badness = []string{"none", "literal", "derived", "unknown"}

func worseOf(one, other string) string {
	if slices.Index(badness, other) > slices.Index(badness, one) {
		return other
	}
	return one
}

func networkDeeds(context *Context) []model.Deed {
	if !slices.ContainsFunc(context.Uses, reachesOut) {
		return nil
	}
	sent := sentData(context)
	var deeds []model.Deed
	for i := range context.Uses {
		deeds = append(deeds, destinationDeeds(&context.Uses[i], sent, context)...)
		deeds = append(deeds, sentFileDeeds(&context.Uses[i], context)...)
	}
	return deeds
}

// reachingRoles have deeds here; what else is sent only colours them.
var reachingRoles = []string{
	"host", "url", "url_or_read", "remote_source", "remote_target", "inner_source", "inner_delete", "inner_target", "upload", "body_or_file", "form",
	"item", "header", "cookie",
}

func reachesOut(use Use) bool {
	name, _ := ParseRole(use.Role)
	return slices.Contains(reachingRoles, name)
}

type sentOut struct {
	data  string
	sends bool
}

func sentData(context *Context) sentOut {
	data := "none"
	for i := range context.Uses {
		data = worseOf(data, pieceOf(&context.Uses[i], context))
	}
	if piped := stdinUse(context); piped != nil && (piped.Role == "body" || piped.Role == "upload") {
		data = worseOf(data, stdinPiece(context))
	}
	return sentOut{data: data, sends: data != "none" || slices.ContainsFunc(context.Uses, isSendingMethod)}
}

func pieceOf(use *Use, context *Context) string {
	value := use.Argument.Value
	name, _ := ParseRole(use.Role)
	switch name {
	case "body":
		return bodyOf(value)
	case "upload":
		return uploadOf(use.Argument, context)
	case "body_or_file", "form", "item":
		if file, is := fileOf(use); is {
			return uploadOf(file, context)
		}
		return bodyOf(value)
	case "header":
		if file, is := fileOf(use); is {
			return uploadOf(file, context)
		}
		if isDerived(value) {
			return "derived"
		}
	case "cookie":
		if _, is := fileOf(use); is {
			return "derived"
		}
	}
	return "none"
}

func bodyOf(value model.Value) string {
	switch {
	case value.Kind == "text":
		return "literal"
	case isDerived(value):
		return "derived"
	}
	return "unknown"
}

func uploadOf(file model.Argument, context *Context) string {
	if file.Value.Kind == "text" && file.Value.Text == "-" {
		return stdinPiece(context)
	}
	return "derived"
}

func stdinPiece(context *Context) string {
	switch context.Call.Stdin.Kind {
	case "inherited":
		return "none"
	case "text":
		return "literal"
	}
	return "derived"
}

var fileForms = []string{"body_or_file", "form", "item", "header", "cookie"}

// fileOf is the file that `@file`, `name=@file`, `name@file` … sends, by role; false when the word is not of the form.
func fileOf(use *Use) (model.Argument, bool) {
	prefix := KnownPrefix(use.Argument.Value)
	equals := strings.IndexByte(prefix, '=')
	sign := strings.IndexByte(prefix, '@')
	switch use.Role {
	case "body_or_file", "header":
		if sign == 0 {
			return withoutStart(use.Argument, 1), true
		}
	case "item":
		if sign >= 0 && (equals < 0 || sign < equals) {
			return withoutStart(use.Argument, sign+1), true
		}
	case "cookie":
		return use.Argument, equals < 0 && use.Argument.Value.Kind == "text"
	default:
		if equals >= 0 && equals+1 < len(prefix) && (prefix[equals+1] == '@' || prefix[equals+1] == '<') {
			return formFile(use.Argument, equals+2), true
		}
	}
	return model.Argument{}, false
}

func formFile(argument model.Argument, start int) model.Argument {
	file := withoutStart(argument, start)
	if file.Value.Kind == "text" {
		path, _, _ := strings.Cut(file.Value.Text, ";")
		file.Value = model.Text(path)
	}
	return file
}

func isSendingMethod(use Use) bool {
	if use.Role != "method" {
		return false
	}
	value := use.Argument.Value
	if value.Kind != "text" {
		return true
	}
	switch base.FoldASCII(value.Text) {
	case "get", "head", "options":
		return false
	}
	return true
}

// sentFileDeeds: a file that is sent is read.
func sentFileDeeds(use *Use, context *Context) []model.Deed {
	name, _ := ParseRole(use.Role)
	file, is := use.Argument, name == "upload"
	if slices.Contains(fileForms, name) {
		file, is = fileOf(use)
	}
	if !is || isStandardStream(file.Value) {
		return nil
	}
	return []model.Deed{readDeed(file, use.Extent, context)}
}

func destinationDeeds(use *Use, sent sentOut, context *Context) []model.Deed {
	name, parameter := ParseRole(use.Role)
	argument := use.Argument
	value := argument.Value
	sends := parameter == "send" || sent.sends
	switch name {
	case "host":
		data := sent.data
		// What a program printed into a name leaves with the question for it.
		if parameter == "send" && isDerived(value) {
			data = "derived"
		}
		return []model.Deed{hostDeed(argument, sends, data)}
	case "url":
		if isFileURL(value) {
			return []model.Deed{readDeed(withoutStart(argument, len(fileScheme)), use.Extent, context)}
		}
		return []model.Deed{urlDeed(argument, sends, sent.data)}
	case "url_or_read":
		switch {
		case isURL(value):
			return []model.Deed{urlDeed(argument, sent.sends, sent.data)}
		case isStandardStream(value):
			return nil
		}
		return []model.Deed{readDeed(argument, use.Extent, context)}
	case "remote_source":
		if isRemote(value) {
			return []model.Deed{hostDeed(argument, false, "none")}
		}
		return []model.Deed{readDeed(argument, use.Extent, context)}
	case "remote_target":
		if isRemote(value) {
			return []model.Deed{hostDeed(argument, true, "derived")}
		}
		return writeInto(argument, use.Extent, context, false)
	case "inner_source", "inner_delete", "inner_target":
		if !isInner(value) {
			return innerDeeds(name, use, context)
		}
	}
	return nil
}

func innerDeeds(name string, use *Use, context *Context) []model.Deed {
	switch name {
	case "inner_source":
		return []model.Deed{readDeed(use.Argument, use.Extent, context)}
	case "inner_delete":
		return []model.Deed{fileDeed("delete", Within(context.Folder, use.Argument.Value), use.Extent, use.Argument.Span)}
	}
	return writeInto(use.Argument, use.Extent, context, false)
}

func hostDeed(argument model.Argument, sends bool, data string) model.Deed {
	return model.Deed{Kind: "network", Destination: argument.Value, Direction: directionOf(sends), Data: data, Span: argument.Span}
}

func directionOf(sends bool) string {
	if sends {
		return "send"
	}
	return "receive"
}

// urlDeed: what a program printed into a URL leaves with the request: the oldest way out.
func urlDeed(argument model.Argument, sends bool, data string) model.Deed {
	value := argument.Value
	inURL := "none"
	if value.Kind != "text" && namesHost(KnownPrefix(value)) {
		inURL = "unknown"
		if isDerived(value) {
			inURL = "derived"
		}
	}
	return hostDeed(argument, sends || inURL != "none", worseOf(data, inURL))
}

// namesHost: the host is over once its `/` or `?` is there; what is unknown after it is data.
func namesHost(prefix string) bool {
	return strings.ContainsAny(behindScheme(prefix), "/?")
}

// isFileURL: `file:///etc/passwd` reaches no host. What is written percent-encoded is left so: such a path is not a protected one's name.
func isFileURL(value model.Value) bool {
	prefix := KnownPrefix(value)
	return len(prefix) >= len(fileScheme) && base.FoldASCII(prefix[:len(fileScheme)]) == fileScheme
}

func isURL(value model.Value) bool {
	prefix := KnownPrefix(value)
	return strings.Contains(prefix, "://") || strings.HasPrefix(prefix, "git@") && strings.Contains(prefix, ":")
}

// isInner: `name:path`, `namespace/pod:path`, `s3://…`: a colon in what is written as no path.
func isInner(value model.Value) bool {
	prefix := KnownPrefix(value)
	return !startsAsPath(prefix) && strings.Contains(prefix, ":")
}

// isRemote: `host:path`, `user@host:path`, `rsync://host/path`: a colon before any slash. `C:` is rarer than a host of one letter.
func isRemote(value model.Value) bool {
	prefix := KnownPrefix(value)
	if strings.Contains(prefix, "://") {
		return true
	}
	colon := strings.IndexByte(prefix, ':')
	slash := strings.IndexByte(prefix, '/')
	return colon > 0 && (slash < 0 || colon < slash)
}
