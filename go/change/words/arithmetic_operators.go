// What the operators of arithmetic make of two known numbers. Implements spec/change.md section 5.8. Twin of
// src/change/words/arithmetic.ts, its second half.

package words

import "math"

func apply(operator string, left, right Number) Number {
	if !left.Known || !right.Known {
		return unknownNumber
	}
	return compute(operator, left.Value, right.Value)
}

func safe(number int64) Number {
	if number < -maxSafe || number > maxSafe {
		return unknownNumber
	}
	return knownNumber(number)
}

func truth(is bool) Number {
	if is {
		return knownNumber(1)
	}
	return knownNumber(0)
}

// compute takes numbers up to maxSafe, so that sums do not leave 64 bits.
func compute(operator string, left, right int64) Number {
	switch operator {
	case "+":
		return safe(left + right)
	case "-":
		return safe(left - right)
	case "*":
		return times(left, right)
	case "/":
		if right == 0 {
			return unknownNumber
		}
		return knownNumber(left / right)
	case "%":
		if right == 0 {
			return unknownNumber
		}
		return knownNumber(left % right)
	case "**":
		return toThePower(left, right)
	case "<<":
		if right < 0 || right > 52 {
			return unknownNumber
		}
		return times(left, 1<<right)
	case ">>":
		if right < 0 || right > 62 {
			return unknownNumber
		}
		return knownNumber(left >> right)
	case "&&":
		return truth(left != 0 && right != 0)
	case "||":
		return truth(left != 0 || right != 0)
	case "&", "|", "^":
		return bitwise(operator, left, right)
	}
	return compared(operator, left, right)
}

func compared(operator string, left, right int64) Number {
	switch operator {
	case "<":
		return truth(left < right)
	case ">":
		return truth(left > right)
	case "<=":
		return truth(left <= right)
	case ">=":
		return truth(left >= right)
	case "==":
		return truth(left == right)
	case "!=":
		return truth(left != right)
	}
	return unknownNumber
}

func bitwise(operator string, left, right int64) Number {
	if max(left, -left, right, -right) >= 1<<31 {
		return unknownNumber
	}
	switch operator {
	case "&":
		return knownNumber(left & right)
	case "|":
		return knownNumber(left | right)
	}
	return knownNumber(left ^ right)
}

func times(left, right int64) Number {
	// A product beyond 64 bits is beyond 2^53 as a double too.
	if math.Abs(float64(left)*float64(right)) > maxSafe {
		return unknownNumber
	}
	return knownNumber(left * right)
}

func toThePower(base, exponent int64) Number {
	if exponent < 0 {
		return unknownNumber
	}
	result := knownNumber(1)
	for square := knownNumber(base); exponent > 0; exponent >>= 1 {
		if exponent&1 == 1 {
			if result = apply("*", result, square); !result.Known {
				return unknownNumber
			}
		}
		if exponent > 1 {
			square = apply("*", square, square)
		}
	}
	return result
}
