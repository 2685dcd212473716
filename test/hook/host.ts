// Calls the installed hook as Claude Code does: the command of the settings file, through /bin/sh, the payload on standard input.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { cavra, cavraJson, type Environment, type Run, run, type Scratch } from "../cli/program.js";

/** Installs the hook in the scratch repository and gives the command that stands in its settings afterwards. */
export async function installed(place: Scratch): Promise<string> {
  const done = await cavra(place, ["agent", "install", "claude-code"]);
  if (done.status !== 0) throw new Error(done.stderr);
  return JSON.parse(readFileSync(join(place.repository, ".claude/settings.json"), "utf8")).hooks.PreToolUse[0].hooks[0].command;
}

/** A PreToolUse payload for a Bash command in the scratch repository. */
export function bash(place: Scratch, command: string, more: object = {}): string {
  return JSON.stringify({
    session_id: "s",
    transcript_path: join(place.home, ".claude/projects/p/s.jsonl"),
    cwd: place.repository,
    permission_mode: "default",
    hook_event_name: "PreToolUse",
    tool_name: "Bash",
    tool_input: { command, description: "d" },
    tool_use_id: "toolu_01",
    ...more,
  });
}

export function fire(place: Scratch, command: string, payload: string | Uint8Array, env: Environment = {}): Promise<Run> {
  return run("/bin/sh", ["-c", command], {
    cwd: place.repository,
    env: { ...place.env, CLAUDE_PROJECT_DIR: place.repository, ...env },
    input: payload,
  });
}

/** What the answer says, or "" for silence. Fails on an answer that the host would not understand. */
export function permission(answer: Run): string {
  if (answer.stdout === "") return answer.status === 0 ? "" : `exit ${answer.status}`;
  const { hookSpecificOutput, ...rest } = JSON.parse(answer.stdout);
  if (Object.keys(rest).length > 0 || hookSpecificOutput.hookEventName !== "PreToolUse")
    throw new Error(`no answer for this host: ${answer.stdout}`);
  return hookSpecificOutput.permissionDecision ?? "context";
}

/** Records in the journal, and whether it holds. */
export async function journal(place: Scratch): Promise<{ readonly records: number; readonly holds: boolean }> {
  const { value } = await cavraJson(place, ["evidence", "verify"]);
  return { records: value.records, holds: value.holds };
}
