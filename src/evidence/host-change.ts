// The record of a change of the guard itself: observing, exceptions, pauses. Implements spec/record.md section 11.
// Twin of go/evidence/host_change.go.
// It stands in the same journal as the decisions, so that whoever reads them sees under which hand they were made.

import { bad, canonicalRecord, formatTime, type JsonObject, ok, parseId, type Result, sha256, trimAscii } from "../base/index.js";
import type { Engine } from "./model.js";
import { findSecrets } from "./secrets/find.js";

export const HOST_CHANGE_SCHEMA = "cavra.host-change.v1";

/** The prefix of these records' identifiers. */
export const HOST_CHANGE_PREFIX = "chg";

export const HOST_CHANGES = [
  "observe_on",
  "observe_off",
  "exception_added",
  "exception_removed",
  "paused",
  "resumed",
  "keys_made",
  "key_rotated",
  "key_revoked",
  "trust_signed",
  "root_pinned",
  "policy_signed",
  "token_made",
  "token_revoked",
] as const;
export type HostChangeKind = (typeof HOST_CHANGES)[number];

/** Who did it, as far as the machine can say: spec/cli.md 10.4. `tty` is "" where there was no terminal. */
export interface ChangePerson {
  readonly user: string;
  readonly uid: number;
  readonly host: string;
  readonly tty: string;
}

export interface HostChange {
  readonly schema_version: typeof HOST_CHANGE_SCHEMA;
  readonly record_id: string;
  readonly recorded_at: string;
  readonly change: HostChangeKind;
  readonly person: ChangePerson;
  readonly reason: string;
  /** The decision that it answers, or "". */
  readonly decision_id: string;
  /** What held before and what holds after, of this one thing; null for nothing. */
  readonly before: JsonObject | null;
  readonly after: JsonObject | null;
  readonly engine: Engine;
}

export type HostChangeInput = Omit<HostChange, "schema_version" | "record_id" | "recorded_at"> & { readonly recordId: string };

export interface BuiltHostChange {
  readonly record: HostChange;
  readonly text: string;
  readonly digest: string;
}

/** A reason in UTF-8 bytes. */
export const REASON_BYTES = 500;

/** Problems: `bad_id`, those of checkReason, and the codes of canonicalRecord for what has no canonical form. */
export function buildHostChange({ recordId, ...input }: HostChangeInput): Result<BuiltHostChange> {
  const id = parseId(recordId);
  if (!id.ok) return id;
  if (id.value.prefix !== HOST_CHANGE_PREFIX) return bad("bad_id", `\`${recordId}\` is no identifier of a host change`);
  const reason = checkReason(input.reason);
  if (!reason.ok) return reason;
  const record: HostChange = {
    schema_version: HOST_CHANGE_SCHEMA,
    record_id: recordId,
    recorded_at: formatTime(id.value.momentMs),
    ...input,
  };
  const text = canonicalRecord(record);
  return text.ok ? ok({ record, text: text.value, digest: sha256(text.value) }) : text;
}

/** The reason as it came. Problems: `reason_missing`, `reason_too_long`, `reason_holds_secret`: here a secret is refused, not cut out, because a person can say it otherwise. */
export function checkReason(reason: string): Result<string> {
  if (trimAscii(reason) === "")
    return bad("reason_missing", "a reason is needed", { hint: 'give it with `--reason "why"`; it is recorded' });
  if (Buffer.byteLength(reason) > REASON_BYTES) return bad("reason_too_long", `a reason may have ${REASON_BYTES} bytes`);
  if (findSecrets(reason).length > 0)
    return bad("reason_holds_secret", "the reason holds what looks like a secret", { hint: "say it without; it is recorded" });
  return ok(reason);
}
