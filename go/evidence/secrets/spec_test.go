// The tables of the engine are those of the law: every token form of spec/redaction.md 3.1 and every option of 6.2 is read from there and tried.
// Twin of test/evidence/redaction-spec.test.ts.

package secrets_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"cavra.dev/runtime/evidence/secrets"
	"cavra.dev/runtime/internal/vectors"
)

// rowsOf is the cells of the table with this head, without backticks in one-word cells.
func rowsOf(t *testing.T, head string) [][]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(vectors.Spec(t), "redaction.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, table, found := strings.Cut(string(text), head+"\n")
	if !found {
		t.Fatalf("there is no table %q", head)
	}
	var rows [][]string
	for _, line := range strings.Split(table, "\n")[1:] {
		if !strings.HasPrefix(line, "| ") {
			break
		}
		cells := strings.Split(strings.Trim(line, "| "), " | ")
		rows = append(rows, cells)
	}
	return rows
}

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

var alphabets = map[string]string{
	"alnum":  letters + "0123456789",
	"word":   letters + "0123456789_",
	"url":    letters + "0123456789_-",
	"dotted": letters + "0123456789_-.",
	"upper":  letters[26:] + "0123456789",
	"hex":    "0123456789abcdef-",
	"base64": letters + "0123456789_-+/=",
	"path":   letters + "0123456789_-/:.",
}

func TestEveryTokenOfTheSpecIsFoundFromItsCountOnAndInItsAlphabet(t *testing.T) {
	rows := rowsOf(t, "| kind | prefixes | alphabet | at least |")
	if len(rows) < 40 {
		t.Fatalf("only %d rows", len(rows))
	}
	for _, row := range rows {
		kind, members := strings.Trim(row[0], "`"), alphabets[row[2]]
		count, err := strconv.Atoi(row[3])
		if err != nil || members == "" {
			t.Fatalf("%q", row)
		}
		exact, keep := kind == "aws_access_key", kind == "webhook"
		for _, prefix := range strings.Split(strings.Trim(row[1], "`"), "` `") {
			start := 0
			if keep {
				start = len(prefix)
			}
			filling := strings.Repeat("7", count)
			// Of several prefixes the longest that fits counts: what follows a short one must not make a longer one.
			if end, is := tokenEnd(prefix+filling, kind, start); !is || end != len(prefix)+count {
				t.Errorf("%s %s is found to %d with %d characters", kind, prefix, end, count)
			}
			if _, is := tokenEnd(prefix+filling[1:], kind, start); is {
				t.Errorf("%s %s is found with one character fewer", kind, prefix)
			}
			for code := byte(0x20); code < 0x7f; code++ {
				end, is := tokenEnd(prefix+filling+string(code), kind, start)
				member := strings.IndexByte(members, code) >= 0
				follows := strings.IndexByte(alphabets["word"], code) >= 0
				if exact && is == follows || !exact && (!is || (end > len(prefix)+count) != member) {
					t.Errorf("%s %s with %q behind is found to %d", kind, prefix, code, end)
				}
			}
		}
	}
}

func tokenEnd(text, kind string, start int) (int, bool) {
	for _, found := range secrets.Find(text) {
		if found.Kind == kind && found.Start == start {
			return found.End, true
		}
	}
	return 0, false
}

func TestEveryOptionOfTheSpecTakesItsSecret(t *testing.T) {
	tried := 0
	for _, row := range rowsOf(t, "| programs | option | form | secret |") {
		word := ""
		if _, after, needs := strings.Cut(row[3], "once the word `"); needs {
			word = after[:strings.IndexByte(after, '`')] + " "
		}
		part, kind := "", "password"
		switch {
		case strings.Contains(row[3], "cookie"):
			part, kind = "", "cookie"
		case strings.Contains(row[3], "first `=`"):
			part = "k="
		case strings.Contains(row[3], "first `:`"):
			part = "u:"
		}
		for _, program := range strings.Fields(row[0]) {
			for _, option := range strings.Fields(strings.ReplaceAll(row[1], "`", "")) {
				value := "s3=cret!" // A cookie has a `=`.
				attached := option + part + value
				if strings.HasPrefix(option, "--") {
					attached = option + "=" + part + value
				}
				for form, written := range map[string]string{"attached": attached, "separate": option + " " + part + value} {
					line := program + " " + word + "a " + written + " z"
					isFound := false
					for _, found := range secrets.Find(line) {
						isFound = isFound || found.Kind == kind && line[found.Start:found.End] == value
					}
					tried++
					if want := row[2] == form || row[2] == "both"; isFound != want {
						t.Errorf("%q: %v", line, secrets.Find(line))
					}
				}
			}
		}
	}
	if tried < 100 {
		t.Errorf("only %d lines", tried)
	}
}
