// Which folder is the workspace. Implements spec/agents.md section 2.4.
// SECURITY: the workspace is where an agent may write freely, so it never grows to the home folder or the whole machine because a `.git` lies there.

import { dirname, resolve } from "node:path";
import { repositoryRoot } from "./git-facts.js";

/** The root of the repository around `folder`, or the folder itself. */
export function workspaceAround(folder: string, home: string): string {
  const start = resolve(folder);
  const root = repositoryRoot(start);
  if (root === null || root === "/" || root === resolve(home || "/") || contains(root, home)) return start;
  return root;
}

function contains(folder: string, path: string): boolean {
  for (let at = resolve(path || "/"); at !== dirname(at); at = dirname(at)) if (at === folder) return true;
  return false;
}
