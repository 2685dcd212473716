// Whether an agent started this process, as far as the environment tells: ours, and on Linux that of every process above us. Implements spec/cli.md 10.3.
// SECURITY: a sign that an agent is there proves it; no sign proves nothing. A program may clean its environment and leave the tree of its processes.

import { readFileSync } from "node:fs";

type Environment = Readonly<Record<string, string | undefined>>;

/** Variables that hosts set for what their agents run. Left out: those that an editor also sets in the terminal that a person types in. */
export const AGENT_VARIABLES: readonly string[] = [
  "AI_AGENT",
  "ANTIGRAVITY_AGENT",
  "AUGMENT_AGENT",
  "CLAUDECODE",
  "CLAUDE_CODE_ENTRYPOINT",
  "CLAUDE_PROJECT_DIR",
  "CLINE_ACTIVE",
  "CODEX_CI",
  "CODEX_SANDBOX",
  "CODEX_SANDBOX_NETWORK_DISABLED",
  "CODEX_THREAD_ID",
  "CURSOR_AGENT",
  "GEMINI_CLI",
  "OPENCODE",
];

/** Where an agent was seen: the variable, and whether it stands in our own environment or in that of a process above us. */
export interface AgentSign {
  readonly variable: string;
  readonly above: boolean;
}

export function signOfAgent(env: Environment): AgentSign | null {
  const own = AGENT_VARIABLES.find((name) => isSet(env[name]));
  if (own !== undefined) return { variable: own, above: false };
  const above = signAbove();
  return above === null ? null : { variable: above, above: true };
}

/** Most processes above us that are looked at. */
const MAX_ANCESTORS = 64;

// `env -u CLAUDECODE cavra …` cleans the last environment of the chain, not those of the shells above it.
function signAbove(): string | null {
  let pid = process.ppid;
  for (let step = 0; step < MAX_ANCESTORS && pid > 1; step++) {
    const found = variablesOf(pid).find((name) => AGENT_VARIABLES.includes(name));
    if (found !== undefined) return found;
    pid = parentOf(pid);
  }
  return null;
}

/** Names of the variables that a process was started with; none where the system does not say. */
function variablesOf(pid: number): readonly string[] {
  return read(`/proc/${pid}/environ`)
    .split("\0")
    .map((entry) => entry.split("="))
    .flatMap(([name = "", value]) => (isSet(value) ? [name] : []));
}

function parentOf(pid: number): number {
  return Number(statFields(read(`/proc/${pid}/stat`))[1] ?? 0);
}

/** The fields of `/proc/N/stat` behind the program's name, which may hold blanks and brackets itself: state, parent, group, session, terminal, foreground group. */
export function statFields(stat: string): readonly string[] {
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "" && value !== "0";
}

function read(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}
