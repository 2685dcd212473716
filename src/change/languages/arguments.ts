// The arguments of a call, as they are known. Implements spec/languages.md section 6.4. Twin of go/change/languages/arguments.go.

import type { Thing } from "./things.js";

/** `open` says that further arguments may be there, nobody knows which. */
export interface Arguments {
  readonly positional: readonly Thing[];
  readonly named: ReadonlyMap<string, Thing>;
  readonly open: boolean;
}

export const NO_ARGUMENTS: Arguments = { positional: [], named: new Map(), open: false };
