// Decisions leave for other programs' files, each once, in the ledger's order, whatever was killed. Proves spec/operations.md section 5.

import { spawn } from "node:child_process";
import { appendFileSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { cavra, cavraJson, program, type Scratch, scratch } from "./program.js";

type Json = ReturnType<typeof JSON.parse>;

let place: Scratch;
beforeAll(async () => {
  place = scratch();
  for (const command of ["ls", "export TOKEN=ghp_0123456789abcdefghijABCDEFGHIJ012345 && ls"])
    await cavra(place, ["evaluate", "execute_command", command]);
});

const fileAt = (name: string) => join(place.root, name);
const linesOf = (name: string): readonly Json[] =>
  readFileSync(fileAt(name), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
const exported = (name: string, ...args: string[]) => cavraJson(place, ["ops", "export", fileAt(name), ...args]);

describe("`cavra ops export`", () => {
  it("appends what is new and nothing twice, redacted as it is on record", async () => {
    expect((await exported("a.jsonl")).value).toMatchObject({ lines: 2, last_index: 1 });
    expect((await exported("a.jsonl")).value).toMatchObject({ lines: 0, last_index: 1 });
    await cavra(place, ["evaluate", "execute_command", "pwd"]);
    expect((await exported("a.jsonl")).value).toMatchObject({ lines: 1, last_index: 2 });
    const lines = linesOf("a.jsonl");
    expect(lines.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(readFileSync(fileAt("a.jsonl"), "utf8")).not.toContain("ghp_0123456789");
    const { value } = await cavraJson(place, ["evidence", "show", lines[0].record.record_id]);
    expect(lines[0].record).toEqual(value);
    expect(statSync(fileAt("a.jsonl")).mode & 0o777).toBe(0o600);
  });

  it("writes CloudEvents 1.0", async () => {
    await exported("b.json", "--format", "cloudevents");
    for (const event of linesOf("b.json")) {
      expect([event.specversion, event.type, event.id, event.time]).toEqual([
        "1.0",
        "dev.cavra.decision.v1",
        event.data.record_id,
        event.data.recorded_at,
      ]);
      expect(event.source).toMatch(/^cavra[.]ledger\/ldg_/);
      // Names of attributes: lower-case letters and digits (CloudEvents 1.0.2, section 3.1).
      expect(Object.keys(event).filter((name) => !/^[a-z0-9]{1,20}$/.test(name))).toEqual([]);
    }
  });

  it("cuts off what a killed one wrote and did not get to tell", async () => {
    await exported("c.jsonl");
    const whole = readFileSync(fileAt("c.jsonl"), "utf8");
    appendFileSync(fileAt("c.jsonl"), '{"index":9,"dig');
    expect((await exported("c.jsonl")).value.lines).toBe(0);
    expect(readFileSync(fileAt("c.jsonl"), "utf8")).toBe(whole);
  });

  it("leaves files alone that are not its own", async () => {
    const code = async (name: string, ...args: string[]) => (await exported(name, ...args)).value.error.code;
    expect(await code("a.jsonl", "--format", "cloudevents")).toBe("export_foreign");
    expect(await code("x.jsonl", "--format", "xml")).toBe("bad_format");
    writeFileSync(fileAt("mine"), "mine\n");
    expect([await code("mine"), readFileSync(fileAt("mine"), "utf8")]).toEqual(["export_truncated", "mine\n"]);
    await exported("d.jsonl");
    truncateSync(fileAt("d.jsonl"), 10);
    expect([await code("d.jsonl"), statSync(fileAt("d.jsonl")).size]).toEqual(["export_truncated", 10]);
    writeFileSync(fileAt("a.jsonl.cursor"), "{}\n");
    expect(await code("a.jsonl")).toBe("cursor_damaged");
  });

  it("has each decision once, however often it was killed", async () => {
    const line = `${JSON.stringify({ action_type: "execute_command", target: "ls", cwd: place.repository })}\n`;
    await cavra(place, ["evaluate", "--batch"], { input: line.repeat(1_500) });
    await cavra(place, ["evidence", "list", "--limit", "1"]);
    for (const waitMs of [120, 180, 240]) {
      const child = spawn(process.execPath, [program(), "ops", "export", fileAt("e.jsonl")], { env: { ...place.env }, stdio: "ignore" });
      const timer = setTimeout(() => child.kill("SIGKILL"), waitMs);
      await new Promise((resolve) => child.once("close", resolve));
      clearTimeout(timer);
    }
    await exported("e.jsonl");
    const indices = linesOf("e.jsonl").map(({ index }) => index);
    expect(indices).toEqual(Array.from({ length: 1_503 }, (_, index) => index));
  });
});
