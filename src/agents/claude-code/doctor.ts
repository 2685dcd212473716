// Proves that the installed hook fires: sends a call that must be stopped and one that must pass through it, as the host would. Implements spec/agents.md section 4.6.

import { spawnSync } from "node:child_process";

/** One probe as the host saw it. `host` is what Claude Code does with that answer. */
export interface Probe {
  readonly name: "known_bad" | "known_good";
  readonly command: string;
  readonly expected: "refuses" | "runs";
  readonly host: "refuses" | "asks" | "runs" | "runs_unguarded";
  readonly holds: boolean;
  readonly says: string;
  readonly milliseconds: number;
}

const PROBES = [
  { name: "known_bad", command: "cat .env", expected: "refuses" },
  { name: "known_good", command: "git status", expected: "runs" },
] as const;

/** Milliseconds that a probe may take; the host's own limit is a minute and more. */
const PROBE_TIMEOUT_MS = 30_000;

export function fireProbes(hookCommand: string, cwd: string, env: Readonly<Record<string, string | undefined>>): readonly Probe[] {
  return PROBES.map(({ name, command, expected }) => {
    const started = performance.now();
    const ended = spawnSync("/bin/sh", ["-c", hookCommand], {
      input: payloadFor(command, cwd),
      cwd,
      env: { ...env, CLAUDE_PROJECT_DIR: cwd },
      timeout: PROBE_TIMEOUT_MS,
      encoding: "utf8",
    });
    const { host, says } = hostWould(ended.status, ended.stdout ?? "", ended.stderr ?? "");
    return { name, command, expected, host, holds: host === expected, says, milliseconds: Math.round(performance.now() - started) };
  });
}

/** The session that the probes' records name: no agent asked for them. */
export const DOCTOR_SESSION = "cavra-doctor";

function payloadFor(command: string, cwd: string): string {
  return JSON.stringify({
    session_id: DOCTOR_SESSION,
    transcript_path: "",
    cwd,
    permission_mode: "default",
    hook_event_name: "PreToolUse",
    tool_name: "Bash",
    tool_input: { command, description: "a probe by cavra agent doctor" },
    tool_use_id: "cavra-doctor",
  });
}

/** What Claude Code makes of a hook's end: exit 2 refuses, a JSON answer decides, everything else lets the tool run. */
export function hostWould(status: number | null, stdout: string, stderr: string): Pick<Probe, "host" | "says"> {
  if (status === 2) return { host: "refuses", says: ownSentence(stderr) };
  const answer = answerOf(stdout);
  if (answer?.permissionDecision === "deny") return { host: "refuses", says: answer.permissionDecisionReason ?? "" };
  if (answer?.permissionDecision === "ask") return { host: "asks", says: answer.permissionDecisionReason ?? "" };
  if (status === 0) return { host: "runs", says: answer?.additionalContext ?? "" };
  return {
    host: "runs_unguarded",
    says: `the hook ended with ${status === null ? "a signal or a time-out" : `status ${status}`}, which the host ignores`,
  };
}

/** Our last sentence in what the hook wrote to standard error: before it may stand a trace of Node, which helps nobody. */
function ownSentence(stderr: string): string {
  const lines = stderr.trim().split("\n");
  return lines.filter((line) => line.startsWith("cavra: ")).at(-1) ?? stderr.trim();
}

interface Answer {
  readonly permissionDecision?: string;
  readonly permissionDecisionReason?: string;
  readonly additionalContext?: string;
}

function answerOf(stdout: string): Answer | null {
  try {
    return (JSON.parse(stdout) as { hookSpecificOutput?: Answer }).hookSpecificOutput ?? null;
  } catch {
    return null;
  }
}
