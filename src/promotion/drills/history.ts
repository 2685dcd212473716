// The drill history: one signed event a line, each naming the line before it. Implements spec/drills.md 4.1 to 4.4. Pure.
// INVARIANT: what stands in it is never left out because something later went better; a line that was torn while it was written is told, and is no event.

import { type JsonValue, ok, type Result, sha256 } from "../../base/index.js";
import { type Envelope, newestTrust, parseEnvelope, TRUST_SKEW_MS, type TrustDocument } from "../../evidence/index.js";
import {
  DOCUMENT_BYTES,
  type DocumentHead,
  type DocumentKind,
  momentOf,
  type OpenGiven,
  openEnvelope,
  predicateType,
  readPayload,
} from "../documents/document.js";
import { type Finding, found } from "../documents/verdict.js";
import { DRILL_BEGUN, DRILL_MEASURED, DRILL_RESOLUTION, type DrillBegun, type DrillMeasured, type DrillResolution } from "./events.js";

/** An event with the digest of its line and who signed it. */
interface Stood {
  readonly digest: string;
  readonly signers: readonly string[];
}
export type HistoryEvent =
  | (Stood & { readonly kind: "begun"; readonly body: DrillBegun })
  | (Stood & { readonly kind: "measured"; readonly body: DrillMeasured })
  | (Stood & { readonly kind: "resolution"; readonly body: DrillResolution });

export interface HistoryRead {
  /** Up to the first line that does not hold. */
  readonly events: readonly HistoryEvent[];
  /** Lines that are no envelope: a write that was cut off. */
  readonly torn: number;
  /** Why it does not hold; none where it does. */
  readonly findings: readonly Finding[];
  /** Of the file's bytes; "" for none. */
  readonly digest: string;
}

/** What is remembered of the newest line beside the file (4.4): a history that ends before it was cut. */
export interface HistoryHead {
  readonly sequence: number;
  readonly digest: string;
}

const REMEDY = "run `cavra runtime go-rollback-drills verify`";

/** Reads a history from its first line to its last. Trust documents may stand before the first event, as in every document (promotion.md 2.1). */
export function readHistory(bytes: Uint8Array | null, given: OpenGiven, head: HistoryHead | null): HistoryRead {
  if (bytes === null) {
    const gone =
      head === null ? found("missing", "document_missing", "there is no drill history", "run `cavra runtime go-rollback-drills run`") : CUT;
    return { events: [], torn: 0, findings: [gone], digest: "" };
  }
  const digest = sha256(bytes);
  if (bytes.length > DOCUMENT_BYTES) return { events: [], torn: 0, findings: [bent(`it has more than ${DOCUMENT_BYTES} bytes`)], digest };
  const { lines, torn, strange } = linesOf(Buffer.from(bytes).toString("utf8"));
  if (strange) return { events: [], torn, findings: [bent("a line is neither an event nor the beginning of one")], digest };
  const first = lines.findIndex(({ envelope }) => envelope.payloadType === DOCUMENT);
  const chain = lines.slice(0, Math.max(0, first)).map(({ text }) => text);
  const trust = newestTrust(chain, given.trust);
  const events: HistoryEvent[] = [];
  for (const line of first < 0 ? [] : lines.slice(first)) {
    const read = readEvent(line.envelope, trust);
    const wrong = read.ok ? misplaced(read.event.body, events.at(-1), given.nowMs) : read.finding;
    if (wrong !== null || !read.ok) return { events, torn, findings: [wrong ?? CUT], digest };
    events.push({ ...read.event, digest: sha256(line.text) } as HistoryEvent);
  }
  return { events, torn, findings: endOf(events, head), digest };
}

const DOCUMENT = "application/vnd.in-toto+json";

interface Line {
  readonly text: string;
  readonly envelope: Envelope;
}

/** A line that only begins as an envelope was cut off while it was written: the next one begins after it. */
function linesOf(text: string): { readonly lines: readonly Line[]; readonly torn: number; readonly strange: boolean } {
  const parts = text.split("\n");
  // What no line end follows was cut off too, even where it is an envelope: its writer has not said that it stands.
  const rest = parts.pop() ?? "";
  let torn = rest === "" ? 0 : 1;
  const lines = parts.flatMap((part) => {
    const envelope = parseEnvelope(part);
    if (envelope.ok) return [{ text: part, envelope: envelope.value }];
    if (isBeginning(part)) torn++;
    return [];
  });
  const whole = new Set(lines.map(({ text: line }) => line));
  const strange = [...parts, rest].some((part) => !whole.has(part) && !isBeginning(part));
  return { lines, torn, strange };
}

