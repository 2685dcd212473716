// The journal under many processes, under SIGKILL, under a system-call trace and on a full disk.

import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, expect, test } from "vitest";
import { readJournal, verifyJournal } from "../../src/store/index.js";
import { appendProgram, CHILD_ENV, freshState, removeProgram } from "./programs.js";

function start(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [appendProgram(), ...args], { stdio: ["ignore", "pipe", "inherit"], env: CHILD_ENV });
}

/** Ids that the child answered, and how it ended; `each` is called after every answer. */
async function answersOf(child: ChildProcess, each: (count: number) => void = () => {}): Promise<readonly string[]> {
  const answers: string[] = [];
  const lines = createInterface({ input: child.stdout ?? process.stdin });
  lines.on("line", (line) => each(answers.push(line)));
  await Promise.all([new Promise((done) => lines.on("close", done)), new Promise((done) => child.on("close", done))]);
  return answers;
}

function idsIn(state: string): readonly string[] {
  return [...readJournal(state)].flatMap((item) => (item.kind === "record" ? [item.record.record_id] : []));
}

test("eight processes append 1,000 records each: nothing is lost, torn or doubled", async () => {
  const state = freshState();
  const answers = (await Promise.all(Array.from({ length: 8 }, () => answersOf(start([state, "1000", "300"]))))).flat();
  const report = verifyJournal(state);
  expect(answers).toHaveLength(8000);
  expect([...idsIn(state)].sort()).toEqual([...answers].sort());
  expect(report.findings.filter((finding) => finding.severity === "damage")).toEqual([]);
  expect(report).toMatchObject({ holds: true, records: 8000 });
  rmSync(dirname(state), { recursive: true });
});

const python = spawnSync("python3", ["--version"]).status === 0;

test.skipIf(!python)(`writers in two languages share the journal without a lock${python ? "" : " (skipped: no python3)"}`, async () => {
  const state = freshState();
  mkdirSync(join(state, "journal"), { recursive: true, mode: 0o700 });
  const other = () =>
    spawn("python3", [join(import.meta.dirname, "programs/append.py"), state, "500"], { stdio: ["ignore", "pipe", "inherit"] });
  const children = [start([state, "500"]), other(), start([state, "500", "3000"]), other()];
  const answers = (await Promise.all(children.map((child) => answersOf(child)))).flat();
  expect(answers).toHaveLength(2000);
  expect([...idsIn(state)].sort()).toEqual([...answers].sort());
  expect(verifyJournal(state).holds).toBe(true);
  rmSync(dirname(state), { recursive: true });
});

test("every record that was answered before one of 200 SIGKILLs is in the journal", async () => {
  const state = freshState();
  const answered: string[] = [];
  const kills = Array.from({ length: 200 }, (_, n) => (n * 7919) % 23); // how many answers each child may give first
  const worker = async (): Promise<void> => {
    for (let after = kills.pop(); after !== undefined; after = kills.pop()) {
      const child = start([state, "0", String((after * 997) % 9000)]);
      const limit = after + 1;
      const answers = await answersOf(child, (count) => {
        if (count === limit) child.kill("SIGKILL");
      });
      expect(child.signalCode).toBe("SIGKILL");
      answered.push(...answers.filter((line) => /^dec_.{26}$/.test(line))); // the kill may cut the last line
    }
  };
  await Promise.all([worker(), worker(), worker(), worker()]);
  const kept = new Set(idsIn(state));
  expect(answered.length).toBeGreaterThan(2000);
  expect(answered.filter((id) => !kept.has(id))).toEqual([]);
  const codes = new Set(verifyJournal(state).findings.map((finding) => finding.code));
  expect([...codes].filter((code) => !["torn_frame", "torn_tail", "time_backwards"].includes(code))).toEqual([]);
  rmSync(dirname(state), { recursive: true });
});

const strace = spawnSync("strace", ["-f", "-o", "/dev/null", "true"]).status === 0;

