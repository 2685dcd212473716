// `cavra agent install | uninstall | doctor AGENT`. Implements spec/agents.md section 4 at the command line.

import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import {
  fireProbes,
  hookCommand,
  type InstallReport,
  installedHook,
  installHook,
  lostHook,
  type Probe,
  settingsPath,
  uninstallHook,
} from "../../agents/index.js";
import { bad, ok, type Problem, type Result } from "../../base/index.js";
import { configDir, stateDir } from "../../store/index.js";
import { EXIT, type ExitStatus } from "../exit.js";
import { oneLine } from "../one-line.js";
import { home, notARepository, workspace } from "../place.js";
import { report, type Terminal } from "../terminal.js";

interface Options {
  readonly user?: boolean;
  readonly json?: boolean;
}

/** Seconds that the host may wait for the hook before it lets the call pass; the hook itself needs a fraction of one. */
const HOST_TIMEOUT_S = 60;

export function agentCommands(group: Command, terminal: Terminal, ends: (status: ExitStatus) => void): void {
  const sub = (name: string, description: string, run: (options: Options) => ExitStatus) =>
    group
      .command(name)
      .argument("<agent>", "claude-code")
      .option("--user", "the person's settings instead of the repository's")
      .option("--json", "print JSON")
      .description(description)
      .action((agent: string, options: Options) =>
        ends(agent === "claude-code" ? run(options) : report(terminal, unknownAgent(agent), options.json === true)),
      );
  sub("install", "ask CAVRA before every tool call of the agent", (options) => install(terminal, options));
  sub("uninstall", "take the hook out and leave the settings as they were", (options) => uninstall(terminal, options));
  sub("doctor", "fire a known-bad and a known-good call through the installed hook", (options) => doctor(terminal, options));
}

function unknownAgent(agent: string) {
  return { code: "unknown_agent", message: `there is no adapter for the agent \`${agent}\``, hint: "the adapters are: claude-code" };
}

function install(terminal: Terminal, options: Options): ExitStatus {
  const nowhere = options.user ? null : notARepository(terminal, "cd into a repository, or give `--user` for all of your sessions");
  if (nowhere !== null) return report(terminal, nowhere, options.json === true);
  const command = hookCommand(process.execPath, programPath(), { state: stateDir(terminal.env), config: configDir(terminal.env) });
  const spec = { command, timeout: HOST_TIMEOUT_S, blockOnFailure: hostBlocksOnFailure(terminal) };
  const done = installHook(pathFor(terminal, options), spec, stateDir(terminal.env), new Date().toISOString());
  if (!done.ok) return report(terminal, done.problem, options.json === true);
  const guards = options.user ? "every session of yours" : `sessions in ${workspace(terminal)}`;
  tell(
    terminal,
    done.value,
    options,
    `it guards ${guards}\nnext: start a new session of the agent, and run \`cavra agent doctor claude-code\``,
  );
  return EXIT.done;
}

function uninstall(terminal: Terminal, options: Options): ExitStatus {
  const done = uninstallHook(pathFor(terminal, options), stateDir(terminal.env));
  if (!done.ok) return report(terminal, done.problem, options.json === true);
  tell(terminal, done.value, options, "");
  return EXIT.done;
}

const TOLD: Readonly<Record<InstallReport["done"], string>> = {
  installed: "the hook is installed in",
  unchanged: "the hook was installed already in",
  restored: "restored, byte for byte:",
  taken_out: "taken out; the rest of the file was changed since and stays:",
  not_installed: "there is no hook of CAVRA in",
};

function tell(terminal: Terminal, done: InstallReport, options: Options, next: string): void {
  if (options.json) terminal.print(`${JSON.stringify(done)}\n`);
  else
    terminal.print(
      `${terminal.colours.green("✓")} ${TOLD[done.done]} ${done.path}\n${next === "" || done.done === "unchanged" ? "" : `${next}\n`}`,
    );
}

function doctor(terminal: Terminal, options: Options): ExitStatus {
  const found = whereInstalled(terminal, options);
  if (!found.ok) return report(terminal, found.problem, options.json === true);
  const { path, command, idle } = found.value;
  const probes = fireProbes(command, workspace(terminal), terminal.env);
  const holds = idle === null && probes.every((probe) => probe.holds);
  if (options.json) terminal.print(`${JSON.stringify({ settings: path, holds, problem: idle, probes })}\n`);
  else terminal.print(renderProbes(path, probes, idle, terminal));
  return holds ? EXIT.done : EXIT.deny;
}

