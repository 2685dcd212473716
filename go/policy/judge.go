// Judges a change by a compiled policy. Implements spec/policy.md section 5. Twin of src/policy/judge.ts.
// Total: every input gives a judgement; it reads no clock, and never stops early, so that the trace is complete.

package policy

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/judgement"
)

// Judge gives the strictest ruling over all effects, with every ruling kept as the trace. An empty change is allowed.
func Judge(change *model.Change, subject *Subject, policy *Policy) *judgement.Judgement {
	kept := policy.worldOf(subject.Home, subject.WorkspaceRoot)
	defer policy.giveBack(kept)
	stand := standOf(subject, kept.world)
	rulings := make([]judgement.Ruling, len(change.Effects))
	deciding := &noVoice
	for i := range change.Effects {
		var said *voice
		rulings[i], said = hear(&change.Effects[i], i, stand, policy)
		deciding = heavier(deciding, said)
	}
	book := policy.Rulebook
	var registryDigest *string
	if policy.Registry != nil {
		registryDigest = &policy.Registry.Digest
	}
	return &judgement.Judgement{
		Verdict:  deciding.verdict,
		Severity: deciding.severity,
		Reason:   deciding.reason,
		RuleID:   deciding.id,
		Instead:  deciding.instead,
		Effects:  change.Effects,
		Policy:   judgement.Policy{ID: book.ID, Version: book.Version, Digest: book.Digest, Mode: book.Mode},
		Rulings:  rulings,

		RegistryDigest: registryDigest,
	}
}

var noVoice = voice{verdict: base.Allow, severity: "info", source: "default", reason: emptyChange}

// hear is what is said of one effect, and the heaviest of the voices that say it.
func hear(effect *model.Effect, index int, stand *stand, policy *Policy) (judgement.Ruling, *voice) {
	seen := sightOf(effect, stand)
	rules, exceptions := matchingRules(seen, policy)
	trust, fromTrust := trustIn(seen, policy)
	said := &noVoice
	for _, rule := range rules {
		said = heavier(said, &rule.voice)
	}
	for _, one := range trust {
		said = heavier(said, trustVoice(one))
	}
	registry := registryIn(seen, policy)
	if registry != nil {
		said = heavier(said, registry)
	}
	exceptions = append(exceptions, fromTrust...)
	if defaultSpeaks(rules, trust, seen, policy) {
		taken := usesOf(defaultID(seen), seen, policy)
		exceptions = append(exceptions, taken...)
		said = heavier(said, defaultVoice(seen, len(taken) > 0, len(exceptions) > 0, policy))
	}
	slices.SortStableFunc(exceptions, byRuleThenReason)
	ruling := judgement.Ruling{Effect: index, Verdict: said.verdict, Source: said.source, Exceptions: exceptions}
	for _, rule := range rules {
		ruling.Rules = append(ruling.Rules, rule.use)
	}
	if registry != nil {
		ruling.Registry = &judgement.RuleUse{ID: registry.id, Verdict: registry.verdict, Severity: registry.severity}
	}
	return ruling, said
}

// registryIn is what the registry of MCP servers says of a call. No exception takes it away.
func registryIn(seen *sight, policy *Policy) *voice {
	if policy.Registry == nil || seen.effect.Kind != "call" {
		return nil
	}
	return registryVoice(seen.effect, seen.stand.subject.ToolDescription, policy.Registry)
}

// INVARIANT: only the host's voices replace a default. A workspace adds to what the host says and can never talk over it.
func defaultSpeaks(rules []*preparedRule, trust []trustRuling, seen *sight, policy *Policy) bool {
	return !slices.ContainsFunc(rules, func(rule *preparedRule) bool { return replacesDefault(rule, seen, policy) }) &&
		!slices.ContainsFunc(trust, func(one trustRuling) bool { return one.trust.Layer == LayerHost })
}

// trustIn is the trust that speaks of a call, and the exceptions that silenced other trust. They are the host's, and silence the host's only.
func trustIn(seen *sight, policy *Policy) (trust []trustRuling, exceptions []judgement.ExceptionUse) {
	if seen.effect.Kind != "call" {
		return nil, nil
	}
	for _, one := range trustRulings(seen.effect, policy.trust, policy.Registry) {
		var takenBy []judgement.ExceptionUse
		if one.trust.Layer == LayerHost {
			takenBy = usesOf(trustID(one), seen, policy)
		}
		if len(takenBy) == 0 {
			trust = append(trust, one)
		}
		exceptions = append(exceptions, takenBy...)
	}
	return trust, exceptions
}

// usesOf is, of the exceptions to a default or to trust, those that hold for the effect. They loosen, whatever the default says.
func usesOf(id string, seen *sight, policy *Policy) []judgement.ExceptionUse {
	return used(policy.exceptionsTo(id), seen, loosens)
}

// used is the exceptions that hold, read by the stance.
func used(exceptions []*preparedException, seen *sight, stance stance) []judgement.ExceptionUse {
	var uses []judgement.ExceptionUse
	for _, one := range exceptions {
		if isCurrent(one.exception, seen.stand.subject) && anyHolds(one.match(), seen, stance) {
			uses = append(uses, judgement.ExceptionUse{Rule: one.exception.Rule, Reason: one.exception.Reason, Until: one.exception.Until})
		}
	}
	return uses
}

func anyHolds(clauses []*preparedClause, seen *sight, stance stance) bool {
	for _, clause := range clauses {
		if clauseHolds(clause, seen, stance) {
			return true
		}
	}
	return false
}

