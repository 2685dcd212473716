// Writes a file that a person goes on with: mode 0600, never over one that is there. Implements spec/cli.md 13.1.

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { bad, ok, type Result } from "../../../base/index.js";

/** Problem: `already_there`. Throws what the system refuses. */
export function writeNew(path: string, text: string): Result<null> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    writeFileSync(path, text, { mode: 0o600, flag: "wx" });
    return ok(null);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    return bad("already_there", `\`${path}\` is there already`, { hint: "edit it, or move it away" });
  }
}
