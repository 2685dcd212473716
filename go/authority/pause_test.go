// Runs spec/vectors/pause: when a pause holds, by which clocks; and what is answered while it does. Twin of test/vectors/pause.test.ts.

package authority_test

import (
	"encoding/json"
	"testing"

	"cavra.dev/runtime/authority"
	"cavra.dev/runtime/base"
	"cavra.dev/runtime/internal/vectors"
	"cavra.dev/runtime/judgement"
	"cavra.dev/runtime/policy"
)

type pauseCase struct {
	vectors.Head
	Pause  json.RawMessage `json:"pause"`
	Moment struct {
		Now      string  `json:"now"`
		UptimeMs float64 `json:"uptime_ms"`
		Boot     string  `json:"boot"`
	} `json:"moment"`
	Expect bool `json:"expect"`
}

func TestPauseVectors(t *testing.T) {
	vectors.Run(t, "pause", func(t *testing.T, one pauseCase) {
		pause := authority.ReadPause(one.Pause)
		now, problem := base.ParseTime(one.Moment.Now)
		if pause == nil || problem != nil {
			t.Fatalf("read %v, %v", pause, problem)
		}
		if authority.Holds(pause, authority.Moment{NowMs: now, UptimeMs: one.Moment.UptimeMs, Boot: one.Moment.Boot}) != one.Expect {
			t.Errorf("%+v", pause)
		}
	})
}

func TestWhatIsNoPauseIsNone(t *testing.T) {
	for _, text := range []string{"", "null", "[]", "{}", `{"schema_version":"cavra.pause.v1"}`, `{"schema_version":1}`} {
		if pause := authority.ReadPause([]byte(text)); pause != nil {
			t.Errorf("%q is %+v", text, pause)
		}
	}
}

func TestUnderAPauseOnlyADenyThatNobodyMayExceptStops(t *testing.T) {
	book := &policy.Rulebook{Rules: []policy.Rule{{ID: "hard", Overridable: "never"}, {ID: "soft", Overridable: "host"}}}
	table := []struct{ verdict, id, of, want base.Verdict }{
		{"deny", "hard", "deny", "deny"},
		{"deny", "hard", "require_approval", "warn"},
		{"deny", "soft", "deny", "warn"},
		{"require_approval", "soft", "require_approval", "warn"},
		{"require_approval", "hard", "require_approval", "warn"},
		{"warn", "hard", "warn", "warn"},
		{"allow", "soft", "allow", "allow"},
	}
	for _, one := range table {
		uses := []judgement.RuleUse{{ID: string(one.id), Verdict: one.of}}
		judged := &judgement.Judgement{Verdict: one.verdict, Rulings: []judgement.Ruling{{}, {Rules: uses}}}
		if got := authority.Paused(judged, book); got != one.want {
			t.Errorf("%+v: %s", one, got)
		}
	}
}
