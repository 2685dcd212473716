// Remotes: push, fetch, pull, ls-remote, remote, subtree. Implements spec/git.md section 14. Twin of src/change/programs/git-remotes.ts.

package programs

import (
	"slices"
	"strings"

	"cavra.dev/runtime/change/model"
)

// maxFetchedRemotes is operands of `fetch --multiple`; more are told as one address that cannot be known.
const maxFetchedRemotes = 64

// push is one deed for each ref; a dry run only contacts the remote.
func push(line *gitLine) []model.Deed {
	word := nth(line.operands(), 0)
	if word == nil {
		word = line.lastOf("repo")
	}
	var reached []model.Deed
	if word == nil {
		reached = contactDefault(line, "send")
	} else {
		reached = contact(line, *word, "send", "name")
	}
	if line.has("dry_run") {
		return slices.DeleteFunc(reached, func(deed model.Deed) bool { return deed.Kind == "file" })
	}
	if word == nil {
		return append(reached, pushedRefs(line, defaultRemote(line))...)
	}
	return append(reached, pushedRefs(line, remoteName(word))...)
}

func pushedRefs(line *gitLine, remote model.Value) []model.Deed {
	force := "none"
	if line.may("force") {
		force = "force"
	} else if line.has("force_with_lease") {
		force = "lease"
	}
	many := gitTarget{ref: model.UnknownWord, remote: remote, force: force}
	if line.may("mirror") {
		many.force = "force"
		return []model.Deed{line.git("push", many), line.git("delete_remote_ref", many)}
	}
	var deeds []model.Deed
	isMany := line.has("all", "branches", "tags")
	if isMany {
		deeds = append(deeds, line.git("push", many))
	}
	if line.has("all", "branches") {
		deeds = append(deeds, defaultBranchAmong(line, many)...)
	}
	if line.may("prune") {
		deeds = append(deeds, line.git("delete_remote_ref", many))
	}
	specs := line.operands()[min(1, len(line.operands())):]
	isDelete := line.may("delete")
	for i := 0; i < len(specs); i++ {
		if specs[i].Value.Text == "tag" && i+1 < len(specs) && !isDelete {
			i++
			ref := shortRef(&line.place, specs[i].Value)
			deeds = append(deeds, line.git("push", gitTarget{ref: ref, remote: remote, force: force, span: &specs[i].Span}))
			continue
		}
		deeds = append(deeds, pushedRef(line, specs[i], gitTarget{remote: remote, force: force, span: &specs[i].Span}, isDelete)...)
	}
	if len(specs) > 0 || isMany {
		return deeds
	}
	return append(deeds, line.git("push", gitTarget{ref: defaultRef(line, remote), remote: remote, force: force}))
}

// pushedRef: target has the remote, the force and the place.
func pushedRef(line *gitLine, spec model.Argument, target gitTarget, isDelete bool) []model.Deed {
	target.ref = model.UnknownWord
	if isDelete {
		target.ref = shortRef(&line.place, spec.Value)
		return []model.Deed{line.git("delete_remote_ref", target)}
	}
	if spec.Value.Kind != "text" {
		operation := "push"
		beginning := knownPart(spec.Value)
		if strings.HasPrefix(beginning, ":") {
			operation = "delete_remote_ref"
		} else if strings.HasPrefix(beginning, "+") {
			// `+$branch`
			target.force = "force"
		}
		return []model.Deed{line.git(operation, target)}
	}
	refs := readRefspec(spec.Value.Text)
	if refs.force {
		target.force = "force"
	}
	ref := func(written string) model.Value { return shortRef(&line.place, model.Text(written)) }
	switch {
	case refs.parted && refs.source == "" && refs.target == "":
		return []model.Deed{line.git("push", target)}
	case refs.parted && refs.source == "":
		target.ref = ref(refs.target)
		return []model.Deed{line.git("delete_remote_ref", target)}
	case refs.target == "":
		refs.target = refs.source
		target.ref = ref(refs.source)
	case !isHead(refs.target):
		target.ref = ref(refs.target)
	}
	deeds := []model.Deed{line.git("push", target)}
	if strings.Contains(refs.target, "*") {
		return append(deeds, defaultBranchAmong(line, target)...)
	}
	return deeds
}

