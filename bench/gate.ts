// What does the gate cost? All thirteen inputs on real files, every signature checked and every drill judged anew, nothing kept between two runs. Goal: DESIGN.md section 9.
// A program, not a test: `node scripts/bench.mjs gate`.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildRequest, signAnswer } from "../src/approval/index.js";
import { formatTime, type JsonObject, makeId, sha256 } from "../src/base/index.js";
import {
  DEPLOYMENT,
  type DocumentHead,
  type DocumentKind,
  DRILL_BEGUN,
  DRILL_FAULTS,
  DRILL_MEASURED,
  EVIDENCE,
  EVIDENCE_REFS,
  FAULTS,
  type FaultName,
  NO_SUBJECT,
  newDraft,
  PACKAGE_CHECKS,
  PACKAGE_FILE,
  type ParityReport,
  REHEARSAL,
  REPORT_FILE,
  ROLLBACK_PLAN,
  type Subject,
  signDocument,
  signReport,
} from "../src/promotion/index.js";
import { documentPaths, gateHere, platformHere } from "../src/release/index.js";
import { keepAnswer, keepRequest, SYSTEM_CLOCK, writePin } from "../src/store/index.js";
import { FACTS, madePackage, program } from "../test/promotion/package/made.js";
import { APPROVER, BUILDER, CHAIN, DAY, DRILLER, ROOT } from "../test/promotion/trust-of-test.js";
import { ascending, at, median, report, rounded } from "./report.js";

const RUNS = 300;
const root = mkdtempSync(join(tmpdir(), "cavra-bench-gate-"));
process.on("exit", () => rmSync(root, { recursive: true, force: true }));
const [state, config] = [join(root, "state"), join(root, "config")];
for (const folder of [state, config, join(state, "trust"), join(root, "package")]) mkdirSync(folder, { recursive: true, mode: 0o700 });

const NOW = SYSTEM_CLOCK.nowMs();
const RUNNING: Subject = {
  runtime: sha256(program(platformHere() ?? "linux-amd64")),
  typescript: sha256("ts"),
  go: FACTS.source_digest,
  catalogue: sha256("catalogue"),
  policy: sha256("policy"),
  registry: "",
};

