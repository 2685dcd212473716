// Where this account keeps things, and what of its environment is sent. Implements spec/record.md section 8 and spec/backend.md 8.2. Twin of the beginning
// of src/store/folders.ts, and of the variables in src/daemon/messages.ts.

package messenger

import (
	"path/filepath"

	"cavra.dev/runtime/base"
)

// sent are the variables that a decision may rest on; no others leave this process.
var sent = []string{
	"HOME", "TMPDIR", "USER", "LOGNAME", "SHELL", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "CLAUDE_PROJECT_DIR",
	"CAVRA_UNATTENDED",
}

// SentEnvironment takes those that are set.
func SentEnvironment(look func(name string) (string, bool)) *base.Ordered[string] {
	environment := &base.Ordered[string]{}
	for _, name := range sent {
		if value, set := look(name); set {
			environment.Set(name, value)
		}
	}
	return environment
}

// StateFolder is `CAVRA_STATE_DIR`, else `$XDG_STATE_HOME/cavra`, else `~/.local/state/cavra`; "" where nothing says it.
func StateFolder(look func(name string) (string, bool)) string {
	return placeFor(look, "CAVRA_STATE_DIR", "XDG_STATE_HOME", ".local/state")
}

// ConfigFolder is `CAVRA_CONFIG_DIR`, else `$XDG_CONFIG_HOME/cavra`, else `~/.config/cavra`; "" where nothing says it.
func ConfigFolder(look func(name string) (string, bool)) string {
	return placeFor(look, "CAVRA_CONFIG_DIR", "XDG_CONFIG_HOME", ".config")
}

// A relative path of our own is an error that the Node hook tells; the XDG specification says that a relative one of its own is to be ignored.
func placeFor(look func(name string) (string, bool), own, root, fallback string) string {
	if chosen, _ := look(own); chosen != "" {
		if filepath.IsAbs(chosen) {
			return chosen
		}
		return ""
	}
	if base, _ := look(root); filepath.IsAbs(base) {
		return filepath.Join(base, "cavra")
	}
	if home, _ := look("HOME"); filepath.IsAbs(home) {
		return filepath.Join(home, fallback, "cavra")
	}
	return ""
}
