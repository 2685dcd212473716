// The catalogue's entry of the program that is called, for readers that use it for their options. Implements spec/catalogue.md section 10.
// Twin of go/change/programs/bare_program.go.

import { programOf } from "../catalogue/lookup.js";
import type { Program } from "../catalogue/model.js";
import type { Call } from "../reading.js";

export function bareProgram(call: Call): Program {
  return programOf(call.catalogue, call.name) ?? {};
}
