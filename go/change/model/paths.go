// One spelling for every path: absolute, no `.`, no `..`, no doubled or trailing slash, links followed as the kernel does.
// Implements spec/change.md section 4. Twin of src/change/paths.ts. It knows links only from the facts, and reads no file system.

package model

import (
	"slices"
	"strings"
)

// PathView is where paths are resolved: the working folder (nil: unknown) and the links that are known.
type PathView struct {
	Cwd *string
	// Link gives what a path points to, and whether it is a link.
	Link func(path string) (string, bool)
}

// Follow says whether a link that the path itself names is followed: `cat` reads behind it (`all`), `rm` removes the link (`parents`).
type Follow string

// The two ways to follow.
const (
	FollowAll     Follow = "all"
	FollowParents Follow = "parents"
)

// PathBytes is bytes of the longest path that a kernel takes.
const PathBytes = 4096

// PlainPath is the absolute path where it is resolved as it is written: printable ASCII without `\`, `.`, `..`, doubled slashes and drives, not in
// `/proc` or `/dev`. Most paths are so, and where there are no links need nothing else. False for all others.
func PlainPath(path string, cwd *string) (string, bool) {
	if strings.HasPrefix(path, "/") {
		return path, isPlain(path)
	}
	if cwd == nil || len(path) > 1 && path[1] == ':' {
		return "", false
	}
	whole := *cwd + "/" + path
	if *cwd == "/" {
		whole = "/" + path
	}
	return whole, isPlain(whole)
}

func isPlain(path string) bool {
	if len(path) > PathBytes || strings.HasPrefix(path, "/proc") || strings.HasPrefix(path, "/dev") ||
		!strings.HasPrefix(path, "/") || strings.HasSuffix(path, "/") {
		return false
	}
	for i := 1; i < len(path); i++ {
		unit := path[i]
		if unit < 0x20 || unit > 0x7e || unit == '\\' {
			return false
		}
		if path[i-1] == '/' && (unit == '/' || unit == '.' && isDots(path, i)) {
			return false
		}
	}
	return true
}

// isDots says whether the component that begins here is `.`, or begins with `..`.
func isDots(path string, at int) bool {
	return at+1 == len(path) || path[at+1] == '/' || path[at+1] == '.'
}

// CanonicalPath is the canonical absolute path, or false when it cannot be known: relative to an unknown folder, too long, a circle of links.
func CanonicalPath(path string, view PathView, follow Follow) (string, bool) {
	return resolve(path, view, follow, false, true)
}

// CanonicalGlob is the same for a glob: literal components are resolved, active ones stay. A `..` after `**` could be anywhere: false.
func CanonicalGlob(glob string, view PathView, follow Follow) (string, bool) {
	return resolve(glob, view, follow, true, true)
}

// The temptation is to leave `\` and `C:\` to be odd names in the workspace: on Windows, and for Git Bash, they are the disk.
func fromWindows(path, backslash string) string {
	hasDrive := len(path) > 1 && path[1] == ':' && (path[0] >= 'a' && path[0] <= 'z' || path[0] >= 'A' && path[0] <= 'Z')
	drive, rest := "", path
	if hasDrive {
		drive, rest = "/"+path[:2], path[2:]
	}
	if !strings.HasPrefix(rest, backslash) && !(hasDrive && (rest == "" || strings.HasPrefix(rest, "/"))) {
		return path
	}
	return drive + strings.ReplaceAll(rest, backslash, "/")
}

// LogicalPath is the absolute path with `.` and `..` undone as text, links not followed: what a shell calls its working folder.
func LogicalPath(path string, cwd *string) (string, bool) {
	if plain, is := PlainPath(path, cwd); is {
		return plain, true
	}
	return resolve(path, PathView{Cwd: cwd, Link: noLink}, FollowParents, false, false)
}

// LogicalGlob is the same for a folder of which only a pattern is known.
func LogicalGlob(glob string) (string, bool) {
	return resolve(glob, PathView{Link: noLink}, FollowParents, true, false)
}

func noLink(string) (string, bool) {
	return "", false
}

// PathsToLookUp is the absolute paths at which a link would matter: the path itself as text, and what stands before each `..` in it.
func PathsToLookUp(path string, cwd *string) []string {
	if len(path) > PathBytes {
		return nil
	}
	var asked []string
	add := func(one string, known bool) {
		if known && !strings.HasPrefix(one, "/proc/") && !strings.HasPrefix(one, "/dev/") {
			asked = append(asked, one)
		}
	}
	// What is in /proc and /dev counts for the limit, and is left out afterwards.
	found := 0
	for at := strings.Index(path, "/.."); at >= 0 && found < LimitLinkSteps; {
		before, known := LogicalPath(path[:at], cwd)
		if known {
			found++
		}
		add(before, known)
		next := strings.Index(path[at+1:], "/..")
		if next < 0 {
			break
		}
		at += 1 + next
	}
	add(resolve(path, PathView{Cwd: cwd, Link: noLink}, FollowAll, false, true))
	return asked
}

