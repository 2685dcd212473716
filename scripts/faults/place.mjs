// What the fault scripts share: a place of its own for a run, the program in it, and waiting without a fixed time.

import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder that is gone when the script ends. */
export function newScratch() {
  const scratch = mkdtempSync(join(realpathSync(tmpdir()), "cavra-faults-"));
  process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));
  return scratch;
}

/** Home, state folder and repository that nobody else uses, and the environment that leads there. */
export function newPlace(scratch, name, program) {
  const root = join(scratch, name.replaceAll(/[^a-z]+/g, "-"));
  const place = { root, program, home: join(root, "home"), state: join(root, "state"), config: join(root, "config") };
  place.repository = newRepository(root, "shop");
  mkdirSync(place.home);
  place.env = { PATH: process.env.PATH, HOME: place.home, CAVRA_STATE_DIR: place.state, CAVRA_CONFIG_DIR: place.config };
  return place;
}

export function newRepository(root, name) {
  const repository = join(root, name);
  mkdirSync(join(repository, ".git"), { recursive: true });
  writeFileSync(join(repository, ".git/HEAD"), "ref: refs/heads/main\n");
  return repository;
}

/** What a host hands to a hook before a command is run. */
export function payloadOf(command, cwd) {
  const event = { session_id: "faults", cwd, permission_mode: "default", hook_event_name: "PreToolUse" };
  return JSON.stringify({ ...event, tool_name: "Bash", tool_input: { command } });
}

export function cavra(place, args) {
  return run(process.execPath, [place.program, ...args], place, "");
}

export function run(command, args, place, input) {
  return new Promise((done) => {
    const child = spawn(command, args, { cwd: place.repository, env: { ...place.env, CLAUDE_PROJECT_DIR: place.repository } });
    const out = [];
    child.stdout.on("data", (chunk) => out.push(chunk));
    child.stderr.resume();
    child.stdin.on("error", () => {});
    child.stdin.end(input);
    child.on("close", (status) => done({ status, stdout: Buffer.concat(out).toString("utf8") }));
  });
}

/** A frame of the authority's socket (spec/backend.md 8.2). */
export function frame(value) {
  const text = Buffer.from(JSON.stringify(value));
  const head = Buffer.alloc(4);
  head.writeUInt32BE(text.length);
  return Buffer.concat([head, text]);
}

/** False where it never came. */
export async function until(holds, times = 400) {
  for (let round = 0; round < times; round++) {
    if (await holds()) return true;
    await sleep(25);
  }
  return false;
}

export function sleep(ms) {
  return new Promise((over) => {
    setTimeout(over, ms);
  });
}
