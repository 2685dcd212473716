// What is known of MCP servers: reading a registry. Implements spec/mcp-registry.md sections 1 and 2. Twin of src/policy/mcp-registry.ts.
// Pure and total. The first thing that is wrong is told, with its place; what is not of the schema is never judged by.

package policy

import (
	"slices"
	"strconv"
	"strings"

	"cavra.dev/runtime/base"
)

// RegistrySchema is the one schema of registries that is read.
const RegistrySchema = "cavra.mcp-registry.v1"

// Limits of a registry.
const (
	// MaxRegistryBytes of its text.
	MaxRegistryBytes = 4 * 1024 * 1024
	registryDepth    = 8
	maxServers       = 1_000
	// maxTools of one server.
	maxTools = 1_000
	// maxNameBytes of a name or an owner.
	maxNameBytes = 200
)

var (
	transports     = []string{"stdio", "http", "sse"}
	registryStates = []string{"approved", "pending", "revoked"}
)

// RegistryTool is one tool of a server. DescriptionDigest is "" where any description will do.
type RegistryTool struct {
	Name              string
	State             string
	DescriptionDigest string
}

// RegistryServer is one server, as its owner knows it.
type RegistryServer struct {
	Name      string
	Transport string
	Tier      Tier
	State     string
	Owner     string
	Tools     []RegistryTool
}

// McpRegistry is the document, without the digest that it may hold of itself.
type McpRegistry struct {
	Servers []RegistryServer
	Digest  string
}

// ParseRegistry reads a registry from the bytes of a file. Problems: those of the strict reader, and those of spec/mcp-registry.md 2.1, each with its place.
func ParseRegistry(text []byte) (*McpRegistry, *base.Problem) {
	value, problem := base.ParseJSON(text, base.JSONLimits{SizeBytes: MaxRegistryBytes, Depth: registryDepth})
	if problem != nil {
		return nil, problem
	}
	schema, has := value.Get("schema_version")
	if value.Kind != base.JSONObject || !has {
		return nil, base.BadAt("not_a_registry", "the MCP registry is no object with a `schema_version`", "")
	}
	if schema.Kind != base.JSONString || schema.Text != RegistrySchema {
		return nil, base.BadAt("unknown_schema", "the MCP registry is not of the schema `"+RegistrySchema+"`", "/schema_version")
	}
	if problem = checkObject(value, "", documentFields); problem != nil {
		return nil, problem
	}
	body := base.JSONValue{Kind: base.JSONObject}
	for _, member := range value.Members {
		if member.Key != "digest" {
			body.Members = append(body.Members, member)
		}
	}
	canonical, problem := base.CanonicalRecord(&body)
	if problem != nil {
		return nil, problem
	}
	digest := base.Sha256(canonical)
	if told, has := value.Get("digest"); has && told.Text != digest {
		return nil, base.BadAt("digest_mismatch", "the MCP registry was changed after its digest was taken: it does not fit", "/digest")
	}
	return &McpRegistry{Servers: serversOf(&body), Digest: digest}, nil
}

// OpenRegistry is a registry that is ready to be asked. Code is not "" where there is one and it cannot be read: then it has no digest.
type OpenRegistry struct {
	Digest  string
	Code    string
	servers map[string]*openServer
}

type openServer struct {
	server *RegistryServer
	tools  map[string]*RegistryTool
}

// Opened makes a registry ready. Nobody may write to it afterwards.
func (r *McpRegistry) Opened() *OpenRegistry {
	opened := &OpenRegistry{Digest: r.Digest, servers: make(map[string]*openServer, len(r.Servers))}
	for i := range r.Servers {
		server := &r.Servers[i]
		tools := make(map[string]*RegistryTool, len(server.Tools))
		for j := range server.Tools {
			tools[base.FoldASCII(server.Tools[j].Name)] = &server.Tools[j]
		}
		opened.servers[base.FoldASCII(server.Name)] = &openServer{server: server, tools: tools}
	}
	return opened
}

// UnreadableRegistry is the registry that is there and cannot be read, because of this code: nobody knows which servers it revoked.
func UnreadableRegistry(code string) *OpenRegistry {
	return &OpenRegistry{Code: code}
}

// Shapes were checked before, key by key.
func serversOf(body *base.JSONValue) []RegistryServer {
	list, _ := body.Get("servers")
	servers := make([]RegistryServer, len(list.Items))
	for i := range list.Items {
		one := &list.Items[i]
		tools, _ := one.Get("tools")
		servers[i] = RegistryServer{
			Name: textIn(one, "name"), Transport: textIn(one, "transport"), Tier: textIn(one, "tier"),
			State: textIn(one, "state"), Owner: textIn(one, "owner"), Tools: make([]RegistryTool, len(tools.Items)),
		}
		for j := range tools.Items {
			tool := &tools.Items[j]
			servers[i].Tools[j] = RegistryTool{
				Name: textIn(tool, "name"), State: textIn(tool, "state"), DescriptionDigest: textIn(tool, "description_digest"),
			}
		}
	}
	return servers
}

