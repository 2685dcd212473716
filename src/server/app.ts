// The server as fastify knows it: what happens to every request before its route, and to whatever is thrown. Implements spec/service.md section 3.
// INVARIANT: every answer has a request id, and every answer of 400 or more is a problem with a code of ours.

import { METHODS } from "node:http";
import type { Socket } from "node:net";
import { Ajv2020, type ErrorObject, type SchemaObject, type ValidateFunction } from "ajv/dist/2020.js";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { answerPreflight, dressForOrigin, isPreflight } from "./cors.js";
import { describe } from "./document.js";
import { type Allowed, addressOf, callersRequestId, headFault } from "./head.js";
import { keepOnce } from "./idempotency.js";
import { type GateOptions, guardRoutes } from "./identity/guard.js";
import { readJsonBodies } from "./json-body.js";
import type { Limits } from "./limits.js";
import type { Metrics } from "./metrics.js";
import { problemBody, type Refused, refused, refusedBy } from "./problem.js";
import { approvalRoutes } from "./routes/approvals.js";
import { decisionRoutes } from "./routes/decisions.js";
import { evidenceRoutes } from "./routes/evidence.js";
import { healthRoutes } from "./routes/health.js";
import { holdRoutes } from "./routes/holds.js";
import { journalRoutes } from "./routes/journals.js";
import { countRequests, metricsRoute } from "./routes/metrics.js";
import { noticeRoutes } from "./routes/notices.js";
import { policyRoutes } from "./routes/policies.js";
import { reportRoutes } from "./routes/reports.js";
import { streamRoute } from "./routes/stream.js";
import type { Service } from "./service.js";
import { TITLES } from "./status.js";

export interface AppOptions {
  readonly service: Service;
  /** Known when it listens. */
  readonly allowed: () => Allowed;
  /** Answers close their connections then. */
  readonly isEnding: () => boolean;
  readonly log: (entry: LogEntry) => void;
  readonly logsRequests: boolean;
  readonly isBehindProxy: boolean;
  /** Requests a second of one caller; 0 for no limit. */
  readonly rateLimit: number;
  readonly limits: Limits;
  readonly metrics: Metrics;
}

export interface LogEntry {
  readonly level: "info" | "error";
  readonly [key: string]: string | number;
}

const HEAD_BYTES = 16_384;
const SEGMENT_BYTES = 128;
const BODY_BYTES = 1_048_576;
const CONNECTION_REQUESTS = 10_000;
const WAITING = 1_024;

export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const { service, limits } = options;
  const app = fastify({
    logger: false,
    genReqId: () => service.newRequestId(),
    requestIdHeader: false,
    bodyLimit: BODY_BYTES,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.idleMs,
    maxRequestsPerSocket: CONNECTION_REQUESTS,
    return503OnClosing: false,
    routerOptions: { maxParamLength: SEGMENT_BYTES },
    // A request without `Host` is refused by us, with a problem.
    http: {
      maxHeaderSize: HEAD_BYTES,
      headersTimeout: limits.headMs,
      connectionsCheckingInterval: limits.lookMs,
      requireHostHeader: false,
    },
    frameworkErrors: (error, request, reply) => {
      // Typed for any server; this one is HTTP.
      const out = reply as unknown as FastifyReply;
      dress(out, request.id);
      send(out, refusedBy(error), request.id);
    },
    clientErrorHandler: (error, socket) => answerUnreadable(error.code, socket, service.newRequestId()),
  });
  app.server.maxConnections = limits.connections;
  // Every method that HTTP has is one that a path does not take, and no request that cannot be read.
  for (const method of METHODS) if (method !== "CONNECT" && !app.supportedMethods.includes(method)) app.addHttpMethod(method);
  readJsonBodies(app);
  checkBySchemas(app);
  const methods = methodsOf(app);
  const nowhere = (request: FastifyRequest, reply: FastifyReply): void => {
    const allowed = methods(request.url);
    if (allowed.length > 0 && isPreflight(request, options.allowed().listed)) {
      answerPreflight(reply);
      return;
    }
    if (allowed.length > 0) reply.header("allow", allowed.join(", "));
    send(reply, allowed.length > 0 ? NO_METHOD : NO_ROUTE, request.id);
  };
  countRequests(app, options.metrics);
  lookAtHeads(app, options, nowhere);
  guardRoutes(app, service.identity, gateOf(options));
  keepOnce(app, service.keys);
  app.setErrorHandler((thrown, request, reply) => {
    const out = refusedBy(thrown);
    if (out.status === 500) options.log({ level: "error", request_id: request.id, code: out.problem.code, why: whyOf(thrown) });
    send(reply, out, request.id);
  });
  app.setNotFoundHandler(nowhere);
  await describe(app, service.version);
  healthRoutes(app, service);
  decisionRoutes(app, service);
  streamRoute(app, service);
  reportRoutes(app, service);
  evidenceRoutes(app, service.evidence);
  noticeRoutes(app, service.notices);
  policyRoutes(app, service.policies);
  approvalRoutes(app, service.approvals);
  holdRoutes(app, service.holds);
  journalRoutes(app, service.journals);
  metricsRoute(app, options.metrics, service.metrics);
  await app.ready();
  return app;
}

