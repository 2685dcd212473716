// `cavra status`: am I guarded here, by which policy, since when. Looks, changes nothing, and says what to do about what is missing.

import { accessSync, constants, existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { installedHook, lostHook, settingsPath } from "../../agents/index.js";
import {
  compileSources,
  findSources,
  globsOf,
  type HostSettings,
  momentNow,
  NO_SETTINGS,
  openFolders,
  pauseInForce,
  policyInForce,
  readHostSettings,
  readRegistryFile,
  registryFile,
  registryInForce,
  workspaceAround,
} from "../../authority/index.js";
import { CavraError, type Problem } from "../../base/index.js";
import { ensurePrivateFolder, listRecords, stateDir } from "../../store/index.js";
import { type AuthorityStatus, authorityLines, lookAtAuthority } from "../authority-status.js";
import { count } from "../count.js";
import { EXIT, type ExitStatus } from "../exit.js";
import { oneLine } from "../one-line.js";
import { problemOf, type Terminal } from "../terminal.js";

interface Hook {
  readonly agent: string;
  readonly settings: string;
  readonly since: string;
  /** The host asks it before every call. */
  readonly active: boolean;
}

interface PolicyStatus {
  readonly id: string;
  readonly version: string;
  readonly digest: string;
  readonly mode: string;
  readonly host_file: string;
  readonly workspace_file: string;
}

interface Status {
  readonly guarded: boolean;
  readonly workspace: string;
  readonly hooks: readonly Hook[];
  readonly policy: PolicyStatus | null;
  /** What is known of MCP servers; null where there is no registry, or it cannot be read. */
  readonly registry: { readonly file: string; readonly digest: string; readonly servers: number } | null;
  /** Set where this host only records. */
  readonly observing: HostSettings["observe"];
  /** "" where it is not paused. */
  readonly paused_until: string;
  /** Exceptions of this host that hold now. */
  readonly exceptions: number;
  readonly state_dir: string;
  /** Of our own folders those to which the policy does not deny every write. */
  readonly open_folders: readonly string[];
  readonly last_decision: { readonly decision_id: string; readonly recorded_at: string; readonly decision: string } | null;
  readonly problems: readonly Problem[];
  /** Null where none runs. */
  readonly authority: AuthorityStatus | null;
}

export async function status(terminal: Terminal, { json }: { readonly json?: boolean }): Promise<ExitStatus> {
  const found = { ...look(terminal), authority: await lookAtAuthority(terminal) };
  terminal.print(json ? `${JSON.stringify(found)}\n` : render(found, terminal));
  return found.problems.length === 0 ? EXIT.done : EXIT.broken;
}

function look(terminal: Terminal): Omit<Status, "authority"> {
  const workspace = workspaceAround(terminal.cwd, terminal.env.HOME ?? "");
  const problems: Problem[] = [];
  const attempt = <T>(action: () => T, otherwise: T): T => {
    try {
      return action();
    } catch (thrown) {
      problems.push(problemOf(thrown));
      return otherwise;
    }
  };
  const state = attempt(() => stateDir(terminal.env), "");
  const recordable = attempt(() => checkState(state), false);
  const hooks = attempt(() => hooksFor(workspace, terminal.env.HOME ?? "/", state, problems), []);
  const policy = attempt(() => policyFor(workspace, terminal), null);
  const registry = attempt(() => registryFor(terminal), null);
  const settings = attempt(() => readHostSettings(terminal.env), NO_SETTINGS);
  const paused = attempt(() => pauseInForce(terminal.env, momentNow), null);
  const now = new Date().toISOString().slice(0, 19);
  const last = attempt(() => listRecords(state, {}, 1)[0], undefined);
  return {
    guarded: recordable && hooks.some(({ active }) => active) && policy !== null && policy.mode === "enforce" && paused === null,
    workspace,
    hooks,
    policy,
    registry,
    observing: settings.observe,
    paused_until: paused?.ends_at ?? "",
    exceptions: settings.exceptions.filter(({ until }) => until.slice(0, 19) > now).length,
    state_dir: state,
    open_folders: openFoldersFor(workspace, terminal),
    last_decision:
      last === undefined
        ? null
        : { decision_id: last.record.record_id, recorded_at: last.record.recorded_at, decision: last.record.decision },
    problems,
  };
}

// Where nothing was kept yet there is nothing to distrust, and looking must not make the folder. It must be possible to make it:
// a hook that cannot record refuses every call.
function checkState(state: string): boolean {
  if (state === "") return false;
  if (existsSync(state)) ensurePrivateFolder(state);
  let folder = state;
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (cause) {
    const message = `nothing can be recorded: \`${folder}\` cannot be written`;
    throw new CavraError("state_folder_unwritable", message, { hint: "check who owns it, or set CAVRA_STATE_DIR", cause });
  }
  return true;
}

function hooksFor(workspace: string, home: string, state: string, problems: Problem[]): readonly Hook[] {
  const paths = [...new Set([settingsPath(workspace), join(workspace, ".claude/settings.local.json"), settingsPath(home)])];
  const hooks = paths.flatMap((path): Hook[] => {
    const found = installedHook(path, state);
    if (!found.ok) problems.push(found.problem);
    if (found.ok && found.value !== null && found.value.idle !== null) problems.push({ ...found.value.idle, at: path });
    return found.ok && found.value !== null
      ? [{ agent: "claude-code", settings: path, since: found.value.since, active: found.value.idle === null }]
      : [];
  });
  const lost = hooks.length === 0 ? lostHook(paths, state) : null;
  if (lost !== null) problems.push(lost);
  return hooks;
}

function policyFor(workspace: string, terminal: Terminal): PolicyStatus {
  const { id, version, digest, mode } = policyInForce(workspace, terminal.env, () => compileSources);
  const sources = findSources(workspace, terminal.env);
  return { id, version, digest, mode, host_file: sources.host?.path ?? "", workspace_file: sources.workspace?.path ?? "" };
}

// One that cannot be read denies every MCP call: that is told as a problem.
function registryFor({ env }: Terminal): Status["registry"] {
  if (registryInForce(env) === null) return null;
  const file = registryFile(env);
  const read = readRegistryFile(file);
  if (read.ok) return { file, digest: read.value.digest, servers: read.value.servers.length };
  const { code, message } = read.problem;
  throw new CavraError(code, `${message}, so every MCP call is denied`, { hint: "run `cavra mcp check`" });
}

// A policy that does not load was told already.
function openFoldersFor(workspace: string, terminal: Terminal): readonly string[] {
  try {
    return openFolders(
      policyInForce(workspace, terminal.env, () => compileSources),
      terminal.env,
    );
  } catch {
    return [];
  }
}

/** What makes the guard weaker than its policy stands first, in full words. */
function loosened({ observing, paused_until, exceptions }: Status, terminal: Terminal): readonly string[] {
  const { yellow, bold } = terminal.colours;
  const lines: string[] = [];
  if (observing !== null)
    lines.push(
      `OBSERVING since ${observing.since}: nothing is stopped (${oneLine(observing.reason, 200)}); end it with \`cavra observe off\``,
    );
  if (paused_until !== "")
    lines.push(`PAUSED until ${paused_until}: nothing is stopped but what nobody may except; end it with \`cavra resume\``);
  if (exceptions > 0) lines.push(`${count(exceptions, "exception")} on this host: \`cavra allow --list\``);
  return lines.map((line) => `  ${yellow(bold(line))}`);
}

function render(found: Status, terminal: Terminal): string {
  const { green, red, yellow, bold, dim } = terminal.colours;
  const lines = [found.guarded ? green(bold("✓ guarded")) : red(bold("✗ not guarded")), ...loosened(found, terminal)];
  lines.push(`  ${dim("workspace")}  ${found.workspace}`);
  for (const hook of found.hooks)
    lines.push(`  ${dim("hook")}       ${hook.agent} in ${hook.settings}${hook.since === "" ? "" : `, since ${hook.since}`}`);
  if (found.hooks.length === 0) lines.push(`  ${dim("hook")}       none; run \`cavra agent install claude-code\``);
  if (found.policy !== null) {
    const { id, version, digest, mode, host_file, workspace_file } = found.policy;
    lines.push(`  ${dim("policy")}     ${id}@${version}, mode ${mode}, ${digest.slice(0, 19)}…`);
    for (const file of [host_file, workspace_file]) if (file !== "") lines.push(`             ${dim(file)}`);
  }
  if (found.registry !== null)
    lines.push(
      `  ${dim("registry")}   ${count(found.registry.servers, "MCP server")}, ${found.registry.digest.slice(0, 19)}…: \`cavra mcp list\``,
    );
  lines.push(`  ${dim("state")}      ${found.state_dir}`);
  for (const folder of found.open_folders)
    lines.push(
      `  ${yellow("open")}       ${folder}: no rule denies agents to write there`,
      `             ${dim(`put a rule into the host's policy: { effect: [write, delete], path: ${JSON.stringify(globsOf([folder])[0] ?? "")} }, overridable: never`)}`,
    );
  if (found.authority !== null) lines.push(...authorityLines(found.authority, terminal));
  const last = found.last_decision;
  lines.push(
    `  ${dim("last")}       ${last === null ? "nothing has been decided yet" : `${last.decision} at ${last.recorded_at}, ${last.decision_id}`}`,
  );
  for (const problem of found.problems)
    lines.push(
      red(`  ${problem.at === undefined ? "" : `${problem.at}: `}${problem.message} (${problem.code})`),
      ...(problem.hint === undefined ? [] : [`    ${problem.hint}`]),
    );
  return `${lines.join("\n")}\n`;
}
