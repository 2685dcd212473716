// Secrets that tell by their first characters what they are. Implements spec/redaction.md section 3. Twin of src/evidence/secrets/tokens.ts.
// The table is the one in the spec, in the same order within each first character: longer prefixes before their own beginnings.

package secrets

import (
	"slices"
	"strings"
)

// Finding is a secret and where it stands.
type Finding struct {
	Kind  string
	Start int
	End   int
}

// An alphabet is characters that may follow a prefix, beyond letters and digits where nothing else is said.
type alphabet byte

const (
	alnum alphabet = iota
	wordish
	url
	dotted
	upper
	hex
	base64
	path
)

type tokenForm struct {
	kind     string
	prefix   string
	alphabet alphabet
	// count: at least so many characters after the prefix; with exact no more either.
	count int
	exact bool
	// keep: the prefix is no part of the secret and stays.
	keep bool
}

// A tokenRow is kind, alphabet, count, and the prefixes; flag is `exact`, `keep` or "".
type tokenRow struct {
	kind     string
	alphabet alphabet
	count    int
	prefixes string
	flag     string
}

var tokenRows = []tokenRow{
	{"aws_access_key", upper, 16, "AKIA ASIA ABIA ACCA", "exact"},
	{"github_token", wordish, 22, "github_pat_", ""},
	{"github_token", alnum, 30, "ghp_ gho_ ghu_ ghs_ ghr_", ""},
	{"gitlab_token", dotted, 20, "glpat- gldt- glrt- glrtr- glcbt- glptt- glft- glsoat- glimt- glagent- gloas- glffct-", ""},
	{"slack_token", url, 10, "xoxb- xoxp- xoxa- xoxr- xoxs- xoxc- xoxd- xoxe- xapp-", ""},
	{"slack_token", dotted, 10, "xoxe.xoxp- xoxe.xoxb-", ""},
	{"stripe_key", alnum, 10, "sk_live_ sk_test_ rk_live_ rk_test_", ""},
	{"stripe_key", base64, 24, "whsec_", ""},
	{"npm_token", alnum, 30, "npm_", ""},
	{"pypi_token", url, 50, "pypi-", ""},
	{"google_key", url, 35, "AIza", ""},
	{"google_key", url, 20, "GOCSPX-", ""},
	{"google_key", dotted, 20, "ya29.", ""},
	{"anthropic_key", url, 20, "sk-ant-", ""},
	{"openai_key", url, 20, "sk-proj- sk-svcacct- sk-admin- sk-None- sk-or-v1- sk-lf-", ""},
	{"openai_key", alnum, 20, "sk-", ""},
	{"huggingface_token", alnum, 30, "hf_", ""},
	{"sendgrid_key", dotted, 40, "SG.", ""},
	{"vault_token", url, 20, "hvs. hvb. hvr.", ""},
	{"docker_token", url, 20, "dckr_pat_ dckr_oat_", ""},
	{"digitalocean_token", hex, 60, "dop_v1_ doo_v1_ dor_v1_", ""},
	{"databricks_token", hex, 32, "dapi", ""},
	{"atlassian_token", base64, 50, "ATATT3x ATCTT3x ATBB", ""},
	{"grafana_token", base64, 30, "glsa_ glc_", ""},
	{"shopify_token", hex, 30, "shpat_ shpca_ shppa_ shpss_", ""},
	{"rubygems_key", hex, 40, "rubygems_", ""},
	{"cargo_token", alnum, 32, "cio", ""},
	{"linear_key", alnum, 30, "lin_api_ lin_oauth_", ""},
	{"notion_token", alnum, 40, "ntn_", ""},
	{"planetscale_token", dotted, 30, "pscale_tkn_ pscale_pw_ pscale_oauth_", ""},
	{"supabase_key", url, 20, "sbp_ sb_secret_", ""},
	{"sentry_token", base64, 40, "sntrys_ sntryu_", ""},
	{"figma_token", url, 30, "figd_", ""},
	{"tailscale_key", url, 10, "tskey-", ""},
	{"fly_token", base64, 40, "fm1_ fm2_ fo1_", ""},
	{"model_key", alnum, 30, "gsk_ xai- pplx- r8_", ""},
	{"newrelic_key", alnum, 20, "NRAK- NRJS- NRII-", ""},
	{"postman_key", url, 50, "PMAK-", ""},
	{"doppler_token", alnum, 30, "dp.pt. dp.st. dp.ct. dp.sa.", ""},
	{"square_token", url, 22, "sq0atp- sq0csp-", ""},
	{"age_key", upper, 50, "AGE-SECRET-KEY-1", ""},
	{"webhook", path, 20, "hooks.slack.com/services/ discord.com/api/webhooks/ discordapp.com/api/webhooks/ api.telegram.org/bot", "keep"},
}

