// The auditor's kit on the built program: made from a ledger that a real authority wrote while it rehearsed, judged by cavra and by the shell script.
// Proves spec/promotion.md section 10 and spec/cli.md section 20.

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formatTime, parseTime, sha256 } from "../../src/base/index.js";
import { AUDIT_SCRIPT, verifyWithShell } from "../interop/shell.js";
import { configFolder, type MadeKeys, makeKeys } from "./ledger-keys.js";
import { cavra, cavraJson, program, run, type Scratch, scratch, write } from "./program.js";

const runtime = () => join(dirname(program()), "bin/cavra-runtime");
const NO_RUNTIME = process.platform === "linux" ? "" : "the second engine is built on Linux only here";

interface Event {
  readonly event: string;
  readonly recorded_at: string;
  readonly lease: {
    readonly lease_id: string;
    readonly issued_at: string;
    readonly expires_at: string;
    readonly registry_digest: string;
  } | null;
}

const REGISTRY = '{"schema_version":"cavra.mcp-registry.v1","servers":[]}';

describe.skipIf(NO_RUNTIME !== "")("a kit from a ledger that a real authority wrote", { timeout: 300_000 }, () => {
  let place: Scratch;
  let authority: ChildProcess | null = null;
  let keys: MadeKeys;
  let events: readonly Event[] = [];
  const file = (name: string) => join(place.root, name);

  beforeAll(async () => {
    place = scratch();
    if (!existsSync(runtime())) return;
    const env = {
      ...place.env,
      CAVRA_CONFIG_DIR: configFolder(place),
      CAVRA_GO_BACKEND_MODE: "promoted",
      CAVRA_GO_RUNTIME_PATH: runtime(),
      CAVRA_GO_LEASE_MS: "4000",
    };
    mkdirSync(place.state, { mode: 0o700 });
    write(join(configFolder(place), "mcp-registry.json"), REGISTRY);
    const scratchRun = { schema_version: "cavra.rehearsal-run.v1", run_id: "run_audited", evidence_expires_at: "2099-01-01T00:00:00.000Z" };
    write(join(place.state, "promotion/rehearsal.json"), `${JSON.stringify(scratchRun)}\n`);
    authority = spawn(process.execPath, [program(), "up", "--foreground", "--rehearsal"], { env, cwd: place.repository, stdio: "ignore" });
    // Two leases that are five seconds apart, and what comes after them.
    await until(() => {
      const leased = read().filter(({ event }) => event === "leased");
      return leased.length > 1 && msOf(leased.at(-1)?.recorded_at) - msOf(leased[0]?.recorded_at) > 5_100;
    });
    await cavra(place, ["runtime", "go-rollback", "--reason", "an auditor should see this"], { env });
    await until(() => read().some(({ event }) => event === "ended"));
    const ended = new Promise((done) => authority?.once("exit", done));
    authority.kill("SIGTERM");
    await ended;
    events = read();
    keys = makeKeys(place);
  });
  afterAll(() => void authority?.kill("SIGKILL"));

  function read(): readonly Event[] {
    const folder = join(place.state, "journal");
    if (!existsSync(folder)) return [];
    const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
    const lines = texts
      .join("")
      .split("\n")
      .filter((line) => line.includes('"schema_version":"cavra.promotion-event.v1"'));
    return lines.map((line) => JSON.parse(line.slice(line.indexOf("{"))));
  }

  const timeOf = (kind: string) => events.find(({ event }) => event === kind)?.recorded_at ?? "";
  const shifted = (time: string, ms: number) => formatTime(msOf(time) + ms);

  async function bothSay(name: string, at: string): Promise<{ readonly answer: ReturnType<typeof JSON.parse>; readonly script: string }> {
    const made = await cavraJson(place, ["runtime", "audit-kit", "--at", at, "--output", file(name)]);
    expect([made.status, made.value.error]).toEqual([0, undefined]);
    const verified = await cavraJson(place, ["runtime", "audit-kit", "verify", file(name)]);
    expect([verified.status, verified.value.answer]).toEqual([0, made.value.answer]);
    const { code, output } = await verifyWithShell({
      bundle: readFileSync(file(name)),
      pin: keys.root,
      now: formatTime(Date.now()),
      script: AUDIT_SCRIPT,
    });
    expect(code).toBe("");
    return { answer: made.value.answer, script: output.trimEnd().split("\n").at(-1) ?? "" };
  }

  it("says yes under a lease, held under a hold, and off before and after; and so does the script", async ({ skip }) => {
    if (!existsSync(runtime())) skip("there is no Go on this machine, so no worker was built");
    const rows: readonly (readonly [string, string, object])[] = [
      ["before", shifted(timeOf("started"), -1), { selected: false, state: "off", complete: true }],
      ["gate", shifted(timeOf("started"), 1), { selected: false, state: "waiting", complete: true }],
      [
        "leased",
        shifted(events.find(({ event }) => event === "leased")?.lease?.issued_at ?? "", 0),
        { selected: true, state: "leased", complete: true },
      ],
      ["held", shifted(timeOf("held"), 0), { selected: false, state: "held" }],
      ["off", shifted(timeOf("stopped"), 0), { selected: false, state: "off" }],
    ];
    for (const [name, at, expected] of rows) {
      const { answer, script } = await bothSay(name, at);
      expect(answer, name).toMatchObject(expected);
      expect(script, name).toBe(JSON.stringify(answer));
    }
    const [first] = events.filter(({ event }) => event === "leased");
    expect(first?.lease?.registry_digest).toBe(sha256(REGISTRY));
    const told = await cavra(place, ["runtime", "audit-kit", "verify", file("leased")]);
    expect(told.stdout).toContain(`Go was selected at ${first?.lease?.issued_at}`);
    expect(told.stdout).toContain(`the lease ${first?.lease?.lease_id} was given`);
    expect(told.stdout).toContain("(rehearsal)");
    expect(told.stdout).toMatch(/promotion_evidence +sha256:[0-9a-f]{64} {2}not found/);
  });

  it("is never written over, is not of a time to come, and needs time and file", async ({ skip }) => {
    if (!existsSync(runtime())) skip("there is no Go on this machine, so no worker was built");
    const code = async (...words: string[]) => (await cavraJson(place, ["runtime", "audit-kit", ...words])).value.error.code;
    expect(await code("--at", "1m", "--output", file("leased"))).toBe("already_there");
    expect(await code("--at", "2099-01-01", "--output", file("x"))).toBe("audit_time_future");
    expect(await code("--at", "soon", "--output", file("x"))).toBe("bad_time");
    expect(await code("--at", "1m")).toBe("output_missing");
    expect(await code("--output", file("x"))).toBe("time_missing");
    expect(existsSync(file("x"))).toBe(false);
    expect((await cavra(place, ["runtime", "audit-kit"])).stdout).toContain("verify");
  });

  it("is made and verified by the commands of docs/audit-kit.md", async ({ skip }) => {
    if (!existsSync(runtime())) skip("there is no Go on this machine, so no worker was built");
    const page = readFileSync(join(dirname(AUDIT_SCRIPT), "audit-kit.md"), "utf8");
    const lines = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, block = ""]) => block.trimEnd().split("\n"));
    // Those that take a document out are run where there are documents: by promotion-walk.test.ts.
    const here = lines.filter((line) => !line.startsWith("awk '$1"));
    expect([lines.length, here.length]).toEqual([9, 6]);
    for (const line of here) {
      const words = line.replace("KEY_ID", keys.root).replace("audit-without-cavra.sh", AUDIT_SCRIPT).split(" ");
      const { env } = place;
      const [command, ...args] = words;
      const byShell = command === "sh" ? args : ["-c", line];
      const done = command === "cavra" ? await cavra(place, args) : await run("/bin/sh", byShell, { cwd: place.repository, env });
      expect([line, done.status, done.stderr]).toEqual([line, 0, ""]);
    }
  });

  it("is refused where one byte is another, and by whoever pinned another key", async ({ skip }) => {
    if (!existsSync(runtime())) skip("there is no Go on this machine, so no worker was built");
    const bytes = readFileSync(file("leased"));
    writeFileSync(file("bent"), Buffer.from(bytes.map((byte, i) => (i === 700 ? byte ^ 1 : byte))));
    const bent = await cavraJson(place, ["runtime", "audit-kit", "verify", file("bent")]);
    expect([bent.status, bent.value.error.code]).toEqual([4, "audit_digest_mismatch"]);
    const other = ["runtime", "audit-kit", "verify", file("leased"), "--root-key", `key_${"0".repeat(32)}`];
    expect((await cavraJson(scratch(), other)).value.error.code).toBe("unknown_signer");
    const named = await cavraJson(scratch(), [...other.slice(0, -1), keys.root]);
    expect([named.status, named.value.holds]).toEqual([0, true]);
  });
});

function msOf(time = ""): number {
  const moment = parseTime(time);
  return moment.ok ? moment.value : 0;
}

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 2_000; tries++) {
    if (holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("it did not come about");
}
