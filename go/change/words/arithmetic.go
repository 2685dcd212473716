// Arithmetic that is constant: `$((1 + 2))`, `i++` with a known `i`. Implements spec/change.md section 5.8. Twin of
// src/change/words/arithmetic.ts, the rest of which is arithmetic_operators.go. Anything else is unknown. Results beyond 2^53 are unknown
// too, where bash would wrap at 2^63.

package words

import (
	"slices"
	"strings"
)

// Number is a whole number, or one that is not known.
type Number struct {
	Value int64
	Known bool
}

var unknownNumber = Number{}

func knownNumber(value int64) Number {
	return Number{value, true}
}

// numbers reads and sets variables by name; get gives the unknown number for what is not a known whole number.
type numbers interface {
	get(name string) Number
	set(name string, value Number)
}

type cursor struct {
	tokens  []string
	at      int
	depth   int
	numbers numbers
	failed  bool
}

// evaluateArithmetic is the value of an expression. Assignments inside it are made as far as they are understood.
func evaluateArithmetic(text string, numbers numbers) Number {
	tokens, readable := tokenise(text)
	if !readable {
		return unknownNumber
	}
	if len(tokens) == 0 {
		return knownNumber(0)
	}
	c := &cursor{tokens: tokens, numbers: numbers}
	value := c.comma()
	if c.failed || c.at != len(tokens) {
		return unknownNumber
	}
	return value
}

var operators = []string{
	"<<=", ">>=", "**", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "++", "--", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=",
}

const (
	singles = "+-*/%<>=!&|^~?:(),"
	// tokenLimit is tokens of one expression, depthLimit operands and brackets inside each other.
	tokenLimit = 512
	depthLimit = 64
	// characterLimit is characters of one number.
	characterLimit = 16
	// maxSafe is the largest whole number that both engines count exactly.
	maxSafe = 1<<53 - 1
)

func tokenise(text string) ([]string, bool) {
	var tokens []string
	for i := 0; i < len(text); {
		character := text[i]
		if character == ' ' || character == '\t' || character == '\n' {
			i++
			continue
		}
		if len(tokens) >= tokenLimit {
			return nil, false
		}
		end := i + 1
		if isNameCharacter(character) {
			for end < len(text) && (isNameCharacter(text[end]) || text[end] == '#') {
				end++
			}
		} else {
			operator := operatorAt(text[i:])
			if operator == "" && strings.IndexByte(singles, character) < 0 {
				return nil, false
			}
			end = i + max(1, len(operator))
		}
		tokens = append(tokens, text[i:end])
		i = end
	}
	return tokens, true
}

func operatorAt(text string) string {
	for _, operator := range operators {
		if strings.HasPrefix(text, operator) {
			return operator
		}
	}
	return ""
}

// token is the token that many behind the present one; "" behind the end.
func (c *cursor) token(ahead int) string {
	if c.at+ahead < len(c.tokens) {
		return c.tokens[c.at+ahead]
	}
	return ""
}

func (c *cursor) comma() Number {
	value := c.assignment()
	for c.take(",") {
		value = c.assignment()
	}
	return value
}

func (c *cursor) assignment() Number {
	if c.depth++; c.depth > depthLimit {
		return c.fail()
	}
	name, operator := c.token(0), c.token(1)
	var value Number
	if isName(name) && strings.HasSuffix(operator, "=") && !slices.Contains([]string{"==", "!=", "<=", ">="}, operator) {
		c.at += 2
		value = c.assignment()
		if operator != "=" {
			value = apply(operator[:len(operator)-1], c.numbers.get(name), value)
		}
		c.numbers.set(name, value)
	} else {
		value = c.ternary()
	}
	c.depth--
	return value
}

func (c *cursor) ternary() Number {
	condition := c.binary(0)
	if !c.take("?") {
		return condition
	}
	yes := c.assignment()
	if !c.take(":") {
		return c.fail()
	}
	no := c.assignment()
	switch {
	case !condition.Known && yes == no:
		return yes
	case !condition.Known:
		return unknownNumber
	case condition.Value != 0:
		return yes
	}
	return no
}

