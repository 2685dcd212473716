// Globs as sets of paths: does one hold the other? Implements spec/policy.md section 3.7. Twin of src/base/glob-sets.ts, its second half.
// Exact within MaxPairs steps of work; beyond that the answer is no, so that nobody slips through.

package base

import (
	"slices"
	"strconv"
)

// Includes is true when every path of `inner` is in `outer`.
func Includes(outer, inner []Component, fold bool) bool {
	wide, narrow := flatten(outer, false), flatten(inner, true)
	alphabet := alphabetOf(wide, narrow, fold)
	outerStart := closure(wide, []int{0})
	visited := map[string]bool{}
	type pair struct {
		at     int
		states []int
	}
	var work []pair
	for _, at := range closure(narrow, []int{0}) {
		work = append(work, pair{at, outerStart})
	}
	pairs := 0
	for len(work) > 0 {
		here := work[len(work)-1]
		work = work[:len(work)-1]
		key := pairKey(here.at, here.states)
		if visited[key] {
			continue
		}
		visited[key] = true
		if isEnd(narrow, here.at) && !slices.ContainsFunc(here.states, func(state int) bool { return isEnd(wide, state) }) {
			return false
		}
		for _, code := range alphabet {
			next := stepAll(narrow, []int{here.at}, code, false)
			if len(next) == 0 {
				continue
			}
			pairs += len(next) + len(here.states)
			if pairs > MaxPairs {
				return false
			}
			states := stepAll(wide, here.states, code, fold)
			for _, at := range next {
				work = append(work, pair{at, states})
			}
		}
	}
	return true
}

func alphabetOf(wide, narrow []step, fold bool) []rune {
	var tokens []Token
	for _, steps := range [][]step{wide, narrow} {
		for _, one := range steps {
			if one.kind == stepToken {
				tokens = append(tokens, one.token)
			}
		}
	}
	return boundaries(tokens, fold)
}

func pairKey(at int, states []int) string {
	key := strconv.AppendInt(nil, int64(at), 10)
	for _, state := range states {
		key = append(key, ',')
		key = strconv.AppendInt(key, int64(state), 10)
	}
	return string(key)
}

// A step is a token, a slash or `**`.
type step struct {
	kind  stepKind
	token Token
}

type stepKind byte

const (
	stepToken stepKind = iota
	stepSlash
	stepDeep
)

// A path is the text of `/name` repeated. A component of stars alone still needs one character, or `/a/` would count as a path.
func flatten(path []Component, canonical bool) []step {
	var steps []step
	for i := range path {
		if path[i].Kind == ComponentDeep {
			steps = append(steps, step{kind: stepDeep})
			continue
		}
		tokens := tokensOf(&path[i])
		steps = append(steps, step{kind: stepSlash})
		if canonical && !slices.ContainsFunc(tokens, func(token Token) bool { return token.Kind != TokenStar }) {
			steps = append(steps, step{token: Token{Kind: TokenAny}})
		}
		for _, token := range tokens {
			steps = append(steps, step{token: token})
		}
	}
	return steps
}

// A state is 3 × the index of a step, plus, inside `**`: 0 between names, 1 after a slash, 2 inside a name.
func isEnd(steps []step, state int) bool {
	return state == len(steps)*3
}

func closure(steps []step, states []int) []int {
	all := slices.Clone(states)
	add := func(state int) {
		if !slices.Contains(all, state) {
			all = append(all, state)
		}
	}
	for i := 0; i < len(all); i++ {
		state := all[i]
		if state/3 >= len(steps) {
			continue
		}
		at := &steps[state/3]
		if at.kind == stepDeep && state%3 == 2 {
			add(state - 2)
		}
		if at.kind == stepToken && at.token.Kind == TokenStar || at.kind == stepDeep && state%3 == 0 {
			add(state + 3)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func stepAll(steps []step, states []int, code rune, fold bool) []int {
	var next []int
	for _, state := range states {
		if state/3 >= len(steps) {
			continue
		}
		if after := stepOne(&steps[state/3], state, code, fold); after >= 0 {
			next = append(next, after)
		}
	}
	if len(next) == 0 {
		return next
	}
	return closure(steps, next)
}

func stepOne(at *step, state int, code rune, fold bool) int {
	mode := state % 3
	switch at.kind {
	case stepSlash:
		if code == '/' {
			return state + 3
		}
		return -1
	case stepDeep:
		if mode == 0 && code == '/' {
			return state + 1
		}
		if mode == 0 || code == '/' {
			return -1
		}
		return state - mode + 2
	}
	if code == '/' || !tokenMatches(&at.token, code, fold) {
		return -1
	}
	if at.token.Kind == TokenStar {
		return state
	}
	return state + 3
}
