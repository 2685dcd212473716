// The readiness reports of the second engine, and one decision with it asked beside. Implements spec/service.md section 6.
// INVARIANT: a report is the command's own; nothing of a request goes into it.

import type { FastifyInstance } from "fastify";
import { PROBLEMS_OF_BODY, PROBLEMS_OF_HEAD, REPORT_SCHEMAS, responses } from "../answers.js";
import { type ActionBody, ActionBodySchema, NothingSchema } from "../bodies.js";
import { callerOf } from "../identity/caller.js";
import { refused } from "../problem.js";
import { REPORTS, type ReportName, type Service } from "../service.js";
import { onceOf, recordedOr } from "./decisions.js";

const PREFIX = "/runtime/go-pilot";

export function reportRoutes(app: FastifyInstance, service: Service): void {
  const under = new Map<ReportName, Promise<object>>();
  // Of each kind one at a time: who asks meanwhile gets the same one.
  const reportOf = (name: ReportName): Promise<object> => {
    const running = under.get(name) ?? service.report(name).finally(() => under.delete(name));
    under.set(name, running);
    return running;
  };
  for (const name of REPORTS) {
    const isWhole = name === "production-readiness";
    const schema = {
      operationId: `report_${name.replaceAll("-", "_")}`,
      summary: `as \`cavra ${isWhole ? "deployment " : "runtime go-"}${name === "readiness" ? "pilot-readiness" : name} --json\``,
      tags: ["reports"],
      querystring: NothingSchema,
      response: responses(
        { 200: { description: "the report, whatever it says", schema: `cli.${REPORT_SCHEMAS[name]}` } },
        PROBLEMS_OF_HEAD,
      ),
    };
    app.get(`${isWhole ? "/deployment" : PREFIX}/${name}`, { schema, config: { scope: "runtime:read" } }, () => reportOf(name));
  }
  const schema = {
    operationId: "evaluateBeside",
    summary: "decide one action and record it, and say what became of the second engine",
    tags: ["reports"],
    querystring: NothingSchema,
    body: ActionBodySchema,
    response: responses(
      { 200: { description: "the decision, and which engine was selected", schema: "cli.go_pilot_evaluate" } },
      PROBLEMS_OF_BODY,
    ),
  };
  app.post(`${PREFIX}/evaluate`, { schema, config: { scope: "decisions:ask" } }, async (request) => {
    const found = await service.evaluate(request.body as ActionBody, callerOf(request), onceOf(request, 0));
    if (!found.ok) throw refused(found.problem);
    recordedOr(found.value.decision);
    return found.value;
  });
}
