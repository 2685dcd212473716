// What a compiled policy must be to be judged by, and that reading and judging are total. Proves spec/policy.md section 6.

package policy

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/internal/vectors"
	"cavra.dev/runtime/judgement"
)

// Each is what is wrong with a policy, what is changed in it to what, and the code and place of the refusal.
var malformed = []struct{ name, from, to, code, at string }{
	{"is as it was made", "", "", "", ""},
	{"is no object", "{", "[{", "not_a_policy", ""},
	{"names no schema", `"schema_version"`, `"schema"`, "not_a_policy", ""},
	{"is of another schema", "compiled-policy.v1", "compiled-policy.v2", "unknown_schema", ""},
	{"names its schema by a number", `"cavra.compiled-policy.v1"`, "1", "unknown_schema", ""},
	{"has a key that nobody knows", `"mode"`, `"extra":0,"mode"`, "policy_malformed", "/extra"},
	{"lacks a key", `"description":"",`, "", "policy_malformed", ""},
	{"is of an unknown mode", `"enforce"`, `"shadow"`, "policy_malformed", "/mode"},
	{"is of no pack", `"packs":[{"id":"p","layer":"host","version":"1"}]`, `"packs":[]`, "policy_malformed", "/packs"},
	{"has a default without verdict", `"read":{"unknown":"allow","verdict":"allow"}`, `"read":{"unknown":"allow"}`, "policy_malformed", "/defaults/read"},
	{"has a default of an unknown kind", `"read":{`, `"reed":{`, "policy_malformed", "/defaults/reed"},
	{"has a default with a host's verdict", `"read":{`, `"read":{"host":"warn",`, "", ""},
	{"has an unknown verdict", `"unless":[],"verdict":"deny"`, `"unless":[],"verdict":"Deny"`, "policy_malformed", "/rules/0/verdict"},
	{"has a rule without clauses", `[{"effect":["read"]}]`, "[]", "policy_malformed", "/rules/0/match"},
	{"has a clause without effect", `{"effect":["read"]}`, `{"place":["here"]}`, "policy_malformed", "/rules/0/match/0"},
	{"has an empty list", `{"effect":["read"]}`, `{"effect":["read"],"path":[]}`, "policy_malformed", "/rules/0/match/0/path"},
	{"has an empty glob", `{"effect":["read"]}`, `{"effect":["read"],"path":[""]}`, "policy_malformed", "/rules/0/match/0/path/0"},
	{"has a flag that is a text", `{"effect":["read"]}`, `{"effect":["read"],"unknown":"true"}`, "policy_malformed", "/rules/0/match/0/unknown"},
	{"has a key in another case", `{"effect":["read"]}`, `{"Effect":["read"]}`, "policy_malformed", "/rules/0/match/0/Effect"},
	{"has instead without text", `"instead":null`, `"instead":{"command":"","text":""}`, "policy_malformed", "/rules/0/instead/text"},
	{"has an exception without clauses", `"match":[{"effect":["exec"]}]`, `"match":[]`, "policy_malformed", "/exceptions/0/match"},
	{"has an exception without end", `,"until":""`, "", "policy_malformed", "/exceptions/0"},
	{"has an exception with a key too many", `"until":""`, `"until":"","id":""`, "policy_malformed", "/exceptions/0/id"},
	{"trusts as nobody does", `"tier":"limited"`, `"tier":"fully"`, "policy_malformed", "/mcp_trust/0/tier"},
	{"trusts with an unknown verdict", `"verdict":null`, `"verdict":""`, "policy_malformed", "/mcp_trust/0/verdict"},
	{"trusts with a verdict", `"verdict":null`, `"verdict":"warn"`, "", ""},
	{"trusts a tool with a key too many", `"tool":"x"`, `"tool":"x","tier":"limited"`, "policy_malformed", "/mcp_trust/0/tools/0/tier"},
	{"trusts a tool without verdict", `{"tool":"x","verdict":"deny"}`, `{"tool":"x"}`, "policy_malformed", "/mcp_trust/0/tools/0"},
	{"trusts in no layer", `"layer":"host","server"`, `"layer":"guest","server"`, "policy_malformed", "/mcp_trust/0/layer"},
	{"has a route for nothing", `"count":1`, `"count":0`, "policy_malformed", "/approval_routes/0/count"},
	{"has a route for a half", `"count":1`, `"count":1.5`, "policy_malformed", "/approval_routes/0/count"},
	{"has a route for too many", `"count":1`, `"count":3e9`, "policy_malformed", "/approval_routes/0/count"},
	{"has a route for a text", `"count":1`, `"count":"1"`, "policy_malformed", "/approval_routes/0/count"},
	{"has a route of unknown severities", `"severities":["low"]`, `"severities":["lowest"]`, "policy_malformed", "/approval_routes/0/severities/0"},
	{"has a route with a key too many", `"count":1`, `"count":1,"who":1`, "policy_malformed", "/approval_routes/0/who"},
	{"has a route without approvers", `"approvers":[],`, "", "policy_malformed", "/approval_routes/0"},
	{"has a pack with a key too many", `"packs":[{`, `"packs":[{"a/b~":1,`, "policy_malformed", "/packs/0/a~1b~0"},
	{"has a pack without version", `,"version":"1"}],"rules"`, `}],"rules"`, "policy_malformed", "/packs/0"},
	{"has a rule of no layer", `"layer":"host","match"`, `"layer":"","match"`, "policy_malformed", "/rules/0/layer"},
	{"has a rule with a key too many", `"overridable":"host"`, `"overridable":"host","tests":[]`, "policy_malformed", "/rules/0/tests"},
	{"has a rule without id", `"id":"a",`, "", "policy_malformed", "/rules/0"},
	{"has an id that is a number", `"id":"a"`, `"id":1`, "policy_malformed", "/rules/0/id"},
	{"has an unknown severity", `"severity":"medium"`, `"severity":"Medium"`, "policy_malformed", "/rules/0/severity"},
	{"has a rule that anybody may change", `"overridable":"host"`, `"overridable":"all"`, "policy_malformed", "/rules/0/overridable"},
	{"has instead that is a text", `"instead":null`, `"instead":"ls"`, "policy_malformed", "/rules/0/instead"},
	{"has instead", `"instead":null`, `"instead":{"command":"","text":"x"}`, "", ""},
	{"has instead with a key too many", `"instead":null`, `"instead":{"command":"","text":"x","why":""}`, "policy_malformed", "/rules/0/instead/why"},
	{"has a word that the key does not know", `{"effect":["read"]}`, `{"effect":["read"],"extent":["all"]}`, "policy_malformed", "/rules/0/match/0/extent/0"},
	{"has a list that is a text", `{"effect":["read"]}`, `{"effect":["read"],"path":"a"}`, "policy_malformed", "/rules/0/match/0/path"},
	{"has a catalogue that is no object", `"catalogue":{}`, `"catalogue":[]`, "policy_malformed", "/catalogue"},
	{"has a catalogue's digest of another form", `"catalogue_digest":"sha256:44`, `"catalogue_digest":"sha256:4G`, "policy_malformed", "/catalogue_digest"},
}

