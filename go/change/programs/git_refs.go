// Names of refs and revisions as git writes them. Implements spec/git.md section 4. Twin of src/change/programs/git-refs.ts.
// A word that may be a ref or a path is never decided by hope: the callers say what they do with either reading.

package programs

import (
	"slices"
	"strings"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
)

var refNamespaces = []string{"refs/heads/", "refs/tags/", "heads/", "tags/"}

// shortRef: `refs/heads/main` is `main`; `HEAD` and `@` are the branch that the facts name, or unknown.
func shortRef(place *gitPlace, ref model.Value) model.Value {
	switch {
	case ref.Kind != "text":
		return model.UnknownWord
	case isHead(ref.Text):
		if branch := place.branch(); branch != "" {
			return model.Text(branch)
		}
		return model.UnknownWord
	case ref.Text == "-" || strings.HasPrefix(ref.Text, "@{"):
		return model.UnknownWord
	}
	written := withoutNamespace(ref.Text)
	if strings.Contains(written, "*") {
		return model.UnknownWord
	}
	return model.Text(written)
}

func isHead(ref string) bool {
	return ref == "HEAD" || ref == "@"
}

func withoutNamespace(ref string) string {
	for _, namespace := range refNamespaces {
		if rest, is := strings.CutPrefix(ref, namespace); is && rest != "" {
			return rest
		}
	}
	return ref
}

// isSurelyRevision: text that can only be a revision, `HEAD~1`, `main@{u}`, `a..b`, a hash of seven digits or more, a branch that the facts
// name.
func isSurelyRevision(place *gitPlace, word string) bool {
	switch word {
	case "HEAD", "@", "ORIG_HEAD", "FETCH_HEAD", "MERGE_HEAD", "-":
		return true
	}
	if word == place.branch() && word != "" {
		return true
	}
	if strings.HasPrefix(word, "origin/") || strings.HasPrefix(word, "upstream/") || strings.HasPrefix(word, "refs/") || isHash(word) {
		return true
	}
	return !isSurelyPath(word) && containsAny(word, "~", "^", "@{", "..")
}

func containsAny(text string, parts ...string) bool {
	return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(text, part) })
}

// isSurelyPath: text that no ref can be spelled like, `.`, `./x`, `/x`, `a/`, `:x`, `*.md`, `.github/x`.
func isSurelyPath(word string) bool {
	if word == "" {
		return false
	}
	return strings.IndexByte("/:.", word[0]) >= 0 || strings.HasSuffix(word, "/") ||
		strings.ContainsAny(word, `*?[ \`) || containsAny(word, "/.", "//")
}

// looksLikeFile: it ends like a file, `file.txt`, `src/a.ts`; not `v1.2`, `release-1.0`.
func looksLikeFile(word string) bool {
	name := word[strings.LastIndexByte(word, '/')+1:]
	dot := strings.LastIndexByte(name, '.')
	if dot <= 0 {
		return false
	}
	ending := name[dot+1:]
	if ending == "" || base.Utf16Length(ending) > 6 {
		return false
	}
	first := ending[0] | 0x20
	return first >= 'a' && first <= 'z'
}

var (
	branchFolders = []string{"feature", "feat", "fix", "bugfix", "hotfix", "release", "releases", "chore", "dependabot", "renovate"}
	fileEndings   = []string{
		"c", "cc", "cpp", "cs", "css", "go", "h", "html", "java", "js", "json", "jsx", "kt", "lock", "md", "mjs", "php", "py", "rb", "rs",
		"sh",
		"sql", "swift", "tf", "toml", "ts", "tsx", "txt", "vue", "xml", "yaml", "yml",
	}
)

// looksLikeBranch: `feature/x.y`, in a folder that people give to branches, and not ending as files do.
func looksLikeBranch(word string) bool {
	folder, _, inside := strings.Cut(word, "/")
	return inside && slices.Contains(branchFolders, folder) &&
		!slices.Contains(fileEndings, base.FoldASCII(word[strings.LastIndexByte(word, '.')+1:]))
}

func isHash(word string) bool {
	return len(word) >= 7 && len(word) <= 64 && strings.Trim(word, "0123456789abcdef") == ""
}

type refspec struct {
	force bool
	// parted: there is a colon.
	parted bool
	// source stands before the colon; with a colon, "" when nothing stands there (`:ref` deletes).
	source string
	// target stands after the colon; "" when nothing stands there.
	target string
}

// readRefspec: `+src:dst`.
func readRefspec(written string) refspec {
	spec, force := strings.CutPrefix(written, "+")
	source, target, parted := strings.Cut(spec, ":")
	return refspec{force: force, parted: parted, source: source, target: target}
}
