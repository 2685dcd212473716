// Actions, facts, effects and the change. Implements spec/change.md sections 1 to 3. Twin of src/change/model.ts.
// The names of the fields are the keys of the record in Go's spelling; canonical.go alone writes them, and decides which effect has which.

// Package model is the contracts of change: what its packages say to each other. It imports only base.
package model

import "cavra.dev/runtime/base"

// ActionTypes are the kinds of actions. Nobody writes to it.
var ActionTypes = []ActionType{"execute_command", "read_file", "write_file", "git_operation", "network_request", "mcp_tool_call"}

// ActionType is one of ActionTypes.
type ActionType = string

// Action is what an agent asks to do, as it came.
type Action struct {
	ActionType ActionType
	// Target is the command line, the path, the git command line without `git`, the URL, or `server/tool`.
	Target string
	// Operation refines `write_file` (`write`, `edit`, `delete`) and `network_request` (the method); "" elsewhere.
	Operation string
	// Arguments is the tool's input as canonical JSON text (MCP), or "".
	Arguments string
	// Cwd is the absolute working folder of the action.
	Cwd string
	// WorkspaceRoot is the absolute root of the workspace.
	WorkspaceRoot string
}

// Facts is what the caller knows about the machine. The change is a pure function of action, facts and catalogue; a fact that is not supplied is
// unknown. The caller may derive once, look up what the change names (links, listings, scripts), and derive again with those facts.
type Facts struct {
	// Home folder of the person, absolute, or "".
	Home string
	// TempRoots are temporary folders, absolute.
	TempRoots []string
	// Environment variables of the agent's shell that may be relied on (`HOME`, `TMPDIR`, `USER`, …), in the order of the request.
	Environment *base.Ordered[string]
	// Links: absolute path of a link → absolute path that it points to (one step, not resolved further).
	Links map[string]string
	// Listings: absolute folder → the names in it, for globs.
	Listings map[string][]string
	// Scripts: absolute path → text of a script that the action would run.
	Scripts map[string]string
	// Repository is what is known of the repository. Who derives a change reads it through Git, so that its having been asked for is noted.
	Repository GitFacts
	asked      *bool
}

// Git gives the facts of the repository, and notes that they were asked for.
func (f *Facts) Git() GitFacts {
	if f.asked != nil {
		*f.asked = true
	}
	return f.Repository
}

// Noticing is the same facts, setting asked to true once those of the repository are asked for.
func (f *Facts) Noticing(asked *bool) *Facts {
	noticing := *f
	noticing.asked = asked
	return &noticing
}

// GitFacts is what is known of the repository. Empty strings are unknown.
type GitFacts struct {
	CurrentBranch  string
	DefaultBranch  string
	UpstreamRemote string
	UpstreamBranch string
}

// Unknown marks a target that cannot be known without running the action. No path, ref or host can be spelled like it where it is used.
const Unknown = "unknown"

// Extent is how much a file effect's target covers: `exact` one path; `tree` the path and all below it; `contents` all below it but not the path
// itself; `pattern` whatever the shell glob in Target names (`*` and `?` never cross a `/`); `unknown` with target "unknown".
type Extent = string

// Effect is one of nine kinds. Span, Via and Place are of all; the comment of any other field says whose it is.
//
// `read`, `write`, `delete`: a file. `exec`: a program is run. `git`: a change to the state of a git repository or a remote, by the operations of
// spec/change.md section 8. `network`. `operate`: a change outside files and git (infrastructure, databases, registries, services, processes, the
// host). `call`: an MCP tool is called. `opaque`: code or a program that cannot be known before it runs.
type Effect struct {
	Kind EffectKind
	Span base.Span
	// Via is the programs that carry it to the world, outermost first: `["sudo", "bash"]`.
	Via []string
	// Place `elsewhere`: on another machine or in a container, where paths are not those of this workspace; else `here`.
	Place string
	// Target of files: absolute canonical path (spec/change.md section 4), or "unknown". Target of `operate`.
	Target string
	// Extent of files.
	Extent Extent
	// Program of `exec`: canonical name, `rm` for `/bin/rm`, `RM`, `rm.exe`.
	Program string
	// Path of `exec`: as written when it was a path, canonical (`/usr/bin/rm`, `/srv/app/run.sh`); else "".
	Path string
	// Subcommand of `exec`: `apply`, `compute instances delete`; "" when there is none, "unknown" when it cannot be known.
	Subcommand string
	// Options of `exec` by meaning, sorted: `["force", "recursive"]`; an unknown program's are as written.
	Options []string
	// Known: the catalogue has the program of `exec`. Harmless: it knows all that the program does.
	Known    bool
	Harmless bool
	// Operation of `git` and `operate`: `apply`, `delete`, `drop`, `publish`, `install`, … as the catalogue names it.
	Operation string
	// Ref of `git`: short ref name (`main`, `v1`), "" for none, "unknown".
	Ref    string
	Remote string
	// Force of `git`: `none`, `lease` or `force`.
	Force string
	// Host of `network`: lower-case host name without port, or "unknown".
	Host string
	URL  string
	// Direction of `network`: `receive` or `send`.
	Direction string
	// Data of `network` says where what is sent comes from: `none`, `literal` (written in the action), `derived` (files, output of programs), `unknown`.
	Data string
	// System of `operate`: `terraform`, `kubernetes`, `aws`, `postgresql`, `npm`, `host`, … as the catalogue names it.
	System string
	// Server and Tool of `call`, and Capability: `read`, `write`, `execute`, `network`, `unknown`.
	Server     string
	Tool       string
	Capability string
	// Reason of `opaque`: one of the codes of spec/change.md section 9, such as `unknown_program`, `unknown_code`, `limit_exceeded`.
	Reason string
	// Detail of `opaque` is the finer code: of spec/shell.md section 3 for `unsupported_syntax`, the language for `unknown_code`; else "".
	Detail string
}

// EffectKind is one of the nine kinds.
type EffectKind = string

// Change is all effects of an action in source order, each once.
type Change struct {
	Effects []Effect
}
