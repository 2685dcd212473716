// From the value of an operand to the target of a file effect. Implements spec/change.md section 4.5. Twin of src/change/walk/targets.ts.
// An operand that cannot be known gives the target `unknown`; the effect is never dropped for it.

package walk

import (
	"slices"
	"strings"

	"cavra.dev/runtime/change/catalogue"
	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/change/words"
)

// target of a file effect. device: one that holds nothing, and gives no effect.
type target struct {
	target string
	extent model.Extent
	device bool
}

var (
	unknownTarget = target{target: model.Unknown, extent: "unknown"}
	noTarget      = target{extent: "exact", device: true}
)

func fileTarget(path model.Value, extent model.Extent, frame *Frame, follow model.Follow) target {
	if path.Kind == "unknown" {
		return unknownTarget
	}
	isEmpty := path.Kind == "text" && path.Text == ""
	// In a folder of which only a pattern is known (`cd "$(mktemp -d)"`) every relative path is one.
	if cwd := frame.shell.now.cwd; cwd.Kind == "pattern" && !strings.HasPrefix(words.KnownPrefix(path), "/") && !isEmpty {
		path = catalogue.Within(&cwd, path)
	}
	return targetOf(path, extent, frame, follow)
}

func targetOf(path model.Value, extent model.Extent, frame *Frame, follow model.Follow) target {
	switch path.Kind {
	case "unknown":
		return unknownTarget
	case "text":
		// An empty path names nothing: the kernel refuses it.
		if path.Text == "" {
			return noTarget
		}
		known, is := knownPath(path.Text, frame, follow)
		if !is {
			return unknownTarget
		}
		return target{known, extent, isDevice(known)}
	}
	glob, is := model.CanonicalGlob(path.Glob, viewOf(frame), follow)
	if !is {
		return unknownTarget
	}
	if !model.HasActive(glob) {
		plain := model.UnescapeGlob(glob)
		return target{plain, extent, isDevice(plain)}
	}
	// A tree of a pattern: `/**` covers what the pattern names and all below it.
	whole := glob
	if extent != "exact" && !strings.HasSuffix(glob, "/**") {
		whole = strings.TrimSuffix(glob, "/") + "/**"
	}
	return target{whole, "pattern", isDevice(glob)}
}

// knownPath is the canonical path of a known text; false when it cannot be known here. Asks the caller for the links on the way.
func knownPath(path string, frame *Frame, follow model.Follow) (string, bool) {
	view := viewOf(frame)
	wants := &frame.walk.wants
	if frame.shell.now.links.size() == 0 && len(frame.walk.facts.Links) == 0 {
		if plain, is := model.PlainPath(path, view.Cwd); is {
			if frame.place == "here" {
				wants.paths.want(plain)
			}
			return plain, true
		}
	}
	if frame.place == "here" {
		for _, asked := range model.PathsToLookUp(path, view.Cwd) {
			wants.paths.want(asked)
		}
	}
	return model.CanonicalPath(path, view, follow)
}

func viewOf(frame *Frame) model.PathView {
	now := frame.shell.now
	view := model.PathView{Link: func(path string) (string, bool) {
		if made, is := now.links.get(path); is {
			return made, true
		}
		if frame.place != "here" {
			return "", false
		}
		fact, is := frame.walk.facts.Links[path]
		return fact, is
	}}
	if now.cwd.Kind == "text" {
		view.Cwd = &now.cwd.Text
	}
	return view
}

var devices = []string{
	"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty", "/dev/stdin", "/dev/stdout", "/dev/stderr", "/dev/fd",
}

// isDevice: files that hold nothing and keep nothing.
func isDevice(path string) bool {
	return strings.HasPrefix(path, "/dev/") && (slices.Contains(devices, path) || strings.HasPrefix(path, "/dev/fd/"))
}

// isScratch: a place where anybody puts things, below a temporary folder, outside the workspace, on this machine.
func isScratch(path string, frame *Frame) bool {
	if frame.place == "elsewhere" || isBelow(path, frame.walk.workspaceRoot) {
		return false
	}
	return slices.ContainsFunc(frame.walk.facts.TempRoots, func(root string) bool { return path == root || isBelow(path, root) })
}

func isBelow(path, folder string) bool {
	return folder != "" && strings.HasPrefix(path, strings.TrimSuffix(folder, "/")+"/")
}
