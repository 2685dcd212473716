// A program that speaks the worker's wire and breaks it in one way: a file of its own, so that its digest is the one that its hello must name.
// What it does wrong is the name of the file that it is given as its policy.

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { WorkerSource } from "../../src/backend/index.js";

export const CATALOGUE = `sha256:${"c".repeat(64)}`;
export const POLICY = `sha256:${"d".repeat(64)}`;

const PROGRAM = `#!${process.execPath}
const { createHash } = require("crypto");
const { existsSync, readFileSync, writeFileSync } = require("fs");
const way = process.argv[4].split("/").at(-1);
const build = "sha256:" + createHash("sha256").update(readFileSync(__filename)).digest("hex");
const hello = { kind: "hello", protocol: "cavra.worker.v1", version: "0", build, engine: "e", catalogue_digest: "${CATALOGUE}",
  policy: { id: "p", version: "1", digest: "${POLICY}" }, registry_digest: "", pid: process.pid };
const say = (value) => process.stdout.write((typeof value === "string" ? value : JSON.stringify(value)) + "\\n");
const isFirst = !existsSync(process.argv[4] + ".first");
writeFileSync(process.argv[4] + ".first", "");
if (way === "ends_at_once") process.exit(0);
if (way === "refuses_its_registry") { process.stderr.write("registry.unknown_key: no\\n"); process.exit(2); }
if (way === "refuses_its_policy") { process.stderr.write("policy_malformed: no\\n"); process.exit(2); }
if (way === "says_nothing") setInterval(() => {}, 1000);
else if (way === "no_hello") say({ kind: "pong", id: "x" });
else if (way === "garbage_hello") say("hello");
else say({ ...hello, ...(way === "other_protocol" ? { protocol: "cavra.worker.v2" } : {}), ...(way === "other_build" ? { build: "sha256:0" } : {}),
  ...(way === "other_catalogue" ? { catalogue_digest: "sha256:0" } : {}), ...(way === "other_policy" ? { policy: { ...hello.policy, digest: "sha256:0" } } : {}),
  ...(way === "other_registry" ? { registry_digest: "sha256:0" } : {}),
  ...(way === "a_key_too_many" ? { more: 1 } : {}) });
let rest = "";
process.stdin.on("data", (chunk) => {
  rest += chunk;
  for (let at = rest.indexOf("\\n"); at >= 0; at = rest.indexOf("\\n")) { hear(JSON.parse(rest.slice(0, at))); rest = rest.slice(at + 1); }
});
process.stdin.on("end", () => process.exit(0));
const digestOf = ({ action, facts, subject }) => "sha256:" + createHash("sha256").update(canonical({ action, facts, subject })).digest("hex");
const canonical = (v) => Array.isArray(v) ? "[" + v.map(canonical).join(",") + "]" : v && typeof v === "object"
  ? "{" + Object.keys(v).sort().map((k) => JSON.stringify(k) + ":" + canonical(v[k])).join(",") + "}" : JSON.stringify(v);
function hear(request) {
  if (request.kind !== "evaluate") return;
  const { id } = request;
  const good = { kind: "judgement", id, request_digest: digestOf(request), policy_digest: "${POLICY}", judgement: '{"verdict":"allow"}' };
  switch (way) {
    case "good": case "a_byte_at_a_time": break;
    case "crashes": return process.kill(process.pid, "SIGKILL");
    case "hangs": return;
    case "stops_itself": return process.kill(process.pid, "SIGSTOP");
    case "answers_late": return void setTimeout(() => say(good), 300);
    case "garbage": return say("<html>");
    case "half_a_line": process.stdout.write(JSON.stringify(good).slice(0, 20)); return process.exit(1);
    case "wrong_id": return say({ ...good, id: "r999999" });
    case "answers_twice": say(good); return say(good);
    case "no_utf8": return process.stdout.write(Buffer.from(JSON.stringify({ ...good, judgement: "\\u00e9" }) + "\\n", "latin1"));
    case "a_key_too_few": return say({ kind: "judgement", id });
    case "too_large": return process.stdout.write("x".repeat(5 * 1024 * 1024) + "\\n");
    case "never_ends": return process.stdout.write("x".repeat(5 * 1024 * 1024));
    case "hangs_the_first_time": case "hangs_once": if (isFirst) return; break;
    case "other_request": return say({ ...good, request_digest: "sha256:0" });
    case "another_policy_answers": return say({ ...good, policy_digest: "sha256:0" });
    case "refuses": return say({ kind: "refused", id, code: "request_bad_value", message: "no" });
    case "is_late_itself": return say({ kind: "refused", id, code: "deadline_exceeded", message: "no" });
  }
  if (way !== "a_byte_at_a_time") return say(good);
  const line = JSON.stringify(good) + "\\n";
  for (let i = 0; i < line.length; i++) setTimeout(() => process.stdout.write(line[i]), i);
}
`;

/** A folder with the program; `source` makes it behave in one way. */
export function fakeWorkers(): { readonly source: (way: string) => WorkerSource; readonly program: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "cavra-fake-worker-"));
  const program = join(folder, "worker.cjs");
  writeFileSync(program, PROGRAM);
  chmodSync(program, 0o755);
  return {
    program,
    source: (way) => ({ runtimePath: program, policyPath: join(folder, way), catalogueDigest: CATALOGUE, policyDigest: POLICY }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
