// spec/vectors/shell: each text goes through the shell reader, and its tree, or what is unsupported in it, is compared with what is
// written.
// Twin of test/vectors/shell.test.ts.

package shell

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const vectorFolder = "../../../spec/vectors/shell"

type vectorCase struct {
	ID     string          `json:"id"`
	Spec   string          `json:"spec"`
	Note   string          `json:"note"`
	Text   json.RawMessage `json:"text"`
	Show   string          `json:"show"`
	Expect string          `json:"expect"`
}

// vectorPiece is a piece of a text: repeated, or bytes that are no valid text.
type vectorPiece struct {
	Text  string `json:"text"`
	Times *int   `json:"times"`
	Hex   string `json:"hex"`
}

func TestVectors(t *testing.T) {
	for _, one := range readVectors(t) {
		t.Run(one.ID, func(t *testing.T) {
			if got := render(ReadShell(one.text(t)), one.Show); got != one.Expect {
				t.Errorf("%s\n got %s\nwant %s", one.Note, got, one.Expect)
			}
		})
	}
}

func readVectors(t testing.TB) []vectorCase {
	t.Helper()
	var manifest struct {
		Area  string   `json:"area"`
		Count int      `json:"count"`
		Keys  []string `json:"keys"`
	}
	readStrictly(t, filepath.Join(vectorFolder, "manifest.json"), &manifest)
	if !slices.Equal(manifest.Keys, []string{"id", "spec", "note", "text", "show", "expect"}) || manifest.Area != "shell" {
		t.Fatalf("the manifest is of area %q and names the keys %q", manifest.Area, manifest.Keys)
	}
	files, err := os.ReadDir(vectorFolder)
	if err != nil {
		t.Fatal(err)
	}
	var cases []vectorCase
	for _, file := range files {
		if file.Name() == "manifest.json" {
			continue
		}
		var one vectorCase
		readStrictly(t, filepath.Join(vectorFolder, file.Name()), &one)
		if one.ID != "shell/"+strings.TrimSuffix(file.Name(), ".json") {
			t.Fatalf("%s has the id %q", file.Name(), one.ID)
		}
		cases = append(cases, one)
	}
	if len(cases) != manifest.Count {
		t.Fatalf("there are %d cases, and the manifest counts %d", len(cases), manifest.Count)
	}
	return cases
}

func readStrictly(t testing.TB, path string, into any) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

func (one vectorCase) text(t testing.TB) string {
	t.Helper()
	var whole string
	if json.Unmarshal(one.Text, &whole) == nil {
		return whole
	}
	var pieces []vectorPiece
	if err := json.Unmarshal(one.Text, &pieces); err != nil {
		t.Fatal(err)
	}
	for _, piece := range pieces {
		times := 1
		if piece.Times != nil {
			times = *piece.Times
		}
		raw, err := hex.DecodeString(piece.Hex)
		if err != nil {
			t.Fatal(err)
		}
		whole += strings.Repeat(piece.Text, times) + string(raw)
	}
	return whole
}
