// Reads a compiled policy. Implements spec/policy.md section 6. Twin of src/policy/compile.ts, its reading half.
// SECURITY: the digest is checked before anything is believed, then the whole shape, key by key: what is not of the schema is never judged by.

package policy

import (
	"slices"
	"strconv"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/judgement"
)

// Limits of one compiled policy.
const (
	// MaxPolicyBytes of its text.
	MaxPolicyBytes = 64 * 1024 * 1024
	// MaxPolicyRules in it: those of the packs of one way.
	MaxPolicyRules = 250_000
)

// ParseCompiled reads a compiled policy from the bytes of a file. Problems: those of base.ParseJSON, and of ReadCompiled.
func ParseCompiled(text []byte) (*CompiledPolicy, *base.Problem) {
	value, problem := base.ParseJSON(text, base.JSONLimits{SizeBytes: MaxPolicyBytes, Depth: base.CanonicalDepth})
	if problem != nil {
		return nil, problem
	}
	return ReadCompiled(value)
}

// ReadCompiled takes a compiled policy from JSON that is already parsed. Problems: `not_a_policy`, `unknown_schema`, those of base.CanonicalJSON,
// `digest_mismatch`, `policy_malformed`.
func ReadCompiled(value *base.JSONValue) (*CompiledPolicy, *base.Problem) {
	schema, has := value.Get("schema_version")
	if value.Kind != base.JSONObject || !has {
		return nil, base.Bad("not_a_policy", "this is no compiled policy")
	}
	if schema.Kind != base.JSONString || schema.Text != CompiledSchema {
		return nil, base.Bad("unknown_schema", "a compiled policy of schema `"+schema.Text+"` cannot be read")
	}
	if problem := checkDigest(value); problem != nil {
		return nil, problem
	}
	r := newShapeReader()
	policy := r.policy(value)
	if r.Problem != nil {
		return nil, r.Problem
	}
	return policy, nil
}

func checkDigest(value *base.JSONValue) *base.Problem {
	body := base.JSONValue{Kind: base.JSONObject, Members: make([]base.JSONMember, 0, len(value.Members))}
	digest := ""
	for _, member := range value.Members {
		if member.Key == "digest" {
			digest = member.Value.Text
		} else {
			body.Members = append(body.Members, member)
		}
	}
	bytes, problem := base.CanonicalJSON(&body)
	if problem != nil {
		return problem
	}
	if base.Sha256(bytes) != digest {
		return base.Bad("digest_mismatch", "the compiled policy was changed after it was made: its digest does not fit")
	}
	return nil
}

func (r *shapeReader) policy(value *base.JSONValue) *CompiledPolicy {
	policy := &CompiledPolicy{}
	digest := ""
	r.object(value, nil, 14, func(key string, value *base.JSONValue, at *base.Place) bool {
		switch key {
		case "schema_version":
		case "id":
			policy.ID = r.Text(value, at)
		case "version":
			policy.Version = r.Text(value, at)
		case "description":
			policy.Description = r.Text(value, at)
		case "mode":
			policy.Mode = r.Word(value, at, modes...)
		case "packs":
			policy.Packs = base.ListIn(r.ShapeReader, value, at, 1, r.pack)
		case "defaults":
			policy.Defaults = r.defaults(value, at)
		case "rules":
			policy.Rules = base.ListIn(r.ShapeReader, value, at, 0, r.rule)
		case "exceptions":
			policy.Exceptions = base.ListIn(r.ShapeReader, value, at, 0, r.exception)
		case "mcp_trust":
			policy.McpTrust = base.ListIn(r.ShapeReader, value, at, 0, r.trust)
		case "approval_routes":
			policy.ApprovalRoutes = base.ListIn(r.ShapeReader, value, at, 0, r.route)
		case "catalogue":
			if value.Kind != base.JSONObject {
				r.Refuse(at, "is no object")
			}
			policy.Catalogue = value
		case "catalogue_digest":
			policy.CatalogueDigest = r.digest(value, at)
		case "digest":
			digest = r.digest(value, at)
		default:
			return false
		}
		return true
	})
	policy.Digest = digest
	r.checkRules(policy.Rules)
	return policy
}

// Two rules of one id, or rules in another order, would make the order of a ruling's rules depend on the index.
func (r *shapeReader) checkRules(rules []Rule) {
	top := base.PlaceOf("rules")
	if len(rules) > MaxPolicyRules {
		r.Refuse(top, "has more than "+strconv.Itoa(MaxPolicyRules)+" items")
	}
	for i := 1; i < len(rules); i++ {
		if rules[i-1].ID >= rules[i].ID {
			r.Refuse(top.Item(i), "does not stand in the order of ids")
			return
		}
	}
}

var (
	modes        = []string{"enforce", "audit"}
	layers       = []string{LayerHost, LayerWorkspace}
	overridables = []string{"never", "host", "workspace"}
	tiers        = []string{"trusted", "limited", "untrusted"}
)

func (r *shapeReader) pack(value *base.JSONValue, at *base.Place) (pack Pack) {
	r.object(value, at, 3, func(key string, value *base.JSONValue, at *base.Place) bool {
		switch key {
		case "id":
			pack.ID = r.Text(value, at)
		case "version":
			pack.Version = r.Text(value, at)
		case "layer":
			pack.Layer = r.Word(value, at, layers...)
		default:
			return false
		}
		return true
	})
	return pack
}

