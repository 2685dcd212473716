// What a registry of MCP servers says of one call. Implements spec/mcp-registry.md section 3. Twin of src/policy/registry-voice.ts.
// INVARIANT: it only tightens. It has a voice of its own, which nothing silences, and it lowers a tier; it never takes the place of a default.

package policy

import (
	"slices"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
)

// What a host does by itself comes under a server's name too, and is the policy's alone unless the registry names it.
var hosts = []string{"claude-code"}

// registryVoice is what the registry says of a call that is not approved; nil where it is. description is the digest that the host told, or "".
func registryVoice(effect *model.Effect, description string, registry *OpenRegistry) *voice {
	named := registry.servers[base.FoldASCII(effect.Server)]
	if named == nil && slices.Contains(hosts, effect.Server) {
		return nil
	}
	if registry.Code != "" {
		return denies("unreadable", "the MCP registry cannot be read ("+registry.Code+"): no MCP tool may be called before it is mended")
	}
	if named == nil {
		return asks("server_unlisted", "the MCP registry does not list this server")
	}
	server := "the server `" + named.server.Name + "`"
	if named.server.State == "revoked" {
		return denies("server_revoked", "the MCP registry has revoked "+server)
	}
	tool := named.tools[base.FoldASCII(effect.Tool)]
	if tool != nil && tool.State == "revoked" {
		return denies("tool_revoked", "the MCP registry has revoked the tool `"+tool.Name+"` of "+server)
	}
	// What is named in another case was not looked at under this name: `GitHub` is not the `github` that somebody approved.
	switch {
	case named.server.Name != effect.Server:
		return asks("server_unlisted", "the MCP registry does not list this server")
	case named.server.State == "pending":
		return asks("server_pending", "the MCP registry has not approved "+server)
	case tool == nil || tool.Name != effect.Tool:
		return asks("tool_unlisted", "the MCP registry does not list this tool of "+server)
	}
	both := "the tool `" + tool.Name + "` of " + server
	switch {
	case tool.State == "pending":
		return asks("tool_pending", "the MCP registry has not approved "+both)
	case isOther(tool, description) && len(effect.Via) == 0:
		return asks("description_changed", both+" has another description than the MCP registry approved")
	}
	return nil
}

// loweredTier is, of an entry's tier and the listed server's, the lower one.
func loweredTier(tier Tier, effect *model.Effect, registry *OpenRegistry) Tier {
	if registry == nil {
		return tier
	}
	named := registry.servers[base.FoldASCII(effect.Server)]
	if named == nil || named.server.Name != effect.Server || slices.Index(tiers, named.server.Tier) <= slices.Index(tiers, tier) {
		return tier
	}
	return named.server.Tier
}

func isOther(tool *RegistryTool, description string) bool {
	return description != "" && tool.DescriptionDigest != "" && description != tool.DescriptionDigest
}

func denies(id, reason string) *voice {
	return &voice{verdict: base.Deny, severity: "high", source: "mcp_registry", id: "mcp_registry." + id, reason: reason}
}

func asks(id, reason string) *voice {
	return &voice{
		verdict:  base.RequireApproval,
		severity: "medium",
		source:   "mcp_registry",
		id:       "mcp_registry." + id,
		reason:   reason + "; a person is asked first",
	}
}
