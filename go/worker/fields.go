// The parts of an evaluation, read from JSON with every key and type checked. Implements spec/backend.md 3.3 over spec/change.md sections 2 and 3.

package worker

import (
	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
)

// fieldReader keeps the first problem, so that a shape can be read from top to bottom.
type fieldReader struct {
	problem *base.Problem
}

func (r *fieldReader) evaluation(value *base.JSONValue) Evaluation {
	return Evaluation{
		Action:  r.action(r.object(value, "action", "action_type", "target", "operation", "arguments", "cwd", "workspace_root")),
		Facts:   r.facts(r.object(value, "facts", "home", "temp_roots", "environment", "links", "listings", "scripts", "git")),
		Subject: r.subject(r.object(value, "subject", "agent", "user", "now")),
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
	git := r.object(value, "git", "current_branch", "default_branch", "upstream_remote", "upstream_branch")
	facts := model.Facts{
		Home:      r.text(value, "home"),
		TempRoots: r.texts(r.member(value, "temp_roots"), "temp_roots"),
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

func (r *fieldReader) member(value *base.JSONValue, key string) *base.JSONValue {
	member, found := value.Get(key)
	if !found {
		return nothing
	}
	return member
}

// object is a member with these keys and no others.
func (r *fieldReader) object(value *base.JSONValue, key string, keys ...string) *base.JSONValue {
	member := r.member(value, key)
	if r.problem != nil {
		return nothing
	}
	if member.Kind != base.JSONObject {
		r.bad(key, "an object")
		return nothing
	}
	r.problem = closed(member, "`"+key+"`", keys...)
	return member
}

func (r *fieldReader) record(value *base.JSONValue, key string, each func(name string, member *base.JSONValue)) {
	member := r.member(value, key)
	if member.Kind != base.JSONObject {
		r.bad(key, "an object")
		return
	}
	for i := range member.Members {
		each(member.Members[i].Key, &member.Members[i].Value)
	}
}

func (r *fieldReader) text(value *base.JSONValue, key string) string {
	return r.asText(r.member(value, key), key)
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
