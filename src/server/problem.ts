// A refusal on its way out: problem details (RFC 9457) with our codes. Implements spec/service.md 3.4.
// SECURITY: nothing that a broken world or a mistake of ours says leaves; what the caller did wrong is told in the caller's own words.

import type { CavraError, Problem, Result } from "../base/index.js";
import type { Decision } from "../evidence/index.js";
import { statusOf, TITLES } from "./status.js";

/** Thrown by routes and hooks; everything else that is thrown is a broken world or our mistake. */
export class Refused extends Error {
  readonly problem: Problem;
  readonly status: number;
  readonly decision: Decision | undefined;
  /** When it may be tried again, in milliseconds; 0 where that says nothing. */
  readonly afterMs: number;

  constructor(problem: Problem, status: number, decision?: Decision, afterMs = 0) {
    super(problem.message);
    this.name = "Refused";
    this.problem = problem;
    this.status = status;
    this.decision = decision;
    this.afterMs = afterMs;
  }
}

/** Of the caller's own words: 400 where the code has no status of its own. */
export function refused(problem: Problem, decision?: Decision): Refused {
  return new Refused(problem, statusOf(problem.code, 400), decision);
}

/** The value, or the refusal; hints of the command line are for those who sit at it. */
export function given<T>(found: Result<T>): T {
  if (found.ok) return found.value;
  const { code, message, at } = found.problem;
  throw refused({ code, message, ...(at === undefined ? {} : { at }) });
}

export function rateLimited(afterMs: number): Refused {
  return new Refused({ code: "rate_limited", message: "too many requests", hint: "see `Retry-After`" }, 429, undefined, afterMs);
}

export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly request_id: string;
  readonly hint?: string;
  readonly at?: string;
  readonly decision?: Decision;
}

export function problemBody({ problem, status, decision }: Refused, requestId: string): ProblemBody {
  const { code, message, hint, at } = problem;
  return {
    type: `https://cavra.dev/problems/${code}`,
    title: TITLES[status] ?? "Error",
    status,
    detail: message,
    code,
    request_id: requestId,
    ...(hint === undefined || hint === "" ? {} : { hint }),
    ...(at === undefined || at === "" ? {} : { at }),
    ...(decision === undefined ? {} : { decision }),
  };
}

/** What fastify and AJV throw beside our own. */
interface Thrown {
  readonly code?: unknown;
  readonly statusCode?: unknown;
  readonly validation?: readonly Validation[] | undefined;
  readonly validationContext?: string | undefined;
}

export interface Validation {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: Record<string, unknown>;
  readonly message?: string | undefined;
}

/** Whatever was thrown, as it leaves. */
export function refusedBy(thrown: unknown): Refused {
  if (thrown instanceof Refused) return thrown;
  if (isWorldly(thrown)) return worldly(thrown);
  const { code, statusCode, validation, validationContext } = (thrown ?? {}) as Thrown;
  const [first] = validation ?? [];
  if (first !== undefined) return refused(invalid(first, validationContext ?? "body"));
  const known = typeof code === "string" ? OF_FASTIFY.get(code) : undefined;
  if (known !== undefined) return refused(known);
  if (typeof statusCode === "number" && statusCode >= 400 && statusCode < 500) return refused(UNREADABLE);
  return new Refused(OUR_MISTAKE, 500);
}

/** By its name: what stands behind the service is another bundle, with a class of its own. */
function isWorldly(thrown: unknown): thrown is CavraError {
  return thrown instanceof Error && thrown.name === "CavraError" && typeof (thrown as CavraError).code === "string";
}

/** A broken world that has a code of ours; a hint for people at the command line stays here. */
function worldly({ code, message }: CavraError): Refused {
  const status = statusOf(code, 503);
  return new Refused({ code, message: status === 500 ? OUR_MISTAKE.message : message }, status);
}

const OUR_MISTAKE: Problem = { code: "internal_error", message: "a mistake inside CAVRA", hint: "please report it with the request id" };
const UNREADABLE: Problem = { code: "bad_request", message: "the request cannot be read" };

const OF_FASTIFY: ReadonlyMap<string, Problem> = new Map([
  ["FST_ERR_CTP_BODY_TOO_LARGE", { code: "body_too_large", message: "the body is larger than this route takes" }],
  ["FST_ERR_CTP_INVALID_MEDIA_TYPE", { code: "media_type_unsupported", message: "a body is `application/json` in UTF-8" }],
  ["FST_ERR_CTP_INVALID_CONTENT_LENGTH", { code: "bad_request", message: "`Content-Length` is not the body's" }],
  ["FST_ERR_BAD_URL", { code: "bad_request", message: "the target cannot be read" }],
  ["FST_ERR_MAX_PARAM_LENGTH", { code: "bad_request", message: "a part of the path is longer than 128 bytes" }],
]);

const CONTEXT_CODES: Readonly<Record<string, string>> = { params: "bad_id", querystring: "bad_parameter" };

/** What a schema found, at its place: `missing_key`, `unknown_key`, `bad_value`; `bad_parameter` in a query, `bad_id` in a path. */
export function invalid({ keyword, instancePath, params, message }: Validation, context: string, under = ""): Problem {
  const key = keyword === "required" ? params.missingProperty : params.additionalProperty;
  const place = `${under}${instancePath}${typeof key === "string" ? `/${escaped(key)}` : ""}`;
  const code = CONTEXT_CODES[context];
  if (code !== undefined) {
    const name = place.replace(/^\//, "").slice(0, 64);
    const why = keyword === "additionalProperties" ? "is no parameter of this route" : (message ?? "is not what it must be");
    return { code, message: `\`${name}\` ${why}`, at: name };
  }
  if (typeof key === "string" && keyword === "required") return { code: "missing_key", message: `\`${key}\` is missing`, at: place };
  if (typeof key === "string")
    return { code: "unknown_key", message: `nobody knows the key \`${key.slice(0, 64)}\``, at: place.slice(0, 256) };
  return {
    code: keyword === "enum" && place.endsWith("/action_type") ? "unknown_action_type" : "bad_value",
    message: message ?? "",
    at: place,
  };
}

function escaped(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}
