// Runs the built program as a person or a host would: a process of its own, with a home, a state folder and a repository that nobody else uses.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { inject } from "vitest";

export type Environment = Readonly<Record<string, string | undefined>>;

/** A place of its own for one test, beside the program's copy and removed with it after the run. `repository` looks like a git repository on branch `main`. */
export interface Scratch {
  readonly root: string;
  readonly home: string;
  readonly state: string;
  readonly config: string;
  readonly repository: string;
  readonly env: Environment;
}

export function scratch(files: Readonly<Record<string, string>> = {}): Scratch {
  const root = mkdtempSync(join(realpathSync(inject("built")), "place-"));
  const place = {
    root,
    home: join(root, "home"),
    state: join(root, "state"),
    config: join(root, "config"),
    repository: join(root, "shop"),
  };
  const env = { PATH: process.env.PATH, HOME: place.home, CAVRA_STATE_DIR: place.state, XDG_CONFIG_HOME: place.config };
  mkdirSync(place.home);
  write(join(place.repository, ".git/HEAD"), "ref: refs/heads/main\n");
  write(join(place.repository, ".git/refs/heads/main"), `${"0".repeat(40)}\n`);
  for (const [name, text] of Object.entries(files)) write(join(root, name), text);
  return { ...place, env };
}

export function write(path: string, text: string | Uint8Array): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Environment;
  readonly input?: string | Uint8Array;
}

/** The program's door, in the copy that global-setup.ts made. */
export function program(): string {
  return join(inject("built"), "dist/cavra.cjs");
}

/** `cavra ...args` in the scratch repository. */
export function cavra(place: Scratch, args: readonly string[], options: RunOptions = {}): Promise<Run> {
  return run(process.execPath, [program(), ...args], { cwd: place.repository, ...options, env: { ...place.env, ...options.env } });
}

/** The one JSON value that `cavra ...args --json` prints, with the exit status under `status`. */
export async function cavraJson(
  place: Scratch,
  args: readonly string[],
  options: RunOptions = {},
): Promise<{ status: number | null; value: ReturnType<typeof JSON.parse> }> {
  const { status, stdout } = await cavra(place, [...args, "--json"], options);
  return { status, value: JSON.parse(stdout) };
}

export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Run> {
  const child = spawn(command, args, { cwd: options.cwd, env: options.env, stdio: "pipe" });
  // A program that ends without reading its input is no mistake of the test.
  child.stdin?.on("error", () => {});
  child.stdin?.end(options.input ?? "");
  return ended(child);
}

export async function ended(child: ChildProcess): Promise<Run> {
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout?.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr?.on("data", (chunk: Buffer) => err.push(chunk));
  const status = await new Promise<number | null>((done, failed) => {
    child.on("error", failed);
    child.on("close", (code) => done(code));
  });
  return { status, stdout: Buffer.concat(out).toString("utf8"), stderr: Buffer.concat(err).toString("utf8") };
}
