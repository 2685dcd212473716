// Editing a person's settings.json: everything of theirs survives. Proves spec/agents.md section 4.

import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { findHook, hookCommand, installedHook, installHook, uninstallHook, withHook, withoutHook } from "../../src/agents/index.js";

const SPEC = {
  command: hookCommand("/usr/bin/node", "/opt/it's here/cavra.cjs", { state: "/s", config: "/c" }),
  timeout: 60,
  blockOnFailure: false,
};
const root = realpathSync(mkdtempSync(join(tmpdir(), "cavra-settings-")));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const FILES: readonly (readonly [string, string])[] = [
  ["an empty object", "{}\n"],
  ["comments and other keys", '{\n  // mine\n  "model": "opus", /* keep */\n  "permissions": { "deny": ["Read(./.env)"] }\n}\n'],
  [
    "other hooks before it",
    '{\n\t"hooks": {\n\t\t"PreToolUse": [\n\t\t\t{ "matcher": "Bash", "hooks": [{ "type": "command", "command": "./lint.sh" }] }\n\t\t],\n\t\t"Stop": []\n\t}\n}\n',
  ],
  ["Windows line ends", '{\r\n  "model": "opus"\r\n}\r\n'],
  ["no line end", '{"a":1}'],
  ["four blanks", '{\n    "a": {\n        "b": 1\n    }\n}\n'],
  ["a trailing comma", '{\n  "a": 1,\n}\n'],
];

describe("a settings file", () => {
  it.each(FILES)("with %s takes the hook, once, and keeps all that was there", (_, before) => {
    const edited = withHook(before, SPEC);
    if (!edited.ok) throw new Error(edited.problem.message);
    expect(withHook(edited.value, SPEC)).toEqual(edited);
    expect(findHook(edited.value)).toMatchObject({ ok: true, value: { command: SPEC.command, matcher: "*", on_failure: "" } });
    for (const line of before.split("\n").filter((text) => /mine|keep|lint\.sh|Stop/.test(text)))
      expect(edited.value).toContain(line.trim());
    expect(edited.value.includes("\r\n")).toBe(before.includes("\r\n"));
    const cleared = withoutHook(edited.value);
    expect(cleared.ok && findHook(cleared.value)).toEqual({ ok: true, value: null });
    expect(cleared.ok && cleared.value).not.toContain("cavra");
  });

  it("gets onFailure only when the host knows it, and a changed command replaces the old one", () => {
    const first = withHook("{}", SPEC);
    const second = first.ok ? withHook(first.value, { ...SPEC, command: `${SPEC.command} `, blockOnFailure: true }) : first;
    expect(second.ok && second.value.match(/hook claude-code/g)).toHaveLength(1);
    expect(second.ok && findHook(second.value)).toMatchObject({ ok: true, value: { on_failure: "block" } });
  });

  it.each(["[]", "{", '{"a" 1}', "null", "\u0000"])("that holds %j is refused and named", (text) => {
    expect(withHook(text, SPEC)).toMatchObject({ ok: false, problem: { code: "settings_malformed" } });
  });
});

describe("taking the hook out of a file that was edited by hand", () => {
  const OURS = '{ "matcher": "*", "hooks": [{ "type": "command", "command": "/x/cavra hook claude-code" }] }';
  const OUR_HOOK = '{ "type": "command", "command": "/x/cavra hook claude-code" }';
  const CASES: readonly (readonly [string, string, string])[] = [
    ["alone", `{ "hooks": { "PreToolUse": [${OURS}] } }`, "{ }"],
    ["alone, with a trailing comma", `{\n  "hooks": { "PreToolUse": [${OURS}] },\n}\n`, "{\n}\n"],
    ["behind another key", `{\n  "a": 1, // one\n  "hooks": { "PreToolUse": [${OURS}] }\n}\n`, '{\n  "a": 1 // one\n}\n'],
    ["before another key", `{\n  "hooks": { "PreToolUse": [${OURS}] },\n  "a": 1\n}\n`, '{\n  "a": 1\n}\n'],
    ["first of two groups", `{"hooks":{"PreToolUse":[${OURS}, {"a": [ 1 ]}]}}`, '{"hooks":{"PreToolUse":[{"a": [ 1 ]}]}}'],
    [
      "last of two groups",
      `{"hooks":{"PreToolUse":[{"a": [ 1 ]} /* theirs */, ${OURS}]}}`,
      '{"hooks":{"PreToolUse":[{"a": [ 1 ]} /* theirs */]}}',
    ],
    ["between two events", `{"hooks":{"A":[],"PreToolUse":[${OURS}],"B":[]}}`, '{"hooks":{"A":[],"B":[]}}'],
    [
      "beside another hook of its group",
      `{"hooks":{"PreToolUse":[{"hooks":[${OUR_HOOK},{"command":"x"}]}]}}`,
      '{"hooks":{"PreToolUse":[{"hooks":[{"command":"x"}]}]}}',
    ],
    ["twice", `{"hooks":{"PreToolUse":[${OURS}],"Stop":[${OURS}]},"b":2}`, '{"b":2}'],
  ];
  it.each(CASES)("where it stands %s leaves everything else as it is, byte for byte", (_, before, after) => {
    expect(withoutHook(before)).toEqual({ ok: true, value: after });
  });
});

