// Words against bash itself: where the evaluation knows every word, bash makes the same words. `go test -fuzz FuzzWordsAgainstBash ./change/words`.
// SECURITY: bash expands what the dice made, so that only words come to it in which nothing can run or be written.

package words

import (
	"bufio"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/change/shell"
)

// A bashAlive answers one line of words after the other; each line begins with everything set anew.
type bashAlive struct {
	command *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
}

func startBash(path, folder string) (*bashAlive, error) {
	script := `ulimit -v 2000000; set -f; while IFS= read -r -d '' line; do eval "$line"; done`
	command := exec.Command(path, "--noprofile", "--norc", "-c", script)
	command.Env = []string{"LC_ALL=C.UTF-8", "HOME=/home/dev", "PATH=/nowhere"}
	command.Dir = folder
	in, err := command.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	return &bashAlive{command: command, in: in, out: bufio.NewReader(out)}, command.Start()
}

func (b *bashAlive) stop() {
	_ = b.in.Close()
	_ = b.command.Wait()
}

// words is what bash makes of a text of words, nil where it refused them; false where it is gone.
func (b *bashAlive) words(text, value string) ([]string, bool) {
	quoted := "'" + strings.ReplaceAll(value, "'", `'\''`) + "'"
	line := `IFS=$' \t\n'; HOME=/home/dev; BASH_ARGV0=sh; A=` + quoted + `; set -- p 'q r'; printf '%s\0' begin ` + text
	// What bash refuses takes the rest of its line along, so that the end of the answer is a line of its own.
	if _, err := io.WriteString(b.in, line+"\x00printf '\\1\\n'\x00"); err != nil {
		return nil, false
	}
	answer, err := b.out.ReadString('\n')
	for err == nil && !strings.HasSuffix(answer, "\x01\n") {
		var more string
		more, err = b.out.ReadString('\n')
		answer += more
	}
	if err != nil || !strings.HasPrefix(answer, "begin\x00") {
		return nil, err == nil
	}
	return strings.Split(strings.TrimSuffix(answer, "\x00\x01\n"), "\x00")[1:], true
}

// isHarmless: nothing but words, in which no command, no file and no arithmetic can stand.
func isHarmless(text, value string) bool {
	// A backslash at the end of a text is itself, and at the end of what eval reads it is nothing.
	return !strings.HasSuffix(text, `\`) && len(text) < 200 && len(value) < 100 && utf8.ValidString(text) && utf8.ValidString(value) &&
		!strings.ContainsAny(text, "`()<>|&;\n\r\x00\x01\x7f#!") &&
		!strings.ContainsAny(value, "\x00\x01\x7f") && !strings.Contains(text, "$[") && !strings.Contains(text, "[")
}

// ownWords is the words that the evaluation makes; false where it does not know each of them.
func ownWords(text, value string) ([]string, bool) {
	line := "printf " + text
	script := shell.ReadShell(line)
	if len(shell.UnsupportedPlaces(script)) > 0 || len(script.Items) != 1 || len(script.Items[0].First.Commands) != 1 {
		return nil, false
	}
	command := &script.Items[0].First.Commands[0]
	if command.Kind != shell.Simple || len(command.Assignments) > 0 {
		return nil, false
	}
	context := newAround()
	context.variables["A"] = Scalar(model.Text(value))
	context.variables["HOME"] = Scalar(model.Text("/home/dev"))
	var words []string
	for i, one := range EvaluateWords(command.Words, context) {
		if one.Value.Kind != "text" {
			return nil, false
		}
		if i > 0 {
			words = append(words, one.Value.Text)
		}
	}
	return words, len(context.opaque) == 0
}

func FuzzWordsAgainstBash(f *testing.F) {
	for _, text := range []string{
		`{a,b}{1..3} {08..10} {c..a} {3..1..2}`, `{a}b,c} {} x{,}`, `{~,$A}/x ~/y`, `$A "$A" x$A '$A'`, `"$@" $* "$*" "x$@y"`, `${A%w} ${A//v/[&]}`,
		`"${A^^}" "${A:1}" ${A: -1:1}`, `${A:-x "y z"} ${A:+"$@"} ${A+a b}`, `{'a,b'..c} ${A-{a,b}} {a\,b} {x,y}z`, `\{a,b} "{a,b}" {a,"b c"}$A`, `$'a\x41\u00e9' $"x"`,
	} {
		f.Add(text, "v w")
		f.Add(text, "a*é/😀  b")
	}
	path, err := exec.LookPath("bash")
	if err != nil {
		f.Skip("no bash on this machine: nothing to compare with")
	}
	folder := f.TempDir()
	var bash *bashAlive
	f.Cleanup(func() {
		if bash != nil {
			bash.stop()
		}
	})
	f.Fuzz(func(t *testing.T, text, value string) {
		if !isHarmless(text, value) {
			return
		}
		ours, known := ownWords(text, value)
		if !known {
			return
		}
		if bash == nil {
			if bash, err = startBash(path, folder); err != nil {
				t.Fatal(err)
			}
		}
		theirs, alive := bash.words(text, value)
		if !alive {
			bash.stop()
			bash = nil
			return
		}
		if theirs != nil && !slices.Equal(ours, theirs) {
			t.Fatalf("%s with A=%q: %q, and bash makes %q", text, value, ours, theirs)
		}
	})
}
