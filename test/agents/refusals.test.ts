// Every refusal names the rule, says why, gives a way out and names the command that tells more: for every rule and default of every pack that ships, in
// every adapter's words and in those of the command line. Proves spec/agents.md 3.2 and spec/cli.md 3.1.

import pc from "picocolors";
import { describe, expect, it } from "vitest";
import { answerFor, answerForProblem } from "../../src/agents/claude-code/answer.js";
import { compareBytes, stops, type Verdict } from "../../src/base/index.js";
import { renderDecision } from "../../src/cli/render.js";
import type { Terminal } from "../../src/cli/terminal.js";
import type { Decision } from "../../src/evidence/index.js";
import { EFFECT_KINDS, type Instead } from "../../src/policy/index.js";
import { library, openPack } from "../policy/packs.js";

const ID = "dec_01m83synbnfrabz3f7y8ar6v4e";
const TERMINAL: Terminal = {
  print: () => {},
  complain: () => {},
  colours: pc.createColors(false),
  watched: false,
  env: {},
  cwd: "/srv/app",
};

interface Refused {
  readonly id: string;
  readonly verdict: Verdict;
  readonly reason: string;
  readonly instead: Instead | null;
}

function decision({ id, verdict, reason, instead }: Refused): Decision {
  return {
    decision_id: ID,
    decision: verdict,
    severity: "high",
    reason,
    rule_id: id,
    ...(instead === null ? {} : { instead }),
    who: { agent: "a", sub_agent: "", session: "s", user: "u", host: "h", repository: "r", branch: "", channel: "hook", unattended: false },
    change: { effects: [] },
    policy: { id: "p", version: "1", digest: "", mode: "enforce", rulings: [] },
    evidence: { status: "recorded", record_digest: "sha256:", journal: { file: "f", offset: 0, length: 1 } },
  };
}

/** What stops in a pack: its rules, and the defaults that do. */
function refusalsOf(id: string): readonly Refused[] {
  const { rules, defaults } = openPack(id).compiled;
  const byDefault = EFFECT_KINDS.flatMap((kind) => [
    { id: `default.${kind}`, verdict: defaults[kind].verdict, reason: "the policy asks a person first", instead: null },
    { id: `default.${kind}.unknown`, verdict: defaults[kind].unknown, reason: "the policy refuses that", instead: null },
  ]);
  return [...rules, ...byDefault].filter(({ verdict }) => stops(verdict));
}

const said = (refused: Refused, attended: boolean): string =>
  JSON.parse(answerFor(decision(refused), attended).stdout).hookSpecificOutput.permissionDecisionReason;

describe.each([...library.keys()].sort(compareBytes).map((id) => [id]))("the refusals of %s", (id) => {
  const refusals = refusalsOf(id);

  it("are there", () => {
    expect(refusals.length).toBeGreaterThan(20);
  });

  it.each([
    ["somebody can be asked", true],
    ["nobody can be asked", false],
  ])("name rule, reason, way out and more to Claude Code where %s", (_, attended) => {
    const lacking = refusals.filter((refused) => {
      const text = said(refused, attended);
      const wayOut = / Instead: \S.{8,}|leave it to a person\./.test(text);
      return (
        !text.startsWith(`CAVRA (${refused.id}): `) || !text.includes(refused.reason) || !wayOut || !text.endsWith(` More: cavra why ${ID}`)
      );
    });
    expect(lacking.map((refused) => said(refused, attended))).toEqual([]);
  });

  it("name rule, reason, way out and more at the command line", () => {
    const shown = (refused: Refused) =>
      renderDecision(decision(refused), { action_type: "execute_command", target: "x", workspace_root: "/srv/app" }, TERMINAL);
    const lacking = refusals.filter((refused) => {
      const text = shown(refused);
      return ![`· ${refused.id} ·`, refused.reason, "\n  instead  ", `\n  more     cavra why ${ID}\n`].every((part) => text.includes(part));
    });
    expect(lacking.map(shown)).toEqual([]);
  });
});

describe("what no policy judged", () => {
  it("is refused with its code and a command, also without a hint of its own", () => {
    expect(answerForProblem({ code: "payload_malformed", message: "no" }).stderr).toBe(
      "cavra: no (payload_malformed); run `cavra why` for more\n",
    );
    expect(answerForProblem({ code: "policy_invalid", message: "no", hint: "run `cavra policy validate`" }).stderr).toBe(
      "cavra: no (policy_invalid); run `cavra policy validate`\n",
    );
  });

  it("names `cavra status` where nothing could be recorded", () => {
    const lost: Decision = {
      ...decision({ id: "evidence_unavailable", verdict: "deny", reason: "no record could be written", instead: null }),
      evidence: { status: "evidence_unavailable", record_digest: "", journal: null },
    };
    expect(JSON.parse(answerFor(lost, true).stdout).hookSpecificOutput.permissionDecisionReason).toMatch(/ More: cavra status$/);
  });
});
