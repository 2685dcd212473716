// Decisions: one, many, and those that were made. Implements spec/service.md section 7.
// INVARIANT: no route decides. What leaves with 200 is recorded; a denial that could not be is a 503 that carries it.

import { Ajv2020, type SchemaObject } from "ajv/dist/2020.js";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { bad, canonicalJson, type Problem, type Result } from "../../base/index.js";
import type { Decision } from "../../evidence/index.js";
import { PROBLEMS_OF_BODY, PROBLEMS_OF_HEAD, responses } from "../answers.js";
import {
  type ActionBody,
  ActionBodySchema,
  type BatchBody,
  BatchBodySchema,
  type DecisionParams,
  DecisionParamsSchema,
  type DecisionsQuery,
  DecisionsQuerySchema,
  NothingSchema,
  pageItems,
  wordsOf,
} from "../bodies.js";
import { makeCursor, readCursor } from "../cursor.js";
import { type Caller, callerOf } from "../identity/caller.js";
import { invalid, refused, refusedBy, type Validation } from "../problem.js";
import type { FoundDecision, OnceOf, PageRequest, Service } from "../service.js";

const BATCH_BYTES = 8_388_608;
/** Of a batch so many are under way at a time: others are answered in between. */
const AT_ONCE = 64;

export function decisionRoutes(app: FastifyInstance, service: Service): void {
  askingRoutes(app, service);
  readingRoutes(app, service);
}

function askingRoutes(app: FastifyInstance, service: Service): void {
  const one = {
    operationId: "decide",
    summary: "decide one action and record it",
    tags: ["decisions"],
    querystring: NothingSchema,
    body: ActionBodySchema,
    response: responses({ 200: { description: "the decision, whatever the verdict", schema: "decision" } }, PROBLEMS_OF_BODY),
  };
  app.post("/v1/decisions", { schema: one, config: { scope: "decisions:ask" } }, async (request) => {
    const decided = await service.decide(request.body as ActionBody, callerOf(request), onceOf(request, 0));
    if (!decided.ok) throw refused(decided.problem);
    return recordedOr(decided.value);
  });
  const many = {
    operationId: "decideBatch",
    summary: "decide many actions, each recorded by itself",
    tags: ["decisions"],
    querystring: NothingSchema,
    body: BatchBodySchema,
    response: responses(
      { 200: { description: "a decision or an error for each, in their order", schema: "batch_answers" } },
      PROBLEMS_OF_BODY,
    ),
  };
  const isAction = new Ajv2020({ strict: false }).compile(ActionBodySchema as SchemaObject);
  const answerOne = async (action: unknown, at: number, caller: Caller, once: OnceOf | null): Promise<object> => {
    try {
      if (!isAction(action)) return { error: invalid((isAction.errors?.[0] ?? NO_ACTION) as Validation, "body", `/actions/${at}`) };
      const decided = await service.decide(action as ActionBody, caller, once);
      return decided.ok ? decided.value : { error: decided.problem };
    } catch (thrown) {
      return { error: refusedBy(thrown).problem };
    }
  };
  // A colon begins a parameter where it stands alone.
  app.post("/v1/decisions::batch", { schema: many, bodyLimit: BATCH_BYTES, config: { scope: "decisions:ask" } }, async (request) => {
    const { actions } = request.body as BatchBody;
    const caller = callerOf(request);
    app.owe(request, actions.length - 1);
    const answers: object[] = [];
    for (let from = 0; from < actions.length; from += AT_ONCE)
      answers.push(
        ...(await Promise.all(
          actions.slice(from, from + AT_ONCE).map((action, at) => answerOne(action, from + at, caller, onceOf(request, from + at))),
        )),
      );
    return { answers };
  });
}

const NO_ACTION: Validation = { keyword: "type", instancePath: "", params: {} };

export function onceOf({ once }: FastifyRequest, at: number): OnceOf | null {
  return once === null ? null : { ...once, at };
}

/** The decision, where it is on record. Throws the denial that is not. */
export function recordedOr(decision: Decision): Decision {
  const { status } = decision.evidence;
  if (status === "recorded") return decision;
  throw refused({ code: status, message: decision.reason }, decision);
}

function readingRoutes(app: FastifyInstance, service: Service): void {
  const list = {
    operationId: "listDecisions",
    summary: "decisions on record, the last sequenced first",
    tags: ["decisions"],
    querystring: DecisionsQuerySchema,
    response: responses({ 200: { description: "one page", schema: "decisions_page" } }, PROBLEMS_OF_HEAD),
  };
  app.get("/v1/decisions", { schema: list, config: { scope: "decisions:read" } }, async (request) => {
    const asked = pageOf(request.query as DecisionsQuery);
    if (!asked.ok) throw refused(asked.problem);
    const { page, filters } = asked.value;
    // One more than is shown says whether there is another page.
    const found = await service.decisions({ ...page, limit: page.limit + 1 }, callerOf(request));
    if (!found.ok) throw refused(found.problem);
    const items = found.value.slice(0, page.limit);
    return { items, next_cursor: found.value.length > page.limit ? makeCursor(items.at(-1)?.index ?? 0, filters) : "" };
  });
  const read = {
    operationId: "getDecision",
    summary: "one decision on record",
    tags: ["decisions"],
    querystring: NothingSchema,
    params: DecisionParamsSchema,
    response: {
      ...responses({ 200: { description: "its record", schema: "found_decision" } }, [...PROBLEMS_OF_HEAD, 404]),
      304: { description: "as it was", type: "null" },
    },
  };
  app.get("/v1/decisions/:decision_id", { schema: read, config: { scope: "decisions:read" } }, async (request, reply) => {
    const found = await service.decision((request.params as DecisionParams).decision_id, callerOf(request));
    if (!found.ok) throw refused(withoutCommand(found.problem));
    const tag = tagOf(found.value);
    if (tag === null) return found.value;
    reply.headers({ etag: tag, "cache-control": "private, immutable, max-age=31536000" });
    return request.headers["if-none-match"] === tag ? reply.code(304).send() : found.value;
  });
}

/** What never changes has its digest for a tag; what the ledger has not drained yet still gets its index. */
function tagOf({ index, digest }: FoundDecision): string | null {
  return index === null ? null : `"${digest}"`;
}

/** Its hint is for the command line. */
function withoutCommand({ code, message }: Problem): Problem {
  return { code, message };
}

interface AskedPage {
  readonly page: PageRequest;
  /** The same text for the same filters. */
  readonly filters: string;
}

function pageOf(query: DecisionsQuery): Result<AskedPage> {
  const { limit: _limit, cursor, words: said, ...filter } = query;
  const read = wordsOf(said);
  if (!read.ok) return read;
  const words = read.value;
  const text = canonicalJson({ filter, words });
  if (!text.ok) return bad("bad_parameter", text.problem.message);
  const before = cursor === undefined ? { ok: true as const, value: Number.MAX_SAFE_INTEGER } : readCursor(cursor, text.value);
  if (!before.ok) return before;
  return { ok: true, value: { page: { filter, words, before: before.value, limit: pageItems(query) }, filters: text.value } };
}
