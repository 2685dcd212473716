// Approvals over HTTP: what is asked of persons, asking them, and the answers that they signed. Implements spec/service.md 10.1.
// SECURITY: the server has no approver's key. A token carries an answer here; it never is one.

import type { FastifyInstance } from "fastify";
import { type Static, Type } from "typebox";
import { addPublished, PROBLEMS_OF_BODY, PROBLEMS_OF_HEAD, refTo, responses } from "../answers.js";
import { CURSOR_CHARACTERS, NothingSchema, PAGE_ITEMS, pageItems } from "../bodies.js";
import { makeTextCursor, readTextCursor } from "../cursor.js";
import { callerOf } from "../identity/caller.js";
import type { ApprovalsPort } from "../ports/approvals.js";
import { given } from "../problem.js";

const CLOSED = { additionalProperties: false };
const READ = { config: { scope: "approvals:read" } } as const;
const APPROVAL = "cli.approval";
const STATES = ["pending", "approved", "denied", "expired", "used"];

const ListQuerySchema = Type.Object(
  {
    state: Type.Optional(Type.Enum(STATES, { description: "only those in this state" })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: PAGE_ITEMS })),
    cursor: Type.Optional(Type.String({ maxLength: CURSOR_CHARACTERS, description: "`next_cursor` of the page before" })),
  },
  CLOSED,
);
const PageSchema = Type.Object(
  { items: Type.Array(refTo(APPROVAL)), next_cursor: Type.String({ description: "empty behind the last item" }) },
  { ...CLOSED, $id: "approvals_page" },
);
const ParamsSchema = Type.Object(
  { id: Type.String({ pattern: "^apr_[0-7][0-9a-hjkmnp-tv-z]{25}$", description: "the whole id" }) },
  CLOSED,
);
type Params = Static<typeof ParamsSchema>;

const AskBodySchema = Type.Object(
  {
    documents: Type.Array(
      Type.Object(
        {
          kind: Type.String({ pattern: "^[a-z][a-z0-9_]{0,63}$" }),
          digest: Type.String({ pattern: "^sha256:[0-9a-f]{64}$", description: "of the file's bytes" }),
        },
        CLOSED,
      ),
      { minItems: 1, maxItems: 32, description: "each kind once" },
    ),
    reason: Type.String({ maxLength: 500, description: "why, in the caller's own words; it is recorded" }),
    wait_ms: Type.Optional(Type.Integer({ minimum: 900_000, maximum: 604_800_000, description: "how long the request waits" })),
  },
  CLOSED,
);
const AnswerBodySchema = Type.Object(
  {
    envelope: Type.String({
      maxLength: 16_384,
      description: "of the type application/vnd.cavra.approval-answer.v1+json, signed by the person's own key",
    }),
  },
  CLOSED,
);

export function approvalRoutes(app: FastifyInstance, approvals: ApprovalsPort): void {
  addPublished(app, [APPROVAL]);
  app.addSchema(JSON.parse(JSON.stringify(PageSchema)));
  readingRoutes(app, approvals);
  actingRoutes(app, approvals);
}

function readingRoutes(app: FastifyInstance, approvals: ApprovalsPort): void {
  const list = {
    operationId: "listApprovals",
    summary: "what is asked of persons, the last asked first",
    tags: ["approvals"],
    querystring: ListQuerySchema,
    response: responses({ 200: { description: "one page", schema: "approvals_page" } }, PROBLEMS_OF_HEAD),
  };
  app.get("/v1/approvals", { schema: list, ...READ }, async (request) => {
    const { state = null, cursor, ...page } = request.query as Static<typeof ListQuerySchema>;
    const limit = pageItems(page);
    const filters = `approvals ${state ?? ""}`;
    const after = cursor === undefined ? "" : given(readTextCursor(cursor, filters));
    const found = await approvals.list({ state, after, limit: limit + 1 }, callerOf(request));
    const items = found.slice(0, limit);
    return { items, next_cursor: found.length > limit ? makeTextCursor(items.at(-1)?.request.approval_id ?? "", filters) : "" };
  });
  const read = {
    operationId: "getApproval",
    summary: "one request, who answered, and who is missing",
    tags: ["approvals"],
    querystring: NothingSchema,
    params: ParamsSchema,
    response: responses({ 200: { description: "the approval", schema: APPROVAL } }, [...PROBLEMS_OF_HEAD, 404]),
  };
  app.get("/v1/approvals/:id", { schema: read, ...READ }, async (request) =>
    given(await approvals.read((request.params as Params).id, callerOf(request))),
  );
}

function actingRoutes(app: FastifyInstance, approvals: ApprovalsPort): void {
  const asking = {
    operationId: "askApproval",
    summary: "ask persons for a set of documents; for an action its decision asks",
    tags: ["approvals"],
    querystring: NothingSchema,
    body: AskBodySchema,
    response: responses({ 200: { description: "what was asked", schema: APPROVAL } }, PROBLEMS_OF_BODY),
  };
  app.post("/v1/approvals", { schema: asking, config: { scope: "decisions:ask", isForKnown: true } }, async (request) => {
    const { documents, reason, wait_ms = null } = request.body as Static<typeof AskBodySchema>;
    return given(await approvals.ask({ documents, reason, waitMs: wait_ms }, callerOf(request)));
  });
  const answering = {
    operationId: "answerApproval",
    summary: "bring the answer that a person signed with their key",
    tags: ["approvals"],
    querystring: NothingSchema,
    params: ParamsSchema,
    body: AnswerBodySchema,
    response: responses({ 200: { description: "the approval after it", schema: APPROVAL } }, [...PROBLEMS_OF_BODY, 404, 409, 422]),
  };
  app.post("/v1/approvals/:id/answers", { schema: answering, config: { scope: "approvals:answer" } }, async (request) => {
    const { envelope } = request.body as Static<typeof AnswerBodySchema>;
    return given(await approvals.answer((request.params as Params).id, envelope, callerOf(request)));
  });
}
