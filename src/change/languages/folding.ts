// Folding that is paid for: long texts cost steps, so that no code can make the reader copy texts without end. Implements spec/languages.md
// section 6.8. Twin of go/change/languages/folding.go.

import { fold } from "./fold.js";
import { type Thing, UNKNOWN } from "./things.js";
import { charge, spend, type World } from "./world.js";

/** The result of a function on known texts; unknown when the work for it is used up. */
export function folded(world: World, name: string, self: Thing | null, args: readonly Thing[]): Thing {
  if (self !== null) charge(world, self);
  charge(world, ...args);
  return spend(world) ? fold(name, self, args) : UNKNOWN;
}
