// The roles a word can have for its program. Implements spec/catalogue.md section 3. Twin of src/change/catalogue/roles.ts.
// A role is a name, for some with a parameter after a colon: `code:shell`, `url:send`, `write_with:.gz`, `files_from:read`.

package catalogue

import (
	"slices"
	"strings"

	"cavra.dev/runtime/change/model"
)

var plainRoles = []string{
	"data", "name", "pattern", "image", "ref", "list", "read", "key", "write", "modify", "delete", "move", "write_into", "write_without", "link_target",
	"chdir", "positional", "program", "command", "shell_words", "assignment", "load", "load_path", "prompt", "module", "host", "url", "method", "body",
	"upload", "body_or_file", "form", "item", "header", "cookie", "url_base", "url_or_read", "file_url", "remote_source", "remote_target",
	"inner_source", "inner_target", "inner_delete", "mount", "mount_spec", "git_config", "options", "target",
}

var languages = []model.Language{
	"shell", "python", "javascript", "perl", "ruby", "php", "awk", "sed", "sql", "redis", "mongo", "make", "unknown",
}

// runningRoles can make the program run something: a word that cannot be known is then not just an unknown operand.
var runningRoles = []string{"code", "script", "program", "command", "shell_words", "words", "load", "load_path", "prompt", "module"}

// ParseRole parts a role at its colon: name and parameter. Go cuts without copying, so nothing is remembered as in TypeScript.
func ParseRole(role model.Role) (name, parameter string) {
	name, parameter, _ = strings.Cut(role, ":")
	return name, parameter
}

// IsRole is true for what section 3 lists.
func IsRole(role string) bool {
	name, parameter, hasParameter := strings.Cut(role, ":")
	if !hasParameter {
		return slices.Contains(plainRoles, name)
	}
	switch name {
	case "code", "script", "load", "load_path", "words":
		return IsLanguage(parameter)
	case "host", "url":
		return parameter == "send"
	case "write_with", "option", "options":
		return parameter != ""
	case "files_from":
		return slices.Contains(plainRoles, parameter)
	}
	return false
}

// IsLanguage is true for the names that a role may have as its language.
func IsLanguage(name string) bool {
	return slices.Contains(languages, name)
}

// RunsSomething is true for the roles by which a word can make the program run something.
func RunsSomething(role model.Role) bool {
	name, _ := ParseRole(role)
	return slices.Contains(runningRoles, name)
}
