// Help, versions, completions, and what a mistyped word gets. Proves spec/cli.md sections 1 and 9.

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cavra, run, scratch } from "./program.js";

const VERSION = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8")).version;
const COMMANDS = [
  "evaluate",
  "explain",
  "why",
  "hook",
  "init",
  "status",
  "up",
  "down",
  "demo",
  "completion",
  "version",
  "policy",
  "evidence",
  "agent",
  "log",
  "observe",
  "allow",
  "pause",
  "resume",
];

describe.concurrent("cavra", () => {
  it("tells its version in every usual way", async () => {
    const place = scratch();
    expect((await cavra(place, ["version"])).stdout).toBe(`cavra ${VERSION} (node ${process.version})\n`);
    expect(JSON.parse((await cavra(place, ["version", "--json"])).stdout)).toEqual({ version: VERSION, node: process.version });
    expect((await cavra(place, ["--version"])).stdout).toBe(`${VERSION}\n`);
  });

  it.each([[["help"]], [["--help"]], [["-h"]]])("%j shows every command on standard output and ends with 0", async (args) => {
    const { status, stdout, stderr } = await cavra(scratch(), args);
    expect([status, stderr]).toEqual([0, ""]);
    for (const name of COMMANDS) expect(stdout).toMatch(new RegExp(`^ {2}${name}\\b`, "m"));
  });

  it.each(COMMANDS.map((name) => [name]))("%s has help of its own", async (name) => {
    const { status, stdout } = await cavra(scratch(), [name, "--help"]);
    expect([status, stdout]).toEqual([0, expect.stringMatching(new RegExp(`^Usage: cavra ${name} .*\\n\\n[a-z]`))]);
  });

  it.each(["evaluate", "explain"])("%s --help lists the action types", async (name) => {
    const { stdout } = await cavra(scratch(), [name, "--help"]);
    for (const type of ["execute_command", "read_file", "write_file", "git_operation", "network_request", "mcp_tool_call"])
      expect(stdout).toContain(type);
  });

  it.each([[[]], [["policy"]], [["evidence"]], [["keys"]], [["trust"]], [["agent"]]])(
    "%j without a command shows help on standard error and ends with 2",
    async (args) => {
      const { status, stdout, stderr } = await cavra(scratch(), args);
      expect([status, stdout, stderr]).toEqual([2, "", expect.stringContaining("Usage: cavra")]);
    },
  );

  const MISSPELT = [
    [["evalute", "read_file", "x"], "unknown command `evalute`", "unknown_command", "did you mean `evaluate`?"],
    [["polcy"], "unknown command `polcy`", "unknown_command", "did you mean `policy`?"],
    [["policy", "lst"], "unknown command `lst`", "unknown_command", "did you mean `list` or `test`?|did you mean `list`?"],
    [["evidence", "verfy"], "unknown command `verfy`", "unknown_command", "did you mean `verify`?"],
    [["frobnicate"], "unknown command `frobnicate`", "unknown_command", "run `cavra --help` for the commands"],
    [["agent", "frobnicate"], "unknown command `frobnicate`", "unknown_command", "run `cavra agent --help` for the commands"],
    [["status", "--jsn"], "unknown option `--jsn`", "unknown_option", "did you mean `--json`?"],
    [
      ["explain", "read_file"],
      "missing required argument `target`",
      "argument_missing",
      "usage: `cavra explain [options] <action_type> <target>`; run `cavra explain --help` for more",
    ],
    [["completion", "tcsh"], "there is no completion for `tcsh`", "unknown_shell", "use bash, zsh or fish"],
    [["evidence", "list", "--decision", "ask"], "there is no verdict `ask`", "unknown_verdict", "did you mean `require_approval`?"],
    [["evidence", "list", "--decision", "block"], "there is no verdict `block`", "unknown_verdict", "did you mean `deny`?"],
    [
      ["evaluate", "write_file", "a", "--operation", "remove"],
      "`write_file` has no operation `remove`",
      "unknown_operation",
      "use one of: write, edit, delete",
    ],
    [
      ["explain", "mcp_tool_call", "a/b", "--arguments", "[]"],
      "`--arguments` is not a JSON object",
      "bad_arguments",
      'write an object, for example `{"path": "a.txt"}`',
    ],
  ] as const;
  it.each(MISSPELT)("%j is told in one line with a code, and a hint", async (args, message, code, hint) => {
    const { status, stdout, stderr } = await cavra(scratch(), args);
    const [first, second] = stderr.split("\n");
    expect([status, stdout, first]).toEqual([2, "", `cavra: ${message} (${code})`]);
    expect(hint.split("|")).toContain(second?.trim());
  });

  it("shows nothing of a mistyped word that could rewrite the terminal", async () => {
    const word = "x\u001b[2J\u202ey\u009b1m\nz";
    for (const args of [
      [word],
      ["evaluate", word, "t"],
      ["policy", "describe", word],
      ["why", word],
      ["evidence", "list", "--since", word],
    ])
      expect((await cavra(scratch(), args)).stderr).not.toMatch(/[\u001b\u202e\u009b]|x[^ ]*\n[^ ]*z/);
  });

  it("colours nothing where nobody looks, and everything where it is forced", async () => {
    const place = scratch();
    const plain = await cavra(place, ["evaluate", "execute_command", "cat .env"]);
    expect(plain.stdout).not.toContain("\u001b");
    const forced = await cavra(place, ["evaluate", "execute_command", "cat .env"], { env: { FORCE_COLOR: "1" } });
    expect(forced.stdout).toContain("\u001b[31m");
  });
});

