// Runs spec/vectors/redaction: the secrets of a text, by kind and byte offset. The texts are kept in parts, so that no scanner takes a vector for a leak.
// Twin of test/vectors/redaction.test.ts.

package secrets_test

import (
	"slices"
	"strings"
	"testing"

	"cavra.dev/runtime/evidence/secrets"
	"cavra.dev/runtime/internal/vectors"
)

type redactionCase struct {
	vectors.Head
	Text   []string `json:"text"`
	Expect []struct {
		Kind  string `json:"kind"`
		Start int    `json:"start"`
		End   int    `json:"end"`
	} `json:"expect"`
}

func TestRedactionVectors(t *testing.T) {
	vectors.Run(t, "redaction", func(t *testing.T, one redactionCase) {
		found := secrets.Find(strings.Join(one.Text, ""))
		want := make([]secrets.Finding, len(one.Expect))
		for i, expected := range one.Expect {
			want[i] = secrets.Finding(expected)
		}
		if !slices.Equal(found, want) {
			t.Errorf("found %+v, not %+v", found, want)
		}
	})
}