describe("installing", () => {
  it.each([...FILES, ["nothing: it is not there", null] as const])(
    "into a file with %s and uninstalling restores it byte for byte",
    (_, before) => {
      const { path, state } = place();
      if (before !== null) write(path, before);
      expect(installHook(path, SPEC, state, "2026-11-23T00:00:00Z")).toMatchObject({ ok: true, value: { done: "installed" } });
      const once = readFileSync(path, "utf8");
      expect(installHook(path, SPEC, state, "2026-11-24T00:00:00Z")).toMatchObject({ ok: true, value: { done: "unchanged" } });
      expect(readFileSync(path, "utf8")).toBe(once);
      expect(installedHook(path, state)).toMatchObject({ ok: true, value: { since: "2026-11-23T00:00:00Z" } });
      expect(uninstallHook(path, state)).toMatchObject({ ok: true, value: { done: "restored" } });
      expect(existsSync(path) ? readFileSync(path, "utf8") : null).toBe(before);
      expect(uninstallHook(path, state)).toMatchObject({ ok: true, value: { done: "not_installed" } });
    },
  );

  it("a new version over an old one still restores what was there before the first", () => {
    const { path, state } = place();
    write(path, '{ "a": 1 }');
    installHook(path, SPEC, state, "2026-11-23T00:00:00Z");
    installHook(path, { ...SPEC, blockOnFailure: true }, state, "2026-11-23T00:00:00Z");
    expect(uninstallHook(path, state)).toMatchObject({ ok: true, value: { done: "restored" } });
    expect(readFileSync(path, "utf8")).toBe('{ "a": 1 }');
  });

  it("into a file that somebody changed afterwards takes out only what is ours", () => {
    const { path, state } = place();
    write(path, "{}\n");
    installHook(path, SPEC, state, "2026-11-23T00:00:00Z");
    write(path, readFileSync(path, "utf8").replace(/^\{/, '{\n  "model": "opus",'));
    expect(uninstallHook(path, state)).toMatchObject({ ok: true, value: { done: "taken_out" } });
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual({ model: "opus" });
  });

  it("keeps a file's mode, and edits what a link leads to", () => {
    const { path, state } = place();
    const real = join(root, `dotfiles-${state.length}-${Math.floor(performance.now())}.json`);
    writeFileSync(real, "{}\n");
    chmodSync(real, 0o600);
    mkdirSync(join(path, ".."), { recursive: true });
    symlinkSync(real, path);
    installHook(path, SPEC, state, "2026-11-23T00:00:00Z");
    expect(readFileSync(real, "utf8")).toContain("hook claude-code");
    expect(statSync(real).mode & 0o777).toBe(0o600);
  });

  it("leaves a malformed file alone", () => {
    const { path, state } = place();
    write(path, "{ broken");
    expect(installHook(path, SPEC, state, "")).toMatchObject({ ok: false, problem: { code: "settings_malformed" } });
    expect(readFileSync(path, "utf8")).toBe("{ broken");
  });
});

function place(): { path: string; state: string } {
  const folder = mkdtempSync(join(root, "p-"));
  return { path: join(folder, ".claude", "settings.json"), state: join(folder, "state") };
}

function write(path: string, text: string): void {
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, text);
}
