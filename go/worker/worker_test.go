// Proves spec/backend.md section 3: one line for each request, whatever stands in it, and the conversation goes on.

package worker

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"cavra.dev/runtime/base"
)

const facts = `{"home":"/home/dev","temp_roots":["/tmp"],"environment":{"HOME":"/home/dev"},"links":{},"listings":{"/srv":["a"]},"scripts":{},` +
	`"git":{"current_branch":"","default_branch":"","upstream_remote":"","upstream_branch":""}}`

func asked(id, target string) string {
	action := `{"action_type":"execute_command","target":"` + target + `","operation":"","arguments":"","cwd":"/srv","workspace_root":"/srv"}`
	return `{"kind":"evaluate","id":"` + id + `","deadline_ms":1000,"action":` + action + `,"facts":` + facts +
		`,"subject":{"agent":"a","user":"u","now":"2026-11-23T00:00:00.000Z"}}`
}

func echo(evaluation *Evaluation) ([]byte, *base.Problem) {
	switch evaluation.Action.Target {
	case "panic":
		panic("broken")
	case "long":
		return bytes.Repeat([]byte("x"), LineBytes), nil
	case "slow":
		time.Sleep(5 * time.Millisecond)
	}
	return []byte(`{"target":"` + evaluation.Action.Target + `"}`), nil
}

// talk gives the answers by id, hello apart.
func talk(t *testing.T, w *Worker, lines ...string) map[string]*base.JSONValue {
	t.Helper()
	var out bytes.Buffer
	if err := w.Converse(strings.NewReader(strings.Join(lines, "\n")), &out); err != nil {
		t.Fatal(err)
	}
	answers := map[string]*base.JSONValue{}
	for i, line := range strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n") {
		value, problem := base.ParseJSON([]byte(line), base.JSONLimits{SizeBytes: 2 * LineBytes, Depth: 8})
		if problem != nil {
			t.Fatalf("line %d is no JSON: %s", i, problem.Code)
		}
		if i == 0 {
			if textOf(value, "kind") != "hello" || textOf(value, "protocol") != Protocol {
				t.Fatalf("the first line is no hello: %s", line)
			}
			continue
		}
		id := textOf(value, "id")
		if _, twice := answers[id]; twice && id != "" {
			t.Fatalf("two answers to %q", id)
		}
		answers[id] = value
	}
	return answers
}

func newWorker() *Worker {
	return &Worker{About: About{PolicyDigest: "sha256:p"}, Evaluate: echo}
}

func TestAnswersAJudgementWithTheDigestsOfWhatItAnswers(t *testing.T) {
	answer := talk(t, newWorker(), asked("r1", "ls"))["r1"]
	if textOf(answer, "kind") != "judgement" || textOf(answer, "judgement") != `{"target":"ls"}` || textOf(answer, "policy_digest") != "sha256:p" {
		t.Fatalf("%+v", answer)
	}
	if !base.IsDigest(textOf(answer, "request_digest")) {
		t.Fatal("no request digest")
	}
	same := talk(t, newWorker(), strings.Replace(asked("r2", "ls"), `"deadline_ms":1000`, `"deadline_ms":9`, 1))["r2"]
	if textOf(same, "request_digest") != textOf(answer, "request_digest") {
		t.Fatal("the digest depends on id or deadline")
	}
}

