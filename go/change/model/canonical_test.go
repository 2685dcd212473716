// Effects as bytes: each kind has the keys of src/change/model.ts, in canonical order, and texts that need care are written with it.

package model_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/internal/vectors"
)

func TestEachKindHasTheKeysOfItsInterface(t *testing.T) {
	interfaces := interfacesOf(t)
	kinds := map[string]string{
		"read": "FileEffect", "write": "FileEffect", "delete": "FileEffect", "exec": "ExecEffect", "git": "GitEffect", "network": "NetworkEffect",
		"operate": "OperateEffect", "call": "CallEffect", "opaque": "OpaqueEffect",
	}
	for kind, name := range kinds {
		written, code := model.AppendEffect(nil, &model.Effect{Kind: kind, Via: []string{"sudo"}, Options: []string{"force"}})
		value, problem := base.ParseJSON(written, base.DefaultJSONLimits)
		if code != "" || problem != nil {
			t.Fatalf("%s: %s", kind, written)
		}
		var keys []string
		for _, member := range value.Members {
			keys = append(keys, member.Key)
		}
		want := base.SortedByBytes(append(slices.Clone(interfaces["EffectBase"]), interfaces[name]...))
		if !slices.Equal(keys, want) {
			t.Errorf("%s is written with %q, its interface has %q", kind, keys, want)
		}
		if again, _ := base.CanonicalRecord(value); string(again) != string(written) {
			t.Errorf("%s is not canonical", written)
		}
	}
}

// interfacesOf reads the keys of each interface in src/change/model.ts: `readonly KEY`, two blanks in.
func interfacesOf(t *testing.T) map[string][]string {
	t.Helper()
	source, err := os.ReadFile(filepath.Join(vectors.Root(t), "src", "change", "model.ts"))
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string][]string{}
	name := ""
	for line := range strings.Lines(string(source)) {
		if _, after, is := strings.Cut(line, "interface "); is {
			name, _, _ = strings.Cut(after, " ")
		}
		if after, is := strings.CutPrefix(line, "  readonly "); is {
			key, _, _ := strings.Cut(after, ":")
			keys[name] = append(keys[name], key)
		}
	}
	return keys
}

func TestAChangeIsWrittenAsItsBytes(t *testing.T) {
	change := model.Change{Effects: []model.Effect{
		{Kind: "read", Span: base.Span{Start: 4, End: 8}, Place: "here", Target: "/srv/é\n\"<😀", Extent: "exact"},
		{Kind: "opaque", Via: []string{"bash", "eval"}, Place: "elsewhere", Reason: "unknown_code", Detail: "shell"},
	}}
	want := `{"effects":[` +
		`{"extent":"exact","kind":"read","place":"here","span":{"end":8,"start":4},"target":"/srv/é\n\"<😀","via":[]},` +
		`{"detail":"shell","kind":"opaque","place":"elsewhere","reason":"unknown_code","span":{"end":0,"start":0},"via":["bash","eval"]}]}`
	if got, code := model.AppendChange(nil, &change); code != "" || string(got) != want {
		t.Errorf("%s", got)
	}
	if got, code := model.AppendChange(nil, &model.Change{}); code != "" || string(got) != `{"effects":[]}` {
		t.Errorf("%s", got)
	}
}

func TestWhatIsNoTextIsRefused(t *testing.T) {
	if _, code := model.AppendEffect(nil, &model.Effect{Kind: "read", Target: "/\xff"}); code != "json_lone_surrogate" {
		t.Errorf("code %q", code)
	}
}
