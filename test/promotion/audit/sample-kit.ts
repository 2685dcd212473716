// Kits from ledgers that are written down as a list: what was recorded when, which of it is in the kit, which documents go along.

import { buildRequest, signAnswer } from "../../../src/approval/index.js";
import { canonicalJson, formatTime, makeId, sha256 } from "../../../src/base/index.js";
import {
  appendLeaves,
  type BundleCheck,
  buildPromotionEvent,
  formatBundle,
  formatCheckpoint,
  type JournalRecord,
  leafHash,
  multiProof,
  type PromotionEventInput,
  type PromotionEventKind,
  signCheckpoint,
  signEnvelope,
  signTrust,
  treeRoot,
} from "../../../src/evidence/index.js";
import {
  type AuditAnswer,
  auditAnswer,
  auditEvents,
  formatKit,
  type KitDocument,
  missingOf,
  type PlacedRecord,
} from "../../../src/promotion/index.js";
import {
  LEDGER,
  must,
  ROOT,
  SAMPLE_NOW,
  SAMPLE_NOW_MS,
  SAMPLE_ORIGIN,
  sampleKey,
  sampleTrust,
  sampleTrustKey,
} from "../../evidence/bundle/sample-ledger.js";
import { builtRecord } from "../../evidence/sample.js";

/** The time that all samples ask about. */
export const AT_MS = Date.UTC(2026, 10, 12, 9, 30, 0, 0);
export const AT = formatTime(AT_MS);
export const POLICY = sha256("policy");
export const OTHER_POLICY = sha256("other policy");
export const REGISTRY = sha256("registry");

export const BUILDER = sampleKey(6, "builder");
export const DRILLER = sampleKey(7, "drill");
export const APPROVER = sampleKey(8, "approver");
export const TRUST = sampleTrust({
  keys: [
    sampleTrustKey(1, "root"),
    sampleTrustKey(2, "ledger"),
    sampleTrustKey(6, "builder"),
    sampleTrustKey(7, "drill"),
    sampleTrustKey(8, "approver", { name: "grace" }),
  ],
});
export const CHAIN = [must(signTrust(TRUST, [ROOT]))];
export const CHECK: BundleCheck = { pin: ROOT.keyId, nowMs: SAMPLE_NOW_MS, seenTrustVersion: 0 };
export { SAMPLE_NOW };

/** One record: seconds after AT, what it is, and what it has besides. */
export type Step = readonly [number, PromotionEventKind | "decision", StepMore?];

export interface StepMore {
  readonly code?: string;
  /** Names a lease: the same name is the same lease. */
  readonly lease?: string;
  /** Seconds that it lasts. */
  readonly lasts?: number;
  readonly policy?: string;
  readonly registry?: string;
  readonly evidence?: string;
  /** Seconds that it was issued before it is on record. */
  readonly early?: number;
}

const NO_EVENT: Omit<PromotionEventInput, "recordId" | "event"> = {
  mode: "promoted",
  lease: null,
  hold_id: "",
  checks: [],
  decision_id: "",
  code: "",
  reason: "",
  person: null,
  engine: { backend: "typescript", version: "0.1.0" },
};

const EVIDENCE_OF_NOTHING = sha256("evidence");

/** The canonical texts of these records, in this order. */
export function recordsOf(steps: readonly Step[]): readonly string[] {
  const leases = new Map<string, NonNullable<PromotionEventInput["lease"]>>();
  return steps.map(([seconds, event, more = {}], i) => {
    const ms = AT_MS + Math.round(seconds * 1000);
    const random = Uint8Array.from({ length: 10 }, (_, k) => (i * 37 + k * 11) & 255);
    if (event === "decision") return builtRecord({ recordId: makeId("dec", ms, random), target: `cat "a ${i}" 'b\\c'` }).text;
    const isLease = event === "leased" || event === "ended";
    const name = more.lease ?? "one";
    if (event === "leased") leases.set(name, leaseOf(name, ms - (more.early ?? 0) * 1000, more));
    const lease = isLease ? (leases.get(name) ?? leaseOf(name, ms - 10_000, more)) : null;
    const isHold = event === "held" || event === "lifted" || event === "demoted";
    const input = { ...NO_EVENT, event, lease, code: more.code ?? "", hold_id: isHold ? makeId("hol", ms, random) : "" };
    const reason = isHold ? 'said "no" \\ and \u00fc' : "";
    return must(buildPromotionEvent({ ...input, reason, recordId: makeId("prm", ms, random) })).text;
  });
}

function leaseOf(name: string, ms: number, { lasts = 60, policy = POLICY, registry = "", evidence = EVIDENCE_OF_NOTHING }: StepMore) {
  return {
    lease_id: makeId(
      "lea",
      ms,
      Uint8Array.from({ length: 10 }, (_, k) => name.charCodeAt(k % name.length)),
    ),
    sequence: 1,
    issued_at: formatTime(ms),
    expires_at: formatTime(ms + lasts * 1000),
    policy_digest: policy,
    registry_digest: registry,
    evidence_digest: evidence,
    digest: sha256(name),
  };
}

export interface KitGiven {
  readonly steps: readonly Step[];
  /** Which records are in the kit; all. */
  readonly indices?: readonly number[];
  /** In place of those of which nothing was found. */
  readonly documents?: readonly KitDocument[];
  /** What the kit says instead of the right answer. */
  readonly claim?: (answer: AuditAnswer) => AuditAnswer;
  readonly records?: readonly string[];
  readonly at?: string;
}

export interface SampleKit {
  readonly bytes: Buffer;
  readonly answer: AuditAnswer;
}

