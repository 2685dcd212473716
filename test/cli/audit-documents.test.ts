// The documents of a kit are found by their digests, wherever they lie and whatever they are called. Proves spec/promotion.md 10.6.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readRequest } from "../../src/approval/index.js";
import { sha256 } from "../../src/base/index.js";
import { gatherDocuments } from "../../src/cli/commands/runtime/audit-documents.js";
import { documentPaths } from "../../src/release/index.js";
import { keepAnswer, keepRequest, SYSTEM_CLOCK } from "../../src/store/index.js";
import { must } from "../evidence/bundle/sample-ledger.js";
import { APPROVER, sampleDocuments } from "../promotion/audit/sample-kit.js";

const root = mkdtempSync(join(tmpdir(), "cavra-audit-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const { evidence, documents } = sampleDocuments();
const contentOf = (kind: string) => documents.find((one) => one.kind === kind)?.content ?? Buffer.alloc(0);

/** A state folder that keeps the approval, and two folders with documents under names that say nothing. */
function kept(name: string) {
  const [state, now, old] = ["state", "now", "old"].map((one) => join(root, name, one)) as [string, string, string];
  for (const folder of [state, now, old]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  keepRequest(state, must(readRequest(contentOf("approval_request").toString())), { ...SYSTEM_CLOCK, nowMs: () => 0 });
  const approvalId = documents.find(({ kind }) => kind === "approval_request")?.name ?? "";
  keepAnswer(state, approvalId, APPROVER.keyId, contentOf("approval_answer").toString(), SYSTEM_CLOCK);
  writeFileSync(join(now, "evidence"), contentOf("promotion_evidence"));
  writeFileSync(join(now, "b"), contentOf("parity_report"));
  writeFileSync(join(now, "c"), contentOf("rehearsal"));
  writeFileSync(join(old, "d"), contentOf("deployment_report"));
  writeFileSync(join(old, "plan.dsse"), contentOf("rollback_plan"));
  const paths = documentPaths({}, { evidence: join(now, "evidence") });
  return { state, old, paths };
}

const namesOf = (found: ReturnType<typeof gatherDocuments>) => found.map(({ kind, name, content }) => [kind, name, content !== null]);

describe("the documents that leases named", () => {
  it("are all found, by kind and name", () => {
    const { state, old, paths } = kept("all");
    expect(gatherDocuments([evidence], { paths, folders: [old], stateFolder: state })).toEqual(documents);
  });

  it("are told to be missing where they were replaced and not kept", () => {
    const { state, paths } = kept("some");
    const found = namesOf(gatherDocuments([evidence], { paths, folders: [], stateFolder: state }));
    const gone = ["deployment_report", "rollback_plan"];
    expect(found).toEqual(documents.map(({ kind, name }) => [kind, name, !gone.includes(kind)]));
  });

  it("are unknown where the evidence itself is not there, or is another thing of that digest", () => {
    const { state, old, paths } = kept("none");
    const missing = (digest: string) => [["promotion_evidence", digest, false]];
    const other = sha256("another");
    expect(namesOf(gatherDocuments([other], { paths, folders: [old], stateFolder: state }))).toEqual(missing(other));
    const report = sha256(contentOf("parity_report"));
    expect(namesOf(gatherDocuments([report], { paths, folders: [old], stateFolder: state }))).toEqual(missing(report));
  });

  it("are those of every lease, each once", () => {
    const { state, old, paths } = kept("two");
    const found = gatherDocuments([sha256("another"), evidence, evidence], { paths, folders: [old], stateFolder: state });
    expect(found.length).toBe(documents.length + 1);
  });
});