func byRuleThenReason(a, b judgement.ExceptionUse) int {
	return cmp.Or(base.CompareBytes(a.Rule, b.Rule), base.CompareBytes(a.Reason, b.Reason), base.CompareBytes(a.Until, b.Until))
}

func trustID(one trustRuling) string {
	return "mcp_trust." + one.trust.Server
}

func trustVoice(one trustRuling) *voice {
	return &voice{
		verdict:  one.verdict,
		severity: ownSeverity(one.verdict),
		source:   "mcp_trust",
		id:       trustID(one),
		reason:   trustReason(one),
	}
}

// replacesDefault of a rule that matches. A default that a workspace made stricter gives way to a weaker rule only where that would match as one that
// loosens.
func replacesDefault(rule *preparedRule, seen *sight, policy *Policy) bool {
	if rule.rule.Layer != LayerHost {
		return false
	}
	byDefault := policy.Rulebook.Defaults[seen.effect.Kind]
	verdict := byDefault.Verdict
	if seen.unknown {
		verdict = byDefault.Unknown
	}
	if byDefault.Host == "" || !base.IsStricter(verdict, rule.rule.Verdict) {
		return true
	}
	return anyHolds(rule.match(), seen, loosens) && !anyHolds(rule.unless(), seen, guards) && len(used(rule.exceptions, seen, guards)) == 0
}

func defaultID(seen *sight) string {
	if seen.unknown {
		return "default." + seen.effect.Kind + ".unknown"
	}
	return "default." + seen.effect.Kind
}

// defaultVoice. taken: an exception took the default itself away. excepted: one took anything away.
func defaultVoice(seen *sight, taken, excepted bool, policy *Policy) *voice {
	byDefault := policy.Rulebook.Defaults[seen.effect.Kind]
	said := &voice{verdict: byDefault.Verdict, source: "default", id: defaultID(seen)}
	if seen.unknown {
		said.verdict, said.source = byDefault.Unknown, "unknown"
	}
	if taken {
		said.verdict = base.Allow
	}
	if excepted {
		said.source = "exception"
	}
	said.severity = ownSeverity(said.verdict)
	said.reason = defaultReason(seen.effect, seen.unknown, said.verdict, taken)
	return said
}

func ownSeverity(verdict base.Verdict) base.Severity {
	if verdict == base.Allow {
		return "info"
	}
	return "medium"
}

var sources = []judgement.Source{"rule", "mcp_registry", "mcp_trust", "exception", "unknown", "default"}

// heavier: strictest verdict, then highest severity, then rules before the registry before trust before defaults, then the smallest id, then the smallest reason.
func heavier(left, right *voice) *voice {
	if left == &noVoice {
		return right
	}
	if left.verdict != right.verdict {
		if base.IsStricter(left.verdict, right.verdict) {
			return left
		}
		return right
	}
	severity := slices.Index(base.Severities, left.severity) - slices.Index(base.Severities, right.severity)
	if severity > 0 {
		return left
	}
	if severity < 0 {
		return right
	}
	order := cmp.Or(slices.Index(sources, left.source)-slices.Index(sources, right.source),
		base.CompareBytes(left.id, right.id), base.CompareBytes(left.reason, right.reason))
	if order <= 0 {
		return left
	}
	return right
}

// matchingRules is the rules that hold for an effect, and the exceptions that kept others from holding, each sorted by rule id.
func matchingRules(seen *sight, policy *Policy) (rules []*preparedRule, exceptions []judgement.ExceptionUse) {
	for _, one := range ownersOf(candidates(policy.indexOf(seen.effect.Kind), seen), seen, len(policy.rules)) {
		uses := used(one.owner.exceptions, seen, counterStance(one.stance))
		if len(uses) == 0 {
			rules = append(rules, one.owner)
		}
		exceptions = append(exceptions, uses...)
	}
	slices.SortStableFunc(rules, func(a, b *preparedRule) int { return base.CompareBytes(a.rule.ID, b.rule.ID) })
	return rules, exceptions
}

// ownersOf is, of the entries, those, each rule once, whose clause holds while no clause of the rule's `unless` does.
func ownersOf(entries []*entry, seen *sight, rules int) []*entry {
	var held []*entry
	var marked marks
	for _, one := range entries {
		if marked.has(one.owner.number) || !clauseHolds(one.clause, seen, one.stance) {
			continue
		}
		if anyHolds(one.owner.unless(), seen, counterStance(one.stance)) {
			continue
		}
		held = append(held, one)
		if marked == nil {
			marked = newMarks(rules)
		}
		marked.set(one.owner.number)
	}
	return held
}

// What takes an effect out of a protecting rule loosens; what takes it out of a loosening rule guards.
func counterStance(of stance) stance {
	if of == loosens {
		return guards
	}
	return loosens
}

const momentLength = len("2026-01-01T00:00:00")

// isCurrent: an exception with an end holds only while a well-formed `now` says so: without a clock there is no such exception.
func isCurrent(exception *Exception, subject *Subject) bool {
	until, now := exception.Until, subject.Now
	if until == "" {
		return true
	}
	// Of ASCII alone, so that a place in it is the same in bytes and in TypeScript's units.
	isASCII := strings.IndexFunc(now, func(code rune) bool { return code >= utf8.RuneSelf }) < 0
	known := isASCII && len(now) > momentLength && now[10] == 'T' && now[len(now)-1] == 'Z'
	return known && base.CompareBytes(now[:momentLength], until[:min(len(until), momentLength)]) < 0
}
