// Reads a body as strictly as everything from outside. Implements spec/service.md 3.1.
// The temptation is fastify's own parser: of two equal keys it takes the last one, and another reader of the same bytes the first.

import type { FastifyInstance } from "fastify";
import { parseJson, sha256 } from "../base/index.js";
import { idempotencyKey } from "./idempotency.js";
import { refused } from "./problem.js";

export const BODY_DEPTH = 16;

export function readJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<Buffer>("application/json", { parseAs: "buffer" }, (request, body, done) => {
    if (/;\s*charset\s*=\s*(?!"?utf-8"?\s*(?:;|$))/i.test(request.headers["content-type"] ?? ""))
      return done(refused({ code: "media_type_unsupported", message: "a body is `application/json` in UTF-8", at: "Content-Type" }));
    if (body.length === 0) return done(refused({ code: "body_missing", message: "the body is empty" }));
    // Its size was held against the route's limit before it came here.
    if (idempotencyKey(request) !== null) request.bodyDigest = sha256(body);
    const read = parseJson(body, { sizeBytes: Number.MAX_SAFE_INTEGER, depth: BODY_DEPTH });
    if (read.ok) done(null, read.value);
    else done(refused(read.problem));
  });
}
