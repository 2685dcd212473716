// spec/vectors/backend-switch: mode, policy and what Go did, and from them which engine is selected, which fallback is recorded, and what is decided.
// The whole use case runs, with a record; in the place of the keeper stands one that says what the case says.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { subjectOf } from "../../src/authority/decide.js";
import { type Authority, authorityOver, compileSources, decideBeside, warmPolicies } from "../../src/authority/index.js";
import { type Answered, type Evaluation, type FallbackCode, type Keeper, modeOf } from "../../src/backend/index.js";
import { canonicalRecord, sha256 } from "../../src/base/index.js";
import { type Action, deriveWithWants } from "../../src/change/index.js";
import type { Who } from "../../src/evidence/index.js";
import { judge } from "../../src/policy/index.js";
import { openGroupJournal } from "../../src/store/index.js";
import { readCases } from "./cases.js";

type Go =
  | { readonly did: "agrees" }
  | { readonly did: "says"; readonly judgement: string }
  | { readonly did: "fails"; readonly code: FallbackCode };

interface Vector {
  readonly id: string;
  readonly note: string;
  readonly input: { readonly mode: string; readonly policy: string; readonly go: Go | null };
  readonly expect: unknown;
}

const ACTION: Action = { action_type: "execute_command", target: "ls", operation: "", arguments: "", cwd: "/", workspace_root: "/" };
const WHO: Who = {
  sub_agent: "",
  agent: "claude-code",
  user: "dev",
  session: "s",
  channel: "hook",
  unattended: false,
  host: "h",
  repository: "",
  branch: "",
};

const root = mkdtempSync(join(tmpdir(), "cavra-switch-"));
const opened = new Map<string, ReturnType<typeof open>>();
afterAll(async () => {
  await Promise.all([...opened.values()].map(({ journal }) => journal.close()));
  rmSync(root, { recursive: true, force: true });
});

describe("vectors: backend-switch", () => {
  it.each(readCases<Vector>("backend-switch").map((one) => [one.id, one.note, one] as const))(
    "%s %s",
    async (_, __, { input, expect: expected }) => {
      const known = opened.get(input.policy) ?? open(input.policy);
      opened.set(input.policy, known);
      const { authority, journal } = known;
      const mode = modeOf(input.mode);
      let asked = false;
      const ask = (evaluation: Evaluation): Promise<Answered> => {
        asked = true;
        return Promise.resolve(answerOf(input.go, evaluation, authority));
      };
      const keeper = input.go === null ? null : ({ ask } as Keeper);
      const beside = { mode: mode.ok ? mode.value : input.mode, keeper, deadlineMs: 250, journal };
      const { decision, selection, verdict } = await decideBeside(ACTION, WHO, authority, beside);
      const { go: _go, fallback_reason: _reason, ...selected } = selection;
      expect({ ...selected, asked, authoritative_decision: verdict, effective_decision: decision.decision }).toEqual(expected);
      expect(decision.evidence.status).toBe("recorded");
    },
  );
});

/** An authority of its own for a policy: everything but the second engine is real. */
function open(policy: string) {
  const folder = join(root, sha256(policy).slice("sha256:".length, "sha256:".length + 8));
  const env = { HOME: folder, CAVRA_STATE_DIR: join(folder, "state"), CAVRA_CONFIG_DIR: join(folder, "config") };
  mkdirSync(env.CAVRA_CONFIG_DIR, { recursive: true });
  writeFileSync(join(env.CAVRA_CONFIG_DIR, "policy.yaml"), policy);
  const policies = warmPolicies(env, () => compileSources);
  return { authority: authorityOver(policies, "/", env, env), journal: openGroupJournal(env.CAVRA_STATE_DIR) };
}

function answerOf(go: Go | null, { action, facts, subject }: Evaluation, authority: Authority): Answered {
  if (go?.did === "says") return { ok: true, judgement: go.judgement };
  if (go?.did === "fails") return { ok: false, code: go.code, message: "as the case says" };
  const { change } = deriveWithWants(action, facts, authority.catalogue);
  const bytes = canonicalRecord(judge(change, subjectOf(action, WHO, facts, Date.parse(subject.now)), authority.policy));
  if (!bytes.ok) throw new Error(bytes.problem.message);
  return { ok: true, judgement: bytes.value };
}
