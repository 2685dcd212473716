// The lines between TypeScript and the worker. Implements spec/backend.md sections 2.3 and 3. Twin of src/backend/wire.ts, seen from the other end.
// SECURITY: what comes in is data from elsewhere: closed keys at every depth, the right type everywhere, and limits before anything is kept.

// Package worker answers requests for judgements, line by line. It knows streams and time; how to judge is handed to it.
package worker

import (
	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
)

// Protocol names this language.
const Protocol = "cavra.worker.v1"

// LineBytes is the limit of one line without its end, in either direction.
const LineBytes = 4 * 1024 * 1024

// MaxDeadlineMs is the longest time that a request may give.
const MaxDeadlineMs = 60_000

// Asker is who acts and when, as far as a policy may ask.
type Asker struct {
	Agent string
	User  string
	Now   string
}

// Evaluation is what a judgement is a function of, besides the policy.
type Evaluation struct {
	Action  model.Action
	Facts   model.Facts
	Subject Asker
}

// Request is one line that came in. For kinds other than `evaluate` only Kind and ID are set.
type Request struct {
	Kind       string
	ID         string
	DeadlineMs int
	Evaluation Evaluation
	// Digest of the canonical JSON of action, facts and subject.
	Digest string
}

// ReadRequest reads a line. On a problem the request has what could be read of its id.
func ReadRequest(line []byte) (Request, *base.Problem) {
	value, problem := base.ParseJSON(line, base.JSONLimits{SizeBytes: LineBytes, Depth: 8})
	if problem != nil {
		return Request{}, base.Bad("request_malformed", "the line is not JSON: "+problem.Code)
	}
	if value.Kind != base.JSONObject {
		return Request{}, base.Bad("request_malformed", "the line is not an object")
	}
	request := Request{ID: idOf(value), Kind: textOf(value, "kind")}
	switch request.Kind {
	case "evaluate":
		return readEvaluate(request, value)
	case "ping":
		return readClosed(request, value, "kind", "id")
	case "stop":
		return readClosed(request, value, "kind")
	}
	return request, base.Bad("unknown_kind", "there is no request of this kind")
}

// ReadEvaluation reads `{action, facts, subject}` alone, as `cavra-runtime evaluate` takes it.
func ReadEvaluation(text []byte) (Evaluation, *base.Problem) {
	value, problem := base.ParseJSON(text, base.JSONLimits{SizeBytes: LineBytes, Depth: 8})
	if problem != nil {
		return Evaluation{}, base.Bad("request_malformed", "the request is not JSON: "+problem.Code)
	}
	if value.Kind != base.JSONObject {
		return Evaluation{}, base.Bad("request_malformed", "the request is not an object")
	}
	if problem := closedParts(value, evaluationKeys); problem != nil {
		return Evaluation{}, problem
	}
	r := fieldReader{}
	evaluation := r.evaluation(value)
	return evaluation, r.problem
}

func readClosed(request Request, value *base.JSONValue, keys ...string) (Request, *base.Problem) {
	for _, look := range []func(*base.JSONValue, string, []string) *base.Problem{unknownKey, missingKey} {
		if problem := look(value, "the request", keys); problem != nil {
			return request, problem
		}
	}
	if request.Kind == "ping" && request.ID == "" {
		return request, base.Bad("request_bad_value", "`id` is not an id")
	}
	return request, nil
}

func readEvaluate(request Request, value *base.JSONValue) (Request, *base.Problem) {
	if problem := closedParts(value, append([]string{"kind", "id", "deadline_ms"}, evaluationKeys...)); problem != nil {
		return request, problem
	}
	if request.ID == "" {
		return request, base.Bad("request_bad_value", "`id` is not 1 to 64 of `A-Z a-z 0-9 _ -`")
	}
	deadline, _ := value.Get("deadline_ms")
	whole := deadline.Kind == base.JSONNumber && deadline.Number == float64(int(deadline.Number))
	if !whole || deadline.Number < 1 || deadline.Number > MaxDeadlineMs {
		return request, base.Bad("request_bad_value", "`deadline_ms` is not a whole number from 1 to 60000")
	}
	request.DeadlineMs = int(deadline.Number)
	r := fieldReader{}
	request.Evaluation = r.evaluation(value)
	if r.problem != nil {
		return request, r.problem
	}
	digest, problem := digestOf(value)
	request.Digest = digest
	return request, problem
}

// digestOf is the request digest: of what was asked, and not of the id and the deadline around it.
func digestOf(value *base.JSONValue) (string, *base.Problem) {
	asked := base.JSONValue{Kind: base.JSONObject}
	for _, member := range value.Members {
		if member.Key == "action" || member.Key == "facts" || member.Key == "subject" {
			asked.Members = append(asked.Members, member)
		}
	}
	canonical, problem := base.CanonicalJSON(&asked)
	if problem != nil {
		return "", base.Bad("request_bad_value", problem.Message)
	}
	return base.Sha256(canonical), nil
}

func unknownKey(value *base.JSONValue, what string, keys []string) *base.Problem {
	for _, member := range value.Members {
		if !has(keys, member.Key) {
			return base.Bad("request_unknown_key", what+" has a key that is not known")
		}
	}
	return nil
}

func missingKey(value *base.JSONValue, what string, keys []string) *base.Problem {
	for _, key := range keys {
		if _, found := value.Get(key); !found {
			return base.Bad("request_missing_key", what+" lacks `"+key+"`")
		}
	}
	return nil
}

func has(keys []string, key string) bool {
	for _, one := range keys {
		if one == key {
			return true
		}
	}
	return false
}

func textOf(value *base.JSONValue, key string) string {
	member, found := value.Get(key)
	if !found || member.Kind != base.JSONString {
		return ""
	}
	return member.Text
}

// idOf gives the id of a request, "" for one that is none.
func idOf(value *base.JSONValue) string {
	id := textOf(value, "id")
	if len(id) > 64 {
		return ""
	}
	for i := 0; i < len(id); i++ {
		c := id[i]
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-') {
			return ""
		}
	}
	return id
}
