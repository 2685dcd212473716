// Verifies a kit from one pinned key, and computes its answer again. Implements spec/promotion.md 10.7.
// docs/audit-without-cavra.sh does the same without this code. INVARIANT: both make the checks in this order, so that both give the same code.

import { bad, canonicalJson, ok, type Result, verifyEd25519 } from "../../base/index.js";
import { type BundleCheck, keyFor, publicKeyOf, type VerifiedBundle, verifyBundle } from "../../evidence/index.js";
import { type AuditAnswer, auditAnswer, namedEvidence } from "./answer.js";
import { type AuditDocument, auditDocuments } from "./documents.js";
import { type AuditEvent, auditEvents } from "./events.js";
import { type KitDocument, type KitRead, kitSealMessage, parseKit } from "./kit.js";

export interface VerifiedKit {
  readonly answer: AuditAnswer;
  readonly bundle: VerifiedBundle;
  readonly events: readonly AuditEvent[];
  readonly documents: readonly AuditDocument[];
  readonly sealed_by: string;
}

/** Total. The problem's code is that of the first check of 10.7 that does not hold. */
export function verifyKit(bytes: Buffer, check: BundleCheck): Result<VerifiedKit> {
  const kit = parseKit(bytes);
  if (!kit.ok) return kit;
  const bundle = verifyBundle(kit.value.bundle, check);
  if (!bundle.ok) return bundle;
  const sealed = checkSeal(kit.value, bundle.value);
  if (!sealed.ok) return sealed;
  const found = findAnswer(kit.value, bundle.value);
  if (!found.ok) return found;
  const { answer, events, documents } = found.value;
  const text = canonicalJson(answer);
  if (!text.ok || Buffer.from(text.value).toString("latin1") !== kit.value.answer)
    return bad("audit_answer_differs", "the records say another answer than the kit");
  return ok({ answer, events, documents, bundle: bundle.value, sealed_by: kit.value.seal.keyId });
}

function checkSeal({ seal }: KitRead, { trust, checkpoint }: VerifiedBundle): Result<null> {
  const key = keyFor(trust, seal.keyId, "ledger", { kind: "checkpoint", size: checkpoint.size });
  if (!key.ok) return key;
  const verified = verifyEd25519(publicKeyOf(key.value), kitSealMessage(seal.digest), seal.signature);
  return verified ? ok(null) : bad("signature_invalid", "the seal does not verify");
}

interface Found extends Pick<VerifiedKit, "answer" | "events" | "documents"> {}

function findAnswer({ at, documents }: Pick<KitRead, "at" | "documents">, bundle: VerifiedBundle): Result<Found> {
  const events = auditEvents(bundle.records);
  if (!events.ok) return events;
  const told = auditDocuments(documents, namedEvidence({ at, events: events.value }), bundle.trust);
  if (!told.ok) return told;
  const answer = auditAnswer({ at, records: bundle.records, events: events.value, missing: missingOf(documents) });
  return ok({ answer, events: events.value, documents: told.value });
}

export function missingOf(documents: readonly KitDocument[]): readonly { readonly kind: string; readonly name: string }[] {
  return documents.filter(({ content }) => content === null).map(({ kind, name }) => ({ kind, name }));
}
