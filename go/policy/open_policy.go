// Makes a compiled policy ready to judge: clauses prepared, indexes built when first needed. Implements spec/policy.md section 5.
// Twin of src/policy/open-policy.ts.
// What is kept here is only speed; nothing about a verdict may depend on what was asked before. It may be asked by several goroutines at once.

package policy

import (
	"slices"
	"sync"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/judgement"
)

type preparedException struct {
	exception *Exception
	match     func() []*preparedClause
}

// A voice is one thing that speaks about an effect: a rule, the trust in a server, or a default.
type voice struct {
	verdict  base.Verdict
	severity base.Severity
	source   judgement.Source
	id       string
	reason   string
	instead  *judgement.Instead
}

// A preparedRule is a rule, what it says and how it stands in a ruling. number is its place among the rules.
type preparedRule struct {
	rule       *Rule
	number     int
	voice      voice
	use        judgement.RuleUse
	match      func() []*preparedClause
	unless     func() []*preparedClause
	exceptions []*preparedException
}

// An entry is one clause of one rule, as the index of one kind of effect holds it. number tells the entries of one index apart.
type entry struct {
	owner  *preparedRule
	clause *preparedClause
	stance stance
	number int
}

type preparedTrust struct {
	trust  *ServerTrust
	server *lazyGlob
	tools  []preparedTool
}

type preparedTool struct {
	tool    *lazyGlob
	verdict base.Verdict
}

// Policy is a compiled policy that is ready to judge.
type Policy struct {
	Rulebook *Rulebook
	// Registry is what is known of MCP servers; nil where there is no registry.
	Registry   *OpenRegistry
	trust      []preparedTrust
	exceptions map[string][]*preparedException
	rules      []*preparedRule
	indexes    []func() *ruleIndex
	worlds     sync.Pool
}

// Open makes a rulebook ready. Nobody may write to the rulebook afterwards.
func Open(book *Rulebook) *Policy {
	return OpenWith(book, nil)
}

// OpenWith is Open with a registry of MCP servers; nil is none. Nobody may write to that either.
func OpenWith(book *Rulebook, registry *OpenRegistry) *Policy {
	policy := &Policy{Rulebook: book, Registry: registry, exceptions: exceptionsByID(book), trust: make([]preparedTrust, len(book.McpTrust))}
	for i := range book.McpTrust {
		policy.trust[i] = prepareTrust(&book.McpTrust[i])
	}
	policy.rules = make([]*preparedRule, len(book.Rules))
	for i := range book.Rules {
		policy.rules[i] = prepareRule(&book.Rules[i], i, policy.exceptions[book.Rules[i].ID])
	}
	for _, kind := range EffectKinds {
		policy.indexes = append(policy.indexes, sync.OnceValue(func() *ruleIndex { return buildIndex(policy, kind) }))
	}
	return policy
}

// exceptionsTo are the exceptions to the rule, default or trust of this id.
func (p *Policy) exceptionsTo(id string) []*preparedException {
	return p.exceptions[id]
}

func (p *Policy) indexOf(kind model.EffectKind) *ruleIndex {
	at := slices.Index(EffectKinds, kind)
	if at < 0 {
		return emptyIndex()
	}
	return p.indexes[at]()
}

type keptWorld struct {
	home      string
	workspace string
	world     *base.World
}

// worldOf gives the same world for the same home and workspace where it can, so that what it remembers is of use. It must be given back.
func (p *Policy) worldOf(home, workspace string) *keptWorld {
	if kept, is := p.worlds.Get().(*keptWorld); is && kept.home == home && kept.workspace == workspace {
		return kept
	}
	return &keptWorld{home: home, workspace: workspace, world: base.MakeWorld(home, workspace)}
}

func (p *Policy) giveBack(kept *keptWorld) {
	p.worlds.Put(kept)
}

func exceptionsByID(book *Rulebook) map[string][]*preparedException {
	exceptions := map[string][]*preparedException{}
	for i := range book.Exceptions {
		exception := &book.Exceptions[i]
		one := &preparedException{exception: exception, match: clausesOnce(exception.Match)}
		exceptions[exception.Rule] = append(exceptions[exception.Rule], one)
	}
	return exceptions
}

func prepareRule(rule *Rule, number int, exceptions []*preparedException) *preparedRule {
	return &preparedRule{
		rule:   rule,
		number: number,
		voice: voice{
			verdict: rule.Verdict, severity: rule.Severity, source: "rule",
			id: rule.ID, reason: rule.Reason, instead: rule.Instead,
		},
		use:        judgement.RuleUse{ID: rule.ID, Verdict: rule.Verdict, Severity: rule.Severity},
		match:      clausesOnce(rule.Match),
		unless:     clausesOnce(rule.Unless),
		exceptions: exceptions,
	}
}

// Most rules are never looked at in a process that judges one action, so nothing is prepared before it is asked for.
func clausesOnce(clauses []Clause) func() []*preparedClause {
	if len(clauses) == 0 {
		return noClauses
	}
	return sync.OnceValue(func() []*preparedClause {
		prepared := make([]*preparedClause, len(clauses))
		for i := range clauses {
			prepared[i] = prepareClause(&clauses[i])
		}
		return prepared
	})
}

func noClauses() []*preparedClause {
	return nil
}

func buildIndex(policy *Policy, kind model.EffectKind) *ruleIndex {
	index := emptyIndex()
	for _, owner := range policy.rules {
		names := func(clause Clause) bool { return slices.Contains(clause.Effect, kind) }
		if !slices.ContainsFunc(owner.rule.Match, names) {
			continue
		}
		read := protects
		if ruleLoosens(owner.rule, kind, policy.Rulebook) {
			read = loosens
		}
		for _, one := range owner.match() {
			if !names(*one.clause) {
				continue
			}
			for _, clause := range globByGlob(one) {
				index.entries++
				addToIndex(index, isFile(kind), &entry{owner: owner, clause: clause, stance: read, number: index.entries - 1})
			}
		}
	}
	return index
}

// A clause with several path globs holds when it holds with one of them. Apart in the index, only the globs that can match are ever tried.
func globByGlob(clause *preparedClause) []*preparedClause {
	if len(clause.path) < 2 {
		return []*preparedClause{clause}
	}
	apart := make([]*preparedClause, len(clause.path))
	for i := range clause.path {
		one := *clause
		one.path = clause.path[i : i+1]
		apart[i] = &one
	}
	return apart
}

func prepareTrust(trust *ServerTrust) preparedTrust {
	prepared := preparedTrust{trust: trust, server: &lazyGlob{text: trust.Server}}
	for _, one := range trust.Tools {
		prepared.tools = append(prepared.tools, preparedTool{&lazyGlob{text: one.Tool}, one.Verdict})
	}
	return prepared
}

// ruleLoosens: a rule weaker than what would hold for the host without it loosens, and is read narrowly; every other rule protects, and is read widely.
func ruleLoosens(rule *Rule, kind model.EffectKind, book *Rulebook) bool {
	byDefault := book.Defaults[kind]
	if byDefault.Host != "" {
		return base.IsStricter(byDefault.Host, rule.Verdict)
	}
	return base.IsStricter(byDefault.Verdict, rule.Verdict)
}
