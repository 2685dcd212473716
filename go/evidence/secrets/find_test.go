// What no vector says of finding secrets: that it is linear, and total.

package secrets_test

import (
	"strings"
	"testing"

	"cavra.dev/runtime/evidence/secrets"
)

// A quadratic one takes hours for these; the time limit of the tests is what it would miss.
func TestHostileTextsTakeLinearTime(t *testing.T) {
	for _, piece := range []string{
		"pass=/", `password="`, "://a:", "://", "authorization: ", "authorization: `", "-----BEGIN ", "-----BEGIN PRIVATE KEY", "eyJaaaaaaaaaa.", "a",
		`\`, `password:\`, "token ", `token "`, "mysql -p ", "password='/", `password="/x" `, "cookie: $a ", "ghp_", "curl -u ", `=\\`, `token=\"`,
		"[redacted:a:", "é", "\x00", "-", "_.", "x\n", "AKIA",
	} {
		secrets.Find(strings.Repeat(piece, 1_000_000/len(piece)))
	}
}

// FuzzFind: findings stand in order, apart from each other, inside the text, and not inside a character of it.
func FuzzFind(f *testing.F) {
	for _, seed := range []string{"PW=a1b2c3", "curl -u ada:s3cret x", `"token": "abc123"`, "https://a:b@c", "Bearer abcdefgh12345678ij", "-----BEGIN PRIVATE KEY-----"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.ToValidUTF8(text, "?")
		end := 0
		for _, found := range secrets.Find(text) {
			if found.Start < end || found.End <= found.Start || found.End > len(text) {
				t.Fatalf("%+v behind %d of %q", found, end, text)
			}
			if inside := text[found.Start:found.End]; strings.ToValidUTF8(inside, "") != inside || found.Kind == "" {
				t.Fatalf("%+v cuts a character of %q", found, text)
			}
			end = found.End
		}
	})
}
