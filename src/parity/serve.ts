// The first engine behind the second one's wire: what a campaign of an engine against itself asks. Implements spec/parity.md 6.2 over spec/backend.md section 3.
// It reads strictly and answers in the order of the questions; it is no worker for anybody else.

import { createInterface } from "node:readline";
import { type Evaluation, LINE_BYTES, PROTOCOL } from "../backend/index.js";
import { canonicalJson, type JsonObject, parseJson, sha256 } from "../base/index.js";
import type { SecondEngine } from "./asker.js";
import { judgedBy } from "./engine.js";
import { engineOf } from "./thread.js";

export function serveFirstEngine(files: Pick<SecondEngine, "policyPath" | "registryPath">, version: string): void {
  const engine = engineOf(files);
  const { id, version: policyVersion, digest, catalogue_digest } = engine.rulebook;
  const say = (line: Readonly<Record<string, unknown>>) => process.stdout.write(`${JSON.stringify(line)}\n`);
  const none = sha256("");
  say({
    build: none,
    catalogue_digest,
    engine: none,
    kind: "hello",
    pid: process.pid,
    policy: { digest, id, version: policyVersion },
    protocol: PROTOCOL,
    registry_digest: engine.registry?.digest ?? "",
    version,
  });
  createInterface({ input: process.stdin, crlfDelay: 0 }).on("line", (line) => {
    const read = parseJson(line, { sizeBytes: LINE_BYTES, depth: 8 });
    if (!read.ok) return say({ code: "request_malformed", id: "", kind: "refused", message: read.problem.code });
    const { id: request, action, facts, subject } = read.value as JsonObject;
    const asked = canonicalJson({ action, facts, subject });
    const { text } = judgedBy(engine, { action, facts, subject } as unknown as Evaluation);
    if (!text.ok || !asked.ok)
      return say({ code: text.ok ? "request_malformed" : text.problem.code, id: request, kind: "refused", message: "" });
    return say({ id: request, judgement: text.value, kind: "judgement", policy_digest: digest, request_digest: sha256(asked.value) });
  });
}
