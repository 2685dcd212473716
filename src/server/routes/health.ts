// `GET /healthz` and `GET /readyz`: for those who start, watch and balance servers. Implements spec/service.md section 5.

import type { FastifyInstance } from "fastify";
import { PROBLEMS_OF_HEAD, responses } from "../answers.js";
import { NothingSchema } from "../bodies.js";
import type { Service } from "../service.js";

export function healthRoutes(app: FastifyInstance, service: Service): void {
  const health = {
    operationId: "getHealth",
    summary: "the process answers; nothing is looked at",
    tags: ["service"],
    querystring: NothingSchema,
    response: responses({ 200: { description: "it answers", schema: "health" } }, PROBLEMS_OF_HEAD),
  };
  app.get("/healthz", { schema: health, config: { scope: null } }, async () => ({ status: "ok" }));
  const ready = {
    operationId: "getReadiness",
    summary: "decisions can be made and recorded",
    tags: ["service"],
    querystring: NothingSchema,
    response: responses(
      { 200: { description: "it can", schema: "ready" }, 503: { description: "it cannot; the checks say why", schema: "ready" } },
      PROBLEMS_OF_HEAD,
    ),
  };
  app.get("/readyz", { schema: ready, config: { scope: null } }, async (_request, reply) => {
    const checks = await service.ready();
    const isReady = checks.every(({ status }) => status === "pass");
    return reply.code(isReady ? 200 : 503).send({ status: isReady ? "ready" : "not_ready", checks });
  });
}
