// The record and the decision: what is kept and what is answered. Implements spec/record.md sections 5 and 6. Twin of src/evidence/model.ts.
// The names of the fields are the keys of the canonical JSON in Go's spelling; canonical.go alone writes them.

// Package evidence makes records, takes the secrets out of them, and frames them. Pure: the files themselves are for who has a disk.
package evidence

import (
	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/judgement"
)

// RecordSchema of a DecisionRecord.
const RecordSchema = "cavra.record.v1"

// Who acts. Empty strings are unknown.
type Who struct {
	// Agent: `claude-code`, `codex`, …, as the adapter knows it.
	Agent string
	// SubAgent is the agent inside the agent, as the host names it.
	SubAgent string
	Session  string
	User     string
	// Host name of the machine.
	Host string
	// Repository: URL of the remote without user and password, or the absolute root.
	Repository string
	Branch     string
	// Channel is how the action came in: `hook`, `cli`, `mcp`, `http`.
	Channel string
	// Unattended: no person was there to be asked.
	Unattended bool
}

// Basis is why the decision is what it is: `policy` when it is the judgement's verdict, else a code of spec/record.md section 5.3 and one sentence.
type Basis struct {
	Code   string
	Reason string
}

// Redaction is one value that was taken out. Span is where it stood in the original string; Path is a JSON pointer into the record.
type Redaction struct {
	Path string
	Kind string
	Span base.Span
	// Commitment is `hmac-sha256:` and 64 hexadecimal digits.
	Commitment string
}

// Engine says whose judgement this is: `typescript` or `go`.
type Engine struct {
	Backend string
	// Promotion only under a live lease.
	Promotion *Promotion
	Version   string
}

// Promotion is by what right Go was asked to answer, and what came of it: spec/promotion.md 7.4.
type Promotion struct {
	// Answered is `alone`, `confirmed` (TypeScript judged first, and the same), or `fell_back` (TypeScript's judgement left).
	Answered         string `json:"answered"`
	ApprovalID       string `json:"approval_id"`
	DeploymentDigest string `json:"deployment_digest"`
	EvidenceDigest   string `json:"evidence_digest"`
	LeaseID          string `json:"lease_id"`
	ParityDigest     string `json:"parity_digest"`
}

// DecisionRecord is what is kept of one decision. Action and Judgement are nil where the input never became one.
type DecisionRecord struct {
	RecordID   string
	RecordedAt string
	Decision   base.Verdict
	Basis      Basis
	Who        Who
	Action     *model.Action
	// ActionDigest of the canonical bytes of Action; "" for nil.
	ActionDigest string
	Judgement    *judgement.Judgement
	Redactions   []Redaction
	// Approval only with the basis `approved`.
	Approval *Approval
	Engine   Engine
}

// Approval is by which approval the action passed: spec/approval.md 6.3. The answers' digests are in byte order.
type Approval struct {
	ApprovalID    string   `json:"approval_id"`
	RequestDigest string   `json:"request_digest"`
	Answers       []string `json:"answers"`
}

// JournalPosition is where a record stands: File is a name in the journal folder; the frame takes Length bytes from Offset.
type JournalPosition struct {
	File   string
	Offset int64
	Length int64
}

// Evidence is the proof of a decision. Status is `recorded`, `dry_run`, `evidence_unavailable` or `evidence_too_large`; Journal is nil and RecordDigest
// "" unless it is `recorded`.
type Evidence struct {
	Status       string
	RecordDigest string
	Journal      *JournalPosition
}

// Decision is the answer to the caller. Everything in it is the record's, so it is redacted as the record is.
type Decision struct {
	DecisionID string
	Decision   base.Verdict
	Severity   base.Severity
	Reason     string
	RuleID     string
	// Instead is left out where there is none.
	Instead  *judgement.Instead
	Who      Who
	Effects  []model.Effect
	Policy   judgement.Policy
	Rulings  []judgement.Ruling
	Evidence Evidence
	// Approval where the action passed by one, or one was asked for, or it was denied.
	Approval *DecidedApproval
}

// DecidedApproval is what a caller is told of an approval: State is `used`, `pending` or `denied`.
type DecidedApproval struct {
	ApprovalID string
	State      string
}
