// What vectors cannot hold of a registry of MCP servers: its size, and that any bytes are read without harm. Proves spec/mcp-registry.md 1.1 and 2.1.

package policy

import (
	"strings"
	"testing"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
)

const emptyRegistry = `{"schema_version":"cavra.mcp-registry.v1","servers":[]}`

func TestARegistryHasAtMostSoManyBytes(t *testing.T) {
	most := emptyRegistry + strings.Repeat(" ", MaxRegistryBytes-len(emptyRegistry))
	if _, problem := ParseRegistry([]byte(most)); problem != nil {
		t.Error(problem.Code)
	}
	if _, problem := ParseRegistry([]byte(most + " ")); problem == nil || problem.Code != "json_too_large" {
		t.Error("one byte more is read")
	}
}

func TestARegistryIsUTF8(t *testing.T) {
	text := strings.Replace(emptyRegistry, "[]", "[{\"name\":\"\xff\"}]", 1)
	if _, problem := ParseRegistry([]byte(text)); problem == nil || problem.Code != "json_invalid_utf8" {
		t.Error("bytes that are no text are read")
	}
}

// Whatever is read has a digest of its own content, is read again alike, and can be asked.
func FuzzParseRegistry(f *testing.F) {
	f.Add([]byte(emptyRegistry))
	f.Add([]byte(`{"servers":[{"name":"a","transport":"sse","tier":"limited","state":"revoked","owner":"o","tools":[{"name":"b","state":"approved",` +
		`"description_digest":""}]}],"schema_version":"cavra.mcp-registry.v1"}`))
	f.Add([]byte(`{"schema_version":"cavra.mcp-registry.v1","__proto__":[[[[[[[1]]]]]]]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		registry, problem := ParseRegistry(text)
		if problem != nil {
			if problem.Code == "" || registry != nil {
				t.Fatal("a problem without a code, or beside a registry")
			}
			return
		}
		again, problem := ParseRegistry(text)
		if problem != nil || again.Digest != registry.Digest || !base.IsDigest(registry.Digest) {
			t.Fatal("it is read otherwise the second time")
		}
		opened := registry.Opened()
		for _, server := range registry.Servers {
			effect := &model.Effect{Kind: "call", Server: server.Name, Tool: "x"}
			said := registryVoice(effect, "", opened)
			if (said == nil) != (server.State == "approved" && listsTool(&server, "x")) {
				t.Fatalf("of %q it says %v", server.Name, said)
			}
		}
	})
}

func listsTool(server *RegistryServer, name string) bool {
	for _, tool := range server.Tools {
		if tool.Name == name && tool.State == "approved" {
			return true
		}
	}
	return false
}
