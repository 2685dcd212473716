// UTF-16 units, in which the spec counts where it says so: TypeScript's engine has its texts in them. No twin: there they are `.length`.

package base

import "unicode/utf8"

// Utf16Length is the number of UTF-16 units of a text; a byte that is no UTF-8 counts one.
func Utf16Length(text string) int {
	units := 0
	for at := 0; at < len(text); {
		if text[at] < utf8.RuneSelf {
			units++
			at++
			continue
		}
		code, size := utf8.DecodeRuneInString(text[at:])
		units++
		if code > 0xffff {
			units++
		}
		at += size
	}
	return units
}