// tokenForms: the forms that begin with a character, longer prefixes first.
var tokenForms = buildForms()

func buildForms() (forms [256][]tokenForm) {
	for _, row := range tokenRows {
		for _, prefix := range strings.Split(row.prefixes, " ") {
			one := tokenForm{
				kind: row.kind, prefix: prefix, alphabet: row.alphabet, count: row.count,
				exact: row.flag == "exact", keep: row.flag == "keep",
			}
			forms[prefix[0]] = append(forms[prefix[0]], one)
		}
	}
	for i := range forms {
		slices.SortStableFunc(forms[i], func(a, b tokenForm) int { return len(b.prefix) - len(a.prefix) })
	}
	return forms
}

// tokenAt is the token at `at`, where a word begins, or nil. Costs the length of what it finds.
func tokenAt(text string, at int) *Finding {
	if at >= len(text) {
		return nil
	}
	rest := text[at:]
	if strings.HasPrefix(rest, "eyJ") {
		if found := jsonWebToken(text, at); found != nil {
			return found
		}
	}
	forms := tokenForms[rest[0]]
	for i := range forms {
		one := &forms[i]
		if !strings.HasPrefix(rest, one.prefix) {
			continue
		}
		from := at + len(one.prefix)
		end := endOf(text, from, one.alphabet)
		counted := end-from >= one.count
		if one.exact {
			counted = end-from == one.count && !isIn(text, end, word)
		}
		if !counted {
			continue
		}
		if one.keep {
			return &Finding{Kind: one.kind, Start: from, End: end}
		}
		return &Finding{Kind: one.kind, Start: at, End: end}
	}
	return nil
}

func endOf(text string, from int, of alphabet) int {
	at := from
	for at < len(text) && fits(text[at], of) {
		at++
	}
	return at
}

func fits(unit byte, of alphabet) bool {
	switch of {
	case upper:
		return isDigit(unit) || unit >= 'A' && unit <= 'Z'
	case hex:
		return isHex(unit) || unit == '-'
	}
	if isDigit(unit) || isLetter(unit) {
		return true
	}
	switch of {
	case wordish:
		return unit == '_'
	case url:
		return unit == '_' || unit == '-'
	case dotted:
		return unit == '_' || unit == '-' || unit == '.'
	case base64:
		return unit == '_' || unit == '-' || unit == '+' || unit == '/' || unit == '='
	case path:
		return unit == '_' || unit == '-' || unit == '/' || unit == ':' || unit == '.'
	}
	return false
}

const webTokenPart = 10

// jsonWebToken is header, dot, payload, and as many further dotted parts as there are (a signature may be empty, an encrypted token has five parts).
func jsonWebToken(text string, at int) *Finding {
	header := endOf(text, at, url)
	if header-at < webTokenPart || charAt(text, header) != '.' {
		return nil
	}
	payload := endOf(text, header+1, url)
	if payload-header-1 < webTokenPart {
		return nil
	}
	return &Finding{Kind: "jwt", Start: at, End: endOf(text, payload, dotted)}
}

const (
	keyBegins = "-----BEGIN "
	keyEnds   = "-----END "
	keyLabel  = 40
)

// privateKeyAt is a PEM or PGP private key from its first line to its last; without a last line, to the end of the text.
func privateKeyAt(text string, at int) *Finding {
	if !strings.HasPrefix(text[at:], keyBegins) {
		return nil
	}
	from := at + len(keyBegins)
	// The label is looked for in a slice, so that many beginnings without one stay cheap.
	label := strings.Index(text[from:min(from+keyLabel, len(text))], "PRIVATE KEY")
	if label < 0 {
		return nil
	}
	found := &Finding{Kind: "private_key", Start: at, End: len(text)}
	if last := strings.Index(text[from+label:], keyEnds); last >= 0 {
		behind := from + label + last + len(keyEnds)
		if close := strings.Index(text[behind:], "-----"); close >= 0 {
			found.End = behind + close + 5
		}
	}
	return found
}
