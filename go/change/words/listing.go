// File name expansion against folder listings that the facts supply. Implements spec/change.md section 5.7. Twin of
// src/change/words/listing.ts. It answers only when every folder on the way is listed; it never looks at a file system.

package words

import (
	"slices"
	"strings"

	"cavra.dev/runtime/change/model"
)

// expandListing is the names that the glob makes, sorted by bytes; false when a needed folder is not listed, or there would be too many.
func expandListing(glob string, cwd *string, context Context) ([]string, bool) {
	absolute := strings.HasPrefix(glob, "/")
	if !absolute && cwd == nil {
		return nil, false
	}
	folder := "/"
	if cwd != nil {
		folder = *cwd
	}
	found := []string{""}
	if absolute {
		found[0] = "/"
	}
	listed := false
	components := strings.Split(glob, "/")
	for i, component := range components {
		if component == "" && (i == 0 || i < len(components)-1) {
			continue
		}
		// At the end only folders have it, and nobody says which of the names are folders. The temptation is to take all: `*/` would name files.
		if listed && i == len(components)-1 && (component == "" || component == "." || component == "..") {
			return nil, len(found) == 0
		}
		active := model.HasActive(component)
		fits := true
		switch {
		case active:
			found, fits = matchesIn(found, component, folder, context)
		case listed:
			found, fits = existingIn(found, model.UnescapeGlob(component), folder, context)
		default:
			for at := range found {
				found[at] = join(found[at], model.UnescapeGlob(component))
			}
		}
		if !fits || len(found) > model.LimitGlobNames {
			return nil, false
		}
		listed = listed || active
	}
	// `a[/b]` is a glob in none of its components: the word is no name, and stands as it is.
	if !listed {
		return nil, true
	}
	slices.Sort(found)
	return found, true
}

func matchesIn(folders []string, component, cwd string, context Context) ([]string, bool) {
	var found []string
	for _, folder := range folders {
		names, is := context.Listing(absoluteFolder(cwd, folder))
		if !is || !model.Spend(context.Budget(), len(names)) {
			return nil, false
		}
		for _, name := range names {
			// A leading dot is matched by a dot only.
			if strings.HasPrefix(name, ".") && !strings.HasPrefix(component, ".") && !strings.HasPrefix(component, `\.`) {
				continue
			}
			if model.MatchesGlob(component, name) {
				found = append(found, join(folder, name))
			}
		}
	}
	return found, true
}

// existingIn: a literal component after an active one must exist. What has no listing may be a plain file: nothing is known then.
func existingIn(folders []string, name, cwd string, context Context) ([]string, bool) {
	var found []string
	for _, folder := range folders {
		if name == "." || name == ".." {
			found = append(found, join(folder, name))
			continue
		}
		names, is := context.Listing(absoluteFolder(cwd, folder))
		if !is {
			return nil, false
		}
		if slices.Contains(names, name) {
			found = append(found, join(folder, name))
		}
	}
	return found, true
}

func join(folder, name string) string {
	if folder == "" || strings.HasSuffix(folder, "/") {
		return folder + name
	}
	return folder + "/" + name
}

func absoluteFolder(cwd, folder string) string {
	switch {
	case folder == "/":
		return "/"
	case strings.HasPrefix(folder, "/"):
		return strings.ReplaceAll(folder, "//", "/")
	case folder == "":
		return cwd
	case cwd == "/":
		return "/" + folder
	}
	return cwd + "/" + folder
}
