// The index offers whatever could hold. Proves spec/policy.md 5.6: what it finds is compared with a look at every clause, over many made sets and globs.

package policy

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
)

var madeGlobs = []string{
	"**/.env", "**/.env*", "~/.ssh/**", "~/**", "${workspace}/**", "${workspace}", "src/*.ts", "/etc/*", "/**", "**", "**/credentials{.json,}", "~", "*",
	"{a,b}/**/c", "/srv/app/**", "/srv/**/x/*.json", "**/[a-c]*", "**/*.pem", "**/?", "/tmp/**/id_[!a]*", "**/é*", "~/.config/cavra/**", "**/*credentials*",
	"**/.git/**", "/SRV/**/Key.PEM", "**/x/**/y.z", "/", "**/*.{pem,key}", "lib/**/*_test.go",
}

var madePaths = []string{
	"/", "/srv/app", "/srv/app/.env", "/srv/app/src/a.ts", "/SRV/App/.ENV", "/home/dev/.ssh/id_rsa", "/home/dev", "/tmp/x", "/etc/passwd", "/srv/app/é/ñ.Ü",
	"/srv/app/x/credentials.json", "/root/.aws/credentials", "/users/x/.ssh", "/srv", "/home/dev/.config", "/srv/key.pem", "/a/x/b/y.z", "/srv/app/b/q/c",
	"/srv/app/lib/a_test.go", "/srv/app/\U0001F600.key",
}

var madeEnds = []string{"", "/*", "/**", "/.en?", "/[a-c]x", "/*.json", "/cred*", "/**/.git", "/[[:alpha:]]*", "/*.p?m", "/*_test.go", "/**/y.*", "/?", "/[é]*"}

var madeTexts = []string{
	"main", "Main", "push", "delete", "a.example.com", "example.com", "x.y.example.com", "com", "rm", "unknown", "", "prod/db", "unknown_code", "python",
}

var madeTextGlobs = []string{
	"*", "main", "MAIN", "p*", "*.example.com", "*.com", "example.com", "*.EXAMPLE.com", "${branch.default}", "rm", "[a-z]*", "{rm,main}", `\rm`, "?", "*.*.com",
	"unknown", "prod/**", "unknown_code", "python", "delete", "*.",
}

func pick[T any](dice *rand.Rand, values []T) T {
	return values[dice.IntN(len(values))]
}

func madeClause(dice *rand.Rand) Clause {
	kind := pick(dice, EffectKinds)
	clause := Clause{Effect: []model.EffectKind{kind}}
	if dice.IntN(4) == 0 {
		clause.Effect = append(clause.Effect, pick(dice, EffectKinds))
	}
	some := func(from []string) []string {
		return []string{pick(dice, from), pick(dice, from)}[:1+dice.IntN(2)]
	}
	if isFile(kind) {
		if dice.IntN(6) > 0 {
			clause.Path = some(madeGlobs)
		}
		if dice.IntN(6) == 0 {
			clause.Covers = some(madeGlobs)
		}
		return clause
	}
	for _, key := range indexKeys {
		if _, has := key.of(&model.Effect{Kind: kind}, benched); has && dice.IntN(2) == 0 {
			*clause.globs(keyNames[key]) = some(madeTextGlobs)
		}
	}
	return clause
}

var keyNames = map[textKey]string{
	keyProgram: "program", keyTool: "tool", keyTarget: "target", keyHost: "host", keyRef: "ref", keyServer: "server", keySystem: "system",
	keyOperation: "operation", keyReason: "reason", keyDetail: "detail",
}

func madeEffect(dice *rand.Rand) model.Effect {
	text := func() string { return pick(dice, madeTexts) }
	effect := model.Effect{
		Kind: pick(dice, EffectKinds), Place: "here", Known: true, Program: text(), Operation: text(), Ref: text(), Host: text(), System: text(),
		Server: text(), Tool: text(), Reason: text(), Detail: text(), Target: text(),
	}
	if isFile(effect.Kind) {
		effect.Extent = pick(dice, extentWords)
		effect.Target = pick(dice, madePaths)
		if effect.Extent == "pattern" || dice.IntN(5) == 0 {
			effect.Target = strings.TrimSuffix(effect.Target, "/") + pick(dice, madeEnds)
		}
	}
	return effect
}

func TestTheIndexOffersEveryClauseThatHolds(t *testing.T) {
	dice := rand.New(rand.NewPCG(1, 2))
	held := 0
	for range 60 {
		book := rulebookOf(0)
		for i := range 40 {
			id := string(rune('a'+i/26)) + string(rune('a'+i%26))
			book.Rules = append(book.Rules, Rule{ID: id, Layer: LayerHost, Verdict: pick(dice, base.Verdicts), Match: []Clause{madeClause(dice), madeClause(dice)}})
		}
		policy := Open(book)
		for range 120 {
			subject := *benched
			subject.Home = pick(dice, []string{"", "/home/dev", "/Users/Dev"})
			subject.WorkspaceRoot = pick(dice, []string{"", "/srv/app", "/tmp/x"})
			effect := madeEffect(dice)
			seen := sightOf(&effect, standOf(&subject, base.MakeWorld(subject.Home, subject.WorkspaceRoot)))
			want, got := holdingRules(policy, seen), foundRules(policy, seen)
			held += len(want)
			if !slices.Equal(got, want) {
				t.Fatalf("%+v\nfound %q, not %q", effect, got, want)
			}
		}
	}
	if held < 5000 {
		t.Errorf("only %d clauses held: nothing was compared", held)
	}
}

// holdingRules looks at every clause of every rule.
func holdingRules(policy *Policy, seen *sight) []string {
	var ids []string
	for _, owner := range policy.rules {
		read := protects
		if ruleLoosens(owner.rule, seen.effect.Kind, policy.Rulebook) {
			read = loosens
		}
		if anyHolds(owner.match(), seen, read) && !anyHolds(owner.unless(), seen, counterStance(read)) {
			ids = append(ids, owner.rule.ID)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

func foundRules(policy *Policy, seen *sight) []string {
	var ids []string
	for _, one := range ownersOf(candidates(policy.indexOf(seen.effect.Kind), seen), seen, len(policy.rules)) {
		ids = append(ids, one.owner.rule.ID)
	}
	slices.Sort(ids)
	return ids
}

// Few of many: cost follows the effects, not the number of rules.
func TestTheIndexOffersFewOfManyClauses(t *testing.T) {
	policy := Open(rulebookOf(5000))
	stand := standOf(benched, base.MakeWorld(benched.Home, benched.WorkspaceRoot))
	for i := range benchedChange.Effects {
		effect := &benchedChange.Effects[i]
		if offered := candidates(policy.indexOf(effect.Kind), sightOf(effect, stand)); len(offered) > 20 {
			t.Errorf("%s: %d clauses are offered", effect.Kind, len(offered))
		}
	}
}
