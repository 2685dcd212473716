// Where a command stands: the person's home, and the workspace around the working folder. Implements spec/cli.md 5.3.

import { realpathSync } from "node:fs";
import { resolve } from "node:path";
import { workspaceAround } from "../authority/index.js";
import { CavraError, type Problem } from "../base/index.js";
import type { Terminal } from "./terminal.js";

export function home(terminal: Terminal): string {
  const found = terminal.env.HOME;
  if (found) return found;
  throw new CavraError("no_home_folder", "`HOME` is not set, so there is no place for a person's settings", { hint: "set HOME" });
}

export function workspace(terminal: Terminal): string {
  return workspaceAround(terminal.cwd, home(terminal));
}

/** What is written for a workspace must not land in the home folder or in `/`: it would be written for everything below, and read for nothing. */
export function notARepository(terminal: Terminal, hint: string): Problem | null {
  const root = workspace(terminal);
  if (root !== "/" && real(root) !== real(home(terminal))) return null;
  return { code: "not_a_repository", message: `\`${root}\` is no repository`, hint };
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}