func resolve(written string, view PathView, follow Follow, glob, processes bool) (string, bool) {
	path := fromWindows(written, windowsSlash(glob))
	if path == "" || len(path) > PathBytes || strings.IndexByte(path, 0) >= 0 {
		return "", false
	}
	if !strings.HasPrefix(path, "/") && view.Cwd == nil {
		return "", false
	}
	inside := follow == FollowAll || strings.HasSuffix(path, "/") || strings.HasSuffix(path, "/.")
	queue := strings.Split(path, "/")
	if !strings.HasPrefix(path, "/") {
		queue = append(componentsOf(*view.Cwd, glob), queue...)
	}
	var done []string
	// Bytes of what is done: a folder that grows with every `cd` would otherwise cost its length for each of its components.
	sizeBytes := 0
	links := 0
	for i := 0; i < len(queue); i++ {
		component := queue[i]
		if component == "" || component == "." {
			continue
		}
		if component == ".." {
			if len(done) == 0 {
				continue
			}
			if done[len(done)-1] == "**" {
				return "", false
			}
			sizeBytes -= len(done[len(done)-1]) + 1
			done = done[:len(done)-1]
			continue
		}
		done = append(done, component)
		if sizeBytes += len(component) + 1; sizeBytes > PathBytes {
			return "", false
		}
		own := "plain"
		if processes {
			own = processFolder(done, glob)
		}
		switch {
		case own == "unknown" || own == "cwd" && view.Cwd == nil:
			return "", false
		case own == "root":
			done, sizeBytes = nil, 0
		case own == "descriptors":
			done, sizeBytes = []string{"dev", "fd"}, len("/dev/fd")
		}
		last := i == len(queue)-1
		if last && !inside || glob && HasActive(component) {
			continue
		}
		target, is := linkAt(done, own, view, glob)
		if !is {
			continue
		}
		links++
		if links > LimitLinkSteps {
			return "", false
		}
		queue = behindLink(done, target, glob, queue[i+1:])
		done, sizeBytes = nil, 0
		i = -1
	}
	return "/" + strings.Join(done, "/"), true
}

func windowsSlash(glob bool) string {
	if glob {
		return `\\`
	}
	return `\`
}

func componentsOf(path string, glob bool) []string {
	components := strings.Split(path, "/")
	if glob {
		for i, component := range components {
			components[i] = EscapeGlob(component)
		}
	}
	return components
}

func linkAt(done []string, own string, view PathView, glob bool) (string, bool) {
	if own == "cwd" {
		return *view.Cwd, true
	}
	if isKernelLink(done) {
		return "", false
	}
	return view.Link(absolute(done, glob))
}

// behindLink is what is still to be resolved once the last of done has turned out to be a link.
func behindLink(done []string, target string, glob bool, rest []string) []string {
	var queue []string
	if !strings.HasPrefix(target, "/") && len(done) > 0 {
		queue = append(queue, done[:len(done)-1]...)
	}
	queue = append(queue, componentsOf(target, glob)...)
	return append(queue, rest...)
}

func absolute(components []string, glob bool) string {
	if !glob {
		return "/" + strings.Join(components, "/")
	}
	plain := make([]string, len(components))
	for i, component := range components {
		plain[i] = UnescapeGlob(component)
	}
	return "/" + strings.Join(plain, "/")
}

var kernelLinks = []string{"fd", "stdin", "stdout", "stderr"}

// SECURITY: a fact about `/dev/fd` or `/proc/self` is about the process that looked, not about the one that will run.
func isKernelLink(done []string) bool {
	if len(done) == 0 {
		return false
	}
	return done[0] == "proc" || done[0] == "dev" && len(done) == 2 && slices.Contains(kernelLinks, done[1])
}

// processFolder tells `plain` from `cwd`, `root`, `descriptors` and `unknown`: `/proc/self/cwd` and `/proc/self/root` are other names for the working
// folder and `/`; `/proc/self/fd` for `/dev/fd`.
func processFolder(done []string, glob bool) string {
	if done[0] != "proc" || len(done) < 3 {
		return "plain"
	}
	process := done[1]
	own := process == "self" || process == "thread-self" || glob && HasActive(process)
	if len(done) == 5 && done[2] == "task" && done[4] == "root" {
		return "root"
	}
	if len(done) == 5 && done[2] == "task" && done[4] == "cwd" {
		return "unknown"
	}
	if len(done) != 3 || !own && !isNumber(process) {
		return "plain"
	}
	switch {
	case done[2] == "root":
		return "root"
	case done[2] == "cwd" && own:
		return "cwd"
	case done[2] == "cwd":
		return "unknown"
	case done[2] == "fd" && own:
		return "descriptors"
	}
	return "plain"
}

func isNumber(text string) bool {
	for i := 0; i < len(text); i++ {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return text != ""
}
