// The parts of an evaluation, read from JSON with every key and type checked. Implements spec/backend.md 3.3 and the order of 3.5 over spec/change.md
// sections 2 and 3.

package worker

import (
	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
)

var (
	evaluationKeys = []string{"action", "facts", "subject"}
	actionKeys     = []string{"action_type", "target", "operation", "arguments", "cwd", "workspace_root"}
	factsKeys      = []string{"home", "temp_roots", "environment", "links", "listings", "scripts", "git"}
	gitKeys        = []string{"current_branch", "default_branch", "upstream_remote", "upstream_branch"}
	subjectKeys    = []string{"agent", "user", "now"}
)

// closedParts looks for keys that are not known in all objects of a request, and then for those that are missing: the temptation is to read part by part,
// and then the first problem depends on where it stands.
func closedParts(value *base.JSONValue, keys []string) *base.Problem {
	facts := memberOf(value, "facts")
	parts := []struct {
		what  string
		value *base.JSONValue
		keys  []string
	}{
		{"the request", value, keys},
		{"`action`", memberOf(value, "action"), actionKeys},
		{"`facts`", facts, factsKeys},
		{"`git`", memberOf(facts, "git"), gitKeys},
		{"`subject`", memberOf(value, "subject"), subjectKeys},
	}
	for _, look := range []func(*base.JSONValue, string, []string) *base.Problem{unknownKey, missingKey} {
		for _, part := range parts {
			if part.value.Kind != base.JSONObject {
				continue
			}
			if problem := look(part.value, part.what, part.keys); problem != nil {
				return problem
			}
		}
	}
	return nil
}

// fieldReader keeps the first problem, so that a shape can be read from top to bottom.
type fieldReader struct {
	problem *base.Problem
}

func (r *fieldReader) evaluation(value *base.JSONValue) Evaluation {
	return Evaluation{
		Action:  r.action(r.object(value, "action")),
		Facts:   r.facts(r.object(value, "facts")),
		Subject: r.subject(r.object(value, "subject")),
	}
}

func (r *fieldReader) action(value *base.JSONValue) model.Action {
	action := model.Action{
		ActionType:    r.text(value, "action_type"),
		Target:        r.text(value, "target"),
		Operation:     r.text(value, "operation"),
		Arguments:     r.text(value, "arguments"),
		Cwd:           r.text(value, "cwd"),
		WorkspaceRoot: r.text(value, "workspace_root"),
	}
	if r.problem == nil && !has(model.ActionTypes, action.ActionType) {
		r.bad("action_type", "an action type")
	}
	return action
}

func (r *fieldReader) facts(value *base.JSONValue) model.Facts {
	git := r.object(value, "git")
	facts := model.Facts{
		Home:      r.text(value, "home"),
		TempRoots: r.texts(memberOf(value, "temp_roots"), "temp_roots"),
		Links:     map[string]string{},
		Listings:  map[string][]string{},
		Scripts:   map[string]string{},
		Repository: model.GitFacts{
			CurrentBranch:  r.text(git, "current_branch"),
			DefaultBranch:  r.text(git, "default_branch"),
			UpstreamRemote: r.text(git, "upstream_remote"),
			UpstreamBranch: r.text(git, "upstream_branch"),
		},
	}
	facts.Environment = &base.Ordered[string]{}
	r.record(value, "environment", func(name string, member *base.JSONValue) {
		facts.Environment.Set(name, r.asText(member, "environment"))
	})
	r.record(value, "links", func(path string, member *base.JSONValue) { facts.Links[path] = r.asText(member, "links") })
	r.record(value, "listings", func(path string, member *base.JSONValue) { facts.Listings[path] = r.texts(member, "listings") })
	r.record(value, "scripts", func(path string, member *base.JSONValue) { facts.Scripts[path] = r.asText(member, "scripts") })
	return facts
}

func (r *fieldReader) subject(value *base.JSONValue) Asker {
	return Asker{Agent: r.text(value, "agent"), User: r.text(value, "user"), Now: r.text(value, "now")}
}

var nothing = &base.JSONValue{}

func (r *fieldReader) bad(key, want string) {
	if r.problem == nil {
		r.problem = base.Bad("request_bad_value", "`"+key+"` is not "+want)
	}
}

func memberOf(value *base.JSONValue, key string) *base.JSONValue {
	member, found := value.Get(key)
	if !found {
		return nothing
	}
	return member
}

// object is a member whose keys were looked at before.
func (r *fieldReader) object(value *base.JSONValue, key string) *base.JSONValue {
	member := memberOf(value, key)
	if member.Kind != base.JSONObject {
		r.bad(key, "an object")
		return nothing
	}
	return member
}

func (r *fieldReader) record(value *base.JSONValue, key string, each func(name string, member *base.JSONValue)) {
	member := memberOf(value, key)
	if member.Kind != base.JSONObject {
		r.bad(key, "an object")
		return
	}
	for i := range member.Members {
		each(member.Members[i].Key, &member.Members[i].Value)
	}
}

func (r *fieldReader) text(value *base.JSONValue, key string) string {
	return r.asText(memberOf(value, key), key)
}

func (r *fieldReader) asText(value *base.JSONValue, key string) string {
	if value.Kind != base.JSONString {
		r.bad(key, "a text")
	}
	return value.Text
}

func (r *fieldReader) texts(value *base.JSONValue, key string) []string {
	if value.Kind != base.JSONArray {
		r.bad(key, "a list of texts")
		return nil
	}
	texts := make([]string, 0, len(value.Items))
	for i := range value.Items {
		texts = append(texts, r.asText(&value.Items[i], key))
	}
	return texts
}
