// Asks the running authority. Implements the caller's side of spec/backend.md 8.2 and 8.4. Twin of src/daemon/client.ts.
// INVARIANT: it always returns in time, and without an answer the call goes to the Node hook, which decides by itself.

package messenger

import (
	"crypto/rand"
	"encoding/hex"
	"io"
	"net"
	"os"
	"path/filepath"
	"time"
)

// HelloTime is how long the hello may take, AnswerTime how long the answer after it.
const (
	HelloTime  = 200 * time.Millisecond
	AnswerTime = 2 * time.Second
)

// Places are the folders that this caller would use itself, and its own version.
type Places struct {
	StateFolder  string
	ConfigFolder string
	Version      string
}

const (
	socketFile = "authority.sock"
	peers      = "peers"
	aboutFile  = "authority.json"
	aboutBytes = 65_536
)

// Ask gives the authority's answer, or nil where there is none.
func Ask(places Places, call *Call) *Answer {
	path := filepath.Join(places.StateFolder, socketFile)
	if !isOwnSocket(path) {
		return nil
	}
	connection, err := net.DialTimeout("unix", path, HelloTime)
	if err != nil {
		return nil
	}
	defer connection.Close()
	_ = connection.SetDeadline(time.Now().Add(HelloTime))
	hello := readHello(readFrame(connection))
	if hello == nil || !isOurs(hello, places) || !isNamed(hello, places) || !isPeer(connection, hello.Pid) {
		return nil
	}
	ticket := makeTicket(places.StateFolder)
	if ticket == "" {
		return nil
	}
	// Whoever removes the ticket has the call: without an answer it is taken back, where the authority has not taken it.
	defer os.Remove(filepath.Join(places.StateFolder, peers, ticket))
	request := call.request(ticket)
	if request == nil {
		return nil
	}
	_ = connection.SetDeadline(time.Now().Add(AnswerTime))
	if writeFrame(connection, request) != nil {
		return nil
	}
	text := readFrame(connection)
	if text == nil {
		return nil
	}
	return readAnswer(text)
}

// SECURITY: an authority of another installation, with other folders, or that sees other files, would not answer as this caller does.
func isOurs(hello *Hello, places Places) bool {
	return hello.Protocol == Protocol && hello.Version == places.Version && hello.StateDir == places.StateFolder &&
		hello.ConfigDir == places.ConfigFolder && hello.View == fileView()
}

// SECURITY: whoever runs code of this user can listen on a path. Only who may also write the state folder's files is the authority.
func isNamed(hello *Hello, places Places) bool {
	file, err := os.OpenFile(filepath.Join(places.StateFolder, aboutFile), os.O_RDONLY|noFollow, 0)
	if err != nil {
		return false
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, aboutBytes))
	if err != nil {
		return false
	}
	about := readAbout(text)
	return about != nil && about.pid == hello.Pid && isAlive(about.pid, about.start, about.boot)
}

// makeTicket gives the name of a new ticket, "" where none can be made.
func makeTicket(stateFolder string) string {
	var random [16]byte
	if _, err := rand.Read(random[:]); err != nil {
		return ""
	}
	name := hex.EncodeToString(random[:])
	file, err := os.OpenFile(filepath.Join(stateFolder, peers, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL|noFollow, 0o600)
	if err != nil || file.Close() != nil {
		return ""
	}
	return name
}
