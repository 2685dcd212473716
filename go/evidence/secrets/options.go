// Options of programs that take a secret without saying so. Implements spec/redaction.md section 6.2.
// Twin of src/evidence/secrets/options.ts, and of the table of options in src/evidence/secrets/names.ts.

package secrets

import (
	"slices"
	"strings"
)

// A secretOption is how an option of a program carries its secret.
type secretOption struct {
	flag     string
	attached bool
	separate bool
	// part: `value` all of it, `after_colon` what follows the first colon, `after_equals` likewise, `cookie`.
	part string
	// after: only once this word was seen in the command; "" for always.
	after string
}

// An optionRow is the programs, the flag, how its value stands, and part and after as in secretOption.
type optionRow struct {
	programs string
	flag     string
	where    string
	part     string
	after    string
}

const (
	mysql      = "mysql mysqldump mysqladmin mysqlimport mysqlshow mysqlcheck mysqlsh mariadb mariadb-dump mariadb-admin"
	mongo      = "mongo mongosh mongodump mongorestore mongoexport mongoimport cqlsh twine"
	registries = "docker podman nerdctl helm oras skopeo buildah crane az"
)

// optionRows: options without a telling name, in the order of the spec.
var optionRows = []optionRow{
	{mysql, "-p", "attached", "value", ""},
	{mongo, "-p", "both", "value", ""},
	{"ldapsearch ldapadd ldapmodify ldapdelete ldapwhoami ldappasswd", "-w", "both", "value", ""},
	{"7z 7za 7zr 7zz rar unrar", "-p", "attached", "value", ""},
	{registries, "-p", "both", "value", "login"},
	{"sshpass", "-p", "both", "value", ""},
	{"redis-cli", "-a", "both", "value", ""},
	{"sqlcmd bcp zip unzip", "-P", "both", "value", ""},
	{"openssl", "-k", "separate", "value", ""},
	{"openssl", "-K", "separate", "value", ""},
	{"gh", "--body", "both", "value", "secret"},
	{"gh", "-b", "both", "value", "secret"},
	{"kubectl", "--from-literal", "both", "after_equals", ""},
	{"http", "-a", "both", "after_colon", ""},
	{"http", "--auth", "both", "after_colon", ""},
	{"curl", "--user", "both", "after_colon", ""},
	{"curl", "--proxy-user", "both", "after_colon", ""},
	{"curl", "-u", "both", "after_colon", ""},
	{"curl", "-U", "both", "after_colon", ""},
	{"curl", "--cookie", "both", "cookie", ""},
	{"curl", "-b", "both", "cookie", ""},
}

// secretOptions: a program's options without a telling name, by its name.
var secretOptions = buildOptions()

func buildOptions() map[string][]secretOption {
	options := map[string][]secretOption{}
	for _, row := range optionRows {
		one := secretOption{flag: row.flag, attached: row.where != "separate", separate: row.where != "attached", part: row.part, after: row.after}
		for _, program := range strings.Split(row.programs, " ") {
			options[program] = append(options[program], one)
		}
	}
	return options
}

// A command is what is known of the simple command that is being read: options of its programs, and its words so far.
type command struct {
	options []secretOption
	words   []string
}

const (
	mostOptions = 16
	mostWords   = 16
)

// forget: a new simple command begins: what the last programs' options meant is over.
func (c *command) forget() {
	c.options, c.words = nil, c.words[:0]
}

// remember takes note of a word that ends at end. A program stands before a blank or a quote (`["mysql", …]`), which keeps the `http` of a URL apart.
// In `docker exec db mysql` the options add up.
func (c *command) remember(text, word string, end int) {
	if options := secretOptions[word]; len(options) > 0 && len(c.options) < mostOptions {
		if isIn(text, end, blank) || end >= len(text) || strings.IndexByte("\"'\\", text[end]) >= 0 {
			c.options = slices.Concat(c.options, options)
		}
	}
	if len(c.words) < mostWords && !slices.Contains(c.words, word) {
		c.words = append(c.words, word)
	}
}

// secretOfOption is that of `mysql -pSECRET`, `curl -u user:SECRET`, `docker login … -p SECRET`. name begins at start.
func (c *command) secretOfOption(text, name string, start int) *Finding {
	if len(c.options) == 0 || !strings.HasPrefix(name, "-") {
		return nil
	}
	for i := range c.options {
		one := &c.options[i]
		if one.after != "" && !slices.Contains(c.words, one.after) {
			continue
		}
		flagEnd := bundleEnd(name, start, one)
		if strings.HasPrefix(name, one.flag) {
			flagEnd = start + len(one.flag)
		}
		if flagEnd < 0 {
			continue
		}
		valueStart := optionValue(text, one, flagEnd)
		if valueStart < 0 {
			continue
		}
		if found := partOf(text, valueAt(text, valueStart), one.part); found != nil {
			return found
		}
	}
	return nil
}

// bundleEnd of `-sSu user:SECRET`: a bundle of single letters whose last one takes the next word. -1 when it is none.
func bundleEnd(name string, start int, one *secretOption) int {
	if len(one.flag) != 2 || len(name) > 6 || !one.separate || name[len(name)-1] != one.flag[1] {
		return -1
	}
	for i := 1; i < len(name); i++ {
		if !isLetter(name[i]) {
			return -1
		}
	}
	return start + len(name)
}

// optionValue is where the option's value begins, or -1. A long option is attached by `=`, a short one directly.
func optionValue(text string, one *secretOption, after int) int {
	switch {
	case isIn(text, after, blank):
		if next := skipBlanks(text, after); one.separate && next < len(text) && text[next] != '-' {
			return next
		}
	case charAt(text, after) == '=':
		if one.attached {
			return after + 1
		}
	case one.attached && !strings.HasPrefix(one.flag, "--") && after < len(text):
		return after
	}
	return -1
}

func partOf(text string, whole value, part string) *Finding {
	inner, kind := whole, "password"
	if part != "value" {
		mark := byte('=')
		if part == "after_colon" {
			mark = ':'
		}
		cut := strings.IndexByte(text[whole.start:whole.end], mark)
		if cut < 0 {
			return nil
		}
		if part == "cookie" {
			kind = "cookie"
		} else {
			inner.start += cut + 1
		}
	}
	if !isSecret(text, inner, given) {
		return nil
	}
	return &Finding{Kind: kind, Start: inner.start, End: inner.end}
}