func textIn(value *base.JSONValue, key string) string {
	found, has := value.Get(key)
	if !has {
		return ""
	}
	return found.Text
}

type registryCheck func(value *base.JSONValue, at string) *base.Problem

type registryField struct {
	key      string
	check    registryCheck
	optional bool
}

var toolFields = []registryField{
	{key: "name", check: nameWithout("")},
	{key: "state", check: knownWord(registryStates)},
	{key: "description_digest", check: func(value *base.JSONValue, at string) *base.Problem {
		if value.Kind == base.JSONString && value.Text == "" {
			return nil
		}
		return checkIsDigest(value, at)
	}},
}

var serverFields = []registryField{
	{key: "name", check: nameWithout("/")},
	{key: "transport", check: knownWord(transports)},
	{key: "tier", check: knownWord(tiers)},
	{key: "state", check: knownWord(registryStates)},
	{key: "owner", check: checkText},
	{key: "tools", check: listOf(toolFields, maxTools, "duplicate_tool")},
}

var documentFields = []registryField{
	{key: "schema_version", check: func(*base.JSONValue, string) *base.Problem { return nil }},
	{key: "servers", check: listOf(serverFields, maxServers, "duplicate_server")},
	{key: "digest", check: checkIsDigest, optional: true},
}

func checkObject(value *base.JSONValue, at string, fields []registryField) *base.Problem {
	if value.Kind != base.JSONObject {
		return wrongAt("wrong_type", at, "is no object")
	}
	var unknown []string
	for i := range value.Members {
		key := value.Members[i].Key
		if !slices.ContainsFunc(fields, func(field registryField) bool { return field.key == key }) {
			unknown = append(unknown, key)
		}
	}
	if len(unknown) > 0 {
		return wrongAt("unknown_key", at+"/"+base.EscapePointer(slices.Min(unknown)), "is unknown")
	}
	for _, field := range fields {
		place := at + "/" + field.key
		found, has := value.Get(field.key)
		if !has && field.optional {
			continue
		}
		if !has {
			return wrongAt("missing_key", place, "is missing")
		}
		if problem := field.check(found, place); problem != nil {
			return problem
		}
	}
	return nil
}

// listOf items by their names, which are told apart without their case: nobody could say which of two such servers a host means.
func listOf(fields []registryField, most int, duplicate string) registryCheck {
	return func(value *base.JSONValue, at string) *base.Problem {
		if value.Kind != base.JSONArray {
			return wrongAt("wrong_type", at, "is no list")
		}
		if len(value.Items) > most {
			return wrongAt("too_many", at, "has more than "+strconv.Itoa(most)+" items")
		}
		names := make(map[string]bool, len(value.Items))
		for i := range value.Items {
			place := at + "/" + strconv.Itoa(i)
			if problem := checkObject(&value.Items[i], place, fields); problem != nil {
				return problem
			}
			name := base.FoldASCII(textIn(&value.Items[i], "name"))
			if names[name] {
				return wrongAt(duplicate, place+"/name", "stands there already, perhaps in another case")
			}
			names[name] = true
		}
		return nil
	}
}

func checkText(value *base.JSONValue, at string) *base.Problem {
	switch {
	case value.Kind != base.JSONString:
		return wrongAt("wrong_type", at, "is no text")
	case value.Text == "":
		return wrongAt("empty_text", at, "is empty")
	case len(value.Text) > maxNameBytes:
		return wrongAt("too_long", at, "has more than "+strconv.Itoa(maxNameBytes)+" bytes")
	case strings.ContainsFunc(value.Text, func(code rune) bool { return code < 0x20 || code == 0x7f }):
		return wrongAt("wrong_value", at, "holds a control character")
	}
	return nil
}

// nameWithout: a name as a call may have it. One that holds `forbidden`, or is spelt as what cannot be known, would never be met.
func nameWithout(forbidden string) registryCheck {
	return func(value *base.JSONValue, at string) *base.Problem {
		if problem := checkText(value, at); problem != nil {
			return problem
		}
		if value.Text == "unknown" || forbidden != "" && strings.Contains(value.Text, forbidden) {
			return wrongAt("wrong_value", at, "is no name that a call can have")
		}
		return nil
	}
}

func knownWord(known []string) registryCheck {
	return func(value *base.JSONValue, at string) *base.Problem {
		if value.Kind != base.JSONString {
			return wrongAt("wrong_type", at, "is no text")
		}
		if !slices.Contains(known, value.Text) {
			return wrongAt("wrong_value", at, "is none of "+strings.Join(known, ", "))
		}
		return nil
	}
}

func checkIsDigest(value *base.JSONValue, at string) *base.Problem {
	if value.Kind != base.JSONString {
		return wrongAt("wrong_type", at, "is no text")
	}
	if !base.IsDigest(value.Text) {
		return wrongAt("wrong_value", at, "is no digest")
	}
	return nil
}

func wrongAt(code, at, what string) *base.Problem {
	return base.BadAt(code, "the MCP registry is no such document: `"+at+"` "+what, at)
}
