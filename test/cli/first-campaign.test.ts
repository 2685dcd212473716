// Before Go is compared by a policy that is new, a short campaign has: the authority runs it, readiness and go-pilot-evaluate do, and a hook never.
// Proves spec/backend.md section 11 with the real second engine, and with one that judges otherwise.

import { chmodSync, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { bash, fire, installed, journal, permission } from "../hook/host.js";
import { cavra, cavraJson, program, type Scratch, scratch, write } from "./program.js";

const runtime = () => join(dirname(program()), "bin/cavra-runtime");
const kept = (place: Scratch) => join(place.state, "parity");
const names = (place: Scratch) => (existsSync(kept(place)) ? readdirSync(kept(place)) : []);
const only = (place: Scratch) => join(kept(place), names(place)[0] ?? "");
const readKept = (place: Scratch) => JSON.parse(readFileSync(only(place), "utf8"));
const shadowed = (place: Scratch) =>
  readdirSync(join(place.state, "shadow"))
    .filter((name) => name.endsWith(".jsonl"))
    .flatMap((name) =>
      readFileSync(join(place.state, "shadow", name), "utf8")
        .trimEnd()
        .split("\n"),
    )
    .map((line) => JSON.parse(line).code);

/** The real engine behind one that takes `allow` for `deny` in what it says, under a digest of its own. */
function lenient(place: Scratch): string {
  const path = write(
    join(place.root, "lenient.mjs"),
    `#!${process.execPath}
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
const real = spawn(${JSON.stringify(runtime())}, process.argv.slice(2), { stdio: ["inherit", "pipe", "inherit"] });
const build = "sha256:" + createHash("sha256").update(readFileSync(process.argv[1])).digest("hex");
createInterface({ input: real.stdout }).on("line", (line) => {
  const said = line.startsWith('{"build"') || line.includes('"kind":"hello"') ? JSON.stringify({ ...JSON.parse(line), build }) : line;
  console.log(said.replaceAll('\\\\"verdict\\\\":\\\\"deny\\\\"', '\\\\"verdict\\\\":\\\\"allow\\\\"'));
});
`,
  );
  chmodSync(path, 0o755);
  return path;
}

const ask = (place: Scratch, path: string) =>
  cavraJson(place, [
    "runtime",
    "go-pilot-evaluate",
    "execute_command",
    "ls",
    "--mode",
    "enforce",
    "--runtime-path",
    path,
    "--deadline-ms",
    "30000",
  ]);

describe("the first campaign of a policy", { timeout: 600_000 }, () => {
  it("is run before Go is asked on purpose, kept for its owner, and not run again", async ({ skip }) => {
    if (!existsSync(runtime())) skip("there is no Go on this machine, so no worker was built");
    const place = scratch();
    expect((await ask(place, runtime())).value).toMatchObject({ selected_backend: "go", parity_match: true });
    expect(readKept(place)).toMatchObject({ schema_version: "cavra.first-campaign.v1", cases: 2_048, mismatch: null, registry_digest: "" });
    expect([names(place).length, statSync(only(place)).mode & 0o777, statSync(kept(place)).mode & 0o777]).toEqual([1, 0o600, 0o700]);
    const { at } = readKept(place);
    expect((await ask(place, runtime())).value.selected_backend).toBe("go");
    expect(readKept(place).at).toBe(at);
  });

  it("that finds a mismatch keeps Go from being asked, and readiness says so", async ({ skip }) => {
    if (!existsSync(runtime())) skip("there is no Go on this machine, so no worker was built");
    const place = scratch();
    const path = lenient(place);
    // Two processes that begin on a busy machine may greet too late: that is no campaign, and said by another code.
    let found = (await ask(place, path)).value;
    for (let more = 20; more > 0 && found.fallback_code === "protocol_mismatch"; more--) found = (await ask(place, path)).value;
    expect(found).toMatchObject({
      selected_backend: "typescript",
      fallback_code: "campaign_mismatch",
      parity_match: null,
      go_decision: null,
    });
    expect(readKept(place).mismatch).toMatchObject({ unsafe: true, at: expect.stringContaining("/verdict") });
    expect(shadowed(place).filter((code) => code !== "protocol_mismatch")).toEqual(["campaign_mismatch"]);
    const ready = await cavraJson(place, ["runtime", "go-pilot-readiness", "--mode", "shadow", "--runtime-path", path]);
    const failed = ready.value.checks.find((check: { status: string }) => check.status === "fail");
    // One of the ten probes may say it first.
    expect([ready.status, ready.value.status]).toEqual([5, "needs_attention"]);
    expect(["disagreement", "campaign_mismatch", "protocol_mismatch"]).toContain(failed.code);
    const first = () => cavraJson(place, ["runtime", "go-parity", "first", "--runtime-path", path]);
    let again = await first();
    for (let more = 20; more > 0 && again.value.error?.code === "protocol_mismatch"; more--) again = await first();
    expect(again.status).toBe(4);
  });

  it("is run by the authority while hooks are answered, each on record once", async ({ skip }) => {
    if (!existsSync(runtime())) skip("there is no Go on this machine, so no worker was built");
    const place = scratch();
    const env = { CAVRA_GO_BACKEND_MODE: "enforce", CAVRA_GO_RUNTIME_PATH: runtime(), CAVRA_GO_BACKEND_DEADLINE_MS: "30000" };
    const command = await installed(place);
    await cavra(place, ["up"], { env });
    const says = async () => (await cavraJson(place, ["status"])).value.authority.says;
    const compared = async (count: number) => {
      while (names(place).length < count) await new Promise((wake) => setTimeout(wake, 100));
    };
    let fired = 0;
    // On a slow machine a hook may give up waiting and decide by itself: fired until the authority has had one more.
    const denied = async () => {
      const { calls } = await says();
      do {
        fired++;
        expect(permission(await fire(place, command, bash(place, "cat .env")))).toBe("deny");
      } while ((await says()).calls === calls);
    };
    await compared(1);
    await denied();
    // Another policy: its campaign is not there when the first call comes, and the answer is there all the same.
    write(join(place.repository, ".cavra/policy.yaml"), POLICY);
    await denied();
    await compared(2);
    await denied();
    const { fallbacks, unheard } = await says();
    await cavra(place, ["down"]);
    expect([shadowed(place)[0], shadowed(place).length, names(place).length]).toEqual(["campaign_missing", fallbacks.campaign_missing, 2]);
    expect(await journal(place)).toEqual({ records: fired + unheard, holds: true });
  });

  it("is never run by a hook", async () => {
    const place = scratch();
    const command = await installed(place);
    const env = { ...place.env, CAVRA_GO_BACKEND_MODE: "enforce", CAVRA_GO_RUNTIME_PATH: runtime() };
    expect(permission(await fire({ ...place, env }, command, bash(place, "cat .env")))).toBe("deny");
    expect(names(place)).toEqual([]);
  });
});

const POLICY = `schema_version: cavra.policy.v1
id: own
version: 1.0.0
rules:
  - { id: own.db, match: { effect: write, path: "db/**" }, verdict: deny, severity: low, reason: not here }
`;
