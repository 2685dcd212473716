// Hostile texts for what reads them, each against a second answer: encoding/json for JSON, and the slow globs of glob_slow_test.go for globs.
// `go test -fuzz NAME ./base`.

package base_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"cavra.dev/runtime/base"
)

// stricter are the refusals of texts that are JSON all the same.
var stricter = []string{"json_duplicate_key", "json_lone_surrogate", "json_not_finite", "json_too_deep", "json_invalid_utf8"}

func FuzzParseJSON(f *testing.F) {
	for _, text := range []string{`{"a":[1,-0,1e21,"\ud83d\ude00"]}`, `[[[]]]`, `"\ud800"`, `1e400`, `{"a":1,"a":2}`, "\xff", `{"～":1,"😀":2}`, `0.1e-7`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, input []byte) {
		value, problem := base.ParseJSON(input, base.DefaultJSONLimits)
		if problem != nil {
			if json.Valid(input) && !slices.Contains(stricter, problem.Code) {
				t.Fatalf("JSON was refused: %s", problem.Code)
			}
			return
		}
		// What the strict reader takes is JSON to the platform's too, and the same value.
		var theirs any
		if err := json.Unmarshal(input, &theirs); err != nil {
			t.Fatalf("no JSON was read: %v", err)
		}
		if !isSameValue(value, theirs) {
			t.Fatalf("%v was read as %v", theirs, value)
		}
		canonical, problem := base.CanonicalJSON(value)
		if problem != nil {
			t.Fatalf("what was read cannot be written: %s", problem.Code)
		}
		again, problem := base.ParseJSON(canonical, base.DefaultJSONLimits)
		if problem != nil {
			t.Fatalf("what was written cannot be read: %s", problem.Code)
		}
		if err := json.Unmarshal(canonical, &theirs); err != nil || !isSameValue(value, theirs) {
			t.Fatalf("%s is another value: %v", canonical, err)
		}
		if twice, _ := base.CanonicalJSON(again); !bytes.Equal(canonical, twice) {
			t.Fatalf("%s\n%s", canonical, twice)
		}
	})
}

func isSameValue(ours *base.JSONValue, theirs any) bool {
	switch theirs := theirs.(type) {
	case nil:
		return ours.Kind == base.JSONNull
	case bool:
		return ours.Kind == base.JSONBool && ours.Bool == theirs
	case float64:
		return ours.Kind == base.JSONNumber && ours.Number == theirs
	case string:
		return ours.Kind == base.JSONString && ours.Text == theirs
	case []any:
		same := ours.Kind == base.JSONArray && len(ours.Items) == len(theirs)
		for i := 0; same && i < len(theirs); i++ {
			same = isSameValue(&ours.Items[i], theirs[i])
		}
		return same
	case map[string]any:
		same := ours.Kind == base.JSONObject && len(ours.Members) == len(theirs)
		for i := 0; same && i < len(ours.Members); i++ {
			other, is := theirs[ours.Members[i].Key]
			same = is && isSameValue(&ours.Members[i].Value, other)
		}
		return same
	}
	return false
}

func FuzzGlob(f *testing.F) {
	for _, pair := range [][2]string{
		{"**/.env*", "/srv/app/.env"}, {"~/{a,b}/[!x]?", "/home/dev/b/cd"}, {"${workspace}/**", "/srv/app/x"}, {"[[:x:]]\\", "[z-a]"},
		{"{a,{b,},}c/\\{", "/srv/app/bc/{"}, {"[]a-]*[!]-]", "/srv/app/-b"}, {"{[},],x}", "/srv/app/}"}, {"{~,/é}/**/?", "/é/x/y/Z"},
	} {
		f.Add(pair[0], pair[1], true)
		f.Add(pair[0], pair[1], false)
	}
	f.Fuzz(func(t *testing.T, text, against string, fold bool) {
		slowly := len(text) < 80 && len(against) < 80 && utf8.ValidString(text) && utf8.ValidString(against)
		if glob, problem := base.CompileTextGlob(text, fold); problem == nil {
			if is := base.MatchTextGlob(glob, against); slowly && is != slowTextGlob(text, against, fold) {
				t.Fatalf("%q against %q: %v", text, against, is)
			}
		}
		glob, problem := base.CompileGlob(text, fold)
		if problem != nil {
			return
		}
		world := base.MakeWorld("/home/dev", "/srv/app")
		is := base.MatchGlob(glob, base.NamesOf(against), world)
		if slowly && is != slowGlob(text, against, fold) {
			t.Fatalf("%q against %q: %v", text, against, is)
		}
		// As sets of paths: a path alone is a set that shares a path with the glob exactly if it matches, and then the glob holds it.
		path := base.LiteralComponents(against, false)
		shares, holds := false, false
		for _, one := range readingsOf(glob, world) {
			shares = shares || base.Intersects(one, path, fold)
			holds = holds || base.Includes(one, path, fold)
		}
		if slowly && strings.Count(text, "*") < 5 && (shares != is || holds != is) {
			t.Fatalf("%q against %q: matches %v, shares %v, holds %v", text, against, is, shares, holds)
		}
	})
}

func readingsOf(glob *base.Glob, world *base.World) [][]base.Component {
	var readings [][]base.Component
	for _, alternative := range glob.Alternatives {
		for _, anchor := range base.BasesOf(alternative.Anchor, glob.Fold, world) {
			readings = append(readings, slices.Concat(anchor, alternative.Components))
		}
	}
	return readings
}

// FuzzGlobSets: two sets of paths, and a path of which it is known in which of them it is.
func FuzzGlobSets(f *testing.F) {
	for _, one := range [][3]string{
		{"**/.env*", "/srv/**", "/srv/app/.env"}, {"/a/**", "/a/*", "/a/b"}, {"/[a-f]?*", "/*x", "/bcx"}, {"/A/**/b", "/a/[b-d]*/B", "/a/c/b"},
	} {
		f.Add(one[0], one[1], one[2], true)
	}
	f.Fuzz(func(t *testing.T, text, other, path string, fold bool) {
		glob, problem := base.CompileGlob(text, fold)
		if problem != nil || !utf8.ValidString(text) || !utf8.ValidString(other) || !utf8.ValidString(path) || len(text)+len(other)+len(path) > 200 {
			return
		}
		world := base.MakeWorld("/home/dev", "/srv/app")
		set := base.PatternComponents(other)
		// A set of an effect's target matches as it is written.
		inSet := slowPattern(other, path)
		for _, one := range readingsOf(glob, world) {
			inGlob := slowComponents(one, base.LiteralComponents(path, fold), fold)
			shares, meets, holds := base.Intersects(one, set, fold), base.Meets(one, set, fold), base.Includes(one, set, fold)
			switch {
			case inSet && inGlob && !shares:
				t.Fatalf("%q and %q share %q", text, other, path)
			case inSet && !inGlob && holds:
				t.Fatalf("%q does not hold %q of %q", text, path, other)
			case meets && !shares:
				t.Fatalf("%q and %q meet, and share no path", text, other)
			}
		}
	})
}
