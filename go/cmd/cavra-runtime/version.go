// `cavra-runtime version [--json]`: the protocol that it speaks, how it was built, and the digests by which others know it.

package main

import (
	"fmt"
	"io"
	"os"
	"runtime"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/generated"
	"cavra.dev/runtime/worker"
)

// Stamped by scripts/build-runtime.mjs. A build by hand has neither, and says so.
var (
	stampedVersion = "0.0.0-unstamped"
	// The digest of all that the program was made of: its sources, its data, and go.mod.
	stampedSource = ""
)

func version(args []string, out, errors io.Writer) int {
	asJSON := len(args) == 1 && args[0] == "--json"
	if len(args) > 0 && !asJSON {
		fmt.Fprintf(errors, "error: `version` does not know `%s`\nusage: cavra-runtime version [--json]\n", args[0])
		return exitWrong
	}
	if !asJSON {
		fmt.Fprintf(out, "cavra-runtime %s (%s, %s/%s)\n", stampedVersion, runtime.Version(), runtime.GOOS, runtime.GOARCH)
		return exitDone
	}
	about, problem := describe()
	if problem != nil {
		fmt.Fprintf(errors, "error: %s (%s)\n", problem.Message, problem.Code)
		return exitBroken
	}
	text, problem := base.CanonicalRecord(about)
	if problem != nil {
		fmt.Fprintf(errors, "error: %s (%s)\n", problem.Message, problem.Code)
		return exitBroken
	}
	fmt.Fprintf(out, "%s\n", text)
	return exitDone
}

// The digests are of what is here, computed when asked: a stamp can only say what somebody meant to build.
func describe() (*base.JSONValue, *base.Problem) {
	catalogue, problem := canonicalDigest(generated.Catalogue)
	if problem != nil {
		return nil, problem
	}
	languages, problem := canonicalDigest(generated.Languages)
	if problem != nil {
		return nil, problem
	}
	binary, problem := ownDigest()
	if problem != nil {
		return nil, problem
	}
	about := object(
		text("schema_version", "cavra.runtime-version.v1"),
		text("protocol", worker.Protocol),
		text("version", stampedVersion),
		base.JSONMember{Key: "build", Value: object(
			text("go", runtime.Version()),
			text("platform", runtime.GOOS+"/"+runtime.GOARCH),
			text("source_digest", stampedSource),
		)},
		base.JSONMember{Key: "digests", Value: object(
			text("binary", binary),
			text("catalogue", catalogue),
			text("languages", languages),
		)},
	)
	return &about, nil
}

// canonicalDigest is the digest as spec/policy.md section 6 takes it of the catalogue: of the canonical JSON, not of the file.
func canonicalDigest(data []byte) (string, *base.Problem) {
	value, problem := base.ParseJSON(data, base.DefaultJSONLimits)
	if problem != nil {
		return "", problem
	}
	canonical, problem := base.CanonicalJSON(value)
	return base.Sha256(canonical), problem
}

func ownDigest() (string, *base.Problem) {
	path, err := os.Executable()
	if err != nil {
		return "", base.Bad("program_unreadable", err.Error())
	}
	bytes, err := os.ReadFile(path)
	if err != nil {
		return "", base.Bad("program_unreadable", err.Error())
	}
	return base.Sha256(bytes), nil
}

func object(members ...base.JSONMember) base.JSONValue {
	return base.JSONValue{Kind: base.JSONObject, Members: members}
}

func text(key, value string) base.JSONMember {
	return base.JSONMember{Key: key, Value: base.JSONValue{Kind: base.JSONString, Text: value}}
}