function put(name: string, text: string): string {
  const path = join(root, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

/** Where nothing can be recorded no answer leaves: that drill goes otherwise than the kill that all others are modelled on here. */
const REHEARSED = FAULTS.filter((fault) => fault !== "full_disk");

let serial = 0;
function id(prefix: string): string {
  return makeId(prefix, NOW, new Uint8Array(10).fill(++serial));
}

function head<Body extends DocumentHead>(kind: DocumentKind<Body>): DocumentHead {
  const subject = { ...NO_SUBJECT, ...Object.fromEntries(kind.bound.map((key) => [key, RUNNING[key]])) };
  return {
    schema_version: kind.schema,
    document_id: id("doc"),
    issued_at: formatTime(NOW),
    expires_at: formatTime(NOW + Math.min(7, kind.days) * DAY),
    subject,
  };
}

function signed<Body extends DocumentHead>(kind: DocumentKind<Body>, body: object, signer = BUILDER, chain = CHAIN): string {
  const text = signDocument(kind, { ...head(kind), ...body } as Body, signer, chain);
  if (!text.ok) throw new Error(`${kind.name}: ${text.problem.message}`);
  return text.value;
}

/** A kill that went well, as a vector has it, with as many calls as a real drill has. */
function drillOf(fault: FaultName): { readonly experiment: JsonObject; readonly observations: JsonObject } {
  const { input } = JSON.parse(readFileSync("spec/vectors/drill-verdict/a-kill-that-went-well.json", "utf8"));
  const [round] = input.observations.rounds;
  const calls = Array.from({ length: 200 }, () => round.calls).flat();
  return {
    experiment: { ...input.experiment, fault },
    observations: {
      ...input.observations,
      codes: ["", DRILL_FAULTS[fault].codes[0], "worker_busy"],
      rounds: [{ ...round, calls: calls.slice(0, 500) }],
    },
  };
}

function history(): string {
  const lines = [...CHAIN];
  let previous = "";
  REHEARSED.slice(0, 8).forEach((fault, i) => {
    const drill_id = id("drl");
    const { experiment, observations } = drillOf(fault);
    for (const [kind, more] of [
      [DRILL_BEGUN, {}],
      [DRILL_MEASURED, { observations }],
    ] as const) {
      const sequence = i * 2 + (kind === DRILL_BEGUN ? 1 : 2);
      const line = signed<DocumentHead>(
        kind as unknown as DocumentKind<DocumentHead>,
        { sequence, previous, drill_id, experiment, ...more },
        DRILLER,
        [],
      ).trimEnd();
      lines.push(line);
      previous = sha256(line);
    }
  });
  return `${lines.join("\n")}\n`;
}

function parity(): string {
  const kept = JSON.parse(readFileSync("docs/parity/cavra-ai-agent-baseline.dsse", "utf8").trimEnd().split("\n").at(-1) ?? "");
  const report: ParityReport = JSON.parse(Buffer.from(kept.payload, "base64").toString("utf8")).predicate;
  const engines = {
    typescript: { ...report.engines.typescript, source_digest: RUNNING.typescript },
    go: { ...report.engines.go, source_digest: RUNNING.go, build: RUNNING.runtime },
  };
  const times = { issued_at: formatTime(NOW), expires_at: formatTime(NOW + 7 * DAY) };
  const policy = { ...report.policy, digest: RUNNING.policy };
  const text = signReport(
    { ...report, ...times, engines, catalogue_digest: RUNNING.catalogue, policy, registry_digest: "" },
    BUILDER,
    CHAIN,
  );
  if (!text.ok) throw new Error(text.problem.message);
  return text.value;
}

/** The package's envelope and the report on it; its binaries are hashed when the report is made, and not by the gate. */
function deployment(): void {
  const platform = platformHere() ?? "linux-amd64";
  const files = madePackage({ facts: { ...FACTS, source_digest: RUNNING.go }, platforms: [platform], issuedMs: NOW - 1_000 });
  const envelope = files.get(PACKAGE_FILE) ?? new Uint8Array();
  const { package_id, version, channel } = JSON.parse(Buffer.from(files.get("manifest.json") ?? []).toString("utf8"));
  writeFileSync(join(root, "package", PACKAGE_FILE), envelope);
  const checks = PACKAGE_CHECKS.map((check_id) => ({ check_id, status: "pass", code: "ok" }));
  const about = {
    package_id,
    package_digest: sha256(envelope),
    version,
    channel,
    platform,
    surface: "workstation",
    files: 7,
    size_bytes: 9,
    checks,
  };
  put(join("package", REPORT_FILE), signed(DEPLOYMENT, { status: "ready", ...about }));
}

/** Alice approves exactly these files. */
function approve(documents: readonly { readonly kind: string; readonly digest: string }[]): string {
  const asked = buildRequest({
    approvalId: id("apr"),
    waitMs: null,
    asker: { kind: "person", name: "ada", user: "ada", host: "mill" },
    reason: "bench",
    subject: { kind: "documents", purpose: "go_promotion", documents },
    routes: [{ id: "any_approver", approvers: ["*"], count: 1 }],
  });
  if (!asked.ok) throw new Error(asked.problem.message);
  const { request, digest } = asked.value;
  const answer = signAnswer(
    {
      schema_version: "cavra.approval-answer.v1",
      approval_id: request.approval_id,
      request_digest: digest,
      answer: "approved",
      reason: "",
      name: "alice",
      issued_at: formatTime(NOW),
      expires_at: formatTime(NOW + DAY),
    },
    APPROVER,
  );
  if (!answer.ok) throw new Error(answer.problem.message);
  keepRequest(state, asked.value, SYSTEM_CLOCK);
  keepAnswer(state, request.approval_id, APPROVER.keyId, answer.value, SYSTEM_CLOCK);
  return request.approval_id;
}

function prepared() {
  writeFileSync(join(state, "trust/0001.dsse.json"), `${CHAIN[0]}\n`, { mode: 0o600 });
  writePin(config, ROOT.keyId, SYSTEM_CLOCK);
  deployment();
  const { schema_version: _, ...plan } = newDraft("ada");
  const files = {
    deployment_report: join(root, "package", REPORT_FILE),
    parity_report: put("parity.dsse", parity()),
    rehearsal: put(
      "rehearsal.dsse",
      signed(
        REHEARSAL,
        { faults: REHEARSED, plan_digest: "", drills: REHEARSED.map((fault) => ({ drill_id: id("drl"), ...drillOf(fault) })) },
        DRILLER,
      ),
    ),
    rollback_plan: put(
      "plan.dsse",
      signed(ROLLBACK_PLAN, { ...plan, faults: REHEARSED, owners: [{ name: "ada", contact: "ada@example.org" }] }),
    ),
  };
  const digests = EVIDENCE_REFS.map(([kind]) => ({ kind, digest: sha256(readFileSync(files[kind])) }));
  const evidence = signed(EVIDENCE, {
    parity_status: "pass",
    deployment_status: "ready",
    approved: true,
    approval_id: approve(digests),
    evidence_refs: EVIDENCE_REFS.map(([kind, scheme]) => `${scheme}://bench/${kind}`),
    evidence_digests: digests.map(({ digest }) => digest),
  });
  const schedule = {
    schema_version: "cavra.go-backend-rollback-drill-schedule.v1",
    schedule_id: "drills",
    enabled: true,
    interval_days: 7,
    due_soon_hours: 24,
    next_due_at: "",
    owners: ["ada"],
  };
  const named = {
    package: join(root, "package"),
    evidence: put("evidence.dsse", evidence),
    parity: files.parity_report,
    plan: files.rollback_plan,
    rehearsal: files.rehearsal,
    drills: put("drills.jsonl", history()),
    schedule: put("schedule.json", JSON.stringify(schedule)),
  };
  const bytes = [...Object.values(files), named.drills].map((path) => readFileSync(path).length).reduce((a, b) => a + b, 0);
  return { named, bytes };
}

const { named, bytes } = prepared();
const paths = documentPaths({}, named);

function gate(): number {
  const begun = performance.now();
  const { readiness } = gateHere(
    {
      mode: "promoted",
      nowMs: SYSTEM_CLOCK.nowMs(),
      stateFolder: state,
      configFolder: config,
      paths,
      running: RUNNING,
      runtimeFault: null,
      campaignFault: null,
    },
    () => performance.now() - begun,
  );
  const tookMs = performance.now() - begun;
  if (readiness.select_go) return tookMs;
  const closed = readiness.checks
    .filter(({ status }) => status === "fail")
    .map(({ id: input, code, message }) => `${input} ${code}: ${message}`);
  throw new Error(`the gate is closed: ${closed.join("; ")}`);
}

const first = gate();
const took = ascending(Array.from({ length: RUNS }, gate));
report({
  name: "gate",
  goals: [{ what: "the gate, every signature checked, p99", measured: rounded(at(took, 0.99)), goal: 20, bound: "most", unit: "ms" }],
  details: [
    `thirteen inputs in files of ${Math.round(bytes / 1024)} KiB, ${REHEARSED.length} rehearsed faults and 8 drills judged anew; nothing is kept between two runs`,
    `median ${rounded(median(took))} ms, p99 ${rounded(at(took, 0.99))} ms of ${RUNS}; the very first, before anything was compiled, ${rounded(first)} ms`,
  ],
});
