// Who acts, as far as this machine can say: the operating system's user and host, the repository and its branch. Implements spec/agents.md section 2.6.

import { hostname, userInfo } from "node:os";
import type { Who } from "../evidence/index.js";
import { branchAndOrigin } from "./git-facts.js";
import { readRegularFile } from "./regular-file.js";

/** What the caller knows itself. */
export type Caller = Pick<Who, "agent" | "sub_agent" | "session" | "channel" | "unattended">;

export function whoIsActing(caller: Caller, workspace: string): Who {
  const { branch, origin } = branchAndOrigin(workspace);
  return { ...caller, user: userName(), host: hostName(), repository: origin || workspace, branch };
}

// Where the system keeps these names in files, as Linux does, they are read there: loading node:os takes several times as long (scripts/build.mjs).
const HOST_FILE = "/proc/sys/kernel/hostname";
const ACCOUNTS_FILE = "/etc/passwd";
/** Beyond this the system is asked: an administrator of so many accounts keeps them elsewhere. */
const ACCOUNTS_BYTES = 64 * 1024;

export function hostName(): string {
  const name = readRegularFile(HOST_FILE, 1024)?.toString().trim() ?? "";
  return name === "" ? hostname() : name;
}

/** The name of the account that this process runs under; where there is none, its number. */
export function userName(): string {
  const uid = String(process.getuid?.() ?? "");
  return (uid === "" ? null : accountOf(uid)) ?? askedName(uid);
}

/** The first account of this number, as the system's own search finds it; null where another source than the file must be asked. */
function accountOf(uid: string): string | null {
  const accounts = readRegularFile(ACCOUNTS_FILE, ACCOUNTS_BYTES)?.toString() ?? "";
  for (const line of accounts.split("\n")) {
    const [name = "", , number] = line.split(":", 3);
    if (number === uid && name !== "") return name;
  }
  return null;
}

// userInfo throws where the user id has no entry (containers often).
function askedName(uid: string): string {
  try {
    return userInfo().username;
  } catch {
    return uid;
  }
}
