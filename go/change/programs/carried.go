// A command behind a program that nobody knows: `rtk git reset --hard`, `mywrapper -- rm -rf /`. Implements spec/catalogue.md clause 10.9.
// Twin of src/change/programs/carried.ts.
// There are more wrappers than any catalogue has. What looks like one is told besides; the program itself stays unknown.

package programs

import (
	"slices"
	"strings"

	"cavra.dev/runtime/change/catalogue"
	"cavra.dev/runtime/change/model"
)

// maxCarriedWords is words after an unknown program that are looked at.
const maxCarriedWords = 16

var carrierRoles = []model.Role{"command", "delete", "shell_words", "code:shell"}
var carrierSpecials = []string{"env", "find", "git", "parallel", "su", "xargs"}

// carried: the first operand, or the word after `--`, where it names a program which deletes, runs a command, or is git or a shell, with
// the words after it.
func carried(call *model.Call) []model.Deed {
	words := call.Words[:min(len(call.Words), maxCarriedWords)]
	first := slices.IndexFunc(words, func(word model.Argument) bool { return !strings.HasPrefix(word.Value.Text, "-") })
	behind := 1 + slices.IndexFunc(words, func(word model.Argument) bool { return word.Value.Text == "--" })
	for _, at := range []int{first, behind} {
		if at < 0 || at >= len(words) || !isCarrier(words[at].Value.Text, call) {
			continue
		}
		// A word that is the last one names a thing.
		if at == len(call.Words)-1 {
			return nil
		}
		return []model.Deed{commandDeed(call.Words[at:], model.Scope{Place: "child"}, words[at].Span)}
	}
	return nil
}

func isCarrier(word string, call *model.Call) bool {
	if word == "" || strings.HasPrefix(word, "-") {
		return false
	}
	found, known := catalogue.LookupProgram(call.Catalogue, word)
	return known && (slices.Contains(carrierSpecials, found.Program.Special) || hasCarrierRole(found.Program))
}

// The temptation is to take every program that the catalogue has: `install`, `link`, `test` and `open` are what tools call their own
// sub-commands.
func hasCarrierRole(program *model.Program) bool {
	return slices.ContainsFunc(program.Operands, func(slot model.Slot) bool { return slices.Contains(carrierRoles, slot.Role) })
}