func TestACompiledPolicyIsReadOrRefusedWithTheFirstThingThatIsWrong(t *testing.T) {
	text := vectors.Canonical(t, policyOf(t, "audit"))
	for key, items := range fullLists {
		text = strings.Replace(text, `"`+key+`":[]`, `"`+key+`":[`+items+`]`, 1)
	}
	text = strings.ReplaceAll(text, `"mode":"audit"`, `"mode":"enforce"`)
	for _, one := range malformed {
		changed := strings.Replace(text, one.from, one.to, 1)
		code, at := "", ""
		if _, problem := ReadCompiled(sealed(t, changed)); problem != nil {
			code, at = problem.Code, problem.At
		}
		if code != one.code || at != one.at {
			t.Errorf("a policy that %s: `%s` at %q", one.name, code, at)
		}
	}
	if _, problem := ParseCompiled([]byte(text)); problem == nil || problem.Code != "digest_mismatch" {
		t.Errorf("changed after it was made: %v", problem)
	}
	if _, problem := ParseCompiled([]byte(text[:100])); problem == nil || problem.Code != "json_unexpected_end" {
		t.Errorf("cut off: %v", problem)
	}
	if _, problem := ParseCompiled(make([]byte, MaxPolicyBytes+1)); problem == nil || problem.Code != "json_too_large" {
		t.Errorf("too large: %v", problem)
	}
}

var fullLists = map[string]string{
	"exceptions":      `{"match":[{"effect":["exec"]}],"pack":"p","reason":"","rule":"a","until":""}`,
	"mcp_trust":       `{"layer":"host","server":"*","tier":"limited","tools":[{"tool":"x","verdict":"deny"}],"verdict":null}`,
	"approval_routes": `{"approvers":[],"count":1,"id":"r","rules":[],"severities":["low"]}`,
}

