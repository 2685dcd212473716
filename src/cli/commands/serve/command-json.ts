// What one of our own commands prints with `--json`, made in a process of its own: it holds up nobody's answer. Implements spec/service.md 6.1.

import { execFile } from "node:child_process";
import { CavraError, type JsonObject, parseJson } from "../../../base/index.js";
import type { Terminal } from "../../terminal.js";
import { ownEnvironment, SELF } from "../authority.js";

const COMMAND_MS = 30_000;
const COMMAND_BYTES = 16_777_216;

/** Rejects with the command's own code, or `report_unavailable`. SECURITY: no part of `command` may be taken for an option unless it is one. */
export async function commandJson(command: readonly string[], terminal: Pick<Terminal, "env" | "cwd">): Promise<object> {
  const [program = "", ...args] = [...SELF, ...command, "--json"];
  const read = parseJson((await printedBy(program, args, terminal)).trimEnd(), { sizeBytes: COMMAND_BYTES, depth: 64 });
  const value = read.ok ? (read.value as JsonObject | null) : null;
  if (value === null || typeof value !== "object")
    throw new CavraError("report_unavailable", "the report could not be made", { hint: `run \`cavra ${command.slice(0, 2).join(" ")}\`` });
  const error = value.error as { readonly code?: unknown; readonly message?: unknown } | undefined;
  if (error !== undefined) throw new CavraError(String(error.code), String(error.message));
  return value;
}

/** What it printed, however it ended. */
function printedBy(program: string, args: readonly string[], { env, cwd }: Pick<Terminal, "env" | "cwd">): Promise<string> {
  const options = { env: ownEnvironment({ env }), cwd, timeout: COMMAND_MS, maxBuffer: COMMAND_BYTES, killSignal: "SIGKILL" as const };
  return new Promise((resolve) => {
    execFile(program, [...args], { ...options, encoding: "utf8" }, (_error, stdout) => resolve(stdout));
  });
}
