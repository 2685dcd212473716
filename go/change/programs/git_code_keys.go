// Configuration keys and variables whose values git runs, or takes programs from, and for whom. Implements spec/git.md clauses 7.1 and 7.2.
// Twin of src/change/programs/git-code-keys.ts.

package programs

import "strings"

// codeKey is a row of clause 7.1.
type codeKey struct {
	section string
	// sub `*`: any sub-section, which must be there; `?`: may be there.
	sub  string
	name string
	// kind is what the value is: `shell` code, the path of a `program`, a credential `helper`, or a file or `folder` from which git takes
	// more of them.
	kind string
	// group is for whom git runs it, of clause 7.3.
	group string
}

var codeKeys = []codeKey{
	{"core", "", "fsmonitor", "shell", "index"},
	{"core", "", "sshcommand", "shell", "network"},
	{"core", "", "gitproxy", "shell", "network"},
	{"core", "", "askpass", "program", "network"},
	{"core", "", "alternaterefscommand", "shell", "network"},
	{"core", "", "pager", "shell", "pager"},
	{"pager", "", "*", "shell", "pager"},
	{"core", "", "editor", "shell", "editor"},
	{"sequence", "", "editor", "shell", "sequence"},
	{"core", "", "hookspath", "folder", "hooks"},
	{"hook", "*", "command", "shell", "hooks"},
	{"credential", "?", "helper", "helper", "network"},
	{"diff", "", "external", "shell", "diff"},
	{"diff", "*", "command", "shell", "diff"},
	{"diff", "*", "textconv", "shell", "diff"},
	{"difftool", "*", "cmd", "shell", "tools"},
	{"difftool", "*", "path", "program", "tools"},
	{"mergetool", "*", "cmd", "shell", "tools"},
	{"mergetool", "*", "path", "program", "tools"},
	{"guitool", "*", "cmd", "shell", "tools"},
	{"filter", "*", "clean", "shell", "index"},
	{"filter", "*", "smudge", "shell", "index"},
	{"filter", "*", "process", "shell", "index"},
	{"merge", "*", "driver", "shell", "merge"},
	{"gpg", "", "program", "program", "sign"},
	{"gpg", "*", "program", "program", "sign"},
	{"gpg", "*", "defaultkeycommand", "shell", "sign"},
	{"interactive", "", "difffilter", "shell", "patch"},
	{"uploadpack", "", "packobjectshook", "shell", "network"},
	{"remote", "*", "uploadpack", "shell", "network"},
	{"remote", "*", "receivepack", "shell", "network"},
	{"remote", "*", "vcs", "program", "network"},
	{"submodule", "*", "update", "shell", "submodule"},
	{"include", "", "path", "folder", "always"},
	{"includeif", "*", "path", "folder", "always"},
	{"init", "", "templatedir", "folder", "templates"},
	{"sendemail", "?", "sendmailcmd", "shell", "mail"},
	{"sendemail", "?", "tocmd", "shell", "mail"},
	{"sendemail", "?", "cccmd", "shell", "mail"},
	{"sendemail", "?", "headercmd", "shell", "mail"},
	{"imap", "", "tunnel", "shell", "mail"},
	{"trailer", "*", "command", "shell", "editor"},
	{"trailer", "*", "cmd", "shell", "editor"},
	{"tar", "*", "command", "shell", "archive"},
	{"browser", "*", "cmd", "shell", "web"},
	{"man", "*", "cmd", "shell", "web"},
	{"gc", "", "recentobjectshook", "shell", "objects"},
}

// codeVariable is a variable of clause 7.2.
type codeVariable struct {
	name  string
	kind  string
	group string
}

// codeVariables in git's order of preference: of pager, editor and askpass only the first that is set counts.
var codeVariables = []codeVariable{
	{"GIT_SSH_COMMAND", "shell", "network"},
	{"GIT_SSH", "program", "network"},
	{"GIT_PROXY_COMMAND", "program", "network"},
	{"GIT_ASKPASS", "program", "network"},
	{"SSH_ASKPASS", "program", "network"},
	{"GIT_EXTERNAL_DIFF", "shell", "diff"},
	{"GIT_PAGER", "shell", "pager"},
	{"PAGER", "shell", "pager"},
	{"GIT_SEQUENCE_EDITOR", "shell", "sequence"},
	{"GIT_EDITOR", "shell", "editor"},
	{"VISUAL", "shell", "editor"},
	{"EDITOR", "shell", "editor"},
	{"GIT_EXEC_PATH", "folder", "always"},
	{"GIT_TEMPLATE_DIR", "folder", "templates"},
	{"GIT_CONFIG_GLOBAL", "folder", "always"},
	{"GIT_CONFIG_SYSTEM", "folder", "always"},
}

// codeKeyOf is the row of a normal key (spec/git.md 6.2), or nil for a key that carries no code.
func codeKeyOf(key string) *codeKey {
	first := strings.IndexByte(key, '.')
	last := strings.LastIndexByte(key, '.')
	if first < 0 {
		return nil
	}
	section, name := key[:first], key[last+1:]
	for i := range codeKeys {
		known := &codeKeys[i]
		isNamed := known.section == section && (known.name == name || known.name == "*")
		if isNamed && (known.sub == "?" || (known.sub == "*") == (last > first)) {
			return known
		}
	}
	return nil
}
