// Claude Code's PreToolUse payload → an Action and who asks. Implements spec/agents.md section 2.
// Total over any bytes: what it cannot read is a Problem, and the hook denies it. It never trusts a field that the agent's tool input could forge
// (an MCP argument named `server` is not the server; the server stands in the tool's name).

import { bad, canonicalJson, ok, parseJson, type Result } from "../../base/index.js";
import type { Action } from "../../change/index.js";

/** The most that the host may send, in bytes. A `Write` carries the whole file, so it is far above any command line. */
export const MAX_PAYLOAD_BYTES = 32 * 1024 * 1024;

/** What the host said, reduced to what a decision needs. `action: null` is an event that asks for no decision. */
export interface ToolCall {
  readonly action: Action | null;
  readonly session: string;
  /** The sub-agent that asks, or "" for the main one. */
  readonly sub_agent: string;
  readonly permission_mode: string;
  readonly tool: string;
  readonly cwd: string;
}

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = { readonly [key: string]: Json };

/** Reads one payload. `workspaceOf` finds the workspace for the payload's working folder. Errors: `payload_empty`, `payload_too_large`, `payload_malformed`. */
export function readPayload(bytes: Uint8Array, workspaceOf: (cwd: string) => string): Result<ToolCall> {
  if (bytes.length === 0) return bad("payload_empty", "the hook got no payload on stdin", { hint: "run `cavra agent doctor claude-code`" });
  if (bytes.length > MAX_PAYLOAD_BYTES) return bad("payload_too_large", `the payload has more than ${MAX_PAYLOAD_BYTES} bytes`);
  const parsed = parseJson(bytes, PAYLOAD_LIMITS);
  if (!parsed.ok) return bad("payload_malformed", `the payload is not JSON that can be trusted: ${parsed.problem.message}`);
  const payload = object(parsed.value as Json);
  if (payload === null) return bad("payload_malformed", "the payload is not a JSON object");
  return fromObject(payload, workspaceOf);
}

const PAYLOAD_LIMITS = { sizeBytes: MAX_PAYLOAD_BYTES, depth: 64 };

function fromObject(payload: JsonObject, workspaceOf: (cwd: string) => string): Result<ToolCall> {
  const event = text(payload, "hook_event_name");
  const cwd = text(payload, "cwd");
  const tool = text(payload, "tool_name");
  if (event === "") return bad("payload_malformed", "the payload has no `hook_event_name`");
  const asker = {
    session: text(payload, "session_id"),
    sub_agent: text(payload, "agent_id"),
    permission_mode: text(payload, "permission_mode"),
    tool,
    cwd,
  };
  if (event !== "PreToolUse") return ok({ ...asker, action: null });
  if (tool === "") return bad("payload_malformed", "the payload has no `tool_name`");
  if (!cwd.startsWith("/")) return bad("payload_malformed", "the payload has no absolute `cwd`");
  const input = object(payload.tool_input ?? null);
  if (input === null) return bad("payload_malformed", "the payload has no `tool_input` object");
  const described = describe(tool, input);
  if (!described.ok) return described;
  return ok({ ...asker, action: { ...described.value, cwd, workspace_root: workspaceOf(cwd) } });
}

type Described = Pick<Action, "action_type" | "target" | "operation" | "arguments">;

/** Which field of a tool's input names what it touches, and what it does to it. */
const FILE_TOOLS: Readonly<Record<string, { readonly field: string; readonly operation: "" | "write" | "edit" }>> = {
  Read: { field: "file_path", operation: "" },
  NotebookRead: { field: "notebook_path", operation: "" },
  Write: { field: "file_path", operation: "write" },
  Edit: { field: "file_path", operation: "edit" },
  MultiEdit: { field: "file_path", operation: "edit" },
  NotebookEdit: { field: "notebook_path", operation: "edit" },
};

function describe(tool: string, input: JsonObject): Result<Described> {
  const file = Object.hasOwn(FILE_TOOLS, tool) ? FILE_TOOLS[tool] : undefined;
  if (file !== undefined) {
    const target = text(input, file.field);
    if (target === "") return bad("payload_malformed", `\`${tool}\` came without \`${file.field}\``);
    return ok({ action_type: file.operation === "" ? "read_file" : "write_file", target, operation: file.operation, arguments: "" });
  }
  if (tool === "Bash" || tool === "PowerShell") return command(tool, input);
  if (tool === "Grep") return ok({ action_type: "read_file", target: searched(input), operation: "search", arguments: "" });
  if (tool === "Glob" || tool === "LS")
    return ok({ action_type: "read_file", target: text(input, "path") || ".", operation: "list", arguments: "" });
  if (tool === "WebFetch") return fetched(input);
  const canonical = canonicalJson(input);
  if (!canonical.ok) return bad("payload_malformed", `\`tool_input\` cannot be written down: ${canonical.problem.message}`);
  return ok({ action_type: "mcp_tool_call", target: toolTarget(tool), operation: "", arguments: canonical.value });
}

function command(tool: string, input: JsonObject): Result<Described> {
  const value = input.command;
  if (typeof value !== "string") return bad("payload_malformed", `\`${tool}\` came without a \`command\``);
  return ok({ action_type: "execute_command", target: value, operation: "", arguments: "" });
}

function fetched(input: JsonObject): Result<Described> {
  const target = text(input, "url");
  if (target === "") return bad("payload_malformed", "`WebFetch` came without a `url`");
  return ok({ action_type: "network_request", target, operation: "GET", arguments: "" });
}

/**
 * The folder that is searched, and where a glob says which files, the shortest name that fits it: `Grep` with the glob `.env*` reads secrets as
 * `cat .env` does. The temptation is to judge all that the glob could name; then a search in `*.json` would be stopped for the one credentials.json.
 */
function searched(input: JsonObject): string {
  const [path, glob] = [text(input, "path") || ".", text(input, "glob")];
  return glob === "" || glob.startsWith("!") ? path : `${path}/${glob.replaceAll("*", "")}`;
}

/** Where the host's own tools stand. */
const HOST_TOOLS = "claude-code";

/** `mcp__github__create_issue` → `github/create_issue`. SECURITY: a server may call itself what it likes, but not like the host. */
function toolTarget(tool: string): string {
  if (!tool.startsWith("mcp__")) return `${HOST_TOOLS}/${tool}`;
  const cut = tool.indexOf("__", 5);
  const server = cut === -1 ? tool.slice(5) : tool.slice(5, cut);
  return `${server === HOST_TOOLS ? `mcp__${server}` : server}/${cut === -1 ? "" : tool.slice(cut + 2)}`;
}

function object(value: Json): JsonObject | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
}

function text(value: JsonObject, key: string): string {
  const found = Object.hasOwn(value, key) ? value[key] : undefined;
  return typeof found === "string" ? found : "";
}
