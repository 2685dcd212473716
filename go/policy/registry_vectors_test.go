// Runs spec/vectors/mcp-registry and spec/vectors/mcp-registry-judging. Proves spec/mcp-registry.md. Twin of test/vectors/mcp-registry.test.ts.

package policy

import (
	"encoding/json"
	"testing"

	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/internal/vectors"
)

type registryCase struct {
	vectors.Head
	Text   string `json:"text"`
	Expect struct {
		Digest  string  `json:"digest"`
		Servers int     `json:"servers"`
		Tools   int     `json:"tools"`
		Code    string  `json:"code"`
		At      *string `json:"at"`
	} `json:"expect"`
}

func TestRegistryVectors(t *testing.T) {
	vectors.Run(t, "mcp-registry", func(t *testing.T, one registryCase) {
		registry, problem := ParseRegistry([]byte(one.Text))
		if problem != nil {
			if problem.Code != one.Expect.Code || one.Expect.At == nil || problem.At != *one.Expect.At || !problem.HasAt {
				t.Errorf("%s at %q", problem.Code, problem.At)
			}
			return
		}
		tools := 0
		for _, server := range registry.Servers {
			tools += len(server.Tools)
		}
		if registry.Digest != one.Expect.Digest || len(registry.Servers) != one.Expect.Servers || tools != one.Expect.Tools {
			t.Errorf("%s with %d servers and %d tools", registry.Digest, len(registry.Servers), tools)
		}
	})
}

type registryJudgingCase struct {
	vectors.Head
	Policy      json.RawMessage  `json:"policy"`
	Registry    json.RawMessage  `json:"registry"`
	Subject     subjectCase      `json:"subject"`
	Description string           `json:"description"`
	Effects     []vectors.Effect `json:"effects"`
	Expect      json.RawMessage  `json:"expect"`
}

func TestRegistryJudgingVectors(t *testing.T) {
	vectors.Run(t, "mcp-registry-judging", func(t *testing.T, one registryJudgingCase) {
		compiled, problem := ParseCompiled(one.Policy)
		if problem != nil {
			t.Fatalf("%s at %s", problem.Code, problem.At)
		}
		subject := one.Subject.subject()
		subject.ToolDescription = one.Description
		effects := vectors.Models(one.Effects)
		judged := Judge(&model.Change{Effects: effects}, &subject, OpenWith(&compiled.Rulebook, registryOf(t, one.Registry)))
		if got, want := canonical(t, judged), expected(t, one.Expect, effects); got != want {
			t.Errorf("judged\n%s\nnot\n%s", got, want)
		}
	})
}

func registryOf(t *testing.T, text []byte) *OpenRegistry {
	t.Helper()
	if string(text) == "null" {
		return nil
	}
	var broken struct{ Unreadable string }
	if err := json.Unmarshal(text, &broken); err != nil {
		t.Fatal(err)
	}
	if broken.Unreadable != "" {
		return UnreadableRegistry(broken.Unreadable)
	}
	registry, problem := ParseRegistry(text)
	if problem != nil {
		t.Fatalf("%s at %s", problem.Code, problem.At)
	}
	return registry.Opened()
}
