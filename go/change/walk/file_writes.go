// What programs and code leave in the files that they write: where it came from says whether running it can be known. Implements
// spec/change.md section 7.9. Twin of src/change/walk/file-writes.ts. It knows no program by name: the catalogue says which keep, copy or
// pass on content; everything else follows from the deeds.

package walk

import (
	"slices"
	"strings"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/change/programs"
)

// noteWrites keeps what a program did to the content of files, after its deeds were told.
func noteWrites(program string, reading *model.Reading, frame *Frame) {
	var deeds []*model.Deed
	writes, fetches := false, false
	for i := range reading.Deeds {
		deed := &reading.Deeds[i]
		fetches = fetches || deed.Kind == "network"
		if deed.Kind == "file" {
			deeds = append(deeds, deed)
			writes = writes || deed.Effect != "read"
		}
	}
	if !writes {
		return
	}
	content := programs.ContentOf(frame.walk.catalogue, program, reading.Subcommand)
	if content == "kept" || content == "copied" && !fetches && noteCopy(deeds, reading, frame) {
		return
	}
	var state *fileState
	switch content {
	case "made":
		state = madeContent
	case "fetched":
		state = unknownContent
	default:
		state = writtenState(deeds, fetches, frame)
	}
	for _, deed := range deeds {
		if deed.Effect == "read" {
			continue
		}
		key := keyOf(deed, frame)
		switch {
		case key == "":
		case deed.Effect == "delete":
			forget(key, frame)
		case content == "input":
			fillFile(key, passedInput(frame), slices.Contains(reading.Options, "append"), frame)
		default:
			putState(key, state, frame)
		}
	}
}

// noteCodeWrite: code that stands on the line fills a file with what nobody knows here; a script on disk, with what it makes.
func noteCodeWrite(deed *model.Deed, frame *Frame) {
	if deed.Kind != "file" || deed.Effect == "read" {
		return
	}
	key := keyOf(deed, frame)
	switch {
	case key == "":
	case deed.Effect == "delete":
		forget(key, frame)
	case frame.fromDisk:
		putState(key, madeContent, frame)
	default:
		putState(key, unknownContent, frame)
	}
}

func keyOf(deed *model.Deed, frame *Frame) string {
	return fileKey(fileTarget(deed.Path, deed.Extent, frame, model.FollowAll), deed.Extent != "exact" && deed.Effect == "write")
}

// forget: a file that only a pattern names may be another one, and what is known of it stays.
func forget(key string, frame *Frame) {
	if !strings.HasPrefix(key, "*") {
		frame.shell.now.files.remove(key)
	}
}

// writtenState: what comes from the network, from a stream, or from files of unknown content cannot be known. All else was made of what is
// there.
func writtenState(deeds []*model.Deed, fetches bool, frame *Frame) *fileState {
	if fetches {
		return unknownContent
	}
	named := false
	for _, deed := range deeds {
		if deed.Effect != "read" {
			continue
		}
		if sourceState(deed, frame).unknown {
			return unknownContent
		}
		named = named || deed.Extent == "exact"
	}
	stdin := &frame.input.stdin
	if named || stdin.Kind != "stream" {
		return madeContent
	}
	if stdin.File == "" {
		return unknownContent
	}
	if state := fileAt(stdin.File, frame); state != nil && state.unknown {
		return unknownContent
	}
	return madeContent
}

// sourceState is what a file or folder that is read may hold.
func sourceState(deed *model.Deed, frame *Frame) *fileState {
	file := fileTarget(deed.Path, "exact", frame, model.FollowAll)
	if file.extent == "pattern" {
		if state := filesNamed(file.target, frame); state != nil {
			return state
		}
		return madeContent
	}
	key := fileKey(file, false)
	if key == "" {
		return madeContent
	}
	if deed.Extent != "exact" {
		if whole, is := frame.shell.now.files.get(key + "/"); is {
			return whole
		}
	}
	if state := fileAt(key, frame); state != nil {
		return state
	}
	return onDiskAs(key)
}

