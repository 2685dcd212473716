// `GET /metrics`: what Prometheus reads. Implements spec/service.md 13.1.

import type { FastifyInstance } from "fastify";
import { PROBLEMS_OF_HEAD, responses, TEXT } from "../answers.js";
import { NothingSchema } from "../bodies.js";
import type { Metrics } from "../metrics.js";
import type { MetricsPort } from "../ports/metrics.js";

const TYPE = "text/plain; version=0.0.4; charset=utf-8";

export function metricsRoute(app: FastifyInstance, metrics: Metrics, port: MetricsPort): void {
  const schema = {
    operationId: "getMetrics",
    summary: "what is counted, as Prometheus reads it",
    tags: ["service"],
    querystring: NothingSchema,
    response: responses({ 200: { description: "text format 0.0.4", ...TEXT } }, PROBLEMS_OF_HEAD),
  };
  app.get("/metrics", { schema, config: { scope: "metrics:read" } }, async (_request, reply) =>
    reply.type(TYPE).send(await metrics.text(port, app.streams.count())),
  );
}

/** Every request, by the document's path; what has none counts under "". */
export function countRequests(app: FastifyInstance, metrics: Metrics): void {
  app.addHook("onRequest", async (request, reply) => {
    const end = metrics.began();
    const { method, is404, routeOptions } = request;
    let hasEnded = false;
    const answered = () => {
      if (hasEnded) return;
      hasEnded = true;
      const route = is404 ? "" : documentPath(routeOptions.url ?? "");
      end({ route, method, status: reply.raw.statusCode, seconds: reply.elapsedTime / 1_000 });
    };
    // The answer's end, or the caller's: each request ends once, whatever becomes of it. A stream has been answered from its head on.
    reply.raw.once("close", answered).once("streaming", answered);
  });
}

/** `/v1/decisions/{decision_id}`, as the document writes it. */
export function documentPath(url: string): string {
  return url
    .replaceAll("::", "\0")
    .replaceAll(/:([a-z_]+)/g, "{$1}")
    .replaceAll("\0", ":");
}