func (r *shapeReader) defaults(value *base.JSONValue, at *base.Place) map[model.EffectKind]KindDefault {
	defaults := map[model.EffectKind]KindDefault{}
	r.object(value, at, len(EffectKinds), func(key string, value *base.JSONValue, at *base.Place) bool {
		if !slices.Contains(EffectKinds, key) {
			return false
		}
		defaults[key] = r.kindDefault(value, at)
		return true
	})
	return defaults
}

func (r *shapeReader) kindDefault(value *base.JSONValue, at *base.Place) (one KindDefault) {
	needed := 2
	if _, has := value.Get("host"); has {
		needed = 3
	}
	r.object(value, at, needed, func(key string, value *base.JSONValue, at *base.Place) bool {
		switch key {
		case "verdict":
			one.Verdict = r.verdict(value, at)
		case "unknown":
			one.Unknown = r.verdict(value, at)
		case "host":
			one.Host = r.verdict(value, at)
		default:
			return false
		}
		return true
	})
	return one
}

func (r *shapeReader) rule(value *base.JSONValue, at *base.Place) (rule Rule) {
	r.object(value, at, 10, func(key string, value *base.JSONValue, at *base.Place) bool {
		switch key {
		case "id":
			rule.ID = r.Text(value, at)
		case "pack":
			rule.Pack = r.Text(value, at)
		case "layer":
			rule.Layer = r.Word(value, at, layers...)
		case "verdict":
			rule.Verdict = r.verdict(value, at)
		case "severity":
			rule.Severity = r.severity(value, at)
		case "reason":
			rule.Reason = r.Text(value, at)
		case "instead":
			rule.Instead = r.instead(value, at)
		case "overridable":
			rule.Overridable = r.Word(value, at, overridables...)
		case "match":
			rule.Match = base.ListIn(r.ShapeReader, value, at, 1, r.clause)
		case "unless":
			rule.Unless = base.ListIn(r.ShapeReader, value, at, 0, r.clause)
		default:
			return false
		}
		return true
	})
	return rule
}

func (r *shapeReader) instead(value *base.JSONValue, at *base.Place) *judgement.Instead {
	if value.Kind == base.JSONNull {
		return nil
	}
	instead := &judgement.Instead{}
	r.object(value, at, 2, func(key string, value *base.JSONValue, at *base.Place) bool {
		switch key {
		case "text":
			instead.Text = r.Filled(value, at)
		case "command":
			instead.Command = r.Text(value, at)
		default:
			return false
		}
		return true
	})
	return instead
}

func (r *shapeReader) exception(value *base.JSONValue, at *base.Place) (one Exception) {
	r.object(value, at, 5, func(key string, value *base.JSONValue, at *base.Place) bool {
		switch key {
		case "rule":
			one.Rule = r.Text(value, at)
		case "pack":
			one.Pack = r.Text(value, at)
		case "match":
			one.Match = base.ListIn(r.ShapeReader, value, at, 1, r.clause)
		case "reason":
			one.Reason = r.Text(value, at)
		case "until":
			one.Until = r.Text(value, at)
		default:
			return false
		}
		return true
	})
	return one
}

func (r *shapeReader) trust(value *base.JSONValue, at *base.Place) (one ServerTrust) {
	r.object(value, at, 5, func(key string, value *base.JSONValue, at *base.Place) bool {
		switch key {
		case "server":
			one.Server = r.Text(value, at)
		case "layer":
			one.Layer = r.Word(value, at, layers...)
		case "tier":
			one.Tier = r.Word(value, at, tiers...)
		case "verdict":
			if value.Kind != base.JSONNull {
				one.Verdict = r.verdict(value, at)
			}
		case "tools":
			one.Tools = base.ListIn(r.ShapeReader, value, at, 0, r.toolTrust)
		default:
			return false
		}
		return true
	})
	return one
}

func (r *shapeReader) toolTrust(value *base.JSONValue, at *base.Place) (one ToolTrust) {
	r.object(value, at, 2, func(key string, value *base.JSONValue, at *base.Place) bool {
		switch key {
		case "tool":
			one.Tool = r.Text(value, at)
		case "verdict":
			one.Verdict = r.verdict(value, at)
		default:
			return false
		}
		return true
	})
	return one
}

func (r *shapeReader) route(value *base.JSONValue, at *base.Place) (one ApprovalRoute) {
	r.object(value, at, 5, func(key string, value *base.JSONValue, at *base.Place) bool {
		switch key {
		case "id":
			one.ID = r.Text(value, at)
		case "rules":
			one.Rules = base.ListIn(r.ShapeReader, value, at, 0, r.Text)
		case "severities":
			one.Severities = base.ListIn(r.ShapeReader, value, at, 0, r.severity)
		case "approvers":
			one.Approvers = base.ListIn(r.ShapeReader, value, at, 0, r.Text)
		case "count":
			one.Count = r.count(value, at)
		default:
			return false
		}
		return true
	})
	return one
}
