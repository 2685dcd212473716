// An object in parts is the object that ParseJSON reads, or text that it refuses.

package base_test

import (
	"slices"
	"testing"

	"cavra.dev/runtime/base"
)

func TestAnObjectInPartsIsTheObjectAsAWhole(t *testing.T) {
	for _, text := range []string{
		`{}`, ` { "a" : 1 , "b":[{"c":"}"}],"c":"\"}","d\u0041":null,"e":{"f":"\\"} } `, `{"a":true}`, `{"":-1.5e3}`, "{\"a\":\t\"x\"\r\n}",
	} {
		whole, problem := base.ParseJSON([]byte(text), base.DefaultJSONLimits)
		members, refused := base.SplitObject([]byte(text))
		if problem != nil || refused != nil || len(members) != len(whole.Members) {
			t.Fatalf("%s: %v, %v, %d members", text, problem, refused, len(members))
		}
		for i, member := range members {
			part, problem := base.ParseJSON(member.Raw, base.DefaultJSONLimits)
			if problem != nil || member.Key != whole.Members[i].Key || !slices.Equal(canonical(t, part), canonical(t, &whole.Members[i].Value)) {
				t.Errorf("%s: %q is %s", text, member.Key, member.Raw)
			}
		}
	}
}

func canonical(t *testing.T, value *base.JSONValue) []byte {
	t.Helper()
	text, problem := base.CanonicalJSON(value)
	if problem != nil {
		t.Fatal(problem)
	}
	return text
}

func TestWhatIsNoObjectIsRefusedAsAWhole(t *testing.T) {
	table := map[string]string{
		``: "json_unexpected_end", `{`: "json_unexpected_end", `{"a"`: "json_unexpected_end", `{"a":`: "json_unexpected_end", `{"a":"`: "json_unexpected_end",
		`{"a":1,"a":2}`: "json_duplicate_key", `{"a":1}x`: "json_trailing_text", `{"a":1,}`: "json_unexpected_character",
		`{a:1}`: "json_unexpected_character", `{"a":}`: "json_unexpected_character", `[1]`: "json_unexpected_character", `"a"`: "json_unexpected_character",
		`{"\x":1}`: "json_bad_escape", `{"a":1]`: "json_unexpected_character", `{"a" 1}`: "json_unexpected_character",
	}
	for text, want := range table {
		if members, problem := base.SplitObject([]byte(text)); problem == nil || problem.Code != want {
			t.Errorf("%s: %v, %v, not %s", text, members, problem, want)
		}
	}
}

// What is wrong inside of a value is found when the value is read.
func TestAPartMayBeRefusedLater(t *testing.T) {
	members, problem := base.SplitObject([]byte(`{"a":tru,"b":[1 2],"c":{"d" 1}}`))
	if problem != nil {
		t.Fatal(problem)
	}
	for _, member := range members {
		if _, problem := base.ParseJSON(member.Raw, base.DefaultJSONLimits); problem == nil {
			t.Errorf("%s is read", member.Raw)
		}
	}
}

func FuzzAnObjectInParts(f *testing.F) {
	f.Add([]byte(`{"a":"\\\"","b":[{},"]"]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		members, refused := base.SplitObject(text)
		whole, problem := base.ParseJSON(text, base.DefaultJSONLimits)
		if problem != nil || whole.Kind != base.JSONObject {
			return
		}
		if refused != nil || len(members) != len(whole.Members) {
			t.Fatalf("%q: %v", text, refused)
		}
		for i, member := range members {
			part, problem := base.ParseJSON(member.Raw, base.DefaultJSONLimits)
			if problem != nil || member.Key != whole.Members[i].Key {
				t.Fatalf("%q: %q is %s", text, member.Key, member.Raw)
			}
			if !slices.Equal(canonical(t, part), canonical(t, &whole.Members[i].Value)) {
				t.Fatalf("%q: %q is %s", text, member.Key, member.Raw)
			}
		}
	})
}
