// `cavra demo`: a session with real payloads through the really installed hook, in a scratch repository with scratch state; then a flipped byte, and
// verify notices. Nothing outside the scratch folder is touched, nothing that the session asks for is run.

import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { hookCommand, hostWould, installHook, settingsPath } from "../../agents/index.js";
import { CavraError } from "../../base/index.js";
import { listRecords, type StoredRecord, verifyJournal } from "../../store/index.js";
import { DEMO_SESSION, type DemoStep } from "../demo-session.js";
import { EXIT, type ExitStatus } from "../exit.js";
import type { Terminal } from "../terminal.js";
import { renderReport } from "./evidence/verify.js";
import { tell } from "./why.js";

/** Between two steps, for people who watch; nobody waits where nobody watches. */
const PAUSE_MS = 900;

interface Stage {
  readonly root: string;
  readonly repository: string;
  readonly state: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly command: string;
}

export function demo(terminal: Terminal, { fast }: { readonly fast?: boolean }): ExitStatus {
  const stage = setTheStage(terminal);
  const pause = fast === true || !terminal.watched ? 0 : PAUSE_MS;
  try {
    opening(stage, terminal);
    const counts = new Map<string, number>();
    for (const [index, step] of DEMO_SESSION.entries()) {
      const stored = playStep(stage, step, index + 1, terminal);
      counts.set(stored.record.decision, (counts.get(stored.record.decision) ?? 0) + 1);
      sleep(pause);
    }
    const noticed = tamper(stage, terminal);
    closing(counts, terminal);
    return noticed ? EXIT.done : EXIT.broken;
  } finally {
    rmSync(stage.root, { recursive: true, force: true });
  }
}

function setTheStage(terminal: Terminal): Stage {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "cavra-demo-")));
  const [repository, home, state] = [join(root, "shop"), join(root, "home"), join(root, "state")];
  const files = {
    ".env": "STRIPE_KEY=not-a-real-key\n",
    "src/app.ts": "export {};\n",
    "main.tf": "terraform {}\n",
    "iam/admin-role.tf": "\n",
    ".gitignore": ".env\nnode_modules\ndist\n",
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(repository, name, ".."), { recursive: true });
    writeFileSync(join(repository, name), text);
  }
  mkdirSync(home);
  const env = {
    ...terminal.env,
    HOME: home,
    CAVRA_STATE_DIR: state,
    XDG_CONFIG_HOME: join(home, ".config"),
    CLAUDE_PROJECT_DIR: repository,
    CAVRA_UNATTENDED: undefined,
    GIT_CONFIG_GLOBAL: "/dev/null",
  };
  spawnSync("git", ["init", "--quiet", "--initial-branch=main", repository], { env });
  const command = hookCommand(process.execPath, resolve(import.meta.dirname, "cavra.cjs"), { state, config: join(home, ".config/cavra") });
  const installed = installHook(settingsPath(repository), { command, timeout: 60, blockOnFailure: false }, state, new Date().toISOString());
  if (!installed.ok) throw new CavraError(installed.problem.code, installed.problem.message);
  return { root, repository, state, env, command };
}

function opening(stage: Stage, terminal: Terminal): void {
  const { bold, dim } = terminal.colours;
  terminal.print(
    `${bold("CAVRA")}  before the agent acts: who is acting, what will change, what policy applies, what evidence will prove it?\n`,
  );
  terminal.print(dim(`a scratch repository with the hook installed, as Claude Code would call it: ${stage.repository}\n\n`));
}

function playStep(stage: Stage, step: DemoStep, number: number, terminal: Terminal): StoredRecord {
  const { bold, dim, cyan } = terminal.colours;
  const ended = spawnSync("/bin/sh", ["-c", stage.command], {
    input: JSON.stringify(payloadOf(stage, step)),
    env: stage.env,
    cwd: stage.repository,
    encoding: "utf8",
  });
  const stored = listRecords(stage.state, {}, 1)[0];
  if (stored === undefined)
    throw new CavraError("demo_failed", `the hook recorded nothing: ${ended.stderr.trim()}`, { hint: "run `make build` and try again" });
  const { host } = hostWould(ended.status, ended.stdout, ended.stderr);
  terminal.print(
    `${cyan(`${String(number).padStart(2)}. ${step.title}`)}\n${indent(tell(stored, terminal))}  ${dim("so")}         ${bold(HOST[host])}\n\n`,
  );
  return stored;
}

const HOST = {
  refuses: "Claude Code refuses the call and tells the agent why",
  asks: "Claude Code asks the person",
  runs: "Claude Code goes on",
  runs_unguarded: "UNGUARDED",
} as const;

function payloadOf(stage: Stage, step: DemoStep): object {
  return {
    session_id: "demo",
    transcript_path: join(stage.root, "transcript.jsonl"),
    cwd: stage.repository,
    permission_mode: step.mode ?? "default",
    hook_event_name: "PreToolUse",
    tool_name: step.tool,
    tool_input: step.input,
    tool_use_id: "toolu_demo",
  };
}

/** Flips one byte in a copy of the journal; true when verify accepts the original and refuses the copy. */
function tamper(stage: Stage, terminal: Terminal): boolean {
  const { bold, dim } = terminal.colours;
  const original = verifyJournal(stage.state);
  terminal.print(`${bold("The evidence")}\n${indent(renderReport(original, "the journal of this session", terminal))}`);
  const copy = join(stage.root, "tampered");
  cpSync(stage.state, copy, { recursive: true });
  const last = listRecords(copy, {}, 1)[0];
  if (last === undefined) return false;
  const file = join(copy, "journal", last.position.file);
  const bytes = readFileSync(file);
  const at = last.position.offset + Math.floor(last.position.length / 2);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(file, bytes);
  const damaged = verifyJournal(copy);
  terminal.print(`${dim(`  one bit flipped at byte ${at} of a copy:`)}\n${indent(renderReport(damaged, "the tampered copy", terminal))}\n`);
  return original.holds && !damaged.holds;
}

function closing(counts: ReadonlyMap<string, number>, terminal: Terminal): void {
  const { bold } = terminal.colours;
  const told = ["allow", "warn", "require_approval", "deny"].flatMap((verdict) =>
    counts.has(verdict) ? [`${counts.get(verdict)} ${verdict.replace("_", " ")}`] : [],
  );
  terminal.print(
    `${bold(`${DEMO_SESSION.length} calls: ${told.join(", ")}.`)} Next: \`cavra init\`, then \`cavra agent install claude-code\` in a repository of yours.\n`,
  );
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, "  ");
}

function sleep(milliseconds: number): void {
  if (milliseconds > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
