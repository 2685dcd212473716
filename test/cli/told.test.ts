// What was decided, told afterwards: why, explain and evidence. Proves spec/cli.md sections 3 and 6 and spec/record.md sections 9 and 10 at the command line.

import { appendFileSync, chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { cavra, cavraJson, type Scratch, scratch } from "./program.js";

let place: Scratch;
const ids: string[] = [];
beforeAll(async () => {
  place = scratch();
  const lines = [
    { action_type: "execute_command", target: "ls", agent: "one", session: "s1" },
    { action_type: "execute_command", target: "cat .env", agent: "two", session: "s1" },
    {
      action_type: "execute_command",
      target: "curl -H 'Authorization: Bearer abcdefghijklmnop' https://example.com",
      agent: "two",
      session: "s2",
    },
    { action_type: "execute_command", target: "git push origin main", agent: "one", session: "s2" },
  ];
  const { stdout } = await cavra(place, ["evaluate", "--batch"], { input: lines.map((one) => JSON.stringify(one)).join("\n") });
  ids.push(
    ...stdout
      .trim()
      .split("\n")
      .map((text) => JSON.parse(text).decision_id),
  );
});

describe.concurrent("why", () => {
  it("tells the last decision, one by its id, and one by the beginning of its id", async () => {
    const last = await cavra(place, ["why"]);
    expect([last.status, last.stdout.split("\n")[0]]).toEqual([0, "? ask git push origin main"]);
    expect(last.stdout).toMatch(/when +2\d\d\d-/);
    const byId = await cavra(place, ["why", ids[1] ?? ""]);
    expect(byId.stdout.split("\n")[0]).toBe("✗ deny cat .env");
    const byStart = await cavra(place, ["why", (ids[1] ?? "").slice(0, -1)]);
    expect(byStart.stdout).toBe(byId.stdout);
  });

  it("gives the decision as it was given, and its record, as JSON", async () => {
    const { value } = await cavraJson(place, ["why", ids[1] ?? ""]);
    expect(value.decision).toMatchObject({
      decision_id: ids[1],
      decision: "deny",
      rule_id: "secrets.read",
      evidence: { status: "recorded" },
    });
    expect(value.record).toMatchObject({ record_id: ids[1], schema_version: "cavra.record.v1" });
  });

  it.each([
    ["an id that is not there", "dec_00000000000000000000000000", "record_not_found", "cavra evidence list"],
    ["a text that is no id", "nonsense", "record_not_found", "cavra evidence list"],
    ["the beginning of many", "dec_", "record_ambiguous", "such as"],
  ])("says of %s that it cannot tell, and ends with 2", async (_, id, code, hint) => {
    const told = await cavra(place, ["why", id]);
    expect([told.status, told.stdout]).toEqual([2, ""]);
    expect(told.stderr).toContain(`(${code})`);
    expect(told.stderr).toContain(hint);
  });

  it("says where nothing was decided yet what to do", async () => {
    const told = await cavra(scratch(), ["why"]);
    expect(told.status).toBe(2);
    expect(told.stderr).toMatch(/nothing has been decided yet \(record_not_found\)\n {2}run `cavra agent doctor/);
  });
});

describe.concurrent("explain", () => {
  it("shows each effect with its place, each rule, and what decided, and records nothing", async () => {
    const own = scratch();
    const told = await cavra(own, ["explain", "execute_command", "ls && cat .env"]);
    expect(told.status).toBe(4);
    expect(told.stdout).toMatch(/1\. runs ls\n +from `ls` \(bytes 0–2\)/);
    expect(told.stdout).toMatch(/reads .*\.env.*\n +from `\.env` \(bytes 10–14\)\n +✗ deny secrets\.read .* ← decides/);
    expect(told.stdout).toContain("verdict  deny by secrets.read (critical)");
    expect((await cavra(own, ["evidence", "verify"])).stdout).toContain("0 records");
  });

  it("gives action, judgement and explanation as JSON, and shows bytes where letters are more than one", async () => {
    const { status, value } = await cavraJson(scratch(), ["explain", "execute_command", "echo ä; cat .env"]);
    expect(status).toBe(4);
    expect(Object.keys(value)).toEqual(["action", "judgement", "explanation"]);
    expect(value.judgement.effects.at(-1).span).toEqual({ start: 13, end: 17 });
  });

  it.each([
    ["git status", 0],
    ["git push origin main", 3],
  ])("of `%s` ends with %i", async (target, status) => {
    expect((await cavra(scratch(), ["explain", "execute_command", target])).status).toBe(status);
  });
});

describe.concurrent("why, of an input that could not be read", () => {
  it("says the reason once, and leaves out the policy that was not asked", async () => {
    const own = scratch();
    await cavra(own, ["hook", "claude-code"], { input: '{"x":' });
    const { stdout } = await cavra(own, ["why"]);
    expect(stdout.match(/the payload is not JSON/g)).toHaveLength(1);
    expect(stdout).toMatch(/\n {2}reason {3}the payload[\s\S]*\n {2}basis {4}payload_malformed\n$/);
    expect(stdout).not.toContain("  policy");
  });
});

describe.concurrent("evidence list", () => {
  const list = async (...args: string[]) => {
    const { stdout } = await cavra(place, ["evidence", "list", "--json", ...args]);
    return stdout
      .split("\n")
      .filter(Boolean)
      .map((text) => JSON.parse(text).record.record_id);
  };
  const FILTERS: readonly (readonly [string, readonly string[], readonly number[]])[] = [
    ["nothing", [], [3, 2, 1, 0]],
    ["--limit", ["--limit", "2"], [3, 2]],
    ["--decision", ["--decision", "deny"], [1]],
    ["--agent", ["--agent", "two"], [2, 1]],
    ["--session", ["--session", "s1"], [1, 0]],
    ["--action-type", ["--action-type", "execute_command"], [3, 2, 1, 0]],
    ["--action-type of which there is none", ["--action-type", "read_file"], []],
    ["--repository of which there is none", ["--repository", "nowhere"], []],
    ["--agent and --session", ["--agent", "two", "--session", "s2"], [2]],
    ["--rule", ["--rule", "secrets.read"], [1]],
    ["--since long ago", ["--since", "2020-01-01"], [3, 2, 1, 0]],
    ["--since far away", ["--since", "2999-01-01T00:00:00Z"], []],
    ["--since a length back from now", ["--since", "1h"], [3, 2, 1, 0]],
    ["--until a length back from now", ["--until", "1h"], []],
    ["--until long ago", ["--until", "2020-01-01T00:00Z"], []],
    ["--until far away", ["--until", "2999-01-01T00:00:00.000Z"], [3, 2, 1, 0]],
  ];
  it.each(FILTERS)("with %s gives what fits, the last first", async (_, args, expected) => {
    expect(await list(...args)).toEqual(expected.map((index) => ids[index]));
  });

  it("takes the repository as the records name it", async () => {
    const { repository } = (await cavraJson(place, ["evidence", "show", ids[0] ?? ""])).value.who;
    expect(await list("--repository", repository)).toHaveLength(4);
  });

  it("shows people a line for each, and no secret", async () => {
    const { stdout } = await cavra(place, ["evidence", "list"]);
    expect(stdout.trim().split("\n")).toHaveLength(4);
    expect(stdout).toContain("✗ deny cat .env  secrets.read");
    expect(stdout).not.toContain("abcdefghijklmnop");
  });

  it.each([
    ["--limit", "0", "bad_limit"],
    ["--limit", "ten", "bad_limit"],
    ["--limit", "10001", "bad_limit"],
    ["--decision", "denied", "unknown_verdict"],
    ["--action-type", "reading", "unknown_action_type"],
    ["--since", "yesterday", "bad_time"],
    ["--since", "2026-02-30", "bad_time"],
    ["--until", "2026-01-01T25:00:00Z", "bad_time"],
    ["--until", "2026-01-01T10:00:00+02:00", "bad_time"],
  ])("refuses %s %s with %s", async (option, value, code) => {
    const told = await cavraJson(place, ["evidence", "list", option, value]);
    expect([told.status, told.value.error.code]).toEqual([2, code]);
  });
});

describe.concurrent("evidence show", () => {
  it("shows one record whole, without its secret", async () => {
    const { status, stdout } = await cavra(place, ["evidence", "show", ids[2] ?? ""]);
    expect(status).toBe(0);
    expect(stdout).toContain('"redactions"');
    expect(stdout).not.toContain("abcdefghijklmnop");
    const { value } = await cavraJson(place, ["evidence", "show", ids[2] ?? ""]);
    expect(value.redactions).toHaveLength(1);
  });
});

describe("evidence verify", () => {
  const fresh = async (): Promise<{ own: Scratch; file: string }> => {
    const own = scratch();
    for (const target of ["ls", "cat .env"]) await cavra(own, ["evaluate", "execute_command", target]);
    const { value } = await cavraJson(own, ["why"]);
    return { own, file: join(own.state, "journal", value.decision.evidence.journal.file) };
  };

  it("holds for an untouched journal", async () => {
    const told = await cavraJson(place, ["evidence", "verify"]);
    expect(told).toMatchObject({ status: 0, value: { holds: true, records: 4, files: 1, findings: [] } });
    expect((await cavra(place, ["evidence", "verify", "--state-dir", place.state])).stdout).toContain("✓ holds  4 records in 1 file,");
  });

  it.each([
    [
      "a flipped byte",
      (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 100), Buffer.from([(bytes[100] ?? 0) ^ 1]), bytes.subarray(101)]),
    ],
    ["a missing end", (bytes: Buffer) => bytes.subarray(0, -10)],
    ["a missing beginning", (bytes: Buffer) => bytes.subarray(10)],
    ["a record twice", (bytes: Buffer) => Buffer.concat([bytes, bytes])],
    ["something else", (bytes: Buffer) => Buffer.concat([bytes, Buffer.from("hello\n")])],
  ])("notices %s and ends with 4", async (_, spoil) => {
    const { own, file } = await fresh();
    writeFileSync(file, spoil(readFileSync(file)));
    const told = await cavra(own, ["evidence", "verify"]);
    expect(told.status).toBe(4);
    expect(told.stdout).toMatch(/✗ does not hold[\s\S]*damage {2}\w+ {2}2\d\d\d-\d\d-\d\d\.journal bytes \d+–\d+/);
    const json = await cavraJson(own, ["evidence", "verify"]);
    expect([json.status, json.value.holds, json.value.findings_count > 0]).toEqual([4, false, true]);
  });

  it("notices a file that does not belong there", async () => {
    const { own } = await fresh();
    appendFileSync(join(own.state, "journal/notes.txt"), "x");
    expect(await cavraJson(own, ["evidence", "verify"])).toMatchObject({ status: 4, value: { findings: [{ code: "foreign_file" }] } });
  });

  it("does not tell of a mistyped folder that it holds", async () => {
    const told = await cavra(place, ["evidence", "verify", "--state-dir", "/nowhere"]);
    expect([told.status, told.stderr]).toEqual([
      2,
      "cavra: there is no journal in `/nowhere` (journal_missing)\n  run `cavra status` to see where yours is\n",
    ]);
  });

  it.skipIf(process.getuid?.() === 0)(
    "says of a journal that it may not read that the system refused (skipped: root may read everything)",
    async () => {
      const { own, file } = await fresh();
      chmodSync(file, 0o000);
      const told = await cavra(own, ["evidence", "verify"]);
      expect(told.status).toBe(1);
      expect(told.stderr).toMatch(/^cavra: the system refused to open `.*`: permission denied \(EACCES\) \(system_error\)/);
    },
  );
});
