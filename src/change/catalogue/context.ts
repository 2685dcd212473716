// All that the readers of roles look at while one command line is interpreted. Implements spec/catalogue.md section 8.
// Twin of go/change/catalogue/context.go.

import type { Call } from "../reading.js";
import type { Value } from "../values.js";
import { type Circumstances, circumstances } from "./conditions.js";
import type { Located } from "./locate.js";
import { parseRole } from "./roles.js";
import { type Use, usesOf } from "./uses.js";
import { within } from "./value-parts.js";

export interface Context {
  readonly call: Call;
  readonly located: Located;
  readonly around: Circumstances;
  readonly uses: readonly Use[];
  /** Working folder that the line itself sets; null when it sets none. */
  readonly folder: Value | null;
}

export function contextOf(located: Located, call: Call): Context {
  const { line } = located;
  const around = circumstances(line.options, line, call.stdin);
  const uses = usesOf(line, located.program.operands ?? [], around);
  return { call, located, around, uses, folder: folderSet(uses) };
}

function folderSet(uses: readonly Use[]): Value | null {
  let folder: Value | null = null;
  for (const use of uses) if (parseRole(use.role).name === "chdir") folder = within(folder, use.argument.value);
  return folder;
}
