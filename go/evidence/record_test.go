// What no vector says of records: spans in redacted text, the answer, frames that come in pieces, and that redacting and reading are total.

package evidence_test

import (
	"bytes"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/evidence"
	"cavra.dev/runtime/internal/vectors"
	"cavra.dev/runtime/judgement"
)

const recordID = "dec_01m6gpfk4ne00r40r40m30e209"

var redactionKey = make([]byte, 32)

func recordOf(t testing.TB, target string) *evidence.BuiltRecord {
	t.Helper()
	built, problem := evidence.BuildRecord(&evidence.RecordInput{
		RecordID: recordID,
		Decision: base.Deny,
		Basis:    evidence.Basis{Code: "policy"},
		Action:   &model.Action{ActionType: "execute_command", Target: target, Cwd: "/srv/app", WorkspaceRoot: "/srv/app"},
		Judgement: &judgement.Judgement{
			Verdict: base.Deny, Severity: "high", Reason: "because", RuleID: "a.rule",
			Effects: []model.Effect{{Kind: "read", Target: target, Extent: "exact", Place: "here", Via: []string{target}}},
			Policy:  judgement.Policy{ID: "p", Version: "1", Mode: "enforce"},
			Rulings: []judgement.Ruling{{Verdict: base.Deny, Source: "rule"}},
		},
		Engine: evidence.Engine{Backend: "go", Version: "1"},
	}, redactionKey)
	if problem != nil {
		t.Fatal(problem.Code)
	}
	return built
}

func TestASpanOfTheOriginalIsFoundInTheRedactedText(t *testing.T) {
	target := "PW=letmein cat a; TOKEN=abc123def cat b"
	record := recordOf(t, target).Record
	table := []struct{ part, shown string }{
		{"PW", `^PW$`},
		{"PW=letmein", `^PW=\[redacted:password:\w{16}\]$`},
		{"tme", `^\[redacted:password:\w{16}\]$`},
		{"cat a", `^cat a$`},
		{"in cat a; TOKEN=ab", `^\[redacted:password:\w{16}\] cat a; TOKEN=\[redacted:secret:\w{16}\]$`},
		{"cat b", `^cat b$`},
		{target, `^PW=\[.*\] cat b$`},
	}
	for _, one := range table {
		start := strings.Index(target, one.part)
		span := evidence.RedactedSpan(base.Span{Start: start, End: start + len(one.part)}, "/action/target", record.Redactions)
		if shown := record.Action.Target[span.Start:span.End]; !regexp.MustCompile(one.shown).MatchString(shown) {
			t.Errorf("%q is shown as %q", one.part, shown)
		}
	}
}

func TestTheAnswerIsTheRecordsWithItsEvidence(t *testing.T) {
	record := recordOf(t, "cat a").Record
	position := &evidence.JournalPosition{File: "2026-11-23.journal", Offset: 1, Length: 2}
	text, code := evidence.AppendDecision(nil, evidence.DecisionOf(record, evidence.Evidence{Status: "recorded", RecordDigest: "d", Journal: position}))
	if code != "" || vectors.Canonical(t, text) != string(text) || !bytes.Contains(text, []byte(`"journal":{"file":"2026-11-23.journal","length":2,"offset":1}`)) ||
		bytes.Contains(text, []byte(`"instead"`)) {
		t.Errorf("answered %s", text)
	}
	record.Judgement, record.Basis = nil, evidence.Basis{Code: "policy_invalid", Reason: "it does not load"}
	text, code = evidence.AppendDecision(nil, evidence.DecisionOf(record, evidence.Evidence{Status: "dry_run"}))
	want := `{"change":{"effects":[]},"decision":"deny","decision_id":"` + recordID + `","evidence":{"journal":null,"record_digest":"","status":"dry_run"},` +
		`"policy":{"digest":"","id":"","mode":"enforce","rulings":[],"version":""},"reason":"it does not load","rule_id":"","severity":"high",` +
		`"who":{"agent":"","branch":"","channel":"","host":"","repository":"","session":"","sub_agent":"","unattended":false,"user":""}}`
	if code != "" || string(text) != want {
		t.Errorf("answered %s", text)
	}
}

func TestARecordIsNotMadeOfTextsThatAreNoUTF8(t *testing.T) {
	_, problem := evidence.BuildRecord(&evidence.RecordInput{RecordID: recordID, Action: &model.Action{Target: "\xff"}}, redactionKey)
	if problem == nil || problem.Code != "json_lone_surrogate" {
		t.Errorf("refused as %v", problem)
	}
}

