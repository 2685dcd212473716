// `cavra evaluate --batch`: a line in, a line out, in order, whatever stands in it. Proves spec/cli.md section 4.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { describe, expect, it } from "vitest";
import { cavra, ended, program, run, type Scratch, scratch } from "./program.js";

const BATCH = ["evaluate", "--batch"];
const LIMIT = 1_048_576;

const line = (target: string, more: object = {}) => JSON.stringify({ action_type: "execute_command", target, ...more });

async function answers(place: Scratch, input: string | Uint8Array, args: readonly string[] = BATCH) {
  const { status, stdout, stderr } = await cavra(place, args, { input });
  expect(stderr).toBe("");
  expect(stdout === "" || stdout.endsWith("\n")).toBe(true);
  return {
    status,
    lines: stdout
      .split("\n")
      .slice(0, -1)
      .map((text) => JSON.parse(text)),
  };
}

const MALFORMED: readonly (readonly [string, string | Uint8Array, string])[] = [
  ["no JSON", "git status", "line_malformed"],
  ["half an object", '{"action_type":"execute_command"', "line_malformed"],
  ["an array", "[]", "line_malformed"],
  ["a number", "7", "line_malformed"],
  ["null", "null", "line_malformed"],
  ["a target that is a number", '{"action_type":"execute_command","target":7}', "line_malformed"],
  ["a target that is a list", '{"action_type":"execute_command","target":["rm"]}', "line_malformed"],
  ["a key twice", '{"action_type":"execute_command","target":"ls","target":"rm"}', "line_malformed"],
  ["a lone surrogate", '{"action_type":"execute_command","target":"\\ud800"}', "line_malformed"],
  [
    "bytes that are no UTF-8",
    Buffer.from([...Buffer.from('{"action_type":"execute_command","target":"'), 0xff, ...Buffer.from('"}')]),
    "line_malformed",
  ],
  ["an unknown action type", '{"action_type":"run","target":"ls"}', "unknown_action_type"],
  ["no action type", '{"target":"ls"}', "unknown_action_type"],
  ["a prototype for its action type", '{"__proto__":{"action_type":"execute_command"},"target":"ls"}', "unknown_action_type"],
  ["no target", '{"action_type":"execute_command"}', "target_missing"],
  ["one byte more than a line may have", line("x".repeat(LIMIT - line("").length + 1)), "line_too_long"],
  ["five times the bytes that a line may have", "x".repeat(5 * LIMIT), "line_too_long"],
];

