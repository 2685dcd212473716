// The texts of an effect are those that its canonical bytes hold, in their order.

package model_test

import (
	"slices"
	"strconv"
	"testing"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
)

func TestEachTextOfAnEffectIsVisitedInCanonicalOrder(t *testing.T) {
	for _, kind := range []string{"read", "write", "delete", "exec", "git", "network", "operate", "call", "opaque"} {
		effect := model.Effect{
			Kind: kind, Place: "place", Target: "target", Extent: "extent", Program: "program", Path: "path", Subcommand: "subcommand",
			Operation: "operation", Ref: "ref", Remote: "remote", Force: "force", Host: "host", URL: "url", Direction: "direction",
			Data: "data", System: "system", Server: "server", Tool: "tool", Capability: "capability", Reason: "reason", Detail: "detail",
			Via: []string{"v1", "v2"}, Options: []string{"o1", "o2"},
		}
		var visited []string
		model.EachText(&effect, func(key string, item int, text *string) {
			visited = append(visited, key+" "+strconv.Itoa(item)+" "+*text)
		})
		if written := textsIn(t, &effect); !slices.Equal(visited, written) {
			t.Errorf("%s: visited %q, written %q", kind, visited, written)
		}
	}
}

func textsIn(t *testing.T, effect *model.Effect) []string {
	t.Helper()
	bytes, code := model.AppendEffect(nil, effect)
	value, problem := base.ParseJSON(bytes, base.DefaultJSONLimits)
	if code != "" || problem != nil {
		t.Fatal(code, problem)
	}
	var texts []string
	for _, member := range value.Members {
		if member.Value.Kind == base.JSONString {
			texts = append(texts, member.Key+" -1 "+member.Value.Text)
		}
		for i, item := range member.Value.Items {
			texts = append(texts, member.Key+" "+strconv.Itoa(i)+" "+item.Text)
		}
	}
	return texts
}
