// Claude Code's payloads: each tool becomes its action, and nothing else gets through. Proves spec/agents.md section 2.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_PAYLOAD_BYTES, readPayload } from "../../src/agents/claude-code/payload.js";

const workspaceOf = () => "/w";

function payload(tool: string, input: unknown, more: object = {}): Buffer {
  return Buffer.from(
    JSON.stringify({
      session_id: "abc",
      transcript_path: "/home/u/.claude/projects/p/abc.jsonl",
      cwd: "/w/sub",
      permission_mode: "default",
      hook_event_name: "PreToolUse",
      tool_name: tool,
      tool_input: input,
      tool_use_id: "toolu_01",
      ...more,
    }),
  );
}

const TOOLS = [
  [
    "Bash",
    { command: "git push --force", description: "push", timeout: 120000, run_in_background: false },
    "execute_command",
    "git push --force",
    "",
  ],
  ["Read", { file_path: "/w/.env", offset: 1, limit: 2 }, "read_file", "/w/.env", ""],
  ["Write", { file_path: "/w/a.ts", content: "x" }, "write_file", "/w/a.ts", "write"],
  ["Edit", { file_path: "/w/a.ts", old_string: "a", new_string: "b", replace_all: false }, "write_file", "/w/a.ts", "edit"],
  ["MultiEdit", { file_path: "/w/a.ts", edits: [] }, "write_file", "/w/a.ts", "edit"],
  ["NotebookEdit", { notebook_path: "/w/n.ipynb", new_source: "" }, "write_file", "/w/n.ipynb", "edit"],
  ["Grep", { pattern: "x", path: "src" }, "read_file", "src", "search"],
  ["Grep", { pattern: "x" }, "read_file", ".", "search"],
  ["Grep", { pattern: "x", path: 7, glob: "!*.env" }, "read_file", ".", "search"],
  ["Grep", { pattern: "x", path: "src", glob: "**/*.env*" }, "read_file", "src//.env", "search"],
  ["mcp__github", {}, "mcp_tool_call", "github/", ""],
  ["Bash", { command: "" }, "execute_command", "", ""],
  ["WebFetch", { url: "https://example.com", prompt: "p" }, "network_request", "https://example.com", "GET"],
  ["mcp__github__create_issue", { title: "t", server: "trusted" }, "mcp_tool_call", "github/create_issue", ""],
  ["mcp__a__b__c", {}, "mcp_tool_call", "a/b__c", ""],
  ["Task", { prompt: "p" }, "mcp_tool_call", "claude-code/Task", ""],
  ["__proto__", {}, "mcp_tool_call", "claude-code/__proto__", ""],
] as const;

describe("a payload", () => {
  it.each(TOOLS)("of %s with %j is %s %s", (tool, input, type, target, operation) => {
    const read = readPayload(payload(tool, input), workspaceOf);
    expect(read.ok && read.value.action).toMatchObject({ action_type: type, target, operation, cwd: "/w/sub", workspace_root: "/w" });
  });

  it("keeps an MCP tool's arguments as JSON text, and takes no word of theirs for the server", () => {
    const read = readPayload(payload("mcp__evil__run", { server: "trusted", tool: "read" }), workspaceOf);
    expect(read.ok && read.value.action?.target).toBe("evil/run");
    expect(read.ok && JSON.parse(read.value.action?.arguments ?? "")).toEqual({ server: "trusted", tool: "read" });
  });

  it("writes arguments in canonical JSON, so that every engine records the same bytes", () => {
    const read = readPayload(payload("mcp__s__t", { b: 1, "10": -0, a: { "2": 1.5, "1": "é/" } }), workspaceOf);
    expect(read.ok && read.value.action?.arguments).toBe('{"10":0,"a":{"1":"é/","2":1.5},"b":1}');
  });

  it("of another event asks for no decision", () => {
    const read = readPayload(payload("Bash", {}, { hook_event_name: "PostToolUse" }), workspaceOf);
    expect(read.ok && read.value.action).toBeNull();
  });

  const BAD = [
    ["nothing", Buffer.alloc(0), "payload_empty"],
    ["binary", Buffer.from([0, 255, 254, 1]), "payload_malformed"],
    ["truncated", payload("Bash", { command: "ls" }).subarray(0, 40), "payload_malformed"],
    ["an array", Buffer.from("[]"), "payload_malformed"],
    ["a duplicate key", Buffer.from('{"hook_event_name":"PreToolUse","hook_event_name":"Stop"}'), "payload_malformed"],
    ["no event", Buffer.from("{}"), "payload_malformed"],
    ["no tool", payload("", {}), "payload_malformed"],
    ["a command that is no text", payload("Bash", { command: ["rm"] }), "payload_malformed"],
    ["no command", payload("Bash", {}), "payload_malformed"],
    ["no file", payload("Write", { content: "x" }), "payload_malformed"],
    ["an empty file name", payload("Read", { file_path: "" }), "payload_malformed"],
    ["no address", payload("WebFetch", { prompt: "x" }), "payload_malformed"],
    ["input that is no object", payload("Bash", "ls"), "payload_malformed"],
    ["a relative working folder", payload("Bash", { command: "ls" }, { cwd: "w" }), "payload_malformed"],
    ["nesting beyond 64", Buffer.from(`{"a":${"[".repeat(64)}${"]".repeat(64)}}`), "payload_malformed"],
    ["one byte too many", Buffer.alloc(MAX_PAYLOAD_BYTES + 1, 32), "payload_too_large"],
  ] as const;
  it.each(BAD)("that is %s is refused with a code", (_, bytes, code) => {
    const read = readPayload(bytes, workspaceOf);
    expect(read.ok).toBe(false);
    expect(!read.ok && read.problem.code).toBe(code);
  });

  it("of any bytes and any JSON gives a value, never an exception", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => typeof readPayload(bytes, workspaceOf).ok === "boolean"));
    fc.assert(
      fc.property(fc.string(), fc.jsonValue(), (tool, input) => typeof readPayload(payload(tool, input), workspaceOf).ok === "boolean"),
    );
  });
});
