// Who acts, as far as this machine can say: the operating system's user and host, the repository and its branch. Implements spec/agents.md section 2.6.

import { hostname, userInfo } from "node:os";
import type { Who } from "../evidence/index.js";
import { branchAndOrigin } from "./git-facts.js";

/** What the caller knows itself. */
export type Caller = Pick<Who, "agent" | "sub_agent" | "session" | "channel" | "unattended">;

export function whoIsActing(caller: Caller, workspace: string): Who {
  const { branch, origin } = branchAndOrigin(workspace);
  return { ...caller, user: userName(), host: hostname(), repository: origin || workspace, branch };
}

// userInfo throws where the user id has no entry (containers often).
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? "");
  }
}
