// Whatever a worker does, every question is answered once, in time, by a judgement or a code. Proves spec/backend.md sections 3, 5 and 6 with real processes.

import { chmodSync, copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { FAULTS, FIRST_OPEN_MS } from "../../src/backend/breaker.js";
import { type Evaluation, type FallbackCode, MOST_OUT, openKeeper, startWorker, type WorkerSource } from "../../src/backend/index.js";
import { lineCutter } from "../../src/backend/lines.js";
import { FACTS } from "../change/facts.js";
import { fakeWorkers } from "./fake-worker.js";

/** A program starts late on a machine on which many run; what is proved here is not how fast. */
const PATIENT_MS = 100_000;
const patientKeeper = (source: WorkerSource, clock: () => number = Date.now) => openKeeper(source, clock, PATIENT_MS);

const fakes = fakeWorkers();
afterAll(fakes.remove);

const EVALUATION: Evaluation = {
  action: { action_type: "execute_command", target: "ls", operation: "", arguments: "", cwd: "/srv", workspace_root: "/srv" },
  facts: FACTS,
  subject: { agent: "a", user: "u", now: "2026-11-23T00:00:00.000Z" },
};

describe.concurrent("a worker that does not start well", () => {
  it.each([
    ["ends_at_once", "worker_crashed"],
    ["refuses_its_policy", "policy_not_loaded"],
    ["refuses_its_registry", "registry_not_loaded"],
    ["says_nothing", "protocol_mismatch"],
    ["no_hello", "protocol_mismatch"],
    ["garbage_hello", "protocol_mismatch"],
    ["a_key_too_many", "protocol_mismatch"],
    ["other_protocol", "protocol_mismatch"],
    ["other_build", "runtime_wrong_digest"],
    ["other_catalogue", "catalogue_mismatch"],
    ["other_policy", "policy_mismatch"],
    ["other_registry", "registry_mismatch"],
  ])("%s: %s", async (way, code) => {
    const helloMs = way === "says_nothing" ? 100 : PATIENT_MS;
    const started = await startWorker(fakes.source(way), helloMs);
    expect(started).toMatchObject({ ok: false, fault: { code } });
    const keeper = openKeeper(fakes.source(way), Date.now, helloMs);
    expect(await keeper.ask(EVALUATION, PATIENT_MS)).toMatchObject({
      ok: false,
      code: code === "worker_crashed" ? "worker_unavailable" : code,
    });
    await keeper.stop();
  });

  it("has no file, is a folder, or may not be run", async () => {
    const source = fakes.source("good");
    const folder = join(source.policyPath, "..", "folder");
    mkdirSync(folder);
    const plain = join(folder, "plain");
    writeFileSync(plain, "x");
    chmodSync(plain, 0o600);
    for (const [runtimePath, code] of [
      ["", "runtime_missing"],
      [join(folder, "nothing"), "runtime_missing"],
      [folder, "runtime_missing"],
      [plain, "runtime_not_executable"],
    ] as const)
      expect(await startWorker({ ...source, runtimePath }), runtimePath).toMatchObject({ ok: false, fault: { code } });
    rmSync(folder, { recursive: true });
  });
});

describe.concurrent("a worker that answers", () => {
  it.each([
    ["good", null],
    ["a_byte_at_a_time", null],
    ["crashes", "worker_crashed"],
    ["hangs", "deadline_exceeded"],
    ["stops_itself", "deadline_exceeded"],
    ["answers_late", "deadline_exceeded"],
    ["garbage", "garbage"],
    ["half_a_line", "worker_crashed"],
    ["wrong_id", "wrong_id"],
    ["a_key_too_few", "garbage"],
    ["no_utf8", "garbage"],
    ["too_large", "answer_too_large"],
    ["never_ends", "answer_too_large"],
    ["other_request", "wrong_request_digest"],
    ["another_policy_answers", "wrong_policy_digest"],
    ["refuses", "refused"],
    ["is_late_itself", "deadline_exceeded"],
  ])("%s: %s", async (way, code) => {
    const keeper = patientKeeper(fakes.source(way));
    expect(await keeper.start(PATIENT_MS)).toBe(true);
    const patience = way === "answers_late" || way === "hangs" || way === "stops_itself" ? 100 : PATIENT_MS;
    const answered = await keeper.ask(EVALUATION, patience);
    if (code === null) expect(answered).toEqual({ ok: true, judgement: '{"verdict":"allow"}' });
    else expect(answered).toMatchObject({ ok: false, code });
    await keeper.stop();
  });

  it("twice to one question is ended for it, and what is out falls back", async () => {
    const started = await startWorker(fakes.source("answers_twice"), PATIENT_MS);
    if (!started.ok) throw new Error(started.fault.message);
    expect(await started.worker.ask(EVALUATION, PATIENT_MS)).toMatchObject({ ok: true });
    expect(await started.worker.ended).toMatchObject({ code: "duplicate_id" });
    expect(await started.worker.ask(EVALUATION, PATIENT_MS)).toMatchObject({ ok: false, code: "duplicate_id" });
  });

  it("after its deadline is not blamed a second time, and goes on", async () => {
    const started = await startWorker(fakes.source("answers_late"), PATIENT_MS);
    if (!started.ok) throw new Error(started.fault.message);
    expect(await started.worker.ask(EVALUATION, 50)).toMatchObject({ ok: false, code: "deadline_exceeded" });
    expect(await started.worker.ask(EVALUATION, PATIENT_MS)).toMatchObject({ ok: true });
    await started.worker.stop();
  });

  it("many questions at once are answered each once", async () => {
    const keeper = patientKeeper(fakes.source("good"));
    await keeper.start(PATIENT_MS);
    const answers = await Promise.all(Array.from({ length: MOST_OUT }, () => keeper.ask(EVALUATION, PATIENT_MS)));
    expect(answers.every(({ ok }) => ok)).toBe(true);
    expect(keeper.status()).toMatchObject({ answered: MOST_OUT, starts: 1, worker: "running" });
    await keeper.stop();
  });

  it("has at most 256 questions out: the next falls back at once", async () => {
    const keeper = patientKeeper(fakes.source("hangs"));
    await keeper.start(PATIENT_MS);
    const out = Array.from({ length: MOST_OUT }, () => keeper.ask(EVALUATION, 500));
    await new Promise((resolve) => setImmediate(resolve));
    expect(await keeper.ask(EVALUATION, 500)).toMatchObject({ ok: false, code: "worker_busy" });
    await Promise.all(out);
    await keeper.stop();
  });
});

describe("the keeper", () => {
  it("leaves a worker that fails alone, and tries again when its time is over", async () => {
    let now = 0;
    const keeper = patientKeeper(fakes.source("garbage"), () => now);
    const codes: string[] = [];
    for (let i = 0; i < 8; i++) {
      await keeper.start(PATIENT_MS);
      const answered = await keeper.ask(EVALUATION, PATIENT_MS);
      codes.push(answered.ok ? "ok" : answered.code);
      now += 1_900; // past the pause before the next start
    }
    expect(codes.slice(0, 5)).toEqual(["garbage", "garbage", "garbage", "garbage", "garbage"]);
    expect(codes.slice(5)).toContain("circuit_open");
    expect(keeper.status().breaker).not.toBe("closed");
    await keeper.stop();
  });

  it("ends a worker that hangs when the breaker opens, and asks a new one when its time is over", async () => {
    let now = 0;
    const keeper = patientKeeper(fakes.source("hangs_the_first_time"), () => now);
    await keeper.start(PATIENT_MS);
    const first = keeper.status().pid;
    const asked = [60_000, 60_000, ...Array(FAULTS).fill(20)].map((patience) => keeper.ask(EVALUATION, patience));
    const codes = (await Promise.all(asked)).map((one) => (one.ok ? "ok" : one.code));
    expect(codes).toEqual(["circuit_open", "circuit_open", ...Array(FAULTS).fill("deadline_exceeded")]);
    expect(keeper.status()).toMatchObject({ worker: "waiting", last_fault: { code: "deadline_exceeded" } });
    now += FIRST_OPEN_MS;
    expect(await keeper.ask(EVALUATION, PATIENT_MS)).toMatchObject({ ok: true });
    expect(keeper.status()).toMatchObject({ worker: "running", breaker: "closed", starts: 2 });
    expect(keeper.status().pid).not.toBe(first);
    await keeper.stop();
  });

  it("lets nobody who must wait for the trial speak against it", async () => {
    let now = 0;
    const keeper = patientKeeper(fakes.source("hangs_once"), () => now);
    await keeper.start(PATIENT_MS);
    await Promise.all(Array.from({ length: FAULTS }, () => keeper.ask(EVALUATION, 1_000)));
    expect(keeper.status().breaker).toBe("open");
    now += FIRST_OPEN_MS;
    expect(await keeper.start(PATIENT_MS)).toBe(true);
    const codes = (await Promise.all(Array.from({ length: 4 }, () => keeper.ask(EVALUATION, PATIENT_MS)))).map((one) => one.ok || one.code);
    expect(codes).toEqual([true, "circuit_open", "circuit_open", "circuit_open"]);
    expect(keeper.status()).toMatchObject({ worker: "running", breaker: "closed", starts: 2 });
    expect(await keeper.ask(EVALUATION, PATIENT_MS)).toMatchObject({ ok: true });
    await keeper.stop();
  });

  it("ends a worker whose binary is another one now, or gone, and starts the one that stands there", async () => {
    let now = 0;
    const source = fakes.source("good");
    const runtimePath = join(source.policyPath, "..", "swapped.cjs");
    copyFileSync(fakes.program, runtimePath);
    const keeper = patientKeeper({ ...source, runtimePath }, () => now);
    expect(await keeper.ask(EVALUATION, PATIENT_MS)).toMatchObject({ ok: true });
    const [first, builds] = [keeper.status().pid, [keeper.status().build]];
    writeFileSync(`${runtimePath}.new`, `${readFileSync(runtimePath, "utf8")}\n`, { mode: 0o755 });
    renameSync(`${runtimePath}.new`, runtimePath);
    expect(await keeper.ask(EVALUATION, PATIENT_MS)).toMatchObject({ ok: false, code: "runtime_wrong_digest" });
    now += 100;
    expect(await keeper.ask(EVALUATION, PATIENT_MS)).toMatchObject({ ok: true });
    expect(keeper.status().pid).not.toBe(first);
    builds.push(keeper.status().build);
    expect(new Set(builds).size).toBe(2);
    rmSync(runtimePath);
    expect(await keeper.ask(EVALUATION, PATIENT_MS)).toMatchObject({ ok: false, code: "runtime_missing" });
    await keeper.stop();
  });

  it("ends a worker that nobody asks when its binary is another one now, and then starts the one that stands there", async () => {
    let now = 0;
    const source = fakes.source("good");
    const runtimePath = join(source.policyPath, "..", "unasked.cjs");
    copyFileSync(fakes.program, runtimePath);
    const keeper = patientKeeper({ ...source, runtimePath }, () => now);
    expect(await keeper.start(PATIENT_MS)).toBe(true);
    const build = keeper.status().build;
    keeper.look();
    expect(keeper.status()).toMatchObject({ worker: "running", build });
    writeFileSync(`${runtimePath}.new`, `${readFileSync(runtimePath, "utf8")}\n`, { mode: 0o755 });
    renameSync(`${runtimePath}.new`, runtimePath);
    keeper.look();
    await expect.poll(() => keeper.hello()).toBeNull();
    expect(keeper.away().code).toBe("runtime_wrong_digest");
    now += 100;
    expect(await keeper.start(PATIENT_MS)).toBe(true);
    expect(keeper.status().build).not.toBe(build);
    await keeper.stop();
  });

  it("asks nothing while a worker is held back, blames it for nothing, and asks when it is no longer", async () => {
    const met: string[] = [];
    let code: FallbackCode | null = "campaign_missing";
    const heldBack = ({ policy }: { readonly policy: { readonly digest: string } }) => {
      met.push(policy.digest);
      return code === null ? null : { code, message: "not yet" };
    };
    const keeper = patientKeeper({ ...fakes.source("crashes"), heldBack });
    expect([await keeper.start(PATIENT_MS), met.length]).toEqual([true, 1]);
    for (let i = 0; i < FAULTS + 1; i++) expect(await keeper.ask(EVALUATION, PATIENT_MS)).toMatchObject({ ok: false, code });
    expect(keeper.status()).toMatchObject({ worker: "running", breaker: "closed", starts: 1, faults: { campaign_missing: FAULTS + 1 } });
    code = "campaign_mismatch";
    expect(await keeper.ask(EVALUATION, PATIENT_MS)).toMatchObject({ ok: false, code });
    code = null;
    expect(await keeper.ask(EVALUATION, PATIENT_MS)).toMatchObject({ ok: false, code: "worker_crashed" });
    expect(new Set(met)).toEqual(new Set([fakes.source("crashes").policyDigest]));
    await keeper.stop();
  });

  it("starts no worker after it was stopped", async () => {
    const keeper = patientKeeper(fakes.source("good"));
    await keeper.stop();
    expect(await keeper.ask(EVALUATION)).toMatchObject({ ok: false, code: "worker_unavailable" });
    expect(keeper.status().starts).toBe(0);
  });
});

describe("lines", () => {
  const cut = (limitBytes?: number) => {
    const cutter = lineCutter(limitBytes);
    return (bytes: Uint8Array | string) => cutter.take(Buffer.from(bytes)).map((line) => line?.toString() ?? null);
  };

  it("come whole, however they were handed over", () => {
    const text = 'one\ntwo é\n\n{"a":1}\nrest';
    for (let size = 1; size < 12; size++) {
      const take = cut();
      const bytes = Buffer.from(text);
      const lines: (string | null)[] = [];
      for (let at = 0; at < bytes.length; at += size) lines.push(...take(bytes.subarray(at, at + size)));
      expect(lines).toEqual(["one", "two é", "", '{"a":1}']);
    }
  });

  it("beyond the limit are told once, before they end, and the next one is whole", () => {
    const take = cut(4);
    expect(take("1234\n12345\nab\n")).toEqual(["1234", null, "ab"]);
    expect(take("1234")).toEqual([]);
    expect(take("5")).toEqual([null]);
    expect(take("6789")).toEqual([]);
    expect(take("0\nok\n")).toEqual(["ok"]);
  });
});
