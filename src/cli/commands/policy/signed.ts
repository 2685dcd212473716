// Which policy a signature is about, and where it stands. Shared by `cavra policy sign` and `verify`. Implements spec/cli.md 7.7.

import { join, resolve } from "node:path";
import { compileSources, findSources, hostPolicy, POLICY_SIGNATURE } from "../../../authority/index.js";
import type { Rulebook } from "../../../policy/index.js";
import { configDir } from "../../../store/index.js";
import type { Terminal } from "../../terminal.js";
import { isFile, named } from "./named.js";

export interface Signable {
  readonly policy: Rulebook;
  /** "" for a pack, whose signature has no place of its own. */
  readonly signature: string;
}

/** "" is the host's policy, by itself: what a repository adds and what people set here for a time is not signed. */
export function signable(terminal: Terminal, name: string): Signable {
  if (name === "") {
    const policy = hostPolicy(findSources("", terminal.env), terminal.env, () => compileSources);
    return { policy, signature: join(configDir(terminal.env), POLICY_SIGNATURE) };
  }
  return { policy: named(terminal, name), signature: isFile(name) ? `${resolve(terminal.cwd, name)}.signature` : "" };
}
