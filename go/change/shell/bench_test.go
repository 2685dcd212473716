// How long the reader takes for the commands of the development corpus.

package shell

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"
)

const corpusFile = "../../../test/fixtures/corpus/commands-dev.jsonl"

func readCorpus(t testing.TB) []string {
	t.Helper()
	file, err := os.Open(corpusFile)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var commands []string
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, MaxTextBytes)
	for lines.Scan() {
		var line struct {
			Command string `json:"command"`
		}
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		commands = append(commands, line.Command)
	}
	if len(commands) < 600 {
		t.Fatalf("the corpus has %d commands", len(commands))
	}
	return commands
}

func BenchmarkReadShell(b *testing.B) {
	commands := readCorpus(b)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		ReadShell(commands[i])
		i++
		if i == len(commands) {
			i = 0
		}
	}
}
