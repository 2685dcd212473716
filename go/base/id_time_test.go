// Times, days, identifiers and digests: against Go's own, at the edges, and through every refusal. Twin of test/base/id-time.test.ts.

package base_test

import (
	"strings"
	"testing"
	"time"

	"cavra.dev/runtime/base"
)

func TestTimesAreThePlatformsBothWays(t *testing.T) {
	for ms := int64(0); ms < base.LastMomentMs; ms += 86_399_999 * 97 {
		text := base.FormatTime(ms)
		if want := time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.000Z"); text != want {
			t.Fatalf("%d is %s, not %s", ms, text, want)
		}
		if back, problem := base.ParseTime(text); problem != nil || back != ms || base.FormatDay(ms) != text[:10] {
			t.Fatalf("%s came back as %d", text, back)
		}
	}
}

func TestTimesOutsideAreMovedToTheNearerEnd(t *testing.T) {
	table := map[int64]string{
		-1:                    "1970-01-01T00:00:00.000Z",
		base.LastMomentMs + 1: "9999-12-31T23:59:59.999Z",
		951_782_399_999:       "2000-02-28T23:59:59.999Z",
		951_782_400_000:       "2000-02-29T00:00:00.000Z",
	}
	for ms, want := range table {
		if got := base.FormatTime(ms); got != want {
			t.Errorf("%d is %s", ms, got)
		}
	}
}

func TestWhatIsNoTimeIsRefused(t *testing.T) {
	for _, text := range []string{
		"", "2026-02-29T00:00:00.000Z", "2026-13-01T00:00:00.000Z", "2026-00-01T00:00:00.000Z", "2026-01-01T24:00:00.000Z",
		"2026-01-01T00:00:60.000Z", "1969-12-31T23:59:59.999Z", "0000-01-01T00:00:00.000Z", "2026-01-01T00:00:00Z",
		"2026-01-01T00:00:00.000+00:00", "2026-01-01 00:00:00.000Z", "2026-01-01t00:00:00.000z", "2026-01-01T00:00:00.00٣Z",
	} {
		if _, problem := base.ParseTime(text); problem == nil || problem.Code != "bad_time" {
			t.Errorf("%q was read", text)
		}
	}
}

func TestIdentifiersAgreeWithTheTypeIDSpecification(t *testing.T) {
	// 01890a5d-ac96-774b-bcce-b302099a8057 is prefix_01h455vb4pex5vsknk084sn02q there.
	random := [base.IDRandomBytes]byte{0x77, 0x4b, 0xbc, 0xce, 0xb3, 0x02, 0x09, 0x9a, 0x80, 0x57}
	made := base.MakeID("prefix", 0x01890a5dac96, random)
	if made != "prefix_01h455vb4pex5vsknk084sn02q" {
		t.Errorf("made %s", made)
	}
	if prefix, ms, problem := base.ParseID(made); problem != nil || prefix != "prefix" || ms != 0x01890a5dac96 {
		t.Errorf("read %s %d", prefix, ms)
	}
}

func TestWhatIsNoIdentifierIsRefused(t *testing.T) {
	good := base.MakeID("dec", 1_780_000_000_000, [base.IDRandomBytes]byte{})
	body := good[4:]
	for _, text := range []string{
		"", "dec", "dec_", good[:len(good)-1], good + "0", strings.ToUpper(good), strings.Replace(good, "_", "-", 1), "_" + body, body,
		"d3c_" + body, "abcdefghijklm_" + body, "dec_8" + body[1:], "dec_" + body[:25] + "i", "dec_" + body[:25] + "é",
		"dec_" + body[:10] + "0000000000000000", "dec_" + strings.Repeat("z", 26),
	} {
		if _, _, problem := base.ParseID(text); problem == nil || problem.Code != "bad_id" {
			t.Errorf("%q was read", text)
		}
	}
}

func TestDigestsHaveOneForm(t *testing.T) {
	digest := base.Sha256("")
	if digest != "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" || !base.IsDigest(digest) {
		t.Errorf("the digest of nothing is %s", digest)
	}
	for _, text := range []string{"", digest[7:], strings.ToUpper(digest), digest + "0", digest[:70], digest[:70] + "g"} {
		if base.IsDigest(text) {
			t.Errorf("%q was taken for a digest", text)
		}
	}
	// RFC 4231, test case 2.
	if mac := base.HmacSha256([]byte("Jefe"), "what do ya want for nothing?"); mac !=
		"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" {
		t.Errorf("the HMAC is %s", mac)
	}
}

func TestBase64HasOneText(t *testing.T) {
	for _, text := range []string{"", "AA==", "AAA=", "AAAA", "+/+/"} {
		if bytes, is := base.ParseBase64(text); !is || base.FormatBase64(bytes) != text {
			t.Errorf("%q was refused", text)
		}
	}
	for _, text := range []string{"A", "AA", "AB==", "AA==\n", "AAAA\n", "AA=A", "-_-_", "AAAA=", " AAA"} {
		if _, is := base.ParseBase64(text); is {
			t.Errorf("%q was read", text)
		}
	}
}
