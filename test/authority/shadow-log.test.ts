// What became of asking the second engine, in counters and lines. Proves spec/backend.md section 7.

import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addCounts, type Compared, DAY_BYTES, MOST_ENGINES, NO_COUNTS, openShadowLog } from "../../src/authority/index.js";

const CLOCK = { nowMs: () => Date.UTC(2026, 10, 23), randomBytes: (count: number) => new Uint8Array(count).fill(7) };
const ENGINES = { build: "b", catalogue_digest: "c", policy_digest: "p" };
const SECRET = "ghp_16C7e42F292c6912E7710c838347Ae178B4a";

function compared(code: string | null, more: { readonly mode?: string; readonly target?: string } = {}): Compared {
  const { mode = "shadow", target = "ls" } = more;
  // Only what the log looks at.
  return {
    decision: { decision_id: "dec_01m849fkdnefrrvzx87v82p28w", change: { effects: [{ kind: "exec" }] } },
    selection: {
      backend_mode: mode,
      fallback_used: code !== null,
      fallback_code: code,
      unsafe: code === "disagreement",
      go: '{"verdict":"allow"}',
    },
    evaluation: { action: { action_type: "execute_command", target }, facts: {}, subject: {} },
    judgement: '{"verdict":"deny"}',
    verdict: "deny",
  } as unknown as Compared;
}

describe("the shadow log", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "cavra-shadow-"));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));
  const lines = () =>
    readFileSync(join(root, "shadow/2026-11-23.jsonl"), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
  const counters = () => JSON.parse(readFileSync(join(root, "shadow/counters.json"), "utf8"));

  it("counts by stratum and adds to what others counted", () => {
    for (const code of [null, "deadline_exceeded"]) {
      const log = openShadowLog(root, CLOCK);
      log.note(compared(null), ENGINES);
      log.note(compared(code), ENGINES);
      log.flush();
      log.flush();
    }
    const outcomes = { agreed: 3, deadline_exceeded: 1 };
    const strata = [{ action_type: "execute_command", verdict: "deny", effect: "exec", outcomes }];
    expect(counters()).toEqual({ schema_version: "cavra.shadow-counters.v1", truncated: "", engines: [{ ...ENGINES, strata }] });
    expect(lines().map(({ code }) => code)).toEqual(["deadline_exceeded"]);
    const modes = ["shadow", "shadow/counters.json", "shadow/2026-11-23.jsonl"].map((name) => statSync(join(root, name)).mode & 0o777);
    expect(modes).toEqual([0o700, 0o600, 0o600]);
  });

  it("keeps a disagreement whole, without its secrets", () => {
    const log = openShadowLog(root, CLOCK);
    log.note(compared("disagreement", { target: `git clone https://x:${SECRET}@github.com/a/b` }), ENGINES);
    const [line] = lines();
    expect(line).toMatchObject({ code: "disagreement", unsafe: true, typescript: { verdict: "deny" }, go: { verdict: "allow" } });
    expect(JSON.stringify(line)).not.toContain(SECRET);
    expect(line.request.action.target).toContain("[redacted:");
  });

  it("leaves out what makes a line too long", () => {
    const log = openShadowLog(root, CLOCK);
    log.note(compared("disagreement", { target: "a ".repeat(30_000) }), ENGINES);
    log.note({ ...compared("disagreement"), judgement: JSON.stringify(Array(20).fill("b ".repeat(30_000))) }, ENGINES);
    expect(lines().map((line) => "request" in line)).toEqual([true, false]);
  });

  it("is silent where nothing was asked, and not where a mode has no name", () => {
    const log = openShadowLog(root, CLOCK);
    log.note(compared(null, { mode: "disabled" }), ENGINES);
    log.flush();
    expect(readdirSync(root)).toEqual([]);
    log.note(compared("unknown_mode", { mode: "fast" }), ENGINES);
    expect(lines()).toMatchObject([{ mode: "fast", code: "unknown_mode", record_id: "dec_01m849fkdnefrrvzx87v82p28w" }]);
  });

  it("writes no more lines than a day may have, and says so once", () => {
    const log = openShadowLog(root, CLOCK);
    log.note(compared("garbage"), ENGINES);
    const path = join(root, "shadow/2026-11-23.jsonl");
    const size = statSync(path).size;
    truncateSync(path, DAY_BYTES - size);
    log.note(compared("garbage"), ENGINES);
    expect(statSync(path).size).toBe(DAY_BYTES);
    log.flush();
    expect(counters().truncated).toBe("");
    log.note(compared("garbage"), ENGINES);
    log.flush();
    expect(statSync(path).size).toBe(DAY_BYTES);
    expect([counters().truncated, counters().engines[0].strata[0].outcomes.garbage]).toEqual(["2026-11-23", 3]);
  });

  it("tells what keeps it from being written, and throws nothing", () => {
    writeFileSync(join(root, "shadow"), "");
    const log = openShadowLog(root, CLOCK);
    log.note(compared("garbage"), ENGINES);
    log.flush();
    expect(log.problem()).toContain("not a folder");
    rmSync(join(root, "shadow"));
    log.flush();
    expect([log.problem(), counters().engines[0].strata[0].outcomes]).toEqual(["", { garbage: 1 }]);
  });

  it("begins again where the counters are no counters", () => {
    const log = openShadowLog(root, CLOCK);
    log.note(compared("garbage"), ENGINES);
    appendFileSync(join(root, "shadow/counters.json"), '{"schema_version":"cavra.shadow-counters.v1","engines":[{}]}');
    log.flush();
    expect(counters().engines).toHaveLength(1);
  });
});

describe("counters", () => {
  it("are kept of so many pairs of engines and policy, the last counted", () => {
    const one = (policy: number) => ({
      ...ENGINES,
      policy_digest: String(policy),
      action_type: "a",
      verdict: "deny",
      effect: "none",
      outcome: "agreed",
    });
    const many = Array.from({ length: MOST_ENGINES + 1 }, (_, index) => one(index));
    const all = addCounts(NO_COUNTS, [...many.slice(0, MOST_ENGINES), one(0)]);
    expect([all.engines.length, all.engines.at(-1)?.policy_digest]).toEqual([MOST_ENGINES, "0"]);
    const more = addCounts(all, many.slice(MOST_ENGINES));
    expect(more.engines.map(({ policy_digest }) => policy_digest)).toEqual([
      ...many.slice(2, MOST_ENGINES).map(({ policy_digest }) => policy_digest),
      "0",
      String(MOST_ENGINES),
    ]);
  });
});