// defaultBranchAmong: where every branch is pushed, so is the default one.
func defaultBranchAmong(line *gitLine, target gitTarget) []model.Deed {
	name := line.call.Facts.Git().DefaultBranch
	if name == "" {
		return nil
	}
	target.ref = model.Text(name)
	return []model.Deed{line.git("push", target)}
}

// defaultRef: with push.default as git ships it, the branch that the current one tracks. Settings on the line can make it any.
func defaultRef(line *gitLine, remote model.Value) model.Value {
	isSetting := func(entry configEntry) bool {
		return entry.known &&
			(strings.HasPrefix(entry.key, "push.") || strings.HasPrefix(entry.key, "branch.") || strings.HasPrefix(entry.key, "remote."))
	}
	isMany := func(word model.Argument) bool { return word.Value.Kind == "unknown" && word.Value.Many }
	if slices.ContainsFunc(line.config, isSetting) || slices.ContainsFunc(line.operands(), isMany) {
		return model.UnknownWord
	}
	known := line.place.known()
	upstream, tracked := known.UpstreamBranch, known.UpstreamRemote
	if upstream != "" && (remote.Kind != "text" || tracked == "" || remote.Text == tracked) {
		return shortRef(&line.place, model.Text(upstream))
	}
	return line.currentBranch()
}

func defaultRemote(line *gitLine) model.Value {
	if remote := line.place.known().UpstreamRemote; remote != "" {
		return model.Text(remote)
	}
	return model.UnknownWord
}

func contactDefault(line *gitLine, direction string) []model.Deed {
	name := line.place.known().UpstreamRemote
	if name == "" {
		name = "origin"
	}
	return contact(line, model.Argument{Value: model.Text(name), Span: line.span}, direction, "name")
}

func lfsPush(line *gitLine) []model.Deed {
	remote := nth(line.operands(), 0)
	if remote == nil {
		return nil
	}
	reached := contact(line, *remote, "send", "name")
	if line.has("dry_run") {
		return reached
	}
	return append(reached, line.git("push", gitTarget{ref: model.UnknownWord, remote: remoteName(remote)}))
}

func fetchRefs(line *gitLine) []model.Deed {
	words := line.operands()
	var deeds []model.Deed
	switch {
	case len(words) == 0:
		deeds = contactDefault(line, "receive")
	case line.has("multiple") && len(words) > maxFetchedRemotes:
		deeds = contact(line, model.Argument{Value: model.UnknownWord, Span: line.span}, "receive", "name")
	case line.has("multiple"):
		for _, word := range words {
			deeds = append(deeds, contact(line, word, "receive", "name")...)
		}
	default:
		deeds = contact(line, words[0], "receive", "name")
	}
	if line.has("dry_run") {
		return deeds
	}
	if len(words) == 0 {
		return append(deeds, line.git("fetch", gitTarget{remote: fetchedRemote(line)}))
	}
	deeds = append(deeds, line.git("fetch", gitTarget{remote: remoteName(&words[0])}))
	if line.has("multiple") {
		return deeds
	}
	isForced := line.may("force")
	for _, spec := range words[1:] {
		deeds = append(deeds, movedBranch(line, spec, isForced)...)
	}
	return deeds
}

func fetchedRemote(line *gitLine) model.Value {
	if line.has("all") {
		return model.UnknownWord
	}
	return defaultRemote(line)
}

// movedBranch: `+src:dst` moves a branch here; refs under refs/remotes are only copies.
func movedBranch(line *gitLine, spec model.Argument, isForced bool) []model.Deed {
	refs := readRefspec(spec.Value.Text)
	if refs.target == "" || strings.HasPrefix(refs.target, "refs/remotes/") || strings.HasPrefix(refs.target, "refs/tags/") {
		return nil
	}
	target := gitTarget{ref: shortRef(&line.place, model.Text(refs.target)), span: &spec.Span}
	if refs.force || isForced {
		target.force = "force"
	}
	return []model.Deed{line.git("move_branch", target)}
}

