// The catalogue that ships, compiled from spec/catalogue/ by scripts/generate.mjs. Implements spec/catalogue.md section 1. Twin of
// src/change/catalogue/builtin.ts.
// For the tests, the campaigns and the rim: nothing in change/ may ask for it, because the catalogue in force is the one inside the compiled policy.

package catalogue

import (
	"sync"

	"cavra.dev/runtime/base"
	"cavra.dev/runtime/change/model"
	"cavra.dev/runtime/generated"
)

// Builtin opens the catalogue that ships, once.
var Builtin = sync.OnceValues(func() (*model.Catalogue, *base.Problem) {
	return Open(generated.Catalogue)
})