var levels = [][]string{
	{"||"}, {"&&"}, {"|"}, {"^"}, {"&"}, {"==", "!="}, {"<", ">", "<=", ">="}, {"<<", ">>"}, {"+", "-"}, {"*", "/", "%"},
}

func (c *cursor) binary(level int) Number {
	if level == len(levels) {
		return c.power()
	}
	left := c.binary(level + 1)
	for {
		operator := c.token(0)
		if !slices.Contains(levels[level], operator) {
			return left
		}
		c.at++
		left = apply(operator, left, c.binary(level+1))
	}
}

func (c *cursor) power() Number {
	base := c.unary()
	if !c.take("**") {
		return base
	}
	if c.depth++; c.depth > depthLimit {
		return c.fail()
	}
	return apply("**", base, c.power())
}

func (c *cursor) unary() Number {
	token := c.token(0)
	if c.depth++; c.depth > depthLimit {
		return c.fail()
	}
	var value Number
	switch token {
	case "+", "-", "!", "~":
		c.at++
		value = signed(token, c.unary())
	case "++", "--":
		name := c.token(1)
		c.at += 2
		if isName(name) {
			value = c.step(name, token)
		} else {
			value = c.fail()
		}
	default:
		value = c.primary(token)
	}
	c.depth--
	return value
}

func signed(sign string, inner Number) Number {
	switch {
	case !inner.Known || sign == "+":
		return inner
	case sign == "-":
		return knownNumber(-inner.Value)
	case sign == "!":
		return truth(inner.Value == 0)
	}
	return safe(-1 - inner.Value)
}

func (c *cursor) primary(token string) Number {
	c.at++
	if token == "(" {
		value := c.comma()
		if c.take(")") {
			return value
		}
		return c.fail()
	}
	if isName(token) {
		value := c.numbers.get(token)
		if next := c.token(0); next == "++" || next == "--" {
			c.at++
			c.step(token, next)
		}
		return value
	}
	if value := number(token); value.Known {
		return value
	}
	return c.fail()
}

func (c *cursor) step(name, operator string) Number {
	value := apply(operator[:1], c.numbers.get(name), knownNumber(1))
	c.numbers.set(name, value)
	return value
}

// number reads decimal, octal (`010`) and hexadecimal (`0x1f`); other bases are unknown.
func number(token string) Number {
	if len(token) > characterLimit {
		return unknownNumber
	}
	digits, base := token, int64(10)
	switch {
	case strings.HasPrefix(token, "0x") || strings.HasPrefix(token, "0X"):
		digits, base = token[2:], 16
	case len(token) > 1 && token[0] == '0':
		base = 8
	}
	if digits == "" {
		return unknownNumber
	}
	var value int64
	for i := 0; i < len(digits); i++ {
		digit := digitOf(digits[i])
		if digit < 0 || digit >= base {
			return unknownNumber
		}
		value = value*base + digit
	}
	return safe(value)
}

func digitOf(character byte) int64 {
	switch {
	case character >= '0' && character <= '9':
		return int64(character - '0')
	case character >= 'a' && character <= 'f':
		return int64(character-'a') + 10
	case character >= 'A' && character <= 'F':
		return int64(character-'A') + 10
	}
	return -1
}

func (c *cursor) take(token string) bool {
	if c.token(0) != token {
		return false
	}
	c.at++
	return true
}

func (c *cursor) fail() Number {
	c.failed = true
	c.at = len(c.tokens)
	return unknownNumber
}

func isName(token string) bool {
	return token != "" && isNameCharacter(token[0]) && !isDigit(token[0])
}

func isNameCharacter(character byte) bool {
	return isNameStart(character) || isDigit(character)
}

func isNameStart(character byte) bool {
	return character >= 'a' && character <= 'z' || character >= 'A' && character <= 'Z' || character == '_'
}

func isDigit(character byte) bool {
	return character >= '0' && character <= '9'
}