const NO_ROUTE = refused({ code: "route_not_found", message: "there is nothing at that path", hint: "see `GET /openapi.json`" });
const NO_METHOD = refused({ code: "method_not_allowed", message: "that path does not take this method", hint: "see `Allow`" });
const OVERLOADED = refused({ code: "overloaded", message: `${WAITING} requests wait for an answer already` });
/** They say how the server is, also when it ends. */
const ALWAYS: ReadonlySet<string> = new Set(["/healthz", "/readyz"]);

type Nowhere = (request: FastifyRequest, reply: FastifyReply) => void;

function lookAtHeads(app: FastifyInstance, { service, allowed, isEnding, log, logsRequests }: AppOptions, nowhere: Nowhere): void {
  let waiting = 0;
  app.addHook("onRequest", async (request, reply) => {
    dress(reply, request.id);
    dressForOrigin(request, reply, allowed().listed);
    waiting += 1;
    let isWaiting = true;
    const answered = () => {
      if (isWaiting) waiting -= 1;
      isWaiting = false;
    };
    // A stream has been answered from its head on.
    reply.raw.once("close", answered).once("streaming", answered);
    const fault = headFault(
      { method: request.method, url: request.raw.url ?? "", hosts: hostsOf(request), headers: request.headers },
      allowed(),
    );
    // A path that does not take the method is told so, whatever came with it.
    if (fault !== null && !(request.is404 && fault.code === "body_not_wanted")) throw refused(fault);
    if (request.is404) {
      nowhere(request, reply);
      return reply;
    }
    if (ALWAYS.has(request.routeOptions.url ?? "")) return;
    const away = service.away();
    if (away !== null) throw refused(away);
    if (waiting > WAITING) throw OVERLOADED;
  });
  app.addHook("preValidation", async (request) => {
    if (request.method === "POST" && request.body === undefined) throw refused({ code: "body_missing", message: "there is no body" });
  });
  app.addHook("onSend", async (_request, reply) => {
    if (isEnding()) reply.header("connection", "close");
  });
  app.addHook("onResponse", async (request, reply) => {
    if (!logsRequests && reply.statusCode < 500) return;
    const { method, id, routeOptions } = request;
    const duration_ms = Math.round(reply.elapsedTime);
    const about = { request_id: id, method, route: routeOptions.url ?? "", status: reply.statusCode, duration_ms };
    const [caller, theirs] = [request.caller?.id ?? "", callersRequestId(request.headers)];
    log({ level: "info", ...about, ...(caller === "" ? {} : { caller }), ...(theirs === "" ? {} : { caller_request_id: theirs }) });
  });
}

function gateOf({ log, rateLimit, isBehindProxy }: AppOptions): GateOptions {
  return {
    rateLimit,
    addressOf: (request) => addressOf(request.raw.socket.remoteAddress ?? "", request.headers, isBehindProxy),
    // Who came with a token that counts for nothing is told to the log each time, and to nobody else.
    tellUnknown: ({ id, method, routeOptions }, { code, why, id: caller }) => {
      if (code !== "token_missing") log({ level: "info", request_id: id, method, route: routeOptions.url ?? "", code, why, caller });
    },
  };
}

