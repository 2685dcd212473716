// Notices of drills over HTTP: who would be told, what became of it, telling, and a person's word that they saw it. Implements spec/service.md section 12.
// INVARIANT: what reads keeps nothing, and no token stands for a person's key.

import type { FastifyInstance } from "fastify";
import { type Static, Type } from "typebox";
import { canonicalJson } from "../../base/index.js";
import { addPublished, PROBLEMS_OF_BODY, PROBLEMS_OF_HEAD, refTo, responses } from "../answers.js";
import { CURSOR_CHARACTERS, NothingSchema, PAGE_ITEMS, pageItems } from "../bodies.js";
import { makeCursor, readCursor } from "../cursor.js";
import type { NoticePlan, NoticesPort } from "../ports/notices.js";
import { given } from "../problem.js";
import { publishedNames } from "../published.js";

const PREFIX = "/runtime/go-pilot/rollback-drill-notifications";
const CLOSED = { additionalProperties: false };
const READ = { config: { scope: "notices:read" } } as const;
const OPERATE = { config: { scope: "notices:operate" } } as const;

const name = (description: string) => Type.Optional(Type.String({ minLength: 1, maxLength: 128, description }));
const moment = (description: string) => Type.Optional(Type.String({ maxLength: 24, description }));

const NOTICE = "cli.go_rollback_drill_notice";
const PLAN = "cli.go_rollback_drill_plan";
const ACKNOWLEDGED = "cli.go_rollback_drill_ack";
const TRENDS = "cli.go_rollback_drill_suppression_trends";

const HistoryQuerySchema = Type.Object(
  {
    schedule: name("of this schedule"),
    plan: name("of this plan, or the beginning of its id"),
    provider: name("through this provider"),
    owner: name("to this owner"),
    route: name("on this route"),
    action: Type.Optional(Type.Enum(publishedNames(NOTICE, "action"), { description: "what became of it" })),
    category: Type.Optional(Type.Enum(publishedNames(NOTICE, "category"))),
    cause: name("why"),
    level: Type.Optional(Type.Enum(publishedNames(NOTICE, "alert_level"))),
    window: name("hidden by this maintenance window"),
    from: moment("from then on: a length back from now, or a moment in UTC"),
    to: moment("before this time"),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: PAGE_ITEMS })),
    cursor: Type.Optional(Type.String({ maxLength: CURSOR_CHARACTERS, description: "`next_cursor` of the page before" })),
  },
  CLOSED,
);
type HistoryQuery = Static<typeof HistoryQuerySchema>;

const PageSchema = Type.Object(
  { items: Type.Array(refTo(NOTICE)), next_cursor: Type.String({ description: "empty behind the last item" }) },
  { ...CLOSED, $id: "notices_page" },
);

const TrendsQuerySchema = Type.Object(
  {
    from: moment("from then on; 30 days back where it is not said"),
    to: moment("until then; now where it is not said"),
    bucket: Type.Optional(Type.Enum(publishedNames(TRENDS, "bucket"))),
  },
  CLOSED,
);

const AckBodySchema = Type.Object(
  {
    envelope: Type.String({
      maxLength: 16_384,
      description: "of the type application/vnd.cavra.drill-notice-ack.v1+json, signed by the person's own key",
    }),
  },
  CLOSED,
);

const ScheduleParamsSchema = Type.Object(
  { schedule_id: Type.String({ pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", description: "the drill schedule" }) },
  CLOSED,
);

export function noticeRoutes(app: FastifyInstance, notices: NoticesPort): void {
  addPublished(app, [NOTICE, PLAN, ACKNOWLEDGED, TRENDS]);
  app.addSchema(JSON.parse(JSON.stringify(PageSchema)));
  planRoutes(app, notices);
  historyRoutes(app, notices);
  acknowledgementRoute(app, notices);
}

function planRoutes(app: FastifyInstance, notices: NoticesPort): void {
  const told = (operationId: string, summary: string, problems: readonly number[]) => ({
    operationId,
    summary,
    tags: ["notices"],
    querystring: NothingSchema,
    response: responses({ 200: { description: "the plan", schema: PLAN } }, problems),
  });
  const acting = (kind: NoticePlan, path: string, operationId: string, summary: string) => {
    const schema = { ...told(operationId, summary, PROBLEMS_OF_BODY), body: NothingSchema };
    app.post(`${PREFIX}/${path}`, { schema, ...OPERATE }, () => notices.deliver(kind));
  };
  const now = told("planNotices", "who would be told about drills now; nothing is kept or sent", PROBLEMS_OF_HEAD);
  app.get(PREFIX, { schema: now, ...READ }, () => notices.plan("notification"));
  acting("notification", "deliver", "deliverNotices", "plan, keep and deliver, and what waits from before too");
  const escalation = told("planEscalations", "who would be told because nobody answered; nothing is kept or sent", PROBLEMS_OF_HEAD);
  app.get(`${PREFIX}/escalation-plan`, { schema: escalation, ...READ }, () => notices.plan("escalation"));
  acting("escalation", "escalation-plan", "deliverEscalations", "plan who is told because nobody answered, keep it and deliver it");
}

function historyRoutes(app: FastifyInstance, notices: NoticesPort): void {
  const history = {
    operationId: "listNotices",
    summary: "what became of every notice, the last first",
    tags: ["notices"],
    querystring: HistoryQuerySchema,
    response: responses({ 200: { description: "one page", schema: "notices_page" } }, [...PROBLEMS_OF_HEAD, 404]),
  };
  app.get(`${PREFIX}/routes`, { schema: history, ...READ }, async (request) => {
    const { limit, cursor, ...filter } = request.query as HistoryQuery;
    const filters = given(canonicalJson(filter));
    const before = cursor === undefined ? "" : String(given(readCursor(cursor, filters)));
    const { rows, nextCursor } = given(await notices.history(filter, pageItems(limit === undefined ? {} : { limit }), before));
    return { items: rows, next_cursor: nextCursor === "" ? "" : makeCursor(Number(nextCursor), filters) };
  });
  const trends = {
    operationId: "getSuppressionTrends",
    summary: "what was held back, over time, by name, and against the time before",
    tags: ["notices"],
    querystring: TrendsQuerySchema,
    response: responses({ 200: { description: "the trends", schema: TRENDS } }, PROBLEMS_OF_HEAD),
  };
  app.get(`${PREFIX}/suppression-trends`, { schema: trends, ...READ }, async (request) =>
    given(await notices.trends(request.query as Static<typeof TrendsQuerySchema>)),
  );
}

function acknowledgementRoute(app: FastifyInstance, notices: NoticesPort): void {
  const schema = {
    operationId: "acknowledgeNotices",
    summary: "a person saw the notices of one route of one plan, and signed that with their key",
    tags: ["notices"],
    querystring: NothingSchema,
    params: ScheduleParamsSchema,
    body: AckBodySchema,
    response: responses({ 200: { description: "the acknowledgements of the plan", schema: ACKNOWLEDGED } }, [
      ...PROBLEMS_OF_BODY,
      404,
      409,
      422,
    ]),
  };
  app.post(`${PREFIX}/:schedule_id/acknowledgements`, { schema, ...OPERATE }, async (request) => {
    const { schedule_id } = request.params as Static<typeof ScheduleParamsSchema>;
    return given(await notices.acknowledge(schedule_id, (request.body as Static<typeof AckBodySchema>).envelope));
  });
}
