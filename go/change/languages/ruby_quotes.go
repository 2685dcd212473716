// The quote-like forms of ruby: symbols, `?c`, and `%` with its letters.
// Implements spec/languages.md section 3. Twin of src/change/languages/quotes.ts.
// INVARIANT: `%` behind an operand is the remainder, unless a command call is written.

package languages

func rubyQuote(scanner *Scanner, gap bool) bool {
	code := scanner.code
	char := code[scanner.at]
	if char == ':' && byteAt(code, scanner.at+1) == '"' && !afterOperand(scanner) {
		scanner.at++
		return plainString(scanner, gap, "single", "ruby")
	}
	if char == ':' && symbolBegins(scanner) {
		return symbol(scanner, gap)
	}
	if char == '?' && !afterOperand(scanner) && isNameStart(scanner.lexicon, byteAt(code, scanner.at+1)) {
		letter := characterStarting(code, scanner.at+1)
		if next := scanner.at + 1 + len(letter); !isNamePart(scanner.lexicon, byteAt(code, next)) {
			scanner.at = next
			return finish(scanner, "string", fixed(letter, "none"), gap)
		}
	}
	return char == '%' && rubyPercent(scanner, gap)
}

func symbolBegins(scanner *Scanner) bool {
	before := byteAt(scanner.code, scanner.at-1)
	return isNameStart(scanner.lexicon, byteAt(scanner.code, scanner.at+1)) && before != ':' && !(afterOperand(scanner) && before != ' ')
}

func symbol(scanner *Scanner, gap bool) bool {
	from := scanner.at + 1
	at := from
	for isNamePart(scanner.lexicon, byteAt(scanner.code, at)) || isOneOf(byteAt(scanner.code, at), "?!") {
		at++
	}
	scanner.at = at
	return finish(scanner, "string", fixed(scanner.code[from:at], "none"), gap)
}

func rubyPercent(scanner *Scanner, gap bool) bool {
	code := scanner.code
	letter := byteAt(code, scanner.at+1)
	lettered := isOneOf(letter, "qQwWxriIs")
	at := scanner.at + 1
	if lettered {
		at++
	}
	open := byteAt(code, at)
	if at >= len(code) || isNamePart(scanner.lexicon, open) || isOneOf(open, " \n=") {
		return false
	}
	// After an operand `%` is the remainder, unless a command call is written `puts %w[a]`.
	if afterOperand(scanner) && !(gap && lettered && isOneOf(open, "([{<|!")) {
		return false
	}
	if !lettered {
		letter = 'Q'
		if !isOneOf(open, "([{<|!/") {
			return false
		}
	}
	body, next, closed := delimited(code, at)
	if !closed {
		return fail(scanner)
	}
	scanner.at = next
	switch letter {
	case 'q', 's':
		return finish(scanner, "string", fixed(body, "single"), gap)
	case 'w', 'i':
		return finish(scanner, "words", fixed(body, "none"), gap)
	case 'W', 'I':
		return interpolated(scanner, "words", body, "ruby", "ruby", gap)
	case 'x':
		return interpolated(scanner, "command", body, "ruby", "ruby", gap)
	case 'r':
		parts, read := readInterpolated(scanner, body, "ruby", "ruby")
		readFlags(scanner)
		if !read {
			return fail(scanner)
		}
		return finish(scanner, "pattern", codeOnly(parts), gap)
	}
	return interpolated(scanner, "string", body, "ruby", "ruby", gap)
}
