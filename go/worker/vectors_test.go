// Runs spec/vectors/backend-wire: what the worker says to a request, and that it writes hellos and answers as they stand there. The caller's side is in
// test/vectors/backend-wire.test.ts.

package worker

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/internal/vectors"
)

type wireCase struct {
	vectors.Head
	Input struct {
		Kind     string         `json:"kind"`
		Line     []vectors.Part `json:"line"`
		Expected struct {
			Build           string `json:"build"`
			CatalogueDigest string `json:"catalogue_digest"`
			PolicyDigest    string `json:"policy_digest"`
			RegistryDigest  string `json:"registry_digest"`
		} `json:"expected"`
		Asked struct {
			ID            string `json:"id"`
			RequestDigest string `json:"request_digest"`
			PolicyDigest  string `json:"policy_digest"`
		} `json:"asked"`
		AsWritten bool `json:"as_written"`
	} `json:"input"`
	Expect struct {
		Answer *struct {
			Kind          string `json:"kind"`
			ID            string `json:"id"`
			Code          string `json:"code"`
			RequestDigest string `json:"request_digest"`
		} `json:"answer"`
		Caller    *string `json:"caller"`
		Fallback  *string `json:"fallback"`
		Judgement *string `json:"judgement"`
	} `json:"expect"`
}

const anyJudgement = `{"verdict":"allow"}`

func TestVectorsBackendWire(t *testing.T) {
	vectors.Run(t, "backend-wire", func(t *testing.T, one wireCase) {
		line := vectors.Bytes(t, one.Input.Line)
		switch {
		case one.Input.Kind == "request":
			checkRequest(t, &one, line)
		case one.Input.AsWritten:
			if written := writtenAgain(t, line); !bytes.Equal(written, line) {
				t.Errorf("the worker writes %s", written)
			}
		}
	})
}

// The line, and after it a ping: whatever stood in it, the worker lives on, unless it was told to stop.
func checkRequest(t *testing.T, one *wireCase, line []byte) {
	t.Helper()
	w := &Worker{
		About:    About{PolicyDigest: "sha256:p"},
		Evaluate: func(*Evaluation) ([]byte, *base.Problem) { return []byte(anyJudgement), nil },
		Now:      func() time.Time { return time.Unix(0, 0) },
	}
	var out bytes.Buffer
	in := append(append([]byte{}, line...), "\n{\"kind\":\"ping\",\"id\":\"after\"}\n"...)
	if err := w.Converse(bytes.NewReader(in), &out); err != nil {
		t.Fatal(err)
	}
	said := map[string]*base.JSONValue{}
	for _, text := range strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")[1:] {
		value, problem := base.ParseJSON([]byte(text), base.DefaultJSONLimits)
		if problem != nil {
			t.Fatalf("%s: %s", problem.Code, text)
		}
		said[textOf(value, "id")+" "+textOf(value, "kind")] = value
	}
	_, livesOn := said["after pong"]
	delete(said, "after pong")
	want := one.Expect.Answer
	if want == nil {
		if len(said) != 0 {
			t.Errorf("it said %s", out.String())
		}
		return
	}
	answer := said[want.ID+" "+want.Kind]
	if !livesOn || answer == nil || len(said) != 1 {
		t.Fatalf("it said %s", out.String())
	}
	if code := textOf(answer, "code"); code != want.Code {
		t.Errorf("code %q, want %q", code, want.Code)
	}
	if digest := textOf(answer, "request_digest"); digest != want.RequestDigest {
		t.Errorf("request digest %q, want %q", digest, want.RequestDigest)
	}
	if want.Kind == "judgement" && textOf(answer, "judgement") != anyJudgement {
		t.Error("another judgement")
	}
}

func writtenAgain(t *testing.T, line []byte) []byte {
	t.Helper()
	value, problem := base.ParseJSON(line, base.DefaultJSONLimits)
	if problem != nil {
		t.Fatal(problem.Code)
	}
	text := func(key string) string { return textOf(value, key) }
	switch text("kind") {
	case "hello":
		policy, pid := memberOf(value, "policy"), memberOf(value, "pid")
		return helloLine(About{
			Version: text("version"), Build: text("build"), Engine: text("engine"), CatalogueDigest: text("catalogue_digest"), Pid: int(pid.Number),
			PolicyID: textOf(policy, "id"), PolicyVersion: textOf(policy, "version"), PolicyDigest: textOf(policy, "digest"),
			RegistryDigest: text("registry_digest"),
		})
	case "judgement":
		return judgementLine(text("id"), text("request_digest"), text("policy_digest"), []byte(text("judgement")))
	case "refused":
		return refusedLine(text("id"), base.Bad(text("code"), text("message")))
	}
	return nil
}
