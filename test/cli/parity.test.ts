// `cavra runtime go-parity` on the built program with the real second engine: a campaign that was stopped and killed ends as one that was not, and its report verifies.
// Proves spec/parity.md sections 5, 7 and 8 end to end.

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { foundTrust, keysFolder, newId, newKey, SYSTEM_CLOCK, writePin } from "../../src/store/index.js";
import { configFolder, makeKeys } from "./ledger-keys.js";
import { cavra, cavraJson, ended, program, type Scratch, scratch, write } from "./program.js";

const runtime = () => join(dirname(program()), "bin/cavra-runtime");
/** Five chunks: enough to be stopped between them. */
const CASES = 5_000;
const campaign = (cases: number, ...more: readonly string[]) => [
  ...["runtime", "go-parity", "run", "--policy-pack", "cavra-strict", "--cases", String(cases), "--lanes", "1", ...more],
];

/** A state folder whose trust document names a builder. */
function withBuilder(place: Scratch): Scratch {
  const [root, builder] = [newKey("root"), newKey("builder")];
  for (const key of [root, builder]) key.keep(keysFolder(place.state), "", SYSTEM_CLOCK);
  const origin = `cavra.ledger/${newId("ldg", SYSTEM_CLOCK).id}`;
  const founded = foundTrust(place.state, origin, root, [{ role: "builder", key: builder, name: "builder" }], SYSTEM_CLOCK);
  if (!founded.ok) throw new Error(founded.problem.message);
  writePin(configFolder(place), root.keyId, SYSTEM_CLOCK);
  return place;
}

/** What a report says, without what two campaigns cannot have in common: when, and how long. */
function saidBy(path: string): object {
  const last = readFileSync(path, "utf8").trimEnd().split("\n").at(-1) ?? "";
  const { predicate } = JSON.parse(Buffer.from(JSON.parse(last).payload, "base64").toString("utf8"));
  const { issued_at, expires_at, seconds, ...rest } = predicate;
  expect([issued_at, expires_at, seconds].map((one) => typeof one)).toEqual(["string", "string", "number"]);
  return rest;
}

function positionIn(state: string): number {
  return existsSync(state) ? JSON.parse(readFileSync(state, "utf8")).position : 0;
}

/** Starts the campaign and sends it the signal as soon as its state says that it has come further. */
async function brokenOff(place: Scratch, args: readonly string[], state: string, signal: NodeJS.Signals): Promise<ChildProcess> {
  const [before, child] = [positionIn(state), spawn(process.execPath, [program(), ...args], { cwd: place.repository, env: place.env })];
  const over = ended(child);
  while (positionIn(state) <= before && child.exitCode === null) await new Promise((wake) => setTimeout(wake, 2));
  child.kill(signal);
  await over;
  return child;
}

