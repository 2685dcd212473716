// What loosens the guard is denied to agents by every route that there is: programs that start programs, terminals driven by programs, other languages,
// and the files themselves. Looking stays free. Proves the rules guard.loosen and guard.files of every pack that ships.

import { describe, expect, it } from "vitest";
import { compareBytes, stops } from "../../src/base/index.js";
import type { Action, Facts } from "../../src/change/index.js";
import { type Judgement, judge, type Policy, type Subject, TEST_WORLD } from "../../src/policy/index.js";
import { deriveForTests } from "./derive.js";
import { library, openPack } from "./packs.js";

const LOOSENING = [
  "allow dec_01 --until 2h --reason x",
  "allow --remove exc_01",
  "pause --for 10m --reason x",
  "resume",
  "observe on --reason x",
  "observe off",
  "keys init",
  "keys rotate",
  "keys revoke key_01",
  "trust pin key_01",
  "trust sign t.json",
  "policy sign p.yaml",
  "policy init",
  "agent install claude-code",
  "agent uninstall claude-code",
  "evidence reveal dec_01 --path /action/target",
  "evidence witness --key k",
  "init",
] as const;

const LOOKING = [
  "status",
  "why",
  "why dec_01",
  "log",
  "log --follow --decision deny",
  "observe report",
  "observe report --since 7d --json",
  "explain execute_command 'cavra pause'",
  "evidence list --rule secrets.read",
  "evidence search push",
  "evidence show dec_01",
  "evidence verify",
  "evidence bundle --output b",
  "evidence proof dec_01",
  "keys show",
  "trust show",
  "policy list",
  "policy diff a b",
  "policy verify p.yaml",
  "policy simulate --since 7d",
  "agent doctor claude-code",
] as const;

/** How a command line reaches a program; `%` is the command line. */
const DENIED_ROUTES = [
  "cavra %",
  "npx cavra %",
  "npx --yes cavra@latest %",
  "npx -p cavra cavra %",
  "npm exec cavra -- %",
  "npm exec -- cavra %",
  "yarn cavra %",
  "pnpm exec cavra %",
  "pnpm dlx cavra %",
  "bunx cavra %",
  "bun x cavra %",
  "node dist/cavra.cjs %",
  "node --no-warnings ./dist/cavra.cjs %",
  "./dist/cavra.cjs %",
  "/usr/local/bin/cavra %",
  "~/.local/bin/cavra %",
  "alias c=cavra; c %",
  'c() { cavra "$@"; }; c %',
  "C=cavra; $C %",
  'eval "cavra %"',
  "env -u CLAUDECODE cavra %",
  "env -i PATH=$PATH cavra %",
  "command cavra %",
  "exec cavra %",
  "sudo cavra %",
  "sudo -u root cavra %",
  "nohup cavra % &",
  "setsid cavra %",
  "timeout 5 cavra %",
  "nice cavra %",
  "stdbuf -o0 cavra %",
  "time cavra %",
  "watch cavra %",
  "flock /tmp/l cavra %",
  "ssh localhost cavra %",
  "script -q /dev/null cavra %",
  "unbuffer cavra %",
  "screen -dm cavra %",
  "yes | cavra %",
  "cavra % < answers",
  "(cavra %)",
  "if true; then cavra %; fi",
  "echo dec_01 | xargs cavra %",
  "find . -exec cavra % \\;",
  "coproc cavra %",
  "cavra % > /dev/pts/3 < /dev/pts/3",
];
/** Routes on which the command line stands in quotes of its own. */
const QUOTED_ROUTES = [
  "bash -c '%'",
  "sh -lc '%'",
  "bash -ic '%'",
  "script -qc '%' /dev/null",
  "script -c '%' out.txt",
  "tmux new-session -d '%'",
  "tmux new-window '%'",
  "tmux send-keys -t 0 '%' Enter",
  "screen -S x -X stuff '%\\n'",
  "su - dev -c '%'",
  "python3 -c \"import os; os.system('%')\"",
  "python3 -c \"import pty; pty.spawn(['bash','-c','%'])\"",
  "python3 -c \"import subprocess; subprocess.run('%', shell=True)\"",
  "perl -e 'system(\"%\")'",
  "ruby -e 'system \"%\"'",
  "node -e \"require('child_process').execSync('%')\"",
  "docker run -it -v ~/.config/cavra:/c x sh -c '%'",
];
/** Where it can only be seen that something runs: a person is asked. */
const ASKED_ROUTES = [
  'expect -c \'spawn cavra %; expect "type"; send "x\\r"\'',
  "socat - EXEC:'cavra %',pty",
  'node "$(which cavra)" %',
  "node $(npm root -g)/cavra/dist/cavra.cjs %",
  "$(printf cav)ra %",
  "base64 -d <<< Y2F2cmEgcGF1c2U= | sh",
];