const ENVELOPE_BEGINS = '{"payload":"';

function isBeginning(part: string): boolean {
  return part.startsWith(ENVELOPE_BEGINS) || ENVELOPE_BEGINS.startsWith(part);
}

type EventRead =
  | { readonly ok: true; readonly event: Omit<HistoryEvent, "digest"> & { readonly body: DrillBegun | DrillMeasured | DrillResolution } }
  | { readonly ok: false; readonly finding: Finding };

function readEvent(envelope: Envelope, trust: Result<TrustDocument>): EventRead {
  const payload = readPayload(envelope);
  const open = <Body extends DocumentHead>(kind: DocumentKind<Body>) => openEnvelope(kind, envelope, () => trust, payload);
  const type = typeIn(payload);
  const as = <Body extends DrillBegun | DrillMeasured | DrillResolution>(kind: HistoryEvent["kind"], of: DocumentKind<Body>): EventRead => {
    const read = open(of);
    return read.ok ? { ok: true, event: { kind, body: read.opened.body, signers: read.opened.signers } } : read;
  };
  if (type === predicateType(DRILL_MEASURED.schema)) return as("measured", DRILL_MEASURED);
  if (type === predicateType(DRILL_RESOLUTION.schema)) return as("resolution", DRILL_RESOLUTION);
  return as("begun", DRILL_BEGUN);
}

function typeIn(read: Result<JsonValue>): string {
  const type = read.ok ? (read.value as { readonly predicateType?: unknown } | null)?.predicateType : undefined;
  return typeof type === "string" ? type : "";
}

type Body = HistoryEvent["body"];

function misplaced(body: Body, before: HistoryEvent | undefined, nowMs: number): Finding | null {
  const follows =
    before === undefined ? body.sequence === 1 : body.sequence === before.body.sequence + 1 && body.previous === before.digest;
  if (!follows) return found("malformed", "drill_chain_broken", `event ${body.sequence} does not follow the line before it`, REMEDY);
  if (before !== undefined && body.issued_at < before.body.issued_at)
    return found("malformed", "drill_chain_broken", `event ${body.sequence} is dated before the one before it`, REMEDY);
  if (momentOf(body.issued_at) > nowMs + TRUST_SKEW_MS)
    return found(
      "clock_suspect",
      "document_future",
      `event ${body.sequence} is dated ${body.issued_at}`,
      "look at the clock of this machine",
    );
  return null;
}

function endOf(events: readonly HistoryEvent[], head: HistoryHead | null): readonly Finding[] {
  if (head === null) return [];
  const there = events.find(({ body }) => body.sequence === head.sequence);
  return there?.digest === head.digest ? [] : [CUT];
}

const CUT = found("fail", "drill_history_cut", "events are missing at its end that this machine has seen", REMEDY);

function bent(message: string): Finding {
  return found("malformed", "document_malformed", `this is no drill history: ${message}`, REMEDY);
}

/** The chain's end, for the next event. */
export function nextLink(events: readonly HistoryEvent[]): { readonly sequence: number; readonly previous: string } {
  const last = events.at(-1);
  return { sequence: (last?.body.sequence ?? 0) + 1, previous: last?.digest ?? "" };
}

/** The chain's end as it is remembered. */
export function headOf(events: readonly HistoryEvent[]): HistoryHead | null {
  const last = events.at(-1);
  return last === undefined ? null : { sequence: last.body.sequence, digest: last.digest };
}

/** Problem: `drill_head_malformed`. */
export function readHead(text: string): Result<HistoryHead> {
  const match = /^([1-9][0-9]{0,14}) (sha256:[0-9a-f]{64})\n$/.exec(text);
  if (match === null)
    return { ok: false, problem: { code: "drill_head_malformed", message: "what is remembered of the drill history cannot be read" } };
  return ok({ sequence: Number(match[1]), digest: match[2] ?? "" });
}

export function formatHead({ sequence, digest }: HistoryHead): string {
  return `${sequence} ${digest}\n`;
}