test.skipIf(!strace)(`write, fdatasync, then the first byte of the answer${strace ? "" : " (skipped: strace cannot trace here)"}`, () => {
  const state = freshState();
  const trace = `${mkdtempSync(join(tmpdir(), "cavra-trace-"))}/trace`;
  const calls = "openat,open,mkdir,mkdirat,write,writev,pwrite64,fdatasync,fsync";
  execFileSync("strace", ["-f", "-e", `trace=${calls}`, "-o", trace, process.execPath, appendProgram(), state, "2"], { env: CHILD_ENV });
  const lines = readFileSync(trace, "utf8").split("\n");
  rmSync(dirname(trace), { recursive: true });
  const opened = lines.findIndex((line) => line.includes('.journal"') && line.includes("O_APPEND"));
  const handle = /= (\d+)$/.exec(lines[opened] ?? "")?.[1];
  const steps = lines.slice(opened + 1).flatMap((line) => {
    if (line.includes(`write(${handle}, "\\n`)) return ["write record"];
    if (line.includes(`fdatasync(${handle})`) && line.endsWith("= 0")) return ["fdatasync"];
    if (line.includes("fsync(") && !line.includes("fdatasync(") && line.endsWith("= 0")) return ["fsync folder"];
    return line.includes('write(1, "dec_') ? ["answer"] : [];
  });
  const folders = steps.filter((step) => step === "fsync folder").length;
  expect(folders).toBeGreaterThanOrEqual(3); // journal, state folder, its parent
  expect(steps).toEqual([
    ...Array(folders).fill("fsync folder"),
    "write record",
    "fdatasync",
    "answer",
    "write record",
    "fdatasync",
    "answer",
  ]);
  rmSync(dirname(state), { recursive: true });
});

function evidenceUnavailable(output: string): boolean {
  return /^evidence_unavailable: (short write|ENOSPC|EFBIG)/m.test(output);
}

test("a file size limit in the middle of a frame gives evidence_unavailable, and what was answered stays", () => {
  const state = freshState();
  // SIGXFSZ ignored, as a shell leaves it to its children: then write() comes back short, and EFBIG after that.
  const script = 'trap "" XFSZ; ulimit -f 64; exec "$0" "$@"';
  const run = spawnSync("bash", ["-c", script, process.execPath, appendProgram(), state, "0", "1000"], {
    encoding: "utf8",
    env: CHILD_ENV,
  });
  expect(run.status).toBe(3);
  expect(evidenceUnavailable(run.stdout)).toBe(true);
  const answered = run.stdout.split("\n").filter((line) => line.startsWith("dec_"));
  expect(answered.length).toBeGreaterThan(10);
  expect(idsIn(state)).toEqual(answered);
  // Afterwards the journal takes records again, behind the torn frame.
  const again = spawnSync(process.execPath, [appendProgram(), state, "2"], { encoding: "utf8", env: CHILD_ENV }).stdout.trim().split("\n");
  expect(idsIn(state)).toEqual([...answered, ...again]);
  expect(verifyJournal(state).findings.map((finding) => finding.code)).toEqual(["torn_frame"]);
  rmSync(dirname(state), { recursive: true });
});

afterAll(removeProgram);

const disk = mkdtempSync(join(tmpdir(), "cavra-disk-"));
const mountable = spawnSync("mount", ["-t", "tmpfs", "-o", "size=128k", "tmpfs", disk]).status === 0;

test.skipIf(!mountable)(`a full disk gives evidence_unavailable${mountable ? "" : " (skipped: tmpfs cannot be mounted here)"}`, () => {
  try {
    const state = join(disk, "cavra");
    mkdirSync(state, { mode: 0o700 });
    const run = spawnSync(process.execPath, [appendProgram(), state, "0", "1000"], { encoding: "utf8", env: CHILD_ENV });
    expect(run.status).toBe(3);
    expect(evidenceUnavailable(run.stdout)).toBe(true);
    expect(idsIn(state)).toEqual(run.stdout.split("\n").filter((line) => line.startsWith("dec_")));
    const full = spawnSync(process.execPath, [appendProgram(), state, "1", "60000"], { encoding: "utf8", env: CHILD_ENV });
    expect(evidenceUnavailable(full.stdout)).toBe(true);
    expect(statSync(disk).isDirectory()).toBe(true);
  } finally {
    execFileSync("umount", [disk]);
    rmdirSync(disk);
  }
});