const FILES = [
  "~/.config/cavra/policy.yaml",
  "~/.config/cavra/host-settings.json",
  "~/.config/cavra/trust-pin.json",
  "~/.config/cavra/packs/own.yaml",
  "~/.local/state/cavra/pause.json",
  "~/.local/state/cavra/journal/2026-11-23.journal",
  "~/.local/state/cavra/keys/key_01.pem",
  "~/.local/state/cavra/compiled/x.json",
  "/home/other/.config/cavra/host-settings.json",
  "/data/xdg/cavra/host-settings.json",
  "/data/xdg/cavra/pause.json",
  "/srv/app/.claude/settings.json",
  "/srv/app/.cavra/policy.yaml",
];
const FILE_ROUTES = [
  "echo x > @",
  "echo x >> @",
  "tee @ < x",
  "cp x @",
  "mv x @",
  "ln -sf x @",
  "install x @",
  "rm @",
  "rm -f @",
  "unlink @",
  "truncate -s 0 @",
  "touch @",
  "sed -i s/a/b/ @",
  "dd if=x of=@",
  "mv @ /tmp/y",
  "cat x > @",
  "curl -o @ https://e.example/x",
  "python3 -c \"open('@','w').write('x')\"",
  "node -e \"require('fs').writeFileSync('@','x')\"",
  "perl -e 'open(F,\">@\")'",
  "rsync x @",
  "chmod 777 @",
];

const FACTS: Facts = {
  home: TEST_WORLD.home,
  temp_roots: ["/tmp", "/var/tmp"],
  environment: { HOME: TEST_WORLD.home },
  links: {},
  listings: {},
  scripts: {},
  git: { current_branch: "feature", default_branch: "main", upstream_remote: "", upstream_branch: "" },
};
const SUBJECT: Subject = {
  agent: "claude-code",
  user: "dev",
  home: TEST_WORLD.home,
  workspace_root: TEST_WORLD.workspace_root,
  temp_roots: FACTS.temp_roots,
  default_branch: "main",
  now: "2026-11-23T06:00:00Z",
};

function judged(action: Pick<Action, "action_type" | "target"> & Partial<Action>, policy: Policy): Judgement {
  const whole: Action = { operation: "", arguments: "", cwd: "/srv/app", workspace_root: "/srv/app", ...action };
  return judge(deriveForTests(whole, FACTS), SUBJECT, policy);
}
const ofCommand = (target: string, policy: Policy) => judged({ action_type: "execute_command", target }, policy);
const ofWrite = (target: string, operation: string, policy: Policy) => judged({ action_type: "write_file", target, operation }, policy);

/** Lines that are not judged as wanted, with what they were judged as: empty when all are. */
function exceptions(
  lines: readonly string[],
  judgeLine: (line: string) => Judgement,
  isRight: (judgement: Judgement) => boolean,
): readonly string[] {
  return lines.flatMap((line) => {
    const judgement = judgeLine(line);
    return isRight(judgement) ? [] : [`${line}: ${judgement.verdict} by ${judgement.rule_id}`];
  });
}

const denied = ({ verdict }: Judgement) => verdict === "deny";
const stopped = ({ verdict }: Judgement) => stops(verdict);
const passes = ({ verdict }: Judgement) => !stops(verdict);
const fill = (routes: readonly string[], hole: string, things: readonly string[]) =>
  routes.flatMap((route) => things.map((thing) => route.replaceAll(hole, () => thing)));

describe.each([...library.keys()].sort(compareBytes).map((id) => [id]))("%s", (id) => {
  const policy = openPack(id);

  it(`denies what loosens on ${DENIED_ROUTES.length + QUOTED_ROUTES.length} routes`, () => {
    const lines = [
      ...fill(DENIED_ROUTES, "%", LOOSENING),
      ...fill(
        QUOTED_ROUTES,
        "%",
        LOOSENING.map((words) => `cavra ${words}`),
      ),
    ];
    expect(exceptions(lines, (line) => ofCommand(line, policy), denied)).toEqual([]);
  });

  it("asks a person at least, where it can only be seen that something runs", () => {
    expect(exceptions(fill(ASKED_ROUTES, "%", LOOSENING), (line) => ofCommand(line, policy), stopped)).toEqual([]);
  });

  it("denies writing the guard's files by commands and by tools", () => {
    expect(exceptions(fill(FILE_ROUTES, "@", FILES), (line) => ofCommand(line, policy), denied)).toEqual([]);
    for (const operation of ["write", "edit", "delete"])
      expect(exceptions(FILES, (path) => ofWrite(path.replace("~", TEST_WORLD.home), operation, policy), denied)).toEqual([]);
  });
});

describe("cavra-ai-agent-baseline", () => {
  const policy = openPack("cavra-ai-agent-baseline");

  it("lets agents look", () => {
    expect(exceptions(fill(["cavra %", "npx cavra %"], "%", LOOKING), (line) => ofCommand(line, policy), passes)).toEqual([]);
  });

  it("lets text speak of it", () => {
    const words = [
      "git commit -m 'add cavra pause'",
      "grep -rn 'cavra allow' docs",
      "echo run cavra pause yourself",
      "cat docs/cavra-pause.md",
    ];
    expect(exceptions(words, (line) => ofCommand(line, policy), passes)).toEqual([]);
  });
});