describe.concurrent("the completion for", () => {
  /** What bash offers for a line whose last word is being typed. */
  const offered = async (line: string): Promise<readonly string[]> => {
    const place = scratch();
    const words = line.split(" ");
    const script = (await cavra(place, ["completion", "bash"])).stdout;
    const ask = `${script}\nCOMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}; _cavra; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { status, stdout, stderr } = await run("bash", ["--norc", "-c", ask], { env: { PATH: process.env.PATH } });
    expect([status, stderr]).toEqual([0, ""]);
    return stdout.split("\n").filter(Boolean);
  };

  it.each([
    ["cavra e", ["evaluate", "explain", "evidence"]],
    ["cavra policy d", ["describe", "diff"]],
    ["cavra evaluate exec", ["execute_command"]],
    ["cavra evaluate --ex", ["--exit-zero"]],
    ["cavra agent install c", ["claude-code"]],
    ["cavra agent install claude-code --u", ["--user"]],
    ["cavra completion z", ["zsh"]],
    ["cavra evidence list --dec", ["--decision"]],
    ["cavra nothing x", []],
    ["cavra evidence list --decision r", ["require_approval"]],
    ["cavra evaluate --policy-pack cavra-str", ["cavra-strict"]],
    ["cavra evaluate --policy-pack exec", []],
    ["cavra evaluate --cwd exec", []],
    ["cavra policy test cavra-str", ["cavra-strict"]],
    ["cavra policy describe cavra-str", ["cavra-strict"]],
    ["cavra policy compile cavra-str", ["cavra-strict"]],
    ["cavra policy diff cavra-strict cavra-str", ["cavra-strict"]],
  ])("bash offers at `%s` %j", async (line, expected) => {
    expect([...(await offered(line))].sort()).toEqual([...expected].sort());
  });

  const has = (shell: string) => spawnSync(shell, ["-c", "true"]).status === 0;
  it.each(["bash", "zsh", "fish"])(
    `%s is a script that the shell can read (where it is installed: ${["zsh", "fish"].filter(has).join(", ") || "bash only"})`,
    async (shell) => {
      const { status, stdout } = await cavra(scratch(), ["completion", shell]);
      expect([status, stdout]).toEqual([0, expect.stringMatching(/^#.*cavra/)]);
      for (const name of COMMANDS) expect(stdout).toContain(name);
      if (has(shell)) expect(spawnSync(shell, ["-n"], { input: stdout }).status).toBe(0);
    },
  );
});