func TestRefusesWithACodeAndLivesOn(t *testing.T) {
	good := asked("good", "ls")
	cases := []struct{ name, line, id, code string }{
		{"no JSON", `{"kind"`, "", "request_malformed"},
		{"no object", `[1]`, "", "request_malformed"},
		{"a duplicate key", `{"kind":"ping","kind":"ping","id":"a"}`, "", "request_malformed"},
		{"invalid UTF-8", "{\"kind\":\"\xff\"}", "", "request_malformed"},
		{"an unknown kind", `{"kind":"promote","id":"x"}`, "x", "unknown_kind"},
		{"a key too many", strings.Replace(asked("x", "ls"), `"kind"`, `"more":1,"kind"`, 1), "x", "request_unknown_key"},
		{"a key in other letters", strings.Replace(asked("x", "ls"), `"facts"`, `"Facts"`, 1), "x", "request_unknown_key"},
		{"a key too many below", strings.Replace(asked("x", "ls"), `"cwd"`, `"more":1,"cwd"`, 1), "x", "request_unknown_key"},
		{"a key too few", strings.Replace(asked("x", "ls"), `,"workspace_root":"/srv"`, ``, 1), "x", "request_missing_key"},
		{"a number for a text", strings.Replace(asked("x", "ls"), `"target":"ls"`, `"target":1`, 1), "x", "request_bad_value"},
		{"a list for a record", strings.Replace(asked("x", "ls"), `"links":{}`, `"links":[]`, 1), "x", "request_bad_value"},
		{"an unknown action type", strings.Replace(asked("x", "ls"), `execute_command`, `run`, 1), "x", "request_bad_value"},
		{"no id", strings.Replace(asked("x", "ls"), `"id":"x"`, `"id":""`, 1), "", "request_bad_value"},
		{"an id of 65", strings.Replace(asked("x", "ls"), `"id":"x"`, `"id":"`+strings.Repeat("a", 65)+`"`, 1), "", "request_bad_value"},
		{"no time", strings.Replace(asked("x", "ls"), `"deadline_ms":1000`, `"deadline_ms":0`, 1), "x", "request_bad_value"},
		{"too much time", strings.Replace(asked("x", "ls"), `"deadline_ms":1000`, `"deadline_ms":60001`, 1), "x", "request_bad_value"},
		{"half a millisecond", strings.Replace(asked("x", "ls"), `"deadline_ms":1000`, `"deadline_ms":0.5`, 1), "x", "request_bad_value"},
		{"a line over the limit", strings.Repeat("y", LineBytes+1), "", "line_too_long"},
		{"an answer over the limit", asked("x", "long"), "x", "answer_too_large"},
		{"an engine that breaks", asked("x", "panic"), "x", "internal_error"},
	}
	for _, one := range cases {
		t.Run(one.name, func(t *testing.T) {
			answers := talk(t, newWorker(), one.line, good)
			if code := textOf(answers[one.id], "code"); code != one.code {
				t.Errorf("code %q, want %q", code, one.code)
			}
			if textOf(answers["good"], "kind") != "judgement" {
				t.Error("the next request was not answered")
			}
		})
	}
}

func TestTakesALineOfExactlyTheLimit(t *testing.T) {
	line := asked("x", "")
	filled := asked("x", strings.Repeat("a", LineBytes-len(line)))
	if kind := textOf(talk(t, newWorker(), filled)["x"], "kind"); kind == "" {
		t.Fatal("no answer")
	}
	if code := textOf(talk(t, newWorker(), filled+" ")[""], "code"); code != "line_too_long" {
		t.Fatalf("one byte more: %q", code)
	}
}

func TestSaysWhenTheTimeIsOver(t *testing.T) {
	now := time.Unix(0, 0)
	w := newWorker()
	w.Now = func() time.Time { now = now.Add(2 * time.Second); return now }
	if code := textOf(talk(t, w, asked("x", "ls"))["x"], "code"); code != "deadline_exceeded" {
		t.Fatal(code)
	}
}

func TestAnswersAllThatWasReadBeforeTheEnd(t *testing.T) {
	for _, end := range []string{"", `{"kind":"stop"}`} {
		lines := []string{}
		for i := range 200 {
			lines = append(lines, strings.Replace(asked(fmt.Sprint("r", i), "slow"), `"deadline_ms":1000`, `"deadline_ms":60000`, 1))
		}
		// A clock that stands: a busy machine must not make a deadline of this.
		w := newWorker()
		w.Now = func() time.Time { return time.Unix(0, 0) }
		answers := talk(t, w, append(lines, `{"kind":"ping","id":"p"}`, end)...)
		for i := range 200 {
			if textOf(answers[fmt.Sprint("r", i)], "kind") != "judgement" {
				t.Fatalf("request %d was lost", i)
			}
		}
		if textOf(answers["p"], "kind") != "pong" {
			t.Fatal("no pong")
		}
	}
}

func TestHearsNothingAfterStop(t *testing.T) {
	if answers := talk(t, newWorker(), `{"kind":"stop"}`, asked("x", "ls")); len(answers) != 0 {
		t.Fatal("it went on after stop")
	}
}