// FuzzRedact: markers are kept, what was redacted has no secret that stands out, and the input stays as it was.
func FuzzRedact(f *testing.F) {
	for _, seed := range []string{"PW=a1b2c3 ls", "curl -u ada:s3cret https://x:y@z", `{"password":"hun\"ter2"}`, "Authorization: Bearer abcdefgh12345678ij", "sk-"} {
		f.Add(seed, "TOKEN=abc123def")
	}
	f.Fuzz(func(t *testing.T, target, other string) {
		target, other = strings.ToValidUTF8(target, "?"), strings.ToValidUTF8(other, "?")
		given := &evidence.Redactable{Action: &model.Action{Target: target, Arguments: other}, Effects: []model.Effect{{Kind: "read", Target: target}}}
		redacted, redactions := evidence.Redact(given, recordID, redactionKey)
		if given.Action.Target != target || given.Effects[0].Target != target {
			t.Fatal("the input was changed")
		}
		for _, one := range redactions {
			whole := map[string]string{"/action/target": target, "/action/arguments": other, "/judgement/effects/0/target": target}[one.Path]
			if one.Span.Start < 0 || one.Span.End > len(whole) || one.Span.Start > one.Span.End {
				t.Fatalf("%+v of %q", one, whole)
			}
			salt := evidence.SaltOf(redactionKey, recordID, one.Path, one.Span.Start)
			if evidence.CommitmentOf(salt, whole[one.Span.Start:one.Span.End]) != one.Commitment {
				t.Fatalf("%+v is no commitment to %q", one, whole[one.Span.Start:one.Span.End])
			}
		}
		if len(redacted.Action.Target) > evidence.StringBytes+64 {
			t.Fatalf("%d bytes are left", len(redacted.Action.Target))
		}
	})
}

// FuzzScanFrames: items follow each other without a gap, and are the same when the bytes come in pieces.
func FuzzScanFrames(f *testing.F) {
	built := recordOf(f, "cat a")
	frame := evidence.EncodeFrame(built.Text, built.Digest)
	f.Add(slices.Concat(frame, frame), uint16(7))
	f.Add(slices.Concat(frame[:100], frame, []byte("\n\n1 x\nfoo")), uint16(1))
	f.Fuzz(func(t *testing.T, content []byte, given uint16) {
		whole, consumed := evidence.ScanFrames(content, 5, true)
		if consumed != len(content) {
			t.Fatalf("%d of %d bytes", consumed, len(content))
		}
		at := int64(5)
		for _, item := range whole {
			if item.Offset != at || item.Length < 1 {
				t.Fatalf("%+v at %d", item, at)
			}
			at += item.Length
		}
		var parts []evidence.FrameItem
		done := 0
		// What is not done comes again with the next piece: many small pieces of a long line would cost their product.
		piece := max(int(given), len(content)/64)
		for end := 0; end < len(content); {
			end = min(end+piece+1, len(content))
			items, consumed := evidence.ScanFrames(content[done:end], int64(5+done), end == len(content))
			parts = append(parts, items...)
			done += consumed
		}
		same := func(a, b evidence.FrameItem) bool {
			return a.Offset == b.Offset && a.Length == b.Length && a.Damage == b.Damage && a.Digest == b.Digest
		}
		if !slices.EqualFunc(whole, parts, same) {
			t.Fatalf("whole %+v\nparts %+v", whole, parts)
		}
	})
}

func TestAValueIsTakenOutWhereverItStandsElsewhere(t *testing.T) {
	value := "p4ss!word"
	given := &evidence.Redactable{
		Action:  &model.Action{Arguments: value + " and " + value, Target: "mysql -p" + value},
		Effects: []model.Effect{{Kind: "exec", Options: []string{"a", value}}},
		Who:     evidence.Who{Branch: value},
	}
	redacted, redactions := evidence.Redact(given, recordID, redactionKey)
	var places []string
	for _, one := range redactions {
		places = append(places, one.Path+" "+strconv.Itoa(one.Span.Start)+" "+one.Kind)
	}
	want := []string{
		"/action/arguments 0 password", "/action/arguments 14 password", "/action/target 8 password",
		"/judgement/effects/0/options/1 0 password", "/who/branch 0 password",
	}
	if !slices.Equal(places, want) || strings.Contains(redacted.Action.Arguments+redacted.Effects[0].Options[1]+redacted.Who.Branch, value) {
		t.Errorf("redacted %q", places)
	}
	if given.Effects[0].Options[1] != value || given.Who.Branch != value {
		t.Error("the input was changed")
	}
}