/** Node keeps the first of several: here all count. */
function hostsOf({ raw: { rawHeaders } }: FastifyRequest): readonly string[] {
  return rawHeaders.flatMap((name, at) => (at % 2 === 0 && name.toLowerCase() === "host" ? [rawHeaders[at + 1] ?? ""] : []));
}

/** The headers of every answer: spec/service.md 3.12. */
function dress(reply: FastifyReply, requestId: string): void {
  reply.headers({ ...DRESS, "x-request-id": requestId });
}

const DRESS = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

function send(reply: FastifyReply, out: Refused, requestId: string): void {
  if (out.status === 503 || out.status === 429) reply.header("retry-after", String(Math.max(1, Math.ceil(out.afterMs / 1_000))));
  if (out.status === 401) reply.header("www-authenticate", "Bearer");
  reply.code(out.status).type("application/problem+json").send(problemBody(out, requestId));
}

/** What was no HTTP: fastify never saw it. */
function answerUnreadable(code: string | undefined, socket: Socket, requestId: string): void {
  const out = refused(UNREADABLE[code ?? ""] ?? { code: "bad_request", message: "this is no HTTP request" });
  const body = JSON.stringify(problemBody(out, requestId));
  const headers = { ...DRESS, "x-request-id": requestId, "content-type": "application/problem+json; charset=utf-8", connection: "close" };
  const lines = Object.entries({ ...headers, "content-length": Buffer.byteLength(body) }).map(([name, value]) => `${name}: ${value}\r\n`);
  if (socket.writable) socket.write(`HTTP/1.1 ${out.status} ${TITLES[out.status]}\r\n${lines.join("")}\r\n${body}`);
  socket.destroySoon();
}

const UNREADABLE: Readonly<Record<string, { readonly code: string; readonly message: string }>> = {
  ERR_HTTP_REQUEST_TIMEOUT: { code: "request_timeout", message: "the request did not come in time" },
  HPE_HEADER_OVERFLOW: { code: "headers_too_large", message: `the head has more than ${HEAD_BYTES} bytes` },
};

/** Nothing is added to a body, taken from it or made another type; of a query, which has texts alone, whole numbers are read. */
function checkBySchemas(app: FastifyInstance): void {
  const ajv = new Ajv2020({ strict: false });
  app.setValidatorCompiler<SchemaObject>(({ schema, httpPart }) => {
    const check = ajv.compile(schema);
    return httpPart === "querystring" ? readingNumbers(check, schema) : check;
  });
  // The temptation is a serialiser made from the schema: what the schema forgot would be left out of the evidence in silence.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
}

/** The temptation is the validator's own reading: to it a blank is 0, and so is `false`. */
function readingNumbers(check: ValidateFunction, { properties = {} }: SchemaObject) {
  const numbers = Object.entries(properties as Readonly<Record<string, SchemaObject>>).flatMap(([name, { type }]) =>
    type === "integer" ? [name] : [],
  );
  const reading = (query: Record<string, unknown>): boolean => {
    for (const name of numbers) {
      const said = query[name];
      if (typeof said === "string" && /^(0|-?[1-9][0-9]{0,15})$/.test(said)) query[name] = Number(said);
    }
    const holds = check(query);
    reading.errors = check.errors ?? null;
    return holds;
  };
  reading.errors = null as ErrorObject[] | null;
  return reading;
}

/** Which methods a path takes; asked where no route was found. */
function methodsOf(app: FastifyInstance): (url: string) => readonly string[] {
  const routes: { readonly parts: readonly string[]; readonly methods: readonly string[] }[] = [];
  app.addHook("onRoute", ({ url, method }) => {
    routes.push({ parts: url.split("/"), methods: [method].flat() });
  });
  return (url) => {
    const asked = (url.split("?")[0] ?? "").split("/");
    const fits = (parts: readonly string[]) =>
      parts.length === asked.length &&
      parts.every((part, at) => (part.startsWith(":") ? asked[at] !== "" : part.replace("::", ":") === asked[at]));
    return [...new Set(routes.filter(({ parts }) => fits(parts)).flatMap(({ methods }) => methods))].sort();
  };
}

function whyOf(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
}
