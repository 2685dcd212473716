// Hostile texts for what reads them: nothing panics or hangs, and what is read is read the same way again. `go test -fuzz NAME ./base`.

package base_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"cavra.dev/runtime/base"
)

func FuzzParseJSON(f *testing.F) {
	for _, text := range []string{`{"a":[1,-0,1e21,"\ud83d\ude00"]}`, `[[[]]]`, `"\ud800"`, `1e400`, `{"a":1,"a":2}`, "\xff", `{"～":1,"😀":2}`, `0.1e-7`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, input []byte) {
		value, problem := base.ParseJSON(input, base.DefaultJSONLimits)
		if problem != nil {
			return
		}
		// What the strict reader takes is JSON to the platform's too.
		if !json.Valid(input) {
			t.Fatal("no JSON was read")
		}
		canonical, problem := base.CanonicalJSON(value)
		if problem != nil {
			t.Fatalf("what was read cannot be written: %s", problem.Code)
		}
		again, problem := base.ParseJSON(canonical, base.DefaultJSONLimits)
		if problem != nil {
			t.Fatalf("what was written cannot be read: %s", problem.Code)
		}
		if twice, _ := base.CanonicalJSON(again); !bytes.Equal(canonical, twice) {
			t.Fatalf("%s\n%s", canonical, twice)
		}
	})
}

func FuzzGlob(f *testing.F) {
	for _, pair := range [][2]string{{"**/.env*", "/srv/app/.env"}, {"~/{a,b}/[!x]?", "/home/a/b/cd"}, {"${workspace}/**", "/x/**"}, {"[[:x:]]\\", "[z-a]"}} {
		f.Add(pair[0], pair[1], true)
	}
	f.Fuzz(func(t *testing.T, text, against string, fold bool) {
		set := base.PatternComponents(against)
		if glob, problem := base.CompileTextGlob(text, fold); problem == nil {
			base.MatchTextGlob(glob, against)
		}
		glob, problem := base.CompileGlob(text, fold)
		if problem != nil {
			return
		}
		world := base.MakeWorld("/home/dev", "/srv/app")
		base.MatchGlob(glob, base.NamesOf(against), world)
		for _, alternative := range glob.Alternatives {
			meets := base.Meets(alternative.Components, set, fold)
			intersects := base.Intersects(alternative.Components, set, fold)
			if meets && !intersects {
				t.Fatal("they meet, and share no path")
			}
			if base.Includes(alternative.Components, set, fold) && !intersects && base.Includes(set, set, false) && !base.Includes(nil, set, false) {
				t.Fatal("one holds the other, and they share no path")
			}
		}
	})
}
