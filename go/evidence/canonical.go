// Record and decision as canonical JSON, their keys in byte order. Implements spec/record.md sections 1, 5.1 and 6.1, whose narrower form their keys and
// numbers fit by themselves. No twin: in TypeScript they are their own JSON values.

package evidence

import (
	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/judgement"
)

// AppendRecord writes a record. The code is "", or that of spec/record.md section 1 that refuses a text.
func AppendRecord(dst []byte, record *DecisionRecord) ([]byte, string) {
	w := &base.JSONWriter{Bytes: dst}
	w.Open('{')
	w.Key("action")
	appendAction(w, record.Action)
	w.Member("action_digest", record.ActionDigest)
	if record.Approval != nil {
		w.Key("approval")
		appendApproval(w, record.Approval)
	}
	w.Key("basis")
	w.Open('{')
	w.Member("code", record.Basis.Code)
	w.Member("reason", record.Basis.Reason)
	w.Close('}')
	w.Member("decision", string(record.Decision))
	w.Key("engine")
	appendEngine(w, record.Engine)
	w.Key("judgement")
	if record.Judgement == nil {
		w.Null()
	} else {
		w.Value(func(dst []byte) ([]byte, string) { return judgement.Append(dst, record.Judgement) })
	}
	w.Member("record_id", record.RecordID)
	w.Member("recorded_at", record.RecordedAt)
	w.Key("redactions")
	appendRedactions(w, record.Redactions)
	w.Member("schema_version", RecordSchema)
	w.Key("who")
	appendWho(w, &record.Who)
	w.Close('}')
	return w.Bytes, w.Code
}

// AppendDecision writes the answer to a caller.
func AppendDecision(dst []byte, decision *Decision) ([]byte, string) {
	w := &base.JSONWriter{Bytes: dst}
	w.Open('{')
	if decision.Approval != nil {
		w.Key("approval")
		w.Open('{')
		w.Member("approval_id", decision.Approval.ApprovalID)
		w.Member("state", decision.Approval.State)
		w.Close('}')
	}
	w.Key("change")
	w.Open('{')
	w.Key("effects")
	w.Value(func(dst []byte) ([]byte, string) { return model.AppendEffects(dst, decision.Effects) })
	w.Close('}')
	w.Member("decision", string(decision.Decision))
	w.Member("decision_id", decision.DecisionID)
	w.Key("evidence")
	appendEvidence(w, &decision.Evidence)
	if decision.Instead != nil {
		w.Key("instead")
		judgement.AppendInstead(w, decision.Instead)
	}
	w.Key("policy")
	w.Open('{')
	w.Member("digest", decision.Policy.Digest)
	w.Member("id", decision.Policy.ID)
	w.Member("mode", decision.Policy.Mode)
	w.Key("rulings")
	judgement.AppendRulings(w, decision.Rulings)
	w.Member("version", decision.Policy.Version)
	w.Close('}')
	w.Member("reason", decision.Reason)
	w.Member("rule_id", decision.RuleID)
	w.Member("severity", string(decision.Severity))
	w.Key("who")
	appendWho(w, &decision.Who)
	w.Close('}')
	return w.Bytes, w.Code
}

func appendAction(w *base.JSONWriter, action *model.Action) {
	if action == nil {
		w.Null()
		return
	}
	w.Open('{')
	w.Member("action_type", action.ActionType)
	w.Member("arguments", action.Arguments)
	w.Member("cwd", action.Cwd)
	w.Member("operation", action.Operation)
	w.Member("target", action.Target)
	w.Member("workspace_root", action.WorkspaceRoot)
	w.Close('}')
}

func appendApproval(w *base.JSONWriter, approval *Approval) {
	w.Open('{')
	w.Key("answers")
	w.Open('[')
	for _, one := range approval.Answers {
		w.Text(one)
	}
	w.Close(']')
	w.Member("approval_id", approval.ApprovalID)
	w.Member("request_digest", approval.RequestDigest)
	w.Close('}')
}

func appendEngine(w *base.JSONWriter, engine Engine) {
	w.Open('{')
	w.Member("backend", engine.Backend)
	if promotion := engine.Promotion; promotion != nil {
		w.Key("promotion")
		w.Open('{')
		w.Member("answered", promotion.Answered)
		w.Member("approval_id", promotion.ApprovalID)
		w.Member("deployment_digest", promotion.DeploymentDigest)
		w.Member("evidence_digest", promotion.EvidenceDigest)
		w.Member("lease_id", promotion.LeaseID)
		w.Member("parity_digest", promotion.ParityDigest)
		w.Close('}')
	}
	w.Member("version", engine.Version)
	w.Close('}')
}

func appendRedactions(w *base.JSONWriter, redactions []Redaction) {
	w.Open('[')
	for _, one := range redactions {
		w.Open('{')
		w.Member("commitment", one.Commitment)
		w.Member("kind", one.Kind)
		w.Member("path", one.Path)
		w.Key("span")
		w.Open('{')
		w.Key("end")
		w.Integer(int64(one.Span.End))
		w.Key("start")
		w.Integer(int64(one.Span.Start))
		w.Close('}')
		w.Close('}')
	}
	w.Close(']')
}

func appendWho(w *base.JSONWriter, who *Who) {
	w.Open('{')
	w.Member("agent", who.Agent)
	w.Member("branch", who.Branch)
	w.Member("channel", who.Channel)
	w.Member("host", who.Host)
	w.Member("repository", who.Repository)
	w.Member("session", who.Session)
	w.Member("sub_agent", who.SubAgent)
	w.Key("unattended")
	w.Flag(who.Unattended)
	w.Member("user", who.User)
	w.Close('}')
}

func appendEvidence(w *base.JSONWriter, evidence *Evidence) {
	w.Open('{')
	w.Key("journal")
	if evidence.Journal == nil {
		w.Null()
	} else {
		w.Open('{')
		w.Member("file", evidence.Journal.File)
		w.Key("length")
		w.Integer(evidence.Journal.Length)
		w.Key("offset")
		w.Integer(evidence.Journal.Offset)
		w.Close('}')
	}
	w.Member("record_digest", evidence.RecordDigest)
	w.Member("status", evidence.Status)
	w.Close('}')
}