func TestRulesAreAtMostAsManyAsTheLimit(t *testing.T) {
	rules := make([]Rule, MaxPolicyRules+1)
	for i := range rules {
		rules[i].ID = strconv.Itoa(1_000_000 + i)
	}
	for _, one := range []struct {
		count   int
		refused bool
	}{{MaxPolicyRules, false}, {MaxPolicyRules + 1, true}} {
		r := newShapeReader()
		r.checkRules(rules[:one.count])
		if (r.Problem != nil) != one.refused {
			t.Errorf("%d rules: %v", one.count, r.Problem)
		}
	}
}

func TestRulesStandInTheOrderOfTheirIdsEachOnce(t *testing.T) {
	var policy map[string]any
	if err := json.Unmarshal(policyOf(t, "audit"), &policy); err != nil {
		t.Fatal(err)
	}
	for _, table := range []struct {
		ids  []string
		code string
	}{{nil, ""}, {[]string{"a", "b"}, ""}, {[]string{"a", "a"}, "policy_malformed"}, {[]string{"～", "\U0001F600"}, ""}, {[]string{"b", "a"}, "policy_malformed"}} {
		rules := []any{}
		for _, id := range table.ids {
			rule := map[string]any{}
			for key, value := range policy["rules"].([]any)[0].(map[string]any) {
				rule[key] = value
			}
			rule["id"] = id
			rules = append(rules, rule)
		}
		changed := map[string]any{}
		for key, value := range policy {
			changed[key] = value
		}
		changed["rules"] = rules
		text, err := json.Marshal(changed)
		if err != nil {
			t.Fatal(err)
		}
		code := ""
		if _, problem := ReadCompiled(sealed(t, string(text))); problem != nil {
			code = problem.Code
		}
		if code != table.code {
			t.Errorf("%q: %q", table.ids, code)
		}
	}
}

// FuzzCompiledPolicy: what is read is judged by without harm, by the same rules as a look at every clause finds, in canonical JSON. The dice turn one policy into another,
// place by place; changing its bytes alone would hardly ever leave one that is read.
func FuzzCompiledPolicy(f *testing.F) {
	seeds := []string{
		"audit", "instead", "exception-trust", "trust-tools", "many", "raised-default-replaced-by-the-whole", "file-tree-above", "file-unless-pattern",
		"file-covers",
	}
	for _, name := range seeds {
		f.Add(policyOf(f, name), []byte{1, 2, 3, 4})
	}
	change := &model.Change{Effects: []model.Effect{
		{Kind: "read", Target: "/srv/app/.env", Extent: "exact", Place: "here"},
		{Kind: "delete", Target: "/srv/app", Extent: "tree", Place: "here", Via: []string{"sudo"}},
		{Kind: "write", Target: "/srv/*/[a-c]?", Extent: "pattern", Place: "elsewhere"},
		{Kind: "exec", Program: "terraform", Subcommand: "apply", Options: []string{"force"}, Known: true, Place: "here"},
		{Kind: "call", Server: "github", Tool: "delete_repo", Capability: "write", Place: "here"},
		{Kind: "network", Host: "a.example.com", Direction: "send", Data: "derived", Place: "here"},
		{Kind: "git", Operation: "push", Ref: "main", Force: "force", Place: "here"},
		{Kind: "opaque", Reason: "unknown_code", Detail: "python", Place: "here"},
	}}
	subject := &Subject{Agent: "codex", Home: "/home/dev", WorkspaceRoot: "/srv/app", DefaultBranch: "main", Now: "2026-11-23T06:00:00Z"}
	f.Fuzz(func(t *testing.T, text, dice []byte) {
		_, _ = ParseCompiled(text)
		value, problem := base.ParseJSON(text, base.DefaultJSONLimits)
		if problem != nil || value.Kind != base.JSONObject {
			return
		}
		for ; len(dice) >= 4; dice = dice[4:] {
			places := placesIn(value, nil)
			other := placesIn(places[int(dice[2])%len(places)], nil)
			if len(places) < 3000 && len(other) < 100 {
				turn(places[(int(dice[0])<<8|int(dice[1]))%len(places)], clone(other[0]), dice[3])
			}
		}
		seal(value)
		compiled, problem := ReadCompiled(value)
		if problem != nil {
			return
		}
		opened := Open(&compiled.Rulebook)
		judged := Judge(change, subject, opened)
		checkJudged(t, judged)
		for i := range change.Effects {
			seen := sightOf(&change.Effects[i], standOf(subject, base.MakeWorld(subject.Home, subject.WorkspaceRoot)))
			if found, held := foundRules(opened, seen), holdingRules(opened, seen); !slices.Equal(found, held) {
				t.Errorf("effect %d: the index finds %q, and %q hold", i, found, held)
			}
		}
		first, code := judgement.Append(nil, judged)
		second, _ := judgement.Append(nil, Judge(change, subject, Open(&compiled.Rulebook)))
		if code != "" || string(first) != string(second) || vectors.Canonical(t, first) != string(first) {
			t.Errorf("judged %q %s", code, first)
		}
	})
}

