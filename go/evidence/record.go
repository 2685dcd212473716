// Makes the record of a decision, and the answer from the record. Implements spec/record.md sections 5 and 6. Twin of src/evidence/record.ts.
// INVARIANT: what is not redacted never leaves this file; the digest, the journal and the answer all see the redacted record only.

package evidence

import (
	"strconv"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/judgement"
)

// RecordBytes: a record of more canonical bytes than this is not written: the decision is then `deny`, `evidence_too_large`.
const RecordBytes = 1024 * 1024

// RecordInput is what a record is made of, before redaction.
type RecordInput struct {
	// RecordID is an identifier of base.MakeID; its time is the record's time, so that the file follows from the id.
	RecordID  string
	Decision  base.Verdict
	Basis     Basis
	Who       Who
	Action    *model.Action
	Judgement *judgement.Judgement
	// Approval only with the basis `approved`.
	Approval *Approval
	Engine   Engine
}

// BuiltRecord is a record, its canonical bytes (what the journal holds), and their digest.
type BuiltRecord struct {
	Record *DecisionRecord
	Text   []byte
	Digest string
}

// BuildRecord has the problems `bad_id`, `evidence_too_large`, and the codes of spec/record.md section 1 for what has no canonical form.
func BuildRecord(input *RecordInput, redactionKey []byte) (*BuiltRecord, *base.Problem) {
	_, momentMs, problem := base.ParseID(input.RecordID)
	if problem != nil {
		return nil, problem
	}
	given := &Redactable{Action: input.Action, Reason: input.Basis.Reason, Who: input.Who}
	if input.Judgement != nil {
		given.Effects = input.Judgement.Effects
	}
	value, redactions := Redact(given, input.RecordID, redactionKey)
	digest, problem := actionDigest(value.Action)
	if problem != nil {
		return nil, problem
	}
	return sealRecord(&DecisionRecord{
		RecordID:     input.RecordID,
		RecordedAt:   base.FormatTime(momentMs),
		Decision:     input.Decision,
		Basis:        Basis{Code: input.Basis.Code, Reason: value.Reason},
		Who:          value.Who,
		Action:       value.Action,
		ActionDigest: digest,
		Judgement:    withEffects(input.Judgement, value.Effects),
		Redactions:   redactions,
		Approval:     input.Approval,
		Engine:       input.Engine,
	})
}

func actionDigest(action *model.Action) (string, *base.Problem) {
	if action == nil {
		return "", nil
	}
	w := &base.JSONWriter{}
	appendAction(w, action)
	if w.Code != "" {
		return "", base.Bad(w.Code, "the action has no canonical form")
	}
	return base.Sha256(w.Bytes), nil
}

// What the policy says of itself is not redacted: an action must not be able to blacken the name of the rule that stopped it.
func withEffects(judged *judgement.Judgement, effects []model.Effect) *judgement.Judgement {
	if judged == nil {
		return nil
	}
	redacted := *judged
	redacted.Effects = effects
	return &redacted
}

func sealRecord(record *DecisionRecord) (*BuiltRecord, *base.Problem) {
	text, code := AppendRecord(nil, record)
	if code != "" {
		return nil, base.Bad(code, "the record has no canonical form")
	}
	if len(text) > RecordBytes {
		message := "the record has " + strconv.Itoa(len(text)) + " bytes, more than " + strconv.Itoa(RecordBytes)
		return nil, base.Bad("evidence_too_large", message)
	}
	return &BuiltRecord{Record: record, Text: text, Digest: base.Sha256(text)}, nil
}

// DecisionOf is the answer that a record gives. Without a judgement the basis is the reason, and the severity is `high`.
func DecisionOf(record *DecisionRecord, evidence Evidence) *Decision {
	judged := record.Judgement
	if judged == nil {
		judged = &judgement.Judgement{Severity: "high", Reason: record.Basis.Reason, Policy: judgement.Policy{Mode: "enforce"}}
	}
	var approval *DecidedApproval
	if record.Approval != nil {
		approval = &DecidedApproval{ApprovalID: record.Approval.ApprovalID, State: "used"}
	}
	return &Decision{
		DecisionID: record.RecordID,
		Decision:   record.Decision,
		Severity:   judged.Severity,
		Reason:     judged.Reason,
		RuleID:     judged.RuleID,
		Instead:    judged.Instead,
		Who:        record.Who,
		Effects:    judged.Effects,
		Policy:     judged.Policy,
		Rulings:    judged.Rulings,
		Evidence:   evidence,
		Approval:   approval,
	}
}
