// The data that the build makes from spec/: the catalogue and the tables of the languages. No twin: in TypeScript the same files stand in src/generated/.
// They are not committed. Where the compiler misses them, `node scripts/generate.mjs` has not run.

// Package generated carries data, and nothing else.
package generated

import _ "embed" // what //go:embed needs

// Catalogue is the JSON text of the catalogue that ships. The catalogue in force is the one inside the compiled policy; this one is for what has no
// policy: the vectors, the campaigns, and to say which catalogue a build was made with.
//
//go:embed catalogue.json
var Catalogue []byte

// Languages is the JSON text of the tables of the languages.
//
//go:embed languages.json
var Languages []byte
