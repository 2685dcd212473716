// `cavra-runtime hook AGENT`: a fast messenger to the running authority. Implements spec/backend.md 4.4.
// INVARIANT: it ends with 0 or 2, and it never decides: without an authority the Node hook of this installation does.

package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"cavra.dev/runtime/messenger"
)

// One byte more than a payload may have is enough to know that it is too much.
const payloadBytes = 32*1024*1024 + 1

const exitRefused = 2

func hook(args []string, out, errors io.Writer) int {
	if len(args) != 1 {
		fmt.Fprintf(errors, "cavra: missing required argument `agent` (argument_missing)\n  usage: `cavra-runtime hook AGENT`\n")
		return exitRefused
	}
	payload, err := io.ReadAll(io.LimitReader(os.Stdin, payloadBytes))
	if err != nil {
		fmt.Fprintf(errors, "cavra: the payload cannot be read, so the call is refused: %s (system_error)\n", err)
		return exitRefused
	}
	if answer := askAuthority(args[0], payload); answer != nil {
		return tell(answer, out, errors)
	}
	return nodeHook(args[0], payload, out, errors)
}

func askAuthority(agent string, payload []byte) *messenger.Answer {
	cwd, err := os.Getwd()
	places := messenger.Places{StateFolder: messenger.StateFolder(os.LookupEnv), ConfigFolder: messenger.ConfigFolder(os.LookupEnv), Version: stampedVersion}
	if err != nil || places.StateFolder == "" || places.ConfigFolder == "" {
		return nil
	}
	call := &messenger.Call{Agent: agent, Payload: payload, Cwd: cwd, Environment: messenger.SentEnvironment(os.LookupEnv)}
	return messenger.Ask(places, call)
}

// A host that closed its end must not see a status that means "go on".
func tell(answer *messenger.Answer, out, errors io.Writer) int {
	if _, err := io.WriteString(out, answer.Stdout); err != nil {
		return exitRefused
	}
	if _, err := io.WriteString(errors, answer.Stderr); err != nil {
		return exitRefused
	}
	return answer.Exit
}

// nodeHook runs the hook of the installation that this program belongs to: `bin/cavra-runtime` stands beside `cavra.cjs`.
func nodeHook(agent string, payload []byte, out, errors io.Writer) int {
	self, err := os.Executable()
	if err == nil {
		self, err = filepath.EvalSymlinks(self)
	}
	if err != nil {
		fmt.Fprintf(errors, "cavra: the installation cannot be found, so the call is refused: %s (installation_damaged)\n", err)
		return exitRefused
	}
	door := filepath.Join(filepath.Dir(self), "..", "cavra.cjs")
	command := exec.Command("node", door, "hook", agent)
	command.Stdin, command.Stdout, command.Stderr = bytes.NewReader(payload), out, errors
	if err := command.Run(); err != nil {
		if ended, is := err.(*exec.ExitError); !is || ended.ExitCode() != exitRefused {
			fmt.Fprintf(errors, "cavra: the hook broke, so the call is refused: %s (internal_error)\n", err)
		}
		return exitRefused
	}
	return exitDone
}
