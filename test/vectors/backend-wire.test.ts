// spec/vectors/backend-wire: lines between a caller and its worker, and what each side says to them. The caller's side of hellos and answers is read here,
// and that of requests as they are written; the worker's side is in go/worker.

import { expect } from "vitest";
import { lineCutter } from "../../src/backend/lines.js";
import { answered, type Expected, PROTOCOL, readAnswer, readHello, requestLine, wrongHello } from "../../src/backend/wire.js";
import { runArea } from "./area.js";
import { type InputPart, inputBytes } from "./cases.js";

interface RequestCase {
  readonly input: { readonly kind: "request"; readonly line: readonly InputPart[] };
  readonly expect: {
    readonly answer: { readonly kind: string; readonly id: string; readonly code?: string; readonly request_digest?: string } | null;
    /** What a caller makes of that answer; null where it is no refusal. */
    readonly caller: string | null;
  };
}

interface HelloCase {
  readonly input: {
    readonly kind: "hello";
    readonly line: readonly InputPart[];
    readonly expected: {
      readonly build: string;
      readonly catalogue_digest: string;
      readonly policy_digest: string;
      readonly registry_digest: string;
    };
    /** The worker writes these bytes. */
    readonly as_written: boolean;
  };
  readonly expect: { readonly fallback: string | null };
}

interface AnswerCase {
  readonly input: {
    readonly kind: "answer";
    readonly line: readonly InputPart[];
    /** The one request that is out. */
    readonly asked: { readonly id: string; readonly request_digest: string; readonly policy_digest: string };
    readonly as_written: boolean;
  };
  readonly expect: { readonly fallback: string | null; readonly judgement: string | null };
}

runArea<RequestCase | HelloCase | AnswerCase>("backend-wire", "backend.md", (vector) => {
  const bytes = inputBytes(vector.input.line);
  if (isRequest(vector)) checkRequest(vector, bytes);
  else if (isHello(vector)) expect({ fallback: helloFallback(vector, bytes) }).toEqual(vector.expect);
  else expect(made(vector, bytes)).toEqual(vector.expect);
});

const isRequest = (vector: RequestCase | HelloCase | AnswerCase): vector is RequestCase => vector.input.kind === "request";
const isHello = (vector: HelloCase | AnswerCase): vector is HelloCase => vector.input.kind === "hello";

/** What is judged, TypeScript asks with the same digest; what is refused is a fallback. */
function checkRequest({ expect: expected }: RequestCase, bytes: Buffer): void {
  const { answer, caller } = expected;
  if (answer?.kind === "judgement") {
    const { id, deadline_ms, action, facts, subject } = JSON.parse(bytes.toString("utf8"));
    const request = requestLine(id, deadline_ms, { action, facts, subject });
    expect([request?.digest, id]).toEqual([answer.request_digest, answer.id]);
    expect(JSON.parse(request?.line ?? "")).toEqual(JSON.parse(bytes.toString("utf8")));
  }
  const refused = answer?.kind === "refused" ? readAnswer(JSON.stringify({ ...answer, message: "" })) : null;
  const made = refused === null ? null : answered(refused, "", "");
  expect(made === null || made.ok ? null : made.code).toBe(caller);
}

function helloFallback({ input }: HelloCase, bytes: Buffer): string | null {
  const { build, catalogue_digest, policy_digest, registry_digest } = input.expected;
  const registry = registry_digest === "" ? null : { digest: registry_digest };
  const expected: Expected = { build, catalogueDigest: catalogue_digest, policyDigest: policy_digest, registry };
  const [line = null] = lineCutter().take(Buffer.concat([bytes, Buffer.from("\n")]));
  const hello = line === null ? null : readHello(line);
  const fault = wrongHello(hello, expected);
  expect(fault === null ? hello?.protocol : PROTOCOL).toBe(PROTOCOL);
  return fault?.code ?? null;
}

/** As a worker's client does it with one request out. */
function made({ input }: AnswerCase, bytes: Buffer): AnswerCase["expect"] {
  const { id, request_digest, policy_digest } = input.asked;
  const lines = lineCutter().take(Buffer.concat([bytes, Buffer.from("\n")]));
  expect(lines).toHaveLength(1);
  const [line = null] = lines;
  const none = (fallback: string) => ({ fallback, judgement: null });
  if (line === null) return none("answer_too_large");
  const answer = readAnswer(line);
  if (answer === null) return none("garbage");
  if (answer.id !== id) return none("wrong_id");
  const result = answered(answer, request_digest, policy_digest);
  return result.ok ? { fallback: null, judgement: result.judgement } : none(result.code);
}
