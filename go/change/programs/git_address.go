// What a word in the place of a repository names: a configured remote, a URL, a folder, or a program that carries the transfer. Implements
// spec/git.md section 9. Twin of src/change/programs/git-address.ts.

package programs

import (
	"strings"

	"cavra.dev/runtime/change/model"
)

// address is a `name`, a `url`, a `folder`, a `helper` (`ext::code` and `helper::address`), or `unknown`. text is the name, the URL, the
// path, or the address for the helper.
type address struct {
	kind   string
	text   string
	helper string
}

// addressOf: bare says what a word with neither scheme nor leading dot or slash is, a remote's `name`, or (to clone) a `folder`.
func addressOf(value model.Value, bare string) address {
	if value.Kind != "text" {
		return address{kind: "unknown"}
	}
	written := value.Text
	double := strings.Index(written, "::")
	slash := strings.IndexByte(written, '/')
	if double > 0 && (slash < 0 || double < slash) && isHelperName(written[:double]) {
		return address{kind: "helper", helper: written[:double], text: written[double+2:]}
	}
	if path, isFile := strings.CutPrefix(written, "file://"); isFile {
		return address{kind: "folder", text: path}
	}
	if strings.Contains(written, "://") {
		return address{kind: "url", text: written}
	}
	if colon := strings.IndexByte(written, ':'); colon > 0 && (slash < 0 || colon < slash) {
		return address{kind: "url", text: scpURL(written[:colon], written[colon+1:])}
	}
	if slash == 0 || strings.HasPrefix(written, "./") || strings.HasPrefix(written, "../") || written == "." || written == ".." {
		return address{kind: "folder", text: written}
	}
	return address{kind: bare, text: written}
}

// scpURL: `git@host:path` is `ssh://git@host/path`.
func scpURL(host, path string) string {
	if strings.HasPrefix(path, "/") {
		return "ssh://" + host + path
	}
	return "ssh://" + host + "/" + path
}

func isHelperName(written string) bool {
	for _, unit := range []byte(written) {
		if !(unit >= 'a' && unit <= 'z' || unit >= '0' && unit <= '9' || unit == '-' || unit == '+') {
			return false
		}
	}
	return true
}

// contact is the deeds of contacting a repository. A configured remote gives none: where it leads is no secret of this line, and its name
// is in the git deed.
func contact(line *gitLine, word model.Argument, direction, bare string) []model.Deed {
	at := addressOf(word.Value, bare)
	switch at.kind {
	case "name":
		return redirected(line, at.text, direction)
	case "unknown":
		destination := word.Value
		if destination.Kind == "pattern" {
			destination = model.UnknownWord
		}
		return []model.Deed{contactDeed(destination, direction, word)}
	case "url":
		return []model.Deed{contactDeed(model.Text(rewritten(line, at.text)), direction, word)}
	case "folder":
		path := model.Argument{Value: model.Text(at.text), Span: word.Span}
		if direction == "send" {
			return []model.Deed{line.file("write", path, "tree")}
		}
		return []model.Deed{line.file("read", path, "tree")}
	}
	return helperContact(line, word, at)
}

func contactDeed(destination model.Value, direction string, word model.Argument) model.Deed {
	data := "none"
	if direction == "send" {
		data = "derived"
	}
	return model.Deed{Kind: "network", Destination: destination, Direction: direction, Data: data, Span: word.Span}
}

// helperContact: `ext::sh -c …` runs it; any other helper is a program `git-remote-NAME`.
func helperContact(line *gitLine, word model.Argument, at address) []model.Deed {
	if at.helper == "ext" {
		return givenCode(line, "shell", model.Argument{Value: model.Text(strings.ReplaceAll(at.text, "% ", `\ `)), Span: word.Span})
	}
	return []model.Deed{line.command(
		model.Argument{Value: model.Text("git-remote-" + at.helper), Span: word.Span},
		model.Argument{Value: model.Text(at.text), Span: word.Span},
	)}
}

// redirected: the line itself may say where a remote leads (`-c remote.origin.url=…`, `-c url.BASE.insteadOf=…`).
func redirected(line *gitLine, name, direction string) []model.Deed {
	var entry *configEntry
	if direction == "send" {
		entry = lastEntry(line.config, "remote."+name+".pushurl")
	}
	if entry == nil {
		entry = lastEntry(line.config, "remote."+name+".url")
	}
	var words []model.Argument
	for _, rule := range line.config {
		if base, isRule := rewritingBase(rule); isRule {
			words = append(words, model.Argument{Value: model.Text(base), Span: rule.span})
		}
	}
	if entry != nil && entry.value != nil {
		words = append(words, model.Argument{Value: *entry.value, Span: entry.span})
	}
	plain := *line
	plain.config = nil
	var deeds []model.Deed
	for _, word := range words {
		deeds = append(deeds, contact(&plain, word, direction, "folder")...)
	}
	return deeds
}

// rewritingBase is BASE of `url.BASE.insteadOf`.
func rewritingBase(entry configEntry) (string, bool) {
	isRule := entry.known && strings.HasPrefix(entry.key, "url.") &&
		(strings.HasSuffix(entry.key, ".insteadof") || strings.HasSuffix(entry.key, ".pushinsteadof"))
	if !isRule {
		return "", false
	}
	return entry.key[len("url."):max(len("url."), strings.LastIndexByte(entry.key, '.'))], true
}

func rewritten(line *gitLine, url string) string {
	for _, entry := range line.config {
		base, isRule := rewritingBase(entry)
		if !isRule || entry.value == nil || entry.value.Text == "" {
			continue
		}
		if rest, begins := strings.CutPrefix(url, entry.value.Text); begins {
			return base + rest
		}
	}
	return url
}

// remoteName is the name for the `remote` of a git deed: as written.
func remoteName(word *model.Argument) model.Value {
	if word == nil || word.Value.Kind != "text" {
		return model.UnknownWord
	}
	return word.Value
}

// cloneFolder is the last component of an address without `.git`: the folder that clone makes.
func cloneFolder(value model.Value) model.Value {
	if value.Kind != "text" {
		return model.UnknownWord
	}
	path := strings.TrimRight(value.Text, "/")
	path = strings.TrimSuffix(path, "/.git")
	path = strings.TrimSuffix(path, ".git")
	name := path[strings.LastIndexAny(path, "/:")+1:]
	if name == "" || name == "." || name == ".." {
		return model.UnknownWord
	}
	return model.Text(name)
}
