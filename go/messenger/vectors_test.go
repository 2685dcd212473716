// Runs spec/vectors/authority-wire: hellos and replies as a caller reads them, and calls as it writes them. The authority's end is in
// test/vectors/authority-wire.test.ts.

package messenger

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/internal/vectors"
)

type wireCase struct {
	vectors.Head
	Input struct {
		Kind  string         `json:"kind"`
		Bytes []vectors.Part `json:"bytes"`
		Call  *struct {
			Agent       string            `json:"agent"`
			Cwd         string            `json:"cwd"`
			Environment map[string]string `json:"environment"`
			Ticket      string            `json:"ticket"`
		} `json:"call"`
	} `json:"input"`
	Expect struct {
		// Of the authority's end.
		Outcome string          `json:"outcome"`
		Hello   *wireHello      `json:"hello"`
		Reply   json.RawMessage `json:"reply"`
		Sent    bool            `json:"sent"`
	} `json:"expect"`
}

type wireHello struct {
	Protocol  string `json:"protocol"`
	Version   string `json:"version"`
	Pid       int    `json:"pid"`
	StateDir  string `json:"state_dir"`
	ConfigDir string `json:"config_dir"`
	View      string `json:"view"`
}

func TestVectorsAuthorityWire(t *testing.T) {
	vectors.Run(t, "authority-wire", func(t *testing.T, one wireCase) {
		text := vectors.Bytes(t, one.Input.Bytes)
		switch one.Input.Kind {
		case "hello":
			checkHello(t, readFrame(bytes.NewReader(text)), one.Expect.Hello)
		case "reply":
			checkReply(t, readFrame(bytes.NewReader(text)), one.Expect.Reply)
		case "call":
			checkCall(t, &one, text)
		}
	})
}

func checkHello(t *testing.T, frame []byte, want *wireHello) {
	t.Helper()
	var hello *Hello
	if frame != nil {
		hello = readHello(frame)
	}
	if (hello == nil) != (want == nil) {
		t.Fatalf("read %v, want %v", hello, want)
	}
	if hello != nil && wireHello(*hello) != *want {
		t.Errorf("read %v, want %v", *hello, *want)
	}
}

// A messenger knows answers; another reply is none to it, and then it does not decide.
func checkReply(t *testing.T, frame []byte, expected json.RawMessage) {
	t.Helper()
	var want *struct {
		Kind, Stdout, Stderr string
		Exit                 int
	}
	if err := json.Unmarshal(expected, &want); err != nil {
		t.Fatal(err)
	}
	var answer *Answer
	if frame != nil {
		answer = readAnswer(frame)
	}
	isAnswer := want != nil && want.Kind == "answer"
	if (answer != nil) != isAnswer {
		t.Fatalf("read %v, want %v", answer, want)
	}
	if isAnswer && *answer != (Answer{Stdout: want.Stdout, Stderr: want.Stderr, Exit: want.Exit}) {
		t.Errorf("read %v, want %v", *answer, *want)
	}
}

func checkCall(t *testing.T, one *wireCase, payload []byte) {
	t.Helper()
	environment := &base.Ordered[string]{}
	for _, name := range slices.Sorted(maps.Keys(one.Input.Call.Environment)) {
		environment.Set(name, one.Input.Call.Environment[name])
	}
	call := &Call{Agent: one.Input.Call.Agent, Payload: payload, Cwd: one.Input.Call.Cwd, Environment: environment}
	request := call.request(one.Input.Call.Ticket)
	if (request != nil) != one.Expect.Sent {
		t.Fatalf("sent %v", request != nil)
	}
	if request == nil {
		return
	}
	value, problem := base.ParseJSON(request, base.JSONLimits{SizeBytes: FrameBytes, Depth: 16})
	if problem != nil || textOf(value, "payload") != string(payload) || textOf(value, "kind") != "hook" || len(value.Members) != 6 {
		t.Errorf("what is sent is another call")
	}
}
