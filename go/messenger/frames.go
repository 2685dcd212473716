// Frames and messages of the running authority's socket. Implements spec/backend.md 8.2. Twin of src/daemon/frames.ts and src/daemon/messages.ts,
// the caller's half.

// Package messenger carries one call of a hook to the running authority and brings its answer back. It never decides.
package messenger

import (
	"encoding/binary"
	"io"
	"math"

	"cavra.dev/runtime/base"
)

// FrameBytes is the limit of the text in one frame.
const FrameBytes = 8 * 1024 * 1024

// Protocol names this language.
const Protocol = "cavra.authority.v1"

const headBytes = 4

func writeFrame(out io.Writer, text []byte) error {
	frame := make([]byte, 0, headBytes+len(text))
	frame = binary.BigEndian.AppendUint32(frame, uint32(len(text)))
	_, err := out.Write(append(frame, text...))
	return err
}

// readFrame gives nil for a length that no frame has, and for what ends too early.
func readFrame(in io.Reader) []byte {
	var head [headBytes]byte
	if _, err := io.ReadFull(in, head[:]); err != nil {
		return nil
	}
	size := binary.BigEndian.Uint32(head[:])
	if size == 0 || size > FrameBytes {
		return nil
	}
	// SECURITY: the length comes from elsewhere; nothing of that size is set aside before the bytes are there.
	text, err := io.ReadAll(io.LimitReader(in, int64(size)))
	if err != nil || len(text) != int(size) {
		return nil
	}
	return text
}

// Hello is what the authority says of itself before it is asked.
type Hello struct {
	Protocol  string
	Version   string
	Pid       int
	StateDir  string
	ConfigDir string
	View      string
}

func readHello(text []byte) *Hello {
	value := objectOf(text, "kind", "protocol", "version", "pid", "state_dir", "config_dir", "view")
	if value == nil || !areTexts(value, "kind", "protocol", "version", "state_dir", "config_dir", "view") || textOf(value, "kind") != "hello" {
		return nil
	}
	pid, _ := value.Get("pid")
	if !isWhole(pid) {
		return nil
	}
	return &Hello{
		Pid:       int(pid.Number),
		Protocol:  textOf(value, "protocol"),
		Version:   textOf(value, "version"),
		StateDir:  textOf(value, "state_dir"),
		ConfigDir: textOf(value, "config_dir"),
		View:      textOf(value, "view"),
	}
}

// about is what authority.json says: which process is the authority.
type about struct {
	pid         int
	start, boot string
}

// readAbout gives nil for what is not ours.
func readAbout(text []byte) *about {
	value, problem := base.ParseJSON(text, base.JSONLimits{SizeBytes: aboutBytes, Depth: 4})
	if problem != nil || value.Kind != base.JSONObject {
		return nil
	}
	for _, key := range []string{"schema_version", "process_start", "boot", "version", "started_at"} {
		if member, found := value.Get(key); !found || member.Kind != base.JSONString {
			return nil
		}
	}
	pid, found := value.Get("pid")
	if !found || !isWhole(pid) || pid.Number < 2 || textOf(value, "schema_version") != Protocol {
		return nil
	}
	return &about{pid: int(pid.Number), start: textOf(value, "process_start"), boot: textOf(value, "boot")}
}

// Answer is what the host is told.
type Answer struct {
	Stdout string
	Stderr string
	Exit   int
}

// readAnswer gives nil for what is no answer. SECURITY: another status than 0 and 2 would let the host run the call.
func readAnswer(text []byte) *Answer {
	value := objectOf(text, "kind", "stdout", "stderr", "exit")
	if value == nil || !areTexts(value, "kind", "stdout", "stderr") || textOf(value, "kind") != "answer" {
		return nil
	}
	exit, _ := value.Get("exit")
	if exit.Kind != base.JSONNumber || exit.Number != 0 && exit.Number != 2 {
		return nil
	}
	return &Answer{Stdout: textOf(value, "stdout"), Stderr: textOf(value, "stderr"), Exit: int(exit.Number)}
}

// Call is one call of a hook.
type Call struct {
	Agent       string
	Payload     []byte
	Cwd         string
	Environment *base.Ordered[string]
}

// request gives nil for a call that cannot be sent: a text that is no UTF-8, or that does not fit into a frame.
func (c *Call) request(ticket string) []byte {
	w := base.JSONWriter{Bytes: make([]byte, 0, len(c.Payload)+len(c.Payload)/8+1024)}
	w.Open('{')
	w.Member("agent", c.Agent)
	w.Member("cwd", c.Cwd)
	w.Key("environment")
	w.Open('{')
	for _, name := range c.Environment.Keys() {
		value, _ := c.Environment.Get(name)
		w.Member(name, value)
	}
	w.Close('}')
	w.Member("kind", "hook")
	w.Member("payload", string(c.Payload))
	w.Member("ticket", ticket)
	w.Close('}')
	if w.Code != "" || len(w.Bytes) > FrameBytes {
		return nil
	}
	return w.Bytes
}

// Whole numbers are exact up to here; beyond it two languages read two numbers.
const mostExact = 1<<53 - 1

func isWhole(value *base.JSONValue) bool {
	return value.Kind == base.JSONNumber && math.Abs(value.Number) <= mostExact && value.Number == math.Trunc(value.Number)
}

func objectOf(text []byte, keys ...string) *base.JSONValue {
	value, problem := base.ParseJSON(text, base.JSONLimits{SizeBytes: FrameBytes, Depth: 16})
	if problem != nil || value.Kind != base.JSONObject || len(value.Members) != len(keys) {
		return nil
	}
	for _, key := range keys {
		if _, found := value.Get(key); !found {
			return nil
		}
	}
	return value
}

func areTexts(value *base.JSONValue, keys ...string) bool {
	for _, key := range keys {
		if member, _ := value.Get(key); member.Kind != base.JSONString {
			return false
		}
	}
	return true
}

func textOf(value *base.JSONValue, key string) string {
	member, _ := value.Get(key)
	return member.Text
}
