// The record of a change of the guard itself: observing, exceptions, pauses. Implements spec/record.md section 11. Twin of src/evidence/host-change.ts.
// It stands in the same journal as the decisions, so that whoever reads them sees under which hand they were made.

package evidence

import (
	"strconv"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/evidence/secrets"
)

// HostChangeSchema of a HostChange.
const HostChangeSchema = "cavra.host-change.v1"

// HostChangePrefix is that of these records' identifiers.
const HostChangePrefix = "chg"

// ReasonBytes is the longest reason.
const ReasonBytes = 500

// ChangePerson is who did it, as far as the machine can say: spec/cli.md 10.4. TTY is "" where there was no terminal.
type ChangePerson struct {
	User string
	UID  int64
	Host string
	TTY  string
}

// HostChange is what is kept of one change.
type HostChange struct {
	RecordID   string
	RecordedAt string
	// Change is one of the words of spec/record.md 11.2.
	Change string
	Person ChangePerson
	Reason string
	// DecisionID is the decision that it answers, or "".
	DecisionID string
	// Before and After: what held before and what holds after, of this one thing; nil for nothing.
	Before *base.JSONValue
	After  *base.JSONValue
	Engine Engine
}

// BuiltHostChange is the record, its canonical bytes, and their digest.
type BuiltHostChange struct {
	Record *HostChange
	Text   []byte
	Digest string
}

// BuildHostChange sets the record's time. Problems: `bad_id`, those of CheckReason, and the codes of spec/record.md section 1 for what has no canonical
// form.
func BuildHostChange(given HostChange) (*BuiltHostChange, *base.Problem) {
	prefix, momentMs, problem := base.ParseID(given.RecordID)
	if problem != nil {
		return nil, problem
	}
	if prefix != HostChangePrefix {
		return nil, base.Bad("bad_id", "`"+given.RecordID+"` is no identifier of a host change")
	}
	if problem := CheckReason(given.Reason); problem != nil {
		return nil, problem
	}
	record := &given
	record.RecordedAt = base.FormatTime(momentMs)
	text, code := appendHostChange(nil, record)
	if code != "" {
		return nil, base.Bad(code, "the record has no canonical form")
	}
	return &BuiltHostChange{Record: record, Text: text, Digest: base.Sha256(text)}, nil
}

// CheckReason has the problems `reason_missing`, `reason_too_long`, `reason_holds_secret`: here a secret is refused, not cut out, because a person can say
// it otherwise.
func CheckReason(reason string) *base.Problem {
	switch {
	case base.TrimASCII(reason) == "":
		problem := base.Bad("reason_missing", "a reason is needed")
		problem.Hint = "give it with `--reason \"why\"`; it is recorded"
		return problem
	case len(reason) > ReasonBytes:
		return base.Bad("reason_too_long", "a reason may have "+strconv.Itoa(ReasonBytes)+" bytes")
	case len(secrets.Find(reason)) > 0:
		problem := base.Bad("reason_holds_secret", "the reason holds what looks like a secret")
		problem.Hint = "say it without; it is recorded"
		return problem
	}
	return nil
}

func appendHostChange(dst []byte, record *HostChange) ([]byte, string) {
	w := &base.JSONWriter{Bytes: dst}
	w.Open('{')
	w.Key("after")
	appendWhole(w, record.After)
	w.Key("before")
	appendWhole(w, record.Before)
	w.Member("change", record.Change)
	w.Member("decision_id", record.DecisionID)
	w.Key("engine")
	appendEngine(w, record.Engine)
	w.Key("person")
	w.Open('{')
	w.Member("host", record.Person.Host)
	w.Member("tty", record.Person.TTY)
	w.Key("uid")
	w.Integer(record.Person.UID)
	w.Member("user", record.Person.User)
	w.Close('}')
	w.Member("reason", record.Reason)
	w.Member("record_id", record.RecordID)
	w.Member("recorded_at", record.RecordedAt)
	w.Member("schema_version", HostChangeSchema)
	w.Close('}')
	return w.Bytes, w.Code
}

func appendWhole(w *base.JSONWriter, value *base.JSONValue) {
	if value == nil {
		w.Null()
		return
	}
	w.Value(func(dst []byte) ([]byte, string) {
		text, problem := base.CanonicalRecord(value)
		if problem != nil {
			return dst, problem.Code
		}
		return append(dst, text...), ""
	})
}
