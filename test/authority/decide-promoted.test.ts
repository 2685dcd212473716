// What leaves under a lease, whose judgement it is, and what a worker that is wrong comes to. Proves spec/promotion.md section 7 with real judgements.

import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { deriveWithFacts, subjectOf } from "../../src/authority/decide.js";
import {
  type Authority,
  type Compared,
  compileSources,
  decide,
  decidePromoted,
  openAuthority,
  type Promoting,
} from "../../src/authority/index.js";
import type { Answered, Keeper } from "../../src/backend/index.js";
import { bad, canonicalRecord, isStricter, type JsonObject, ok, parseJson, VERDICTS, type Verdict } from "../../src/base/index.js";
import type { Action } from "../../src/change/index.js";
import type { Who } from "../../src/evidence/index.js";
import { judge } from "../../src/policy/index.js";
import { findRecord, type GroupWriter, openGroupJournal } from "../../src/store/index.js";

const WHO: Who = {
  agent: "claude-code",
  sub_agent: "",
  session: "s1",
  user: "dev",
  host: "mill",
  repository: "",
  branch: "",
  channel: "hook",
  unattended: true,
};
const REFERENCES = {
  approval_id: "apr_01m6gpfk4ne00r40r40m30e209",
  deployment_digest: `sha256:${"1".repeat(64)}`,
  evidence_digest: `sha256:${"2".repeat(64)}`,
  lease_id: "lea_01m6gpfk4ne00r40r40m30e209",
  parity_digest: `sha256:${"3".repeat(64)}`,
};

type Bend = (judgement: JsonObject) => JsonObject;

