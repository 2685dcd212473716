// Runs spec/vectors/record, journal and host-change: what goes into a record, its bytes, and the bytes of a journal file. The expected digests were
// computed by another program. Twin of test/vectors/record.test.ts, test/vectors/journal.test.ts and test/vectors/host-change.test.ts.

package evidence_test

import (
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/evidence"
	"cavra.dev/runtime/internal/vectors"
	"cavra.dev/runtime/judgement"
)

type recordCase struct {
	vectors.Head
	RedactionKey string          `json:"redaction_key"`
	Input        json.RawMessage `json:"input"`
	TargetParts  []vectors.Part  `json:"target_parts"`
	Expect       struct {
		Record     json.RawMessage `json:"record"`
		Digest     string          `json:"digest"`
		Redactions json.RawMessage `json:"redactions"`
		Code       string          `json:"code"`
	} `json:"expect"`
}

func TestRecordVectors(t *testing.T) {
	vectors.Run(t, "record", func(t *testing.T, one recordCase) {
		// A key that no record may have cannot be in a struct: it is refused where a record is read.
		if code := codeOf(t, one.Input); code != "" {
			if code != one.Expect.Code {
				t.Errorf("refused as %s, not %q", code, one.Expect.Code)
			}
			return
		}
		key, err := hex.DecodeString(one.RedactionKey)
		if err != nil {
			t.Fatal(err)
		}
		input := readInput(t, one.Input)
		if one.TargetParts != nil {
			input.Action.Target = string(vectors.Bytes(t, one.TargetParts))
		}
		before := evidenceOf(t, input)
		built, problem := evidence.BuildRecord(input, key)
		if problem != nil {
			if problem.Code != one.Expect.Code {
				t.Errorf("refused as %s, not %q", problem.Code, one.Expect.Code)
			}
			return
		}
		if built.Digest != one.Expect.Digest {
			t.Errorf("digest %s, not %s", built.Digest, one.Expect.Digest)
		}
		if after := evidenceOf(t, input); after != before {
			t.Errorf("the input was changed to %s", after)
		}
		whole := vectors.Canonical(t, built.Text)
		if whole != string(built.Text) {
			t.Errorf("not canonical: %s", built.Text)
		}
		if one.Expect.Record != nil && whole != vectors.Canonical(t, one.Expect.Record) {
			t.Errorf("recorded %s", whole)
		}
		if one.Expect.Redactions != nil && !strings.Contains(whole, `"redactions":`+vectors.Canonical(t, one.Expect.Redactions)+`,"`) {
			t.Errorf("redacted otherwise: %+v", built.Record.Redactions)
		}
	})
}

// evidenceOf is all texts of an input, as a record would have them without redaction.
func evidenceOf(t *testing.T, input *evidence.RecordInput) string {
	t.Helper()
	text, code := evidence.AppendRecord(nil, &evidence.DecisionRecord{
		RecordID: input.RecordID, Basis: input.Basis, Who: input.Who, Action: input.Action, Judgement: input.Judgement,
	})
	if code != "" {
		t.Fatal(code)
	}
	return string(text)
}

func codeOf(t *testing.T, text []byte) string {
	t.Helper()
	value, problem := base.ParseJSON(text, base.DefaultJSONLimits)
	if problem != nil {
		t.Fatal(problem.Code)
	}
	if _, problem = base.CanonicalRecord(value); problem != nil {
		return problem.Code
	}
	return ""
}

// The keys of the wire, where encoding/json does not find them by itself.
type whoCase struct {
	Agent      string `json:"agent"`
	SubAgent   string `json:"sub_agent"`
	Session    string `json:"session"`
	User       string `json:"user"`
	Host       string `json:"host"`
	Repository string `json:"repository"`
	Branch     string `json:"branch"`
	Channel    string `json:"channel"`
	Unattended bool   `json:"unattended"`
}

type actionCase struct {
	ActionType    string `json:"action_type"`
	Target        string `json:"target"`
	Operation     string `json:"operation"`
	Arguments     string `json:"arguments"`
	Cwd           string `json:"cwd"`
	WorkspaceRoot string `json:"workspace_root"`
}

type inputCase struct {
	RecordID  string             `json:"record_id"`
	Decision  base.Verdict       `json:"decision"`
	Basis     evidence.Basis     `json:"basis"`
	Who       whoCase            `json:"who"`
	Action    *actionCase        `json:"action"`
	Judgement *judgementCase     `json:"judgement"`
	Approval  *evidence.Approval `json:"approval"`
	Engine    evidence.Engine    `json:"engine"`
}

