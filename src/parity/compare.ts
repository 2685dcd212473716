// What the second engine must say, byte for byte, and where it said something else. Implements spec/parity.md section 3. Pure.
// The temptation is to compare verdicts, or values after parsing: what is compared are the bytes of the whole line, digests included.

import { LINE_BYTES, type Request } from "../backend/index.js";
import { type JsonObject, type JsonValue, parseJson, type Result } from "../base/index.js";

/** The line that answers a request when both engines agree; of a judgement without canonical form only that it is refused is known. */
export type Expected = { readonly kind: "line"; readonly text: string } | { readonly kind: "refused" };

export function expectedLine(id: string, request: Pick<Request, "digest">, judged: Result<string>, policyDigest: string): Expected {
  if (!judged.ok) return { kind: "refused" };
  const text = `{"id":"${id}","judgement":${JSON.stringify(judged.value)},"kind":"judgement","policy_digest":"${policyDigest}","request_digest":"${request.digest}"}`;
  return { kind: "line", text };
}

/** Is this line, without its end, the expected one? */
export function agrees(expected: Expected, line: Uint8Array): boolean {
  if (expected.kind === "line") return isWritten(expected.text, line);
  const code = answerOf(line)?.code;
  return typeof code === "string" && code.startsWith("json_");
}

// Where both are of one length, and a text has no more units than bytes: written once over the same memory, and compared as bytes.
function isWritten(text: string, line: Uint8Array): boolean {
  if (text.length > line.length) return false;
  const room = line.length + MOST_UNIT_BYTES;
  if (scratch.length < room) scratch = Buffer.allocUnsafe(2 * room);
  // What is longer than the line fills more of the room than the line does, and so differs.
  const written = scratch.write(text, 0, room, "utf8");
  return written === line.length && scratch.subarray(0, written).equals(line);
}

/** The largest character: one that no longer fits is left out whole, and the line must not be taken for equal because of that. */
const MOST_UNIT_BYTES = 4;
let scratch = Buffer.allocUnsafe(65_536);

export interface Difference {
  /** What the second engine answered: the judgement bytes, or `refused: CODE`, or the line where it is no answer. */
  readonly second: string;
  /** Its verdict; "" where it has none. */
  readonly verdict: string;
  /** Where both differ first, as a JSON pointer with both values; "" where one of them is no judgement. */
  readonly at: string;
}

/** Looks closer at a line that does not agree. `first` is the judgement bytes of the first engine. */
export function difference(first: string, line: Uint8Array): Difference {
  const answer = answerOf(line);
  if (answer === null) return { second: Buffer.from(line).toString("utf8"), verdict: "", at: "" };
  if (typeof answer.judgement !== "string") return { second: `refused: ${String(answer.code)}`, verdict: "", at: "" };
  const [left, right] = [parseJson(first), parseJson(answer.judgement)];
  const verdict = right.ok && isObject(right.value) && typeof right.value.verdict === "string" ? right.value.verdict : "";
  const at = left.ok && right.ok ? (firstDifference(left.value, right.value, "") ?? "the bytes, and no value") : "";
  return { second: answer.judgement, verdict, at };
}

function answerOf(line: Uint8Array): JsonObject | null {
  const read = parseJson(line, { sizeBytes: LINE_BYTES, depth: 4 });
  return read.ok && isObject(read.value) ? read.value : null;
}

function firstDifference(left: JsonValue, right: JsonValue, at: string): string | null {
  if (Array.isArray(left) && Array.isArray(right)) {
    for (let i = 0; i < Math.max(left.length, right.length); i++) {
      const found = differs(left[i], right[i], `${at}/${i}`);
      if (found !== null) return found;
    }
    return null;
  }
  if (isObject(left) && isObject(right)) {
    for (const key of [...new Set([...Object.keys(left), ...Object.keys(right)])].sort()) {
      const found = differs(left[key], right[key], `${at}/${key}`);
      if (found !== null) return found;
    }
    return null;
  }
  return left === right ? null : told(left, right, at);
}

function differs(left: JsonValue | undefined, right: JsonValue | undefined, at: string): string | null {
  return left === undefined || right === undefined ? (left === right ? null : told(left, right, at)) : firstDifference(left, right, at);
}

const SHOWN = 300;

function told(left: JsonValue | undefined, right: JsonValue | undefined, at: string): string {
  const [first, second] = [left, right].map((value) => (value === undefined ? "nothing" : JSON.stringify(value).slice(0, SHOWN)));
  return `${at}: ${first} and ${second}`;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