describe("under a lease", () => {
  let root: string;
  let authority: Authority;
  let journal: GroupWriter;
  let rights: number;
  let held: readonly string[];
  let again: Compared[];
  let samples: boolean;
  /** From this look at the right on there is none; the first is before Go is asked, the second before its judgement leaves. */
  let endsAtLook: number;

  beforeEach(() => {
    root = mkdtempSync(join(realpathSync(tmpdir()), "cavra-promoted-"));
    mkdirSync(join(root, "app"));
    const env = { CAVRA_STATE_DIR: join(root, "state"), CAVRA_CONFIG_DIR: join(root, "config"), HOME: root };
    authority = openAuthority({ workspace: join(root, "app"), env, choice: null, compiler: () => compileSources });
    journal = openGroupJournal(join(root, "state"));
    [rights, held, again, samples, endsAtLook] = [0, [], [], false, Number.POSITIVE_INFINITY];
  });
  afterEach(async () => {
    await journal.close();
    rmSync(root, { recursive: true, force: true });
  });

  function step(target: string): Action {
    const workspace = join(root, "app");
    return { action_type: "execute_command", target, operation: "", arguments: "", cwd: workspace, workspace_root: workspace };
  }

  /** A worker that judges as TypeScript does, and then says something else. */
  function keeper(bend: Bend, asked: { count: number }): Keeper {
    return {
      ask: async ({ action, facts, subject }): Promise<Answered> => {
        asked.count++;
        const { change } = deriveWithFacts(action, facts, authority.catalogue);
        const own = judge(change, { ...subjectOf(action, WHO, facts, 0), ...subject }, authority.policy);
        const text = canonicalRecord(own);
        const read = text.ok ? parseJson(text.value) : text;
        const bent = read.ok ? canonicalRecord(bend(read.value as JsonObject)) : read;
        if (!bent.ok) throw new Error(bent.problem.message);
        return { ok: true, judgement: bent.value };
      },
    } as Partial<Keeper> as Keeper;
  }

  const promoting = (): Promoting => ({
    right: () => (++rights < endsAtLook ? ok({ references: REFERENCES, version: "9.9.9" }) : bad("promotion_held", "a hold stands")),
    isSampled: () => samples,
    mismatch: (id, isUnsafe) => {
      held = [...held, `${id} ${isUnsafe}`];
    },
    lookedAgain: (one) => again.push(one),
  });

  async function ask(target: string, bend: Bend | Answered = (same) => same) {
    const asked = { count: 0 };
    const worker = typeof bend === "function" ? keeper(bend, asked) : ({ ask: async () => bend } as Partial<Keeper> as Keeper);
    const beside = { mode: "promoted", keeper: worker, deadlineMs: 250, journal };
    const compared = await decidePromoted(step(target), WHO, authority, beside, promoting());
    const found = findRecord(join(root, "state"), compared.decision.decision_id);
    if (!found.ok) throw new Error(found.problem.message);
    const { engine } = found.value.record;
    return { ...compared, asked: asked.count, engine, own: decide(step(target), WHO, authority, { record: false }) };
  }

  it.each([
    ["rm -rf /", "deny", "alone"],
    ["git push --force origin main", "deny", "alone"],
    ["cat README.md", "allow", "confirmed"],
    ["ls -la && git status", "allow", "confirmed"],
    ["touch x", "allow", "confirmed"],
    ["terraform plan", "allow", "confirmed"],
    ["cat .env", "deny", "alone"],
    ["cat /etc/hosts", "allow", "confirmed"],
    ["curl https://example.org", "allow", "confirmed"],
  ])("lets Go's judgement of `%s` leave: %s, %s", async (target, decision, answered) => {
    const { engine, own, selection, ...found } = await ask(target);
    expect(found.decision.decision).toBe(decision);
    expect(found.decision).toMatchObject({ decision: own.decision, reason: own.reason, rule_id: own.rule_id, policy: own.policy });
    expect(engine).toEqual({ backend: "go", version: "9.9.9", promotion: { ...REFERENCES, answered } });
    expect(selection).toMatchObject({ selected_backend: "go", fallback_code: null, parity_match: answered === "confirmed" ? true : null });
  });

  it("asks Go nothing without a lease, and TypeScript answers as if it had none", async () => {
    endsAtLook = 1;
    const { engine, asked, selection, decision } = await ask("rm -rf /");
    expect([asked, engine.backend, engine.promotion, decision.decision]).toEqual([0, "typescript", undefined, "deny"]);
    expect(selection).toMatchObject({ selected_backend: "typescript", fallback_used: true, fallback_code: "promotion_held" });
  });

  it("keeps back what Go judged when the hold came meanwhile", async () => {
    endsAtLook = 2;
    const { engine, asked, selection } = await ask("cat README.md");
    expect(asked).toBe(1);
    expect(engine).toMatchObject({ backend: "typescript", promotion: { answered: "fell_back" } });
    expect(selection).toMatchObject({ selected_backend: "typescript", fallback_code: "promotion_held" });
  });

  it.each(["worker_crashed", "deadline_exceeded", "garbage", "wrong_id", "circuit_open"] as const)(
    "gives TypeScript's answer where Go's is `%s`, and holds nothing",
    async (code) => {
      const { engine, decision, selection } = await ask("rm -rf /", { ok: false, code, message: "no" });
      expect(decision.decision).toBe("deny");
      expect(engine).toMatchObject({ backend: "typescript", promotion: { answered: "fell_back" } });
      expect(selection).toMatchObject({ fallback_code: code, parity_match: null });
      expect(held).toEqual([]);
    },
  );

  it.each<[string, string, Bend, boolean]>([
    ["a lying allow of what deletes everything", "rm -rf /", allows, true],
    ["a lying allow without effects", "rm -rf /", (one) => ({ ...allows(one), effects: [], rulings: [] }), true],
    ["a lying allow of harmless reads", "rm -rf /", (one) => ({ ...allows(one), effects: [readOf("/x")] }), true],
    ["other words of the same verdict", "touch x", (one) => ({ ...one, reason: "because" }), false],
    ["another policy", "cat README.md", (one) => ({ ...one, policy: { ...(one.policy as JsonObject), version: "0" } }), false],
  ])("holds at once for %s, and TypeScript answers", async (_, target, bend, isUnsafe) => {
    const { decision, own, engine, selection } = await ask(target, bend);
    expect(decision).toMatchObject({ decision: own.decision, change: own.change, reason: own.reason });
    expect(engine).toMatchObject({ backend: "typescript", promotion: { answered: "fell_back" } });
    expect(selection).toMatchObject({ fallback_code: "disagreement", parity_match: false, unsafe: isUnsafe });
    expect(held).toEqual([`${decision.decision_id} ${isUnsafe}`]);
  });

  it.each<[string, Bend]>([
    ["a verdict that is none", (one) => ({ ...one, verdict: "maybe" })],
    ["a key more", (one) => ({ ...one, trust: "me" })],
    ["a key less", ({ reason: _, ...one }) => one],
    ["effects that are none", (one) => ({ ...one, effects: "none" })],
    ["a ruling of another form", (one) => ({ ...one, rulings: [{}] })],
  ])("takes %s for garbage", async (_, bend) => {
    const { selection, engine } = await ask("cat README.md", bend);
    expect(selection).toMatchObject({ fallback_code: "garbage" });
    expect(engine.backend).toBe("typescript");
    expect(held).toEqual([]);
  });

  const LINES: readonly [string, Verdict][] = [
    ["cat README.md", "allow"],
    ["cat .env", "deny"],
    ["npm publish", "require_approval"],
    ["rm -rf /", "deny"],
  ];
  it.each(LINES.flatMap(([line, own]) => VERDICTS.map((said) => [line, own, said] as const)))(
    "lets nothing milder than TypeScript's leave for `%s` (%s), where Go says %s",
    async (line, own, said) => {
      const { decision, engine, own: judged } = await ask(line, (one) => ({ ...one, verdict: said }));
      expect(judged.decision).toBe(own);
      expect(decision.decision).toBe(said === "deny" ? "deny" : own);
      expect(isStricter(own, decision.decision as Verdict)).toBe(false);
      expect(engine.promotion?.answered).toBe(said === "deny" ? "alone" : said === own ? "confirmed" : "fell_back");
      expect(held.length, "each lie that TypeScript sees holds").toBe(said === "deny" || said === own ? 0 : 1);
    },
  );

  it("looks again at a sample of what left alone, and finds a stop that was none", async () => {
    samples = true;
    const told = await ask("rm -rf /");
    await settled();
    expect(again).toMatchObject([
      { selection: { parity_match: true, fallback_code: null }, decision: { decision_id: told.decision.decision_id } },
    ]);
    const stopped = await ask("cat README.md", (one) => ({ ...one, verdict: "deny" }));
    await settled();
    expect(stopped.decision.decision, "a denial leaves alone, and is Go's").toBe("deny");
    expect(again[1]).toMatchObject({ selection: { parity_match: false, fallback_code: "disagreement", unsafe: false }, verdict: "allow" });
    expect(held).toEqual([`${stopped.decision.decision_id} false`]);
  });
});

function allows(judgement: JsonObject): JsonObject {
  return { ...judgement, verdict: "allow" };
}

function readOf(target: string): JsonObject {
  return { kind: "read", target, extent: "exact", place: "here", span: { start: 0, end: 1 }, via: [] };
}

function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}
