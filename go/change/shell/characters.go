// What each ASCII character can mean. Implements spec/shell.md sections 1.3 and 4.1.

package shell

import "unicode/utf8"

// What is special to the readers of text: one bit for each kind of text, so that a run of plain characters is one tight loop.
const (
	breaks uint16 = 1 << iota
	beginsName
	inName
	isDigit
	inWordSpecial
	inBracesSpecial
	inDoubleSpecial
	inHereDocumentSpecial
	inExpressionSpecial
	inBracesQuotedSpecial
	inBracketsSpecial
	isParameter
	beginsReserved
)

var classes = func() (table [256]uint16) {
	mark := func(characters string, bits uint16) {
		for i := 0; i < len(characters); i++ {
			table[characters[i]] |= bits
		}
	}
	mark(" \t\n()<>;&|", breaks|inWordSpecial)
	mark("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_", beginsName|inName)
	mark("0123456789", inName|isDigit)
	mark("\\'\"`$\r?*+@!", inWordSpecial)
	mark("\\'\"`$\r<>}/", inBracesSpecial)
	mark("\\\"`$", inDoubleSpecial)
	mark("\\`$", inHereDocumentSpecial)
	mark("\\`$\"'}[]():?", inExpressionSpecial)
	mark("\\`$\"'}<>", inBracesQuotedSpecial)
	mark("\\`$\"'()[]{}<>", inBracketsSpecial)
	mark("@*#?-$!", isParameter)
	mark("iftecswudn!{}[]", beginsReserved)
	return table
}()

func is(c byte, bits uint16) bool { return classes[c]&bits != 0 }

// cutAt gives the place of the first character that no text can hold, or the text's end.
func cutAt(text string) int {
	for i := 0; i < len(text); {
		c := text[i]
		if c < utf8.RuneSelf {
			if c <= 1 || c == 0x7f {
				return i
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return len(text)
}