/** A sealed kit; the answer is computed from what is in it, or, where an event has no form, from nothing. */
export function sampleKit({ steps, indices, documents, claim, records = recordsOf(steps), at = AT }: KitGiven): SampleKit {
  const chosen = indices ?? records.map((_, i) => i);
  const placed: readonly PlacedRecord[] = chosen.map((index) => ({ index, record: JSON.parse(records[index] ?? "") as JournalRecord }));
  const read = auditEvents(placed);
  const events = read.ok ? read.value : [];
  const beside = documents ?? [];
  const answer = auditAnswer({ at, records: placed, events, missing: missingOf(beside) });
  const claimed = must(canonicalJson((claim ?? ((one) => one))(answer)));
  const bundle = bundleOf(records, chosen);
  return { bytes: must(formatKit({ at, answer: claimed, documents: beside, bundle }, LEDGER)), answer };
}

export function bundleOf(records: readonly string[], indices: readonly number[]): string {
  const hashes = records.map((text) => leafHash(Buffer.from(text)));
  const grown = must(appendLeaves(0, hashes, () => undefined));
  const stored = new Map(grown.tiles.map((tile) => [`${tile.level}/${tile.n}`, tile.hashes]));
  const readTile = (level: number, n: number) => stored.get(`${level}/${n}`);
  const size = records.length;
  const checkpoint = { origin: SAMPLE_ORIGIN, size, root: must(treeRoot(size, readTile)) };
  formatCheckpoint(checkpoint);
  const parts = {
    origin: SAMPLE_ORIGIN,
    trust: CHAIN,
    checkpoint: signCheckpoint(checkpoint, LEDGER.signer),
    records: indices.map((index) => ({ index, text: records[index] ?? "" })),
    proof: must(multiProof(indices, size, readTile)),
    revealed: [],
  };
  return must(formatBundle(parts, LEDGER));
}

// ---- documents ----

export const NOTHING_FOUND: readonly KitDocument[] = [{ kind: "promotion_evidence", name: EVIDENCE_OF_NOTHING, content: null }];

export interface SampleDocuments {
  readonly evidence: string;
  readonly documents: readonly KitDocument[];
}

type Signed = Exclude<KitDocument["kind"], "approval_request" | "approval_answer">;

const STATEMENT = "application/vnd.in-toto+json";

function signedAs(schema: string, body: object, signer: typeof BUILDER): Buffer {
  const predicate = { schema_version: schema, issued_at: formatTime(AT_MS - 86_400_000), note: 'a "b" \\ {c}: [d], e', ...body };
  const text = must(
    canonicalJson({ _type: "t", predicate, predicateType: "p", subject: [{ digest: { sha256: "0" }, name: "issued_at" }] }),
  );
  return Buffer.from(`${CHAIN.join("\n")}\n${must(signEnvelope(STATEMENT, Buffer.from(text), [signer]))}\n`);
}

/** Everything that a lease rests on, signed by who should; `left` names kinds that were not found. */
export function sampleDocuments(
  left: readonly KitDocument["kind"][] = [],
  signers: Partial<Record<Signed, typeof BUILDER>> = {},
): SampleDocuments {
  const four = {
    deployment_report: signedAs("cavra.go-deployment-report.v1", { issued: "x" }, signers.deployment_report ?? BUILDER),
    parity_report: signedAs("cavra.go-parity-report.v1", { strata: [{ issued_at: "no", cases: 3 }] }, signers.parity_report ?? BUILDER),
    rehearsal: signedAs("cavra.go-backend-rollback-rehearsal.v1", { nested: { issued_at: "no" } }, signers.rehearsal ?? DRILLER),
    rollback_plan: signedAs("cavra.go-backend-rollback-plan.v1", {}, signers.rollback_plan ?? BUILDER),
  };
  const bound = Object.entries(four).map(([kind, content]) => ({ kind, digest: sha256(content) }));
  const request = must(
    buildRequest({
      approvalId: makeId("apr", AT_MS - 86_400_000, new Uint8Array(10).fill(9)),
      waitMs: null,
      asker: { kind: "person", name: "ada", user: "ada", host: "mill" },
      reason: 'to ship "it"',
      subject: { kind: "documents", purpose: "go_promotion", documents: bound },
      routes: [{ id: "any_approver", approvers: ["*"], count: 1 }],
    }),
  );
  const { approval_id } = request.request;
  const issued_at = formatTime(AT_MS - 80_000_000);
  const expires_at = formatTime(AT_MS + 80_000_000);
  const reason = 'yes, "really"';
  const said = { schema_version: "cavra.approval-answer.v1", approval_id, request_digest: request.digest, answer: "approved" } as const;
  const answer = Buffer.from(must(signAnswer({ ...said, reason, name: "grace", issued_at, expires_at }, APPROVER)));
  const evidence = signedAs(
    "cavra.go-backend-promotion-evidence.v1",
    { approval_id, evidence_digests: bound.map(({ digest }) => digest) },
    signers.promotion_evidence ?? BUILDER,
  );
  const all: readonly KitDocument[] = [
    { kind: "approval_answer", name: sha256(answer), content: answer },
    { kind: "approval_request", name: approval_id, content: Buffer.from(request.text) },
    { kind: "deployment_report", name: sha256(four.deployment_report), content: four.deployment_report },
    { kind: "parity_report", name: sha256(four.parity_report), content: four.parity_report },
    { kind: "promotion_evidence", name: sha256(evidence), content: evidence },
    { kind: "rehearsal", name: sha256(four.rehearsal), content: four.rehearsal },
    { kind: "rollback_plan", name: sha256(four.rollback_plan), content: four.rollback_plan },
  ];
  return { evidence: sha256(evidence), documents: all.map((one) => (left.includes(one.kind) ? { ...one, content: null } : one)) };
}