type judgementCase struct {
	Verdict  base.Verdict
	Severity base.Severity
	Reason   string
	RuleID   string `json:"rule_id"`
	Instead  *judgement.Instead
	Effects  []vectors.Effect
	Policy   judgement.Policy
	Rulings  []judgement.Ruling
}

func readInput(t *testing.T, text []byte) *evidence.RecordInput {
	t.Helper()
	var given inputCase
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&given); err != nil {
		t.Fatal(err)
	}
	input := &evidence.RecordInput{
		RecordID: given.RecordID, Decision: given.Decision, Basis: given.Basis,
		Who: evidence.Who(given.Who), Action: (*model.Action)(given.Action), Approval: given.Approval, Engine: given.Engine,
	}
	if given := given.Judgement; given != nil {
		input.Judgement = &judgement.Judgement{
			Verdict: given.Verdict, Severity: given.Severity, Reason: given.Reason, RuleID: given.RuleID, Instead: given.Instead,
			Effects: vectors.Models(given.Effects), Policy: given.Policy, Rulings: given.Rulings,
		}
	}
	return input
}

type journalCase struct {
	vectors.Head
	Input  []vectors.Part `json:"input"`
	Expect []struct {
		Code   string `json:"code"`
		Offset int64  `json:"offset"`
		Length int64  `json:"length"`
	} `json:"expect"`
}

func TestJournalVectors(t *testing.T) {
	vectors.Run(t, "journal", func(t *testing.T, one journalCase) {
		content := vectors.Bytes(t, one.Input)
		items, consumed := evidence.ScanFrames(content, 0, true)
		if consumed != len(content) || len(items) != len(one.Expect) {
			t.Fatalf("%d items in %d of %d bytes, not %d", len(items), consumed, len(content), len(one.Expect))
		}
		for i, item := range items {
			code := item.Damage
			if code == "" {
				code = "record"
			}
			if want := one.Expect[i]; code != want.Code || item.Offset != want.Offset || item.Length != want.Length {
				t.Errorf("item %d is %s from %d, %d long, not %+v", i, code, item.Offset, item.Length, want)
			}
			if item.Damage == "" && !slices.Equal(evidence.EncodeFrame(item.Text, item.Digest), content[item.Offset:item.Offset+item.Length]) {
				t.Errorf("item %d is framed otherwise", i)
			}
		}
	})
}

type hostChangeCase struct {
	vectors.Head
	Input struct {
		RecordID    string                `json:"record_id"`
		Change      string                `json:"change"`
		Person      evidence.ChangePerson `json:"person"`
		Reason      string                `json:"reason"`
		ReasonParts []string              `json:"reason_parts"`
		DecisionID  string                `json:"decision_id"`
		Before      json.RawMessage       `json:"before"`
		After       json.RawMessage       `json:"after"`
		Engine      evidence.Engine       `json:"engine"`
	} `json:"input"`
	Expect struct {
		Record json.RawMessage `json:"record"`
		Digest string          `json:"digest"`
		Code   string          `json:"code"`
	} `json:"expect"`
}

func TestHostChangeVectors(t *testing.T) {
	vectors.Run(t, "host-change", func(t *testing.T, one hostChangeCase) {
		given := one.Input
		if given.ReasonParts != nil {
			given.Reason = strings.Join(given.ReasonParts, "")
		}
		built, problem := evidence.BuildHostChange(evidence.HostChange{
			RecordID: given.RecordID, Change: given.Change, Person: given.Person, Reason: given.Reason, DecisionID: given.DecisionID,
			Before: parsed(t, given.Before), After: parsed(t, given.After), Engine: given.Engine,
		})
		if problem != nil {
			if problem.Code != one.Expect.Code {
				t.Errorf("refused as %s, not %q", problem.Code, one.Expect.Code)
			}
			return
		}
		if built.Digest != one.Expect.Digest || string(built.Text) != vectors.Canonical(t, one.Expect.Record) {
			t.Errorf("made %s %s", built.Digest, built.Text)
		}
	})
}

func parsed(t *testing.T, text []byte) *base.JSONValue {
	t.Helper()
	value, problem := base.ParseJSON(text, base.DefaultJSONLimits)
	if problem != nil {
		t.Fatal(problem.Code)
	}
	return value
}
