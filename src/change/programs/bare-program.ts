// The catalogue's entry of the program that is called, for readers that use it for their options. Implements spec/catalogue.md section 10. Twin of go/bare_program.go.

import type { Program } from "../catalogue/model.js";
import type { Call } from "../reading.js";

export function bareProgram(call: Call): Program {
  const { programs } = call.catalogue;
  return (Object.hasOwn(programs, call.name) ? programs[call.name] : undefined) ?? {};
}