// pull is a fetch, and then a merge or a rebase of the current branch.
func pull(line *gitLine) []model.Deed {
	fetched := fetchRefs(line)
	if line.has("dry_run") {
		return fetched
	}
	operation := "merge"
	if rebases, said := lastRebase(line); rebases || !said && isTrue(line, "pull.rebase") {
		operation = "rebase"
	}
	return append(fetched, line.git(operation, gitTarget{ref: line.currentBranch()}))
}

// lastRebase: `--rebase[=value]` against `--no-rebase`, the last one counts; said is false without either.
func lastRebase(line *gitLine) (rebases, said bool) {
	for _, option := range line.cut.Options {
		switch option.Means {
		case "no_rebase":
			rebases, said = option.Negated, true
		case "rebase":
			value := nth(option.Values, 0)
			isFalse := value != nil && slices.Contains([]string{"false", "no", "off", "0"}, value.Value.Text)
			rebases, said = !option.Negated && !isFalse, true
		}
	}
	return rebases, said
}

func isTrue(line *gitLine, key string) bool {
	entry := lastEntry(line.config, key)
	if entry == nil {
		return false
	}
	return entry.value == nil || entry.value.Kind != "text" || !slices.Contains([]string{"false", "no", "off", "0", ""}, entry.value.Text)
}

func subtreePull(line *gitLine) []model.Deed {
	merged := line.git("merge", gitTarget{ref: line.currentBranch()})
	if len(line.operands()) < 2 {
		return []model.Deed{merged}
	}
	remote := &line.operands()[0]
	return append(contact(line, *remote, "receive", "name"), line.git("fetch", gitTarget{remote: remoteName(remote)}), merged)
}

func subtreePush(line *gitLine) []model.Deed {
	remote, spec := nth(line.operands(), 0), nth(line.operands(), 1)
	if spec == nil {
		return nil
	}
	target := gitTarget{remote: remoteName(remote), span: &spec.Span}
	return append(contact(line, *remote, "send", "name"), pushedRef(line, *spec, target, false)...)
}

func subtreeSplit(line *gitLine) []model.Deed {
	name := line.lastOf("branch")
	if name == nil {
		return nil
	}
	return []model.Deed{line.git("create_branch", gitTarget{ref: shortRef(&line.place, name.Value), span: &name.Span})}
}

func listRemote(line *gitLine) []model.Deed {
	remote := nth(line.operands(), 0)
	if remote == nil {
		return contactDefault(line, "receive")
	}
	return contact(line, *remote, "receive", "name")
}

// addRemote: the address is not contacted yet, unless `-f` stands there; a helper in it (`ext::`) runs at every later contact.
func addRemote(line *gitLine) []model.Deed {
	name, url := nth(line.operands(), 0), nth(line.operands(), 1)
	if url == nil {
		return nil
	}
	deeds := []model.Deed{line.git("configure", gitTarget{remote: remoteName(name), span: &name.Span})}
	isFetched := line.has("fetch")
	if isFetched || addressOf(url.Value, "folder").kind == "helper" {
		deeds = append(deeds, contact(line, *url, "receive", "folder")...)
	}
	if isFetched {
		deeds = append(deeds, line.git("fetch", gitTarget{remote: remoteName(name)}))
	}
	return deeds
}

func setRemoteURL(line *gitLine) []model.Deed {
	name, url := nth(line.operands(), 0), nth(line.operands(), 1)
	if name == nil {
		return nil
	}
	deeds := []model.Deed{line.git("redirect_remote", gitTarget{remote: remoteName(name), span: &name.Span})}
	if url != nil && addressOf(url.Value, "folder").kind == "helper" {
		deeds = append(deeds, contact(line, *url, "receive", "folder")...)
	}
	return deeds
}

func configureRemote(line *gitLine) []model.Deed {
	name := nth(line.operands(), 0)
	if name == nil {
		return nil
	}
	return []model.Deed{line.git("configure", gitTarget{remote: remoteName(name), span: &name.Span})}
}

func updateRemotes(line *gitLine) []model.Deed {
	if line.has("dry_run") {
		return nil
	}
	return []model.Deed{line.git("fetch", gitTarget{remote: remoteName(nth(line.operands(), 0))})}
}
