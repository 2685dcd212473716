// What the program says of itself, and of a word that it does not know.

package main

import (
	"encoding/json"
	"strings"
	"testing"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/worker"
)

func TestVersionTellsProtocolBuildAndDigests(t *testing.T) {
	var out, errors strings.Builder
	if status := run([]string{"version", "--json"}, &out, &errors); status != exitDone || errors.String() != "" {
		t.Fatalf("status %d, %s", status, errors.String())
	}
	var about struct {
		Protocol string
		Digests  struct{ Binary, Catalogue, Languages string }
	}
	if err := json.Unmarshal([]byte(out.String()), &about); err != nil {
		t.Fatal(err)
	}
	for _, digest := range []string{about.Digests.Binary, about.Digests.Catalogue, about.Digests.Languages} {
		if !base.IsDigest(digest) {
			t.Errorf("%q is no digest", digest)
		}
	}
	if about.Protocol != worker.Protocol {
		t.Errorf("the worker.Protocol is %q", about.Protocol)
	}
}

func TestWhatIsNoCallEndsWithTwo(t *testing.T) {
	for _, args := range [][]string{nil, {"versoin"}, {"version", "--jsn"}, {"version", "--json", "x"}, {""}} {
		var out, errors strings.Builder
		if status := run(args, &out, &errors); status != exitWrong || out.String() != "" || !strings.Contains(errors.String(), "usage: ") {
			t.Errorf("%q: status %d, said %q and %q", args, status, out.String(), errors.String())
		}
	}
}