// checkJudged: the verdict is the strictest ruling's, and each ruling that a rule decides names one.
func checkJudged(t *testing.T, judged *judgement.Judgement) {
	t.Helper()
	strictest := base.Allow
	for i, ruling := range judged.Rulings {
		if base.IsStricter(ruling.Verdict, strictest) {
			strictest = ruling.Verdict
		}
		if ruling.Effect != i || ruling.Source == "rule" && len(ruling.Rules) == 0 {
			t.Errorf("ruling %d: %+v", i, ruling)
		}
	}
	if judged.Verdict != strictest {
		t.Errorf("%s, and the strictest ruling is %s", judged.Verdict, strictest)
	}
}

// placesIn is every value in a document, itself first.
func placesIn(value *base.JSONValue, found []*base.JSONValue) []*base.JSONValue {
	found = append(found, value)
	for i := range value.Items {
		found = placesIn(&value.Items[i], found)
	}
	for i := range value.Members {
		found = placesIn(&value.Members[i].Value, found)
	}
	return found
}

func clone(value *base.JSONValue) *base.JSONValue {
	copied := *value
	copied.Items, copied.Members = nil, nil
	for i := range value.Items {
		copied.Items = append(copied.Items, *clone(&value.Items[i]))
	}
	for _, member := range value.Members {
		copied.Members = append(copied.Members, base.JSONMember{Key: member.Key, Value: *clone(&member.Value)})
	}
	return &copied
}

var turnings = []string{
	"allow", "warn", "deny", "unknown", "read", "exec", "here", "host", "workspace", "**", "**/*.json", "~/**", "${workspace}/**", "${branch.default}", "{a,}", "*",
	"/srv/app/[a-c]*", "bad[", "", "never", "2027-01-01T00:00:00Z", "default.read", "mcp_trust.*",
}

// turn changes one value: to a text, to what stands at another place, to one item more or fewer, or to one key fewer.
func turn(value, other *base.JSONValue, die byte) {
	switch kind := int(die) % (len(turnings) + 8); {
	case kind < len(turnings):
		if value.Kind == base.JSONString {
			value.Text = turnings[kind]
		}
	case kind == len(turnings) && value.Kind == base.JSONArray && other.Kind != base.JSONArray && len(value.Items) < 20:
		value.Items = append(value.Items[:len(value.Items):len(value.Items)], *other)
	case kind == len(turnings)+1 && len(value.Items) > 0:
		value.Items = value.Items[1:]
	case kind == len(turnings)+2 && len(value.Members) > 0:
		value.Members = value.Members[1:]
	case kind == len(turnings)+3 && value.Kind == base.JSONBool:
		value.Bool = !value.Bool
	case value.Kind == other.Kind:
		*value = *other
	}
}

func policyOf(t testing.TB, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(vectors.Spec(t), "vectors", "policy", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var one policyCase
	if err := json.Unmarshal(text, &one); err != nil {
		t.Fatal(err)
	}
	return one.Policy
}

// sealed is the value of a JSON text with the digest that fits it.
func sealed(t *testing.T, text string) *base.JSONValue {
	t.Helper()
	if strings.HasPrefix(text, "[") {
		text += "]"
	}
	value, problem := base.ParseJSON([]byte(text), base.DefaultJSONLimits)
	if problem != nil {
		t.Fatal(problem)
	}
	seal(value)
	return value
}

func seal(value *base.JSONValue) {
	digest, has := value.Get("digest")
	if !has {
		return
	}
	body := base.JSONValue{Kind: base.JSONObject}
	for _, member := range value.Members {
		if member.Key != "digest" {
			body.Members = append(body.Members, member)
		}
	}
	bytes, problem := base.CanonicalJSON(&body)
	if problem == nil {
		*digest = base.JSONValue{Kind: base.JSONString, Text: base.Sha256(bytes)}
	}
}
