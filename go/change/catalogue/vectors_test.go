// Runs those of spec/vectors/catalogue and catalogue-data that the interpreter reads by itself: a program that the catalogue has, without a reader in code
// and without variables on the line. The package of the programs' readers runs all of them. Twin of test/vectors/catalogue.test.ts.

package catalogue_test

import (
	"testing"

	"cavra.dev/runtime/change/catalogue"
	"cavra.dev/runtime/internal/vectors"
)

func TestTheInterpretersShareOfTheVectors(t *testing.T) {
	for _, area := range []string{"catalogue", "catalogue-data"} {
		ran := 0
		vectors.Run(t, area, func(t *testing.T, one vectors.CatalogueCase) {
			all := builtin(t)
			call := one.Call(area, all, func(word string) string {
				found, _ := catalogue.LookupProgram(all, word)
				return found.Name
			})
			program := catalogue.ProgramOf(all, call.Name)
			if program == nil || program.Special != "" || len(one.Environment) > 0 {
				t.Skip("read by the package of the programs' readers")
			}
			ran++
			one.Check(t, catalogue.InterpretProgram(program, call))
		})
		if ran < 70 {
			t.Errorf("only %d cases of %s", ran, area)
		}
	}
}
