// `cavra init`: the host's state and policy, and in a repository a policy of its own. Overwrites nothing; says what it did and what comes next.

import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  compileSources,
  findSources,
  globsOf,
  HOST_POLICY,
  loadLibrary,
  openFolders,
  repositoryRoot,
  WORKSPACE_POLICY,
  workspaceAround,
} from "../../authority/index.js";
import { CavraError } from "../../base/index.js";
import { configDir, ensurePrivateFolder, redactionKey, SYSTEM_CLOCK, stateDir } from "../../store/index.js";
import { EXIT, type ExitStatus } from "../exit.js";
import { hostTemplate, WORKSPACE_TEMPLATE } from "../templates.js";
import type { Terminal } from "../terminal.js";

interface Step {
  readonly path: string;
  readonly done: "made" | "was_there";
}

interface Options {
  readonly json?: boolean;
  /** Packs for the host's policy to stand on; each must be one that can be inherited. */
  readonly policyPack?: readonly string[];
}

export function init(terminal: Terminal, { json, policyPack = [] }: Options): ExitStatus {
  const packs = policyPack.flatMap((word) => word.split(",")).filter((id) => id !== "");
  mustKnow(packs, terminal);
  const state = stateDir(terminal.env);
  const known = existsSync(state);
  ensurePrivateFolder(state);
  redactionKey(state, SYSTEM_CLOCK);
  const repository = repositoryHere(terminal);
  const steps: Step[] = [
    { path: state, done: known ? "was_there" : "made" },
    writeNew(join(configDir(terminal.env), HOST_POLICY), hostPolicyFor(packs, terminal), 0o600),
    ...(repository === null ? [] : [writeNew(join(repository, WORKSPACE_POLICY), WORKSPACE_TEMPLATE, 0o644)]),
  ];
  terminal.print(json ? `${JSON.stringify({ steps, repository })}\n` : told(steps, repository, packs, terminal));
  return EXIT.done;
}

function mustKnow(packs: readonly string[], terminal: Terminal): void {
  const known = packs.length === 0 ? new Map() : loadLibrary(findSources("", terminal.env), []);
  const unknown = packs.find((id) => !known.has(id));
  if (unknown !== undefined)
    throw new CavraError("unknown_pack", `there is no policy pack \`${unknown}\``, { hint: "run `cavra policy list`" });
}

/** SECURITY: what CAVRA keeps under other names than the packs know is guarded by a rule of the host's own. */
function hostPolicyFor(packs: readonly string[], { env }: Terminal): string {
  const text = hostTemplate(packs, []);
  const host = { path: join(configDir(env), HOST_POLICY), text };
  const compiled = compileSources({ ...findSources("", env), host, settings: null });
  // What does not compile, for a pack of the host's own, is told by every command that needs the policy.
  return compiled.ok ? hostTemplate(packs, globsOf(openFolders(compiled.value, env))) : text;
}

/** The repository whose policy counts here. One around the whole home folder (dotfiles are often kept so) is no workspace, and its policy would never be read. */
function repositoryHere(terminal: Terminal): string | null {
  const root = repositoryRoot(terminal.cwd);
  return root === workspaceAround(terminal.cwd, terminal.env.HOME ?? "") ? root : null;
}

function writeNew(path: string, text: string, mode: number): Step {
  mkdirSync(dirname(path), { recursive: true });
  try {
    writeFileSync(path, text, { flag: "wx", mode });
    return { path, done: "made" };
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "EEXIST") return { path, done: "was_there" };
    throw cause;
  }
}

function told(steps: readonly Step[], repository: string | null, packs: readonly string[], terminal: Terminal): string {
  const { green, dim } = terminal.colours;
  const lines = steps.map(({ path, done }) => (done === "made" ? `${green("✓")} made ${path}` : dim(`– ${path} was there, left as it is`)));
  const next =
    repository === null
      ? "cd into a repository and run `cavra agent install claude-code`"
      : "run `cavra agent install claude-code`, then `cavra agent doctor claude-code`";
  // A policy that was there is the person's; what was asked for in vain must not look done.
  const left =
    packs.length > 0 && steps[1]?.done === "was_there"
      ? `to stand on these packs, write \`inherits: [${packs.join(", ")}]\` in ${steps[1].path}\n`
      : "";
  return `${lines.join("\n")}\n${left}next: ${next}\n`;
}
