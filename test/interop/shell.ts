// Runs docs/verify-without-cavra.sh on a bundle, or docs/audit-without-cavra.sh on a kit, in a shell that is nobody's favourite.

import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const SCRIPT = join(import.meta.dirname, "..", "..", "docs", "verify-without-cavra.sh");
export const AUDIT_SCRIPT = join(import.meta.dirname, "..", "..", "docs", "audit-without-cavra.sh");
/** dash is the strictest shell at hand; where it is missing, whatever sh is. */
export const SHELL = existsSync("/bin/dash") ? "/bin/dash" : "/bin/sh";

export interface ShellCheck {
  readonly bundle: string | Uint8Array;
  readonly pin: string;
  readonly now: string;
  readonly seenVersion?: number;
  /** The text of a checkpoint, or "". */
  readonly seen?: string;
  readonly laterTrust?: readonly string[];
  /** Another script than that for bundles. */
  readonly script?: string;
}

export interface ShellVerdict {
  readonly status: number | null;
  /** The code of a refusal; "" when verified. */
  readonly code: string;
  readonly output: string;
}

/** Files in a folder of its own, one process and its children; `shell` is a path. */
export async function verifyWithShell(check: ShellCheck, shell = SHELL): Promise<ShellVerdict> {
  const folder = mkdtempSync(join(tmpdir(), "cavra-shell-"));
  try {
    const file = (name: string, content: string | Uint8Array): string => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    const args = [check.script ?? SCRIPT, file("bundle", check.bundle), check.pin];
    if (check.seen) args.push(file("seen", check.seen));
    const later = check.laterTrust ?? [];
    const env = {
      PATH: process.env.PATH,
      TMPDIR: folder,
      CAVRA_NOW: check.now,
      CAVRA_TRUST_SEEN: String(check.seenVersion ?? 0),
      ...(later.length > 0 ? { CAVRA_TRUST: file("trust", later.map((line) => `${line}\n`).join("")) } : {}),
    };
    return await run(shell, args, env);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(shell: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<ShellVerdict> {
  return new Promise((resolve, reject) => {
    const child = spawn(shell, args, { env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    let complaint = "";
    child.stdout.on("data", (data: Buffer) => {
      output += data.toString();
    });
    child.stderr.on("data", (data: Buffer) => {
      complaint += data.toString();
    });
    child.on("error", reject);
    child.on("close", (status) => {
      // The whole of the standard error counts: a complaint of a tool must not hide behind a right code.
      const code = status === 0 && complaint === "" ? "" : (/^refused: ([a-z_]+)\n$/.exec(complaint)?.[1] ?? `? ${complaint}`);
      resolve({ status, code, output });
    });
  });
}

/** Calls `work` for all items, a few at a time. */
export async function inParallel<T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<void>): Promise<void> {
  const rest = [...items];
  const worker = async (): Promise<void> => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
