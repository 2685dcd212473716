// A policy is opened with the catalogue that it names, if that can be read, and with no other. Proves spec/backend.md 4.3.

package engine

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/generated"
	"cavra.dev/runtime/internal/vectors"
	"cavra.dev/runtime/worker"
)

// The catalogue is what the text makes of the one that ships; the digests are made to fit, but for those that are given.
func compiled(t *testing.T, catalogue, catalogueDigest string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(vectors.Spec(t), "vectors", "policy", "audit.json"))
	if err != nil {
		t.Fatal(err)
	}
	var one struct{ Policy map[string]json.RawMessage }
	if err := json.Unmarshal(text, &one); err != nil {
		t.Fatal(err)
	}
	delete(one.Policy, "digest")
	one.Policy["catalogue"] = json.RawMessage(catalogue)
	if catalogueDigest == "" {
		catalogueDigest = base.Sha256([]byte(vectors.Canonical(t, []byte(catalogue))))
	}
	one.Policy["catalogue_digest"] = json.RawMessage(`"` + catalogueDigest + `"`)
	body, err := json.Marshal(one.Policy)
	if err != nil {
		t.Fatal(err)
	}
	canonical := vectors.Canonical(t, body)
	return []byte(strings.TrimSuffix(canonical, "}") + `,"digest":"` + base.Sha256([]byte(canonical)) + `"}`)
}

func TestAPolicyIsOpenedWithTheCatalogueThatItNamesAndThatCanBeRead(t *testing.T) {
	whole := string(generated.Catalogue)
	for _, one := range []struct{ name, catalogue, digest, code string }{
		{"is the one that ships", whole, "", ""},
		{"is not the one of the digest", whole, base.Sha256(""), "catalogue_mismatch"},
		{"is of another schema", strings.Replace(whole, `"cavra.catalogue.v1"`, `"cavra.catalogue.v2"`, 1), "", "catalogue_mismatch"},
		{"has no programs", `{"schema_version":"cavra.catalogue.v1"}`, "", "catalogue_mismatch"},
		{"is no object", `[]`, "", "policy_malformed"},
		{"has a program that cannot be read", strings.Replace(whole, `"programs":{`, `"programs":{"a":1,`, 1), "", "catalogue_mismatch"},
	} {
		opened, problem := Open(compiled(t, one.catalogue, one.digest))
		code := ""
		if problem != nil {
			code = problem.Code
		}
		if code != one.code || (opened == nil) != (code != "") {
			t.Errorf("a catalogue that %s: `%s`", one.name, code)
		}
	}
	if _, problem := Open([]byte("{")); problem == nil || problem.Code != "json_unexpected_end" {
		t.Errorf("no policy: %v", problem)
	}
}

// What a tool says of itself comes as the operation of a call, and of nothing else: a command's operation is no description.
func TestOnlyACallOfAToolTellsADescription(t *testing.T) {
	for action, want := range map[string]string{"mcp_tool_call": "sha256:told", "execute_command": "", "write_file": ""} {
		asked := worker.Evaluation{Action: model.Action{ActionType: action, Operation: "sha256:told"}}
		if got := (&Engine{}).subject(&asked).ToolDescription; got != want {
			t.Errorf("%s: `%s`", action, got)
		}
	}
}