describe.concurrent("a batch", () => {
  it("answers every line in its order and ends with 0, whatever the verdicts", async () => {
    const targets = ["ls", "cat .env", "git push origin main", "git status"];
    const { status, lines } = await answers(scratch(), targets.map((target) => `${line(target)}\n`).join(""));
    expect(status).toBe(0);
    expect(lines.map(({ decision }) => decision)).toEqual(["allow", "deny", "require_approval", "allow"]);
    expect(new Set(lines.map(({ decision_id }) => decision_id)).size).toBe(4);
  });

  it("tells what is wrong with a malformed line, and goes on with the next", async () => {
    const input = Buffer.concat(
      [line("ls"), ...MALFORMED.map(([, text]) => text), line("cat .env")].map((text) =>
        Buffer.concat([Buffer.from(text), Buffer.from("\n")]),
      ),
    );
    const { status, lines } = await answers(scratch(), input);
    expect(status).toBe(0);
    const told = lines.slice(1, -1).map(({ error }) => [error?.code, error?.line]);
    expect(told).toEqual(MALFORMED.map(([, , code], index) => [code, index + 2]));
    expect([lines[0].decision, lines.at(-1).decision]).toEqual(["allow", "deny"]);
    for (const { error } of lines.slice(1, -1)) expect(error.message).toMatch(/^[^A-Z].*[^.]$/);
  });

  it("takes a line of exactly the most bytes", async () => {
    const { lines } = await answers(scratch(), `${line("#".repeat(LIMIT - line("").length))}\n`);
    expect(lines[0].error).toBeUndefined();
  });

  it("passes over empty lines, takes Windows line ends, needs no last line end, and counts lines as an editor does", async () => {
    const { lines } = await answers(scratch(), `\n${line("ls")}\r\n\r\n  \t\n${line("cat .env")}\n?\n${line("pwd")}`);
    expect(lines.map(({ decision, error }) => decision ?? error.line)).toEqual(["allow", "deny", 6, "allow"]);
  });

  it("answers nothing to nothing", async () => {
    expect(await answers(scratch(), "")).toEqual({ status: 0, lines: [] });
  });

  it("passes over keys that it does not know", async () => {
    const { lines } = await answers(scratch(), `${line("ls", { id: 7, note: "n", exitZero: "x" })}\n`);
    expect(lines[0].decision).toBe("allow");
  });

  it("takes folders, agent, session, operation and arguments from the line, and from the options where the line has none", async () => {
    const place = scratch();
    const input = [
      line("cat .env", { cwd: "/srv/app/sub", workspace_root: "/srv/app", agent: "a", session: "s" }),
      line("cat .env"),
      JSON.stringify({ action_type: "write_file", target: "src/a.ts", operation: "delete" }),
      JSON.stringify({ action_type: "mcp_tool_call", target: "files/read_file", arguments: '{"path":".env"}' }),
    ].join("\n");
    const { lines } = await answers(place, input, [...BATCH, "--agent", "codex", "--json"]);
    expect(lines[0].who).toMatchObject({ agent: "a", session: "s", repository: "/srv/app" });
    expect(lines[0].change.effects.at(-1).target).toBe("/srv/app/sub/.env");
    expect(lines[1].who).toMatchObject({ agent: "codex", session: "", repository: place.repository });
    expect(lines[2].change.effects[0].kind).toBe("delete");
    expect(lines[3].change.effects[0]).toMatchObject({ kind: "call", server: "files", tool: "read_file" });
  });

  it("records nothing in a dry run", async () => {
    const place = scratch();
    const { lines } = await answers(place, `${line("ls")}\n`, [...BATCH, "--dry-run"]);
    expect(lines[0].evidence.status).toBe("dry_run");
    expect((await cavra(place, ["evidence", "verify"])).stdout).toContain("0 records");
  });

  it("refuses at once what would be wrong with every line", async () => {
    const told = await cavra(scratch(), [...BATCH, "--policy-pack", "nope"], { input: `${line("ls")}\n` });
    expect([told.status, told.stdout]).toEqual([2, ""]);
    expect(told.stderr).toContain("(unknown_pack)");
  });

  it("decides a thousand lines in a hundred workspaces, and every one of them is in the journal", async () => {
    const place = scratch();
    const input = Array.from({ length: 1000 }, (_, n) => `${line(`echo ${n}`, { workspace_root: `/srv/w${n % 100}` })}\n`).join("");
    const { status, lines } = await answers(place, input);
    expect(status).toBe(0);
    expect(lines.map(({ change }) => change.effects[0].program)).toEqual(Array(1000).fill("echo"));
    const kept = await cavra(place, ["evidence", "list", "--limit", "10000", "--json"]);
    const ids = kept.stdout
      .split("\n")
      .filter(Boolean)
      .map((text) => JSON.parse(text).record.record_id);
    expect([...ids].reverse()).toEqual(lines.map(({ decision_id }) => decision_id));
    expect((await cavra(place, ["evidence", "verify"])).status).toBe(0);
  });

  it("answers a slow writer line by line, before the input ends", async () => {
    const place = scratch();
    const child = spawn(process.execPath, [program(), ...BATCH], { cwd: place.repository, env: { ...place.env }, stdio: "pipe" });
    const got: string[] = [];
    const reader = createInterface({ input: child.stdout });
    const waiting: (() => void)[] = [];
    reader.on("line", (text) => {
      got.push(text);
      waiting.shift()?.();
    });
    for (const target of ["ls", "cat .env", "pwd"]) {
      const answered = new Promise<void>((done) => waiting.push(done));
      const text = `${line(target)}\n`;
      child.stdin.write(text.slice(0, 9));
      child.stdin.write(text.slice(9));
      await answered;
    }
    expect(got.map((text) => JSON.parse(text).decision)).toEqual(["allow", "deny", "allow"]);
    child.stdin.end();
    expect((await ended(child)).status).toBe(0);
  });

  it.each([
    ["a pipe", 'cat in.jsonl | "$NODE" "$CAVRA" evaluate --batch'],
    ["a file", '"$NODE" "$CAVRA" evaluate --batch < in.jsonl'],
    ["nothing at all", '"$NODE" "$CAVRA" evaluate --batch < /dev/null && cat two'],
  ])("reads %s as standard input", async (_, script) => {
    const place = scratch({ "shop/in.jsonl": `${line("ls")}\n${line("pwd")}`, "shop/two": "{}\n{}\n" });
    const done = await run("/bin/sh", ["-c", script], {
      cwd: place.repository,
      env: { ...place.env, NODE: process.execPath, CAVRA: program() },
    });
    expect([done.status, done.stderr, done.stdout.trim().split("\n").length]).toEqual([0, "", 2]);
  });

  it("ends quietly when nobody reads its answers any more", async () => {
    const place = scratch();
    const input = `${line("echo x")}\n`.repeat(400);
    const script = '{ "$NODE" "$CAVRA" evaluate --batch --dry-run < in.jsonl; echo "status $?" >&2; } | head -n 1';
    const done = await run("/bin/sh", ["-c", script], {
      cwd: scratch({ "shop/in.jsonl": input }).repository,
      env: { ...place.env, NODE: process.execPath, CAVRA: program() },
    });
    expect(done.stdout.split("\n")).toHaveLength(2);
    expect(done.stderr).toBe("status 0\n");
  });
});