// noteCopy: `cp`, `mv`, `install`, `ln`, what the sources held, the targets hold. False when nothing of it is known.
func noteCopy(deeds []*model.Deed, reading *model.Reading, frame *Frame) bool {
	var writes, sources []*model.Deed
	for _, deed := range deeds {
		switch deed.Effect {
		case "write":
			writes = append(writes, deed)
		case "read":
			sources = append(sources, deed)
		}
	}
	if len(sources) == 0 || len(writes) == 0 {
		return false
	}
	if slices.Contains(reading.Options, "symbolic") {
		return noteLinks(sources, writes, frame)
	}
	all, named := heldBy(sources, frame)
	told := map[string]bool{}
	for _, write := range writes {
		key := fileKey(fileTarget(write.Path, "exact", frame, model.FollowAll), false)
		// Each place once: thousands of sources of one name would otherwise cost the product of sources and targets.
		if key == "" || told[key+write.Extent] {
			continue
		}
		told[key+write.Extent] = true
		from := named[lastComponent(write)]
		if from == nil {
			from = all
		}
		putState(key, from.state, frame)
		if write.Extent != "exact" {
			noteFolder(from, key, frame)
		}
	}
	for _, deed := range deeds {
		if deed.Effect != "delete" {
			continue
		}
		if key := fileKey(fileTarget(deed.Path, deed.Extent, frame, model.FollowParents), false); key != "" {
			forget(key, frame)
		}
	}
	return true
}

// held is what some sources hold together, and the names under which their content is kept.
type held struct {
	state *fileState
	// strange: one of them is a folder of a temporary place, where lies what nobody looks at one by one, or may hold anything itself.
	strange bool
	keys    base.Ordered[bool]
}

// heldBy is what the sources held before anything was copied: all of them, and those with the same last component.
func heldBy(sources []*model.Deed, frame *Frame) (*held, map[string]*held) {
	all := &held{}
	named := map[string]*held{}
	for _, source := range sources {
		name := lastComponent(source)
		if named[name] == nil {
			named[name] = &held{}
		}
		state := sourceState(source, frame)
		key := fileKey(fileTarget(source.Path, "exact", frame, model.FollowAll), false)
		inScratch := func(path string) bool { return isScratch(path, frame) }
		strange := state.unknown || slices.ContainsFunc(state.disk, inScratch)
		for _, held := range []*held{all, named[name]} {
			if held.state == nil {
				held.state = state
			} else {
				held.state = joinFileStates(held.state, state)
			}
			held.strange = held.strange || strange
			if key != "" {
				held.keys.Set(key, true)
			}
		}
	}
	return all, named
}

// noteFolder is what lies below a copied folder: what is known of single files goes with them.
func noteFolder(from *held, key string, frame *Frame) {
	files := frame.shell.now.files
	below := madeContent
	if from.strange {
		below = unknownContent
	}
	if strings.HasPrefix(key, "*") {
		putState(key, below, frame)
	} else {
		putState(key+"/", below, frame)
	}
	for _, source := range from.keys.Keys() {
		if strings.HasPrefix(source, "*") || !model.Spend(frame.walk.budget, files.size()) {
			continue
		}
		// What was there before: a folder may be copied into itself.
		for path, known := range files.entries.Clone().All() {
			if strings.HasPrefix(path, source+"/") && len(path) > len(source)+1 {
				files.set(key+path[len(source):], known)
			}
		}
	}
}

// noteLinks: for a link the catalogue tells its target as written, then as seen from the folder of the link, which is what the kernel
// follows.
func noteLinks(sources, writes []*model.Deed, frame *Frame) bool {
	to := fileTarget(sources[len(sources)-1].Path, "exact", frame, model.FollowParents)
	if to.extent != "exact" || to.target == "" {
		return false
	}
	for _, write := range writes {
		link := fileTarget(write.Path, "exact", frame, model.FollowParents)
		if link.extent == "exact" && link.target != "" && link.target != to.target {
			frame.shell.now.links.set(link.target, to.target)
		}
	}
	return true
}

func lastComponent(deed *model.Deed) string {
	written := deed.Path.Text + deed.Path.Glob
	return written[strings.LastIndexByte(written, '/')+1:]
}