/** The first settings file with a hook of ours, in the order in which the host reads them. */
function whereInstalled(terminal: Terminal, options: Options): Result<Installed> {
  const paths = options.user
    ? [settingsPath(home(terminal))]
    : [settingsPath(workspace(terminal)), join(workspace(terminal), ".claude/settings.local.json"), settingsPath(home(terminal))];
  for (const path of paths) {
    const found = installedHook(path, stateDir(terminal.env));
    if (!found.ok) return found;
    if (found.value !== null) return ok({ path, command: found.value.hook.command, idle: found.value.idle });
  }
  const lost = lostHook(paths, stateDir(terminal.env));
  if (lost !== null) return { ok: false, problem: lost };
  return bad("not_installed", "no hook of CAVRA is installed for claude-code here", { hint: "run `cavra agent install claude-code`" });
}

interface Installed {
  readonly path: string;
  readonly command: string;
  readonly idle: Problem | null;
}

function renderProbes(path: string, probes: readonly Probe[], idle: Problem | null, terminal: Terminal): string {
  const { green, red, bold, dim } = terminal.colours;
  const lines = probes.map((probe) => {
    const mark = probe.holds ? green("✓") : red(bold("✗"));
    const said = probe.says === "" ? "" : `\n    ${dim(oneLine(probe.says, 160))}`;
    return `${mark} \`${probe.command}\`: the host ${HOST[probe.host]}, as it ${probe.holds ? "should" : "should NOT"} ${dim(`(${probe.milliseconds} ms)`)}${said}`;
  });
  const verdict =
    idle !== null
      ? red(`the hook does not guard: ${idle.message} (${idle.code}); ${idle.hint ?? ""}`)
      : probes.every((probe) => probe.holds)
        ? green("the hook fires and answers rightly")
        : red(`the hook does not guard: ${adviceFor(probes)}`);
  return `${dim(path)}\n${lines.join("\n")}\n${verdict}\n`;
}

/** What to do depends on what the hook said: a policy or a state folder that is broken is not mended by installing again. */
function adviceFor(probes: readonly Probe[]): string {
  const said = probes.filter(({ holds }) => !holds).map(({ says }) => says);
  const has = (...codes: string[]) => said.some((text) => codes.some((code) => text.includes(`(${code})`)));
  if (has("policy_invalid", "policy_unreadable")) return "the policy does not load; run `cavra policy validate` and mend it";
  if (has("unknown_pack")) return "the policy inherits a pack that is not there; run `cavra policy list`";
  if (said.some((text) => STATE_CODES.some((code) => text.includes(code)))) return "nothing can be recorded; run `cavra status`";
  return "run `cavra agent install claude-code` again, or look at the answer above";
}

const STATE_CODES = ["(evidence_unavailable)", "(state_folder_", "(redaction_key_", "(no_home_folder)"];

const HOST: Readonly<Record<Probe["host"], string>> = {
  refuses: "refuses it",
  asks: "asks a person",
  runs: "runs it",
  runs_unguarded: "runs it unguarded",
};

function pathFor(terminal: Terminal, options: Options): string {
  return settingsPath(options.user ? home(terminal) : workspace(terminal));
}

/** The program as the host is to start it: the file that this process was started from, links undone. */
function programPath(): string {
  return resolve(import.meta.dirname, "cavra.cjs");
}

/** `onFailure` came with 2.1.295; an older host may refuse a key that it does not know, so no answer means no. */
function hostBlocksOnFailure(terminal: Terminal): boolean {
  const ended = spawnSync("claude", ["--version"], { encoding: "utf8", timeout: 5_000, env: terminal.env });
  const version = /(\d+)\.(\d+)\.(\d+)/.exec(ended.stdout ?? "");
  if (ended.status !== 0 || version === null) return false;
  const [major, minor, patch] = version.slice(1).map(Number) as [number, number, number];
  return major > 2 || (major === 2 && (minor > 1 || (minor === 1 && patch >= 295)));
}
