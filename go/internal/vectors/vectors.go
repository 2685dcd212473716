// Package vectors reads the shared vectors for the tests of the packages: one area at a time, its manifest's count and closed set of keys asserted,
// so that nothing is skipped in silence. Twin of test/vectors/area.ts and test/vectors/cases.ts. Only tests may import it.
package vectors

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

// Head is what every case begins with. A case embeds it and adds the keys of its area; an unknown key, at any depth, fails the test.
type Head struct {
	ID   string `json:"id"`
	Spec string `json:"spec"`
	Note string `json:"note"`
}

type manifest struct {
	Area  string   `json:"area"`
	Count int      `json:"count"`
	Keys  []string `json:"keys"`
}

// Run reads every case of the area and gives each to run as a subtest of its own.
func Run[T any](t *testing.T, area string, run func(t *testing.T, one T)) {
	t.Helper()
	folder := filepath.Join(Spec(t), "vectors", area)
	var head manifest
	decode(t, read(t, filepath.Join(folder, "manifest.json")), &head, "manifest")
	names := caseNames(t, folder)
	if head.Area != area || head.Count != len(names) || head.Count == 0 {
		t.Fatalf("the manifest says area %q and %d cases; there are %d of %q", head.Area, head.Count, len(names), area)
	}
	for _, name := range names {
		id := area + "/" + strings.TrimSuffix(name, ".json")
		t.Run(strings.TrimSuffix(name, ".json"), func(t *testing.T) {
			text := read(t, filepath.Join(folder, name))
			checkHead(t, text, id, head.Keys)
			var one T
			decode(t, text, &one, id)
			run(t, one)
		})
	}
}

func caseNames(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		if entry.Name() != "manifest.json" && entry.Name() != notACase {
			names = append(names, entry.Name())
		}
	}
	return names
}

// notACase stands in spec/vectors/change: the catalogue of all cases.
const notACase = "catalogue.json"

// A case's own keys are compared letter by letter: encoding/json would take `Note` for `note`.
func checkHead(t *testing.T, text []byte, id string, keys []string) {
	t.Helper()
	var members map[string]json.RawMessage
	decode(t, text, &members, id)
	for key := range members {
		if !slices.Contains(keys, key) {
			t.Fatalf("%s has the key %q, which the manifest does not know", id, key)
		}
	}
	var head struct{ ID string }
	if json.Unmarshal(text, &head) != nil || head.ID != id {
		t.Fatalf("%s calls itself %q", id, head.ID)
	}
}

func decode(t *testing.T, text []byte, into any, what string) {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// Root is the folder that holds spec/ and go/: the one above the module.
func Root(t testing.TB) string {
	t.Helper()
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return filepath.Dir(folder)
		}
		if folder == filepath.Dir(folder) {
			t.Fatal("the test does not run inside the module")
		}
		folder = filepath.Dir(folder)
	}
}

// Spec is the folder of the law.
func Spec(t testing.TB) string {
	t.Helper()
	return filepath.Join(Root(t), "spec")
}

// Part is part of an input: text or bytes, repeated. Secrets and deep nesting are written in parts.
type Part struct {
	Text  string `json:"text"`
	Hex   string `json:"hex"`
	Times *int   `json:"times"`
}

// Bytes is the parts one after the other.
func Bytes(t *testing.T, parts []Part) []byte {
	t.Helper()
	var all []byte
	for _, part := range parts {
		raw, err := hex.DecodeString(part.Hex)
		if err != nil {
			t.Fatal(err)
		}
		times := 1
		if part.Times != nil {
			times = *part.Times
		}
		all = append(all, bytes.Repeat(append(raw, part.Text...), times)...)
	}
	return all
}
