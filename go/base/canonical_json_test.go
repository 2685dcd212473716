// spec/vectors/canonical-json: each input goes through the strict reader and the canonical writer. Twin of test/vectors/canonical-json.test.ts.

package base_test

import (
	"testing"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/internal/vectors"
)

type canonicalCase struct {
	vectors.Head
	Profile   string         `json:"profile"`
	Depth     *int           `json:"depth"`
	SizeBytes *int           `json:"size_bytes"`
	Input     []vectors.Part `json:"input"`
	Expect    struct {
		Canonical *string `json:"canonical"`
		Digest    string  `json:"digest"`
		Code      string  `json:"code"`
		At        *string `json:"at"`
	} `json:"expect"`
}

func TestCanonicalJSONVectors(t *testing.T) {
	vectors.Run(t, "canonical-json", func(t *testing.T, one canonicalCase) {
		text, problem := canonicalise(vectors.Bytes(t, one.Input), one)
		if problem != nil {
			at := one.Expect.At
			if problem.Code != one.Expect.Code || problem.HasAt != (at != nil) || at != nil && *at != problem.At {
				t.Fatalf("refused with %+v", *problem)
			}
			return
		}
		if one.Expect.Code != "" {
			t.Fatalf("not refused: %.200s", text)
		}
		if one.Expect.Canonical != nil && *one.Expect.Canonical != string(text) {
			t.Errorf("canonical\n%s", text)
		}
		if one.Expect.Digest == "" && one.Expect.Canonical == nil || one.Expect.Digest != "" && base.Sha256(text) != one.Expect.Digest {
			t.Errorf("digest %s", base.Sha256(text))
		}
	})
}

func canonicalise(input []byte, one canonicalCase) ([]byte, *base.Problem) {
	limits := base.DefaultJSONLimits
	if one.Depth != nil {
		limits.Depth = *one.Depth
	}
	if one.SizeBytes != nil {
		limits.SizeBytes = *one.SizeBytes
	}
	value, problem := base.ParseJSON(input, limits)
	if problem != nil {
		return nil, problem
	}
	if one.Profile == "record" {
		return base.CanonicalRecord(value)
	}
	return base.CanonicalJSON(value)
}
