// Proves that the short way of globs, for a name or a part of one beside a star, says what the steps say. Twin of test/change/glob-short-way.test.ts.

package model

import (
	"strings"
	"testing"
)

func TestAStarAtAnEndOrNoneIsMatchedAsBySteps(t *testing.T) {
	parts := []string{"", "a", "ab", "b", "*", "**", "?", "[", "[a]", "\\", "\\*", "é", "😀", ".", "/"}
	texts := []string{"", "a", "b", "ab", "aab", "ba", "*", "é", "aé", "😀", "[", "\\", "a/b", ".a", "[a]"}
	matched := 0
	for _, first := range parts {
		for _, second := range parts {
			for _, third := range parts {
				glob := first + second + third
				for _, text := range texts {
					characters := []rune(text)
					want := MatchTokens(GlobTokens(glob), characters, 0, len(characters))
					if MatchesGlob(glob, text) != want {
						t.Fatalf("%q with %q: %v by steps", glob, text, want)
					}
					if want {
						matched++
					}
				}
			}
		}
	}
	if matched < 1_000 {
		t.Fatalf("only %d pairs match", matched)
	}
}

func TestWhatIsTooLargeForTheLimitMatches(t *testing.T) {
	if !MatchesGlob(strings.Repeat("x", 2_000)+"*", strings.Repeat("y", 200_000)) {
		t.Error("a glob with a star")
	}
	if MatchesGlob(strings.Repeat("x", 2_000), strings.Repeat("y", 200_000)) {
		t.Error("a name")
	}
}
