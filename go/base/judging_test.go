// What base says of verdicts and of the order of texts.

package base_test

import (
	"slices"
	"testing"

	"cavra.dev/runtime/base"
)

func TestTheStrictestVerdictWinsInAnyOrder(t *testing.T) {
	if base.Strictest(nil) != base.Allow {
		t.Error("nothing is not allowed")
	}
	for i, left := range base.Verdicts {
		for j, right := range base.Verdicts {
			want := base.Verdicts[max(i, j)]
			if got := base.Strictest([]base.Verdict{left, right}); got != want {
				t.Errorf("%s and %s make %s", left, right, got)
			}
		}
		if base.Stops(left) != (i >= 2) {
			t.Errorf("%s stops: %v", left, base.Stops(left))
		}
	}
}

func TestTextsAreSortedByBytesEachOnce(t *testing.T) {
	given := []string{"\U0001F600", "b", "～", "a", "b", ""}
	want := []string{"", "a", "b", "～", "\U0001F600"}
	if got := base.SortedByBytes(given); !slices.Equal(got, want) || given[0] != "\U0001F600" {
		t.Errorf("sorted %q, given %q", got, given)
	}
}

func TestAnOrderedObjectKeepsTheOrderInWhichKeysCame(t *testing.T) {
	var none *base.Ordered[int]
	if none.Len() != 0 || none.Has("a") || none.Clone().Len() != 0 {
		t.Error("nil is not empty")
	}
	one := &base.Ordered[int]{}
	for i, key := range []string{"z", "a", "__proto__", "z"} {
		one.Set(key, i)
	}
	other := one.Clone()
	other.Delete("a")
	other.Set("m", 9)
	if value, _ := one.Get("z"); value != 3 || !slices.Equal(one.Keys(), []string{"z", "a", "__proto__"}) {
		t.Errorf("z is %d among %q", value, one.Keys())
	}
	if !slices.Equal(other.Keys(), []string{"z", "__proto__", "m"}) {
		t.Errorf("the clone has %q", other.Keys())
	}
}

func TestUnitsAreCountedAsUTF16(t *testing.T) {
	table := map[string]int{"": 0, "a": 1, "é": 1, "～": 1, "\U0001F600": 2, "a\U0001F600é": 4, "\xff": 1}
	for text, want := range table {
		if got := base.Utf16Length(text); got != want {
			t.Errorf("%q has %d units", text, got)
		}
	}
}

func TestCaseBlanksAndNumbersAreOfASCIIAlone(t *testing.T) {
	if got := base.UpperASCII("aZ9ßſık"); got != "AZ9ßſıK" {
		t.Errorf("upper %q", got)
	}
	if got := base.FoldASCII("aZ9ẞ\u212aİ"); got != "az9ẞ\u212aİ" {
		t.Errorf("lower %q", got)
	}
	if got := base.TrimASCII("\t\n\v\f\r  \u00a0x\ufeff \n"); got != "\u00a0x\ufeff" {
		t.Errorf("trimmed %q", got)
	}
	for text, want := range map[string]int{"0": 0, "007": 7, "999999999999999": 999_999_999_999_999} {
		if got, is := base.WholeNumber(text); !is || got != want {
			t.Errorf("%q is %d", text, got)
		}
	}
	for _, text := range []string{"", "-1", "+1", " 1", "1e3", "0x1", "1.0", "١", "1000000000000000"} {
		if _, is := base.WholeNumber(text); is {
			t.Errorf("%q was read", text)
		}
	}
}