describe("a campaign", { timeout: 900_000 }, () => {
  let place: Scratch;
  let [whole, resumed] = ["", ""];
  beforeAll(() => {
    place = withBuilder(scratch());
    [whole, resumed] = [join(place.root, "whole.report"), join(place.root, "resumed.report")];
  });

  it("that is stopped, killed and gone on with reports what one in a single run reports", async ({ skip }) => {
    if (!existsSync(runtime())) skip("there is no Go on this machine, so no second engine was built");
    const sealed = ["--sealed", "--self-cases", "100"];
    const at_once = await cavraJson(place, campaign(CASES, ...sealed, "--report", whole));
    expect([at_once.status, at_once.value.position, at_once.value.tally.all]).toEqual([0, CASES, [CASES, 0, 0]]);

    const state = join(place.root, "state.json");
    const args = campaign(CASES, ...sealed, "--state", state, "--report", resumed);
    const stopped = await brokenOff(place, args, state, "SIGTERM");
    const first = positionIn(state);
    const killed = await brokenOff(place, args, state, "SIGKILL");
    const second = positionIn(state);
    expect([stopped.signalCode, killed.signalCode]).toEqual(["SIGTERM", "SIGKILL"]);
    expect([first > 0, second > first, CASES > second, existsSync(resumed)]).toEqual([true, true, true, false]);

    const at_last = await cavraJson(place, args);
    expect([at_last.status, at_last.value]).toEqual([0, at_once.value]);
    expect(saidBy(resumed)).toEqual(saidBy(whole));
  });

  it("leaves a report that verifies, and none that was changed or is about something else", async ({ skip }) => {
    if (!existsSync(whole)) skip("there is no report");
    const text = readFileSync(whole, "utf8");
    const last = text.trimEnd().split("\n").at(-1) ?? "";
    const altered = JSON.parse(last);
    altered.payload = Buffer.from(
      Buffer.from(altered.payload, "base64").toString("utf8").replace(`"cases":${CASES}`, `"cases":9${CASES}`),
    ).toString("base64");
    const changed = write(join(place.root, "changed.report"), text.replace(last, JSON.stringify(altered)));
    const cut = write(join(place.root, "cut.report"), text.slice(0, -40));
    const verify = async (file: string, ...more: readonly string[]) => {
      const { status, value } = await cavraJson(place, ["runtime", "go-parity", "verify", file, ...more]);
      return [status, value.verified === true ? "verified" : value.error.code];
    };
    const pin = makeKeys(scratch()).root;
    expect(
      await Promise.all([
        verify(whole, "--runtime-path", runtime()),
        verify(changed),
        verify(cut),
        verify(whole, "--runtime-path", program()),
        verify(whole, "--policy-digest", `sha256:${"0".repeat(64)}`),
        verify(whole, "--pin", pin),
      ]),
    ).toEqual([
      [0, "verified"],
      [4, "signature_invalid"],
      [4, "report_malformed"],
      [4, "report_other_runtime"],
      [4, "report_other_policy"],
      [4, "unknown_signer"],
    ]);
  });

  it("that explores is signed too, and is no sealed one", async ({ skip }) => {
    if (!existsSync(runtime())) skip("there is no Go on this machine, so no second engine was built");
    const report = join(place.root, "exploring.report");
    expect((await cavra(place, campaign(100, "--self-cases", "10", "--report", report))).status).toBe(0);
    const { status, value } = await cavraJson(place, ["runtime", "go-parity", "verify", report]);
    expect([status, value.error.code]).toEqual([4, "report_not_sealed"]);
  });

  it("is not begun for a report that nobody here may sign: that takes a builder's key", async ({ skip }) => {
    if (!existsSync(runtime())) skip("there is no Go on this machine, so no second engine was built");
    const other = scratch();
    makeKeys(other);
    const [report, state] = [join(other.root, "report"), join(other.root, "state.json")];
    const { status, value } = await cavraJson(other, campaign(CASES, "--state", state, "--report", report));
    expect([status, value.error.code, existsSync(report), existsSync(state)]).toEqual([2, "key_missing", false, false]);
  });

  it("goes on in no other campaign's state", async ({ skip }) => {
    if (!existsSync(runtime())) skip("there is no Go on this machine, so no second engine was built");
    const state = join(place.root, "other.json");
    const run = (seed: string) => cavraJson(place, campaign(100, "--state", state, "--seed", seed));
    expect((await run("00112233aabbccdd")).status).toBe(0);
    expect((await run("00112233aabbccde")).value.error.code).toBe("other_campaign");
  });

  it("asks what is on record here, as a stratum of its own", async ({ skip }) => {
    if (!existsSync(runtime())) skip("there is no Go on this machine, so no second engine was built");
    const other = scratch();
    for (const [type, target] of [
      ["execute_command", "cat .env | head"],
      ["read_file", "README.md"],
      ["read_file", "README.md"],
    ] as const)
      await cavra(other, ["evaluate", type, target]);
    const asked = { action_type: "write_file", target: "a", operation: "write", arguments: "", cwd: "/w", workspace_root: "/w" };
    write(
      join(other.state, "shadow/2026-01-01.jsonl"),
      `${JSON.stringify({ code: "disagreement", request: { action: asked } })}\n{"code":"refused"}\n`,
    );
    const { status, value } = await cavraJson(other, campaign(100, "--traffic"));
    expect([status, value.given, value.position]).toEqual([0, 3, 103]);
    expect(value.tally.strata.family.given_traffic).toEqual([3, 0, 0]);
    expect((await cavraJson(other, campaign(100))).value.given).toBe(0);
  });
});
