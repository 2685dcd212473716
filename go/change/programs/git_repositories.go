// Whole repositories: clone, init, submodules, archives, bundles, patches by mail, credentials. Implements spec/git.md section 15.
// Twin of src/change/programs/git-repositories.ts.

package programs

import (
	"strings"

	"cavra.dev/runtime/change/catalogue"
	"cavra.dev/runtime/change/model"
)

func clone(line *gitLine) []model.Deed {
	source := nth(line.operands(), 0)
	if source == nil {
		return nil
	}
	deeds := contact(line, *source, "receive", "folder")
	deeds = append(deeds, templates(line)...)
	for _, given := range line.valuesOf("config") {
		deeds = append(deeds, clonedSetting(line, given)...)
	}
	return append(deeds, line.file("write", clonedInto(line), "tree"))
}

// clonedInto is the second operand, or the folder that the first one gives.
func clonedInto(line *gitLine) model.Argument {
	if folder := nth(line.operands(), 1); folder != nil {
		return *folder
	}
	source := line.operands()[0]
	return model.Argument{Value: cloneFolder(source.Value), Span: source.Span}
}

// clonedSetting: `-c key=value` is written to the new repository and counts at once.
func clonedSetting(line *gitLine, given model.Argument) []model.Deed {
	written := splitPair(given.Value)
	if !written.known {
		return []model.Deed{opaqueDeed("unknown_code", "git_config", given.Span)}
	}
	name, isKey := normalKey(written.key)
	if !isKey || written.value == nil {
		return nil
	}
	return configuredCode(line, name, model.Argument{Value: *written.value, Span: given.Span})
}

// templates: a template brings hooks.
func templates(line *gitLine) []model.Deed {
	template := line.lastOf("template")
	if template == nil {
		return nil
	}
	return givenCode(line, "folder", *template)
}

func initRepository(line *gitLine) []model.Deed {
	folder := model.Argument{Value: model.Text("."), Span: line.span}
	if given := nth(line.operands(), 0); given != nil {
		folder = *given
	}
	return append(templates(line), line.file("write", folder, "exact"))
}

func addSubmodule(line *gitLine) []model.Deed {
	source := nth(line.operands(), 0)
	if source == nil {
		return nil
	}
	deeds := append(contact(line, *source, "receive", "folder"), line.git("configure", gitTarget{}), line.git("stage", gitTarget{}))
	return append(deeds, line.file("write", clonedInto(line), "tree"))
}

func updateSubmodules(line *gitLine) []model.Deed {
	var deeds []model.Deed
	if line.may("force") {
		deeds = append(deeds, line.discardsAll())
	}
	if line.has("no_fetch") {
		return deeds
	}
	return append(deeds, line.git("fetch", gitTarget{}))
}

func deinitSubmodules(line *gitLine) []model.Deed {
	if line.may("force") {
		return append([]model.Deed{line.discardsAll()}, configure(line)...)
	}
	return configure(line)
}

// forEachSubmodule: one word is shell code, several are a command; both run in every submodule.
func forEachSubmodule(line *gitLine) []model.Deed {
	words := line.operands()
	switch len(words) {
	case 0:
		return nil
	case 1:
		return []model.Deed{in(model.UnknownWord, line.code("shell", words[0]))}
	}
	return []model.Deed{in(model.UnknownWord, line.command(words...))}
}

func lfsTrack(line *gitLine) []model.Deed {
	if len(line.operands()) == 0 || line.has("dry_run", "d") {
		return nil
	}
	return []model.Deed{line.file("write", model.Argument{Value: model.Text(".gitattributes"), Span: line.span}, "exact")}
}

// scheduleMaintenance enters git into the machine's scheduler.
func scheduleMaintenance(line *gitLine) []model.Deed {
	scheduled := model.Deed{Kind: "operate", System: "host", Operation: "schedule", Target: model.Text("git maintenance"), Span: line.span}
	return append(configure(line), scheduled)
}

// forEachRepository: the words are a git command for every repository that the configuration lists.
func forEachRepository(line *gitLine) []model.Deed {
	words := line.operands()
	if len(words) == 0 {
		return nil
	}
	command := append([]model.Argument{{Value: model.Text("git"), Span: line.span}}, words...)
	return []model.Deed{in(model.UnknownWord, line.command(command...))}
}

func sendEmail(line *gitLine) []model.Deed {
	var deeds []model.Deed
	if line.name == "send-email" {
		deeds = line.files("read", line.operands(), "exact")
	}
	if line.has("dry_run") {
		return deeds
	}
	server := line.lastOf("smtp_server")
	if server == nil {
		server = &model.Argument{Value: model.UnknownWord, Span: line.span}
	}
	if strings.HasPrefix(server.Value.Text, "/") {
		return append(deeds, givenCode(line, "program", *server)...)
	}
	return append(deeds, contactDeed(server.Value, "send", *server))
}

// archive: named paths come out readable; without any, only what the commit holds is packed.
func archive(line *gitLine) []model.Deed {
	var deeds []model.Deed
	if remote := line.lastOf("remote"); remote != nil {
		deeds = contact(line, *remote, "receive", "name")
	}
	return append(deeds, pathspecDeeds(line, "read", line.operands()[min(1, len(line.operands())):], "exact")...)
}

func createBundle(line *gitLine) []model.Deed {
	target := nth(line.operands(), 0)
	if target == nil || isStream(target.Value) {
		return nil
	}
	return []model.Deed{line.file("write", *target, "exact")}
}

// formatPatch: one file for each commit, in the named folder or here.
func formatPatch(line *gitLine) []model.Deed {
	if line.has("stdout") || line.lastOf("output") != nil {
		return nil
	}
	patches := model.Argument{Value: pattern("*.patch"), Span: line.span}
	if named := line.lastOf("output_directory"); named != nil {
		patches = model.Argument{Value: catalogue.Within(&named.Value, patches.Value), Span: named.Span}
	}
	return []model.Deed{line.file("write", patches, "exact")}
}

// showCredential: passwords come out on standard output.
func showCredential(line *gitLine) []model.Deed {
	path := inHome(line.call, "/.git-credentials")
	if named := line.lastOf("file"); named != nil {
		path = named.Value
	}
	return []model.Deed{fileDeed("read", path, "exact", line.span)}
}
