// What is answered, as schemas: problems and pages are ours, records and reports are those of spec/schema. Implements spec/service.md 3.4 and 14.1.

import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import type { JsonObject } from "../base/index.js";
import { published } from "./published.js";

const CLOSED = { additionalProperties: false };
const CODE = Type.String({ pattern: "^[a-z][a-z0-9_]*$" });
const index = Type.Union([Type.Integer({ minimum: 0 }), Type.Null()], { description: "in the ledger; null until it is drained" });

const ProblemSchema = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    detail: Type.String(),
    code: CODE,
    request_id: Type.String(),
    hint: Type.Optional(Type.String()),
    at: Type.Optional(Type.String()),
    decision: Type.Optional(refTo("decision")),
  },
  { ...CLOSED, $id: "problem", description: "RFC 9457. `decision` only with `evidence_unavailable` and `evidence_too_large`: the denial." },
);

const FoundSchema = Type.Object({ index, digest: refTo("record.digest"), record: refTo("record") }, { ...CLOSED, $id: "found_decision" });

const PageSchema = Type.Object(
  { items: Type.Array(refTo("found_decision")), next_cursor: Type.String({ description: "empty behind the last item" }) },
  { ...CLOSED, $id: "decisions_page" },
);

const ItemErrorSchema = Type.Object(
  {
    error: Type.Object(
      { code: CODE, message: Type.String(), hint: Type.Optional(Type.String()), at: Type.Optional(Type.String()) },
      CLOSED,
    ),
  },
  CLOSED,
);
const BatchSchema = Type.Object(
  { answers: Type.Array(Type.Union([refTo("decision"), ItemErrorSchema])) },
  { ...CLOSED, $id: "batch_answers" },
);

const HealthSchema = Type.Object({ status: Type.Literal("ok") }, { ...CLOSED, $id: "health" });
const ReadySchema = Type.Object(
  {
    status: Type.Enum(["ready", "not_ready"]),
    checks: Type.Array(Type.Object({ id: Type.String(), status: Type.Enum(["pass", "fail"]), code: CODE }, CLOSED)),
  },
  { ...CLOSED, $id: "ready" },
);

/** Each report's route and the definition of spec/schema/cli.schema.json that it has. */
export const REPORT_SCHEMAS = {
  readiness: "go_pilot_readiness",
  "promotion-readiness": "go_promotion_readiness",
  "deployment-readiness": "go_deployment_readiness",
  "rollback-readiness": "go_rollback_readiness",
  "rollback-rehearsal": "go_rollback_rehearsal",
  "rollback-drills": "go_rollback_drills",
  "rollback-drill-schedule": "go_rollback_drill_schedule",
  "production-readiness": "production_readiness",
} as const;

/** All that answers refer to, by `$id`. */
export function answerSchemas(): readonly JsonObject[] {
  const own = [ProblemSchema, FoundSchema, PageSchema, BatchSchema, HealthSchema, ReadySchema];
  const reports = Object.values(REPORT_SCHEMAS).map((name) => `cli.${name}`);
  // What a schema library marks its values with is not enumerable, and gone in this copy.
  return [...(JSON.parse(JSON.stringify(own)) as JsonObject[]), ...published(["decision", "record", "cli.go_pilot_evaluate", ...reports])];
}

export function refTo(id: string) {
  return Type.Unsafe<unknown>({ $ref: `${id}#` });
}

interface Answer {
  readonly description: string;
  /** The name of one that the document has, or one of its own. */
  readonly schema: string | object;
  /** JSON where nothing else is said. */
  readonly type?: string;
}

/** What is no JSON. */
export const TEXT = { schema: { type: "string" }, type: "text/plain" } as const;
export const BYTES = { schema: {}, type: "application/octet-stream" } as const;
/** Of what is not sent again to who has it. */
export const AS_IT_WAS = { description: "as it was", type: "null" } as const;

/** The answers of an operation: what it answers where all is well, and a problem for each status of its kind. */
export function responses(good: Readonly<Record<number, Answer>>, bad: readonly number[]): object {
  const told = Object.entries(good).map(([status, { description, schema, type = "application/json" }]) => [
    status,
    { description, content: { [type]: { schema: typeof schema === "string" ? { $ref: `${schema}#` } : schema } } },
  ]);
  const problems = bad.map((status) => [
    status,
    { description: "a problem", content: { "application/problem+json": { schema: { $ref: "problem#" } } } },
  ]);
  return Object.fromEntries([...problems, ...told]);
}

/** Adds what spec/schema has under these names, unless it is there. */
export function addPublished(app: FastifyInstance, names: readonly string[]): void {
  for (const schema of published(names)) if (app.getSchema(String(schema.$id)) === undefined) app.addSchema(schema);
}

/** What the head of any request can come to; with a body, its size and form too. */
export const PROBLEMS_OF_HEAD: readonly number[] = [400, 403, 408, 414, 421, 431, 500, 503];
export const PROBLEMS_OF_BODY: readonly number[] = [...PROBLEMS_OF_HEAD, 409, 413, 415, 422];
