// Every string that an action can write into, in canonical order, with its JSON pointer where it is asked for. Implements spec/redaction.md section 1.
// Twin of src/evidence/strings.ts.

package evidence

import (
	"slices"
	"strconv"

	"cavra.dev/runtime/change/model"
)

// Redactable is the parts of a record that an action can write into, by their paths in it. Action is nil where there is none.
type Redactable struct {
	Action  *model.Action
	Reason  string
	Effects []model.Effect
	Who     Who
}

// A place is where a string stands. effect is an index in the judgement, or -1; item an index in a list, or -1.
type place struct {
	effect int
	item   int
	key    string
}

func (p place) pointer() string {
	pointer := p.key
	if p.effect >= 0 {
		pointer = "/judgement/effects/" + strconv.Itoa(p.effect) + "/" + p.key
	}
	if p.item >= 0 {
		pointer += "/" + strconv.Itoa(p.item)
	}
	return pointer
}

// eachString visits all strings; what it is given may be changed.
func eachString(value *Redactable, visit func(text *string, at place)) {
	one := func(pointer string, text *string) { visit(text, place{effect: -1, item: -1, key: pointer}) }
	if action := value.Action; action != nil {
		one("/action/action_type", &action.ActionType)
		one("/action/arguments", &action.Arguments)
		one("/action/cwd", &action.Cwd)
		one("/action/operation", &action.Operation)
		one("/action/target", &action.Target)
		one("/action/workspace_root", &action.WorkspaceRoot)
	}
	one("/basis/reason", &value.Reason)
	for i := range value.Effects {
		model.EachText(&value.Effects[i], func(key string, item int, text *string) { visit(text, place{i, item, key}) })
	}
	who := &value.Who
	one("/who/agent", &who.Agent)
	one("/who/branch", &who.Branch)
	one("/who/channel", &who.Channel)
	one("/who/host", &who.Host)
	one("/who/repository", &who.Repository)
	one("/who/session", &who.Session)
	one("/who/sub_agent", &who.SubAgent)
	one("/who/user", &who.User)
}

// clone is a value whose strings can be changed without changing this one's.
func (value *Redactable) clone() *Redactable {
	copied := *value
	if value.Action != nil {
		action := *value.Action
		copied.Action = &action
	}
	copied.Effects = slices.Clone(value.Effects)
	for i := range copied.Effects {
		effect := &copied.Effects[i]
		effect.Via, effect.Options = slices.Clone(effect.Via), slices.Clone(effect.Options)
	}
	return &copied
}
