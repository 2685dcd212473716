// What a page of a listed origin may know of an answer, and what it may send. Implements spec/service.md 3.2.
// INVARIANT: an origin that is not listed gets no header of CORS; no answer says `*`, and none takes credentials of the browser.

import type { FastifyReply, FastifyRequest } from "fastify";

const METHODS = "GET, HEAD, POST, PUT, DELETE";
const TAKEN = "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID, X-Request-Id";
const SHOWN = "Allow, ETag, Idempotency-Replayed, Retry-After, WWW-Authenticate, X-Request-Id";
const REMEMBERED_S = 600;

/** Every answer where origins are listed says that it depends on who asks. */
export function dressForOrigin({ headers: { origin } }: FastifyRequest, reply: FastifyReply, listed: ReadonlySet<string>): void {
  if (listed.size === 0) return;
  reply.header("vary", "Origin");
  if (origin !== undefined && listed.has(origin))
    reply.headers({ "access-control-allow-origin": origin, "access-control-expose-headers": SHOWN });
}

/** Is this a browser that asks whether its page may ask? Of another origin it is a method that the path does not take. */
export function isPreflight({ method, headers }: FastifyRequest, listed: ReadonlySet<string>): boolean {
  const { origin, "access-control-request-method": wanted } = headers;
  return method === "OPTIONS" && origin !== undefined && wanted !== undefined && listed.has(origin);
}

export function answerPreflight(reply: FastifyReply): void {
  const about = {
    "access-control-allow-methods": METHODS,
    "access-control-allow-headers": TAKEN,
    "access-control-max-age": String(REMEMBERED_S),
  };
  reply.code(204).headers(about).send();
}
