// What loosens is for people: who gets past the question, and who does not. Proves spec/cli.md section 10.1 to 10.4 on a program that asks and nothing else.

import { join } from "node:path";
import { buildSync } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";
import { CONFIRM, NO_TERMINAL, onTerminal, type Step } from "./at-terminal.js";
import { run, type Scratch, scratch } from "./program.js";

const ASKS = `
  import { requirePerson } from "./person.ts";
  const asked = requirePerson({ env: process.env }, { telling: "it will allow all\\n", word: "allow" });
  process.stdout.write("\\nRESULT " + JSON.stringify(asked) + "\\n");
`;

describe.skipIf(NO_TERMINAL !== "")(`a person is asked ${NO_TERMINAL}`, () => {
  let place: Scratch;
  let asks: string;

  beforeAll(() => {
    place = scratch();
    asks = join(place.root, "asks.cjs");
    buildSync({
      stdin: { contents: ASKS, resolveDir: join(import.meta.dirname, "../../src/cli"), loader: "ts" },
      bundle: true,
      platform: "node",
      outfile: asks,
    });
  });

  const NODE = process.execPath;
  const resultOf = (shown: string) => JSON.parse(/RESULT (.*)/.exec(shown)?.[1] ?? "null");
  const at = async (argv: readonly string[], typed: readonly Step[], env = {}) =>
    resultOf((await onTerminal(place, argv, typed, env)).shown);

  it("gives the person, the host and the terminal when the word was typed", async () => {
    const { shown } = await onTerminal(place, [NODE, asks], [CONFIRM]);
    expect(shown).toMatch(/^it will allow all\ntype `allow-[a-z2-9]{4}` to go on, anything else to leave all as it is: /);
    expect(resultOf(shown)).toEqual({
      ok: true,
      value: { user: expect.any(String), uid: process.getuid?.(), host: expect.any(String), tty: expect.stringMatching(/^\/dev\//) },
    });
  });

  it("asks for another word each time", async () => {
    const words = await Promise.all(
      [1, 2].map(async () => /`(allow-[^`]+)`/.exec((await onTerminal(place, [NODE, asks], [CONFIRM])).shown)?.[1]),
    );
    expect(words[0]).not.toBe(words[1]);
  });

  it.each([
    ["yes", "yes\n"],
    ["nothing", "\n"],
    ["the end of input", "\u0004"],
    ["the word without its letters", "allow\n"],
    ["a line that never ends", `${"a".repeat(600)}\n`],
  ])("takes %s for no", async (_, text) => {
    expect(await at([NODE, asks], [["leave all as it is: ", text]])).toMatchObject({ ok: false, problem: { code: "not_confirmed" } });
  });

  it("does not take what was typed before the question", async () => {
    expect(await at(["/bin/sh", "-c", `sleep 0.2; '${NODE}' '${asks}'`], [["^", "allow\nyes\n"]])).toMatchObject({
      ok: false,
      problem: { code: "not_confirmed" },
    });
  });

  const REFUSED: readonly (readonly [string, string])[] = [
    ["input from a pipe", "echo allow | $ASKS"],
    ["input from a file", "$ASKS < /dev/null"],
    ["output into a pipe", "$ASKS | cat"],
    ["a job in the background", "set -m; $ASKS & wait"],
    ["a session without a terminal of its own", "setsid --wait $ASKS"],
  ];
  it.each(REFUSED)("refuses %s", async (_, line) => {
    expect(await at(["/bin/bash", "-c", line.replace("$ASKS", `'${NODE}' '${asks}'`)], [CONFIRM])).toMatchObject({
      ok: false,
      problem: { code: "person_required" },
    });
  });

  it("refuses another terminal than the controlling one", async () => {
    const other = "import os,pty,sys; m,s=pty.openpty(); os.set_inheritable(m, True); os.dup2(s,0); os.execv(sys.argv[1], sys.argv[1:])";
    expect(await at(["python3", "-c", other, NODE, asks], [CONFIRM])).toMatchObject({
      ok: false,
      problem: { code: "person_required", message: expect.stringContaining("controlling terminal") },
    });
  });

  it.each(["CLAUDECODE", "CURSOR_AGENT", "GEMINI_CLI", "CODEX_SANDBOX", "OPENCODE", "AI_AGENT"])(
    "refuses where %s is set",
    async (name) => {
      expect(await at([NODE, asks], [CONFIRM], { [name]: "1" })).toMatchObject({
        ok: false,
        problem: { code: "person_required", message: expect.stringContaining(name) },
      });
    },
  );

  it.skipIf(process.platform !== "linux")("refuses where an agent's shell cleaned the environment before", async () => {
    const line = `env -u CLAUDECODE '${NODE}' '${asks}'; true`;
    expect(await at(["/bin/bash", "-c", line], [CONFIRM], { CLAUDECODE: "1" })).toMatchObject({
      ok: false,
      problem: { code: "person_required", message: expect.stringContaining("above this one") },
    });
  });

  it("has no terminal in a hook, a pipeline or a build", async () => {
    expect(resultOf((await run(NODE, [asks], { env: place.env, input: "allow\n" })).stdout)).toMatchObject({
      ok: false,
      problem: { code: "person_required" },
    });
  });
});
