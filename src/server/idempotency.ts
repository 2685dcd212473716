// `Idempotency-Key`: the same request once, whatever becomes of its answer. Implements spec/service.md 3.9.
// INVARIANT: the key is kept before the thing is done, and the answer before it leaves.

import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { sha256 } from "../base/index.js";
import type { KeptAnswer, KeysPort, Once } from "./ports/keys.js";
import { refused } from "./problem.js";

const FORM = /^[\x21-\x7e]{1,255}$/;
const METHODS: ReadonlySet<string> = new Set(["POST", "PUT", "DELETE"]);

declare module "fastify" {
  interface FastifyRequest {
    /** Of the body's bytes; "" where there are none, or nobody asks. */
    bodyDigest: string;
    /** Null without a key. */
    once: Once | null;
  }
}

/** What a request says in its header; null for none. */
export function idempotencyKey({ method, headers }: Pick<FastifyRequest, "method" | "headers">): string | null {
  const said = headers["idempotency-key"];
  return METHODS.has(method) && said !== undefined ? String(said) : null;
}

/** Called after the hooks that look at callers, and before any route. */
export function keepOnce(app: FastifyInstance, keys: KeysPort): void {
  app.decorateRequest("bodyDigest", "");
  app.decorateRequest("once", null);
  app.addHook("preHandler", async (request, reply) => {
    const key = idempotencyKey(request);
    if (key === null) return;
    if (!FORM.test(key))
      throw refused({ code: "bad_idempotency_key", message: "a key has 1 to 255 visible ASCII characters", at: "Idempotency-Key" });
    const name = sha256(JSON.stringify([request.caller?.id ?? "", request.method, request.raw.url ?? "", key]));
    // What is no JSON stands in the request as it came.
    const digest = request.body instanceof Uint8Array ? sha256(request.body) : request.bodyDigest;
    const begun = await keys.begin(name, digest);
    switch (begun.kind) {
      case "ours":
        request.once = { name, attempts: begun.attempts };
        return;
      case "kept":
        return replay(reply, begun);
      case "under_way":
        throw refused({ code: "idempotency_in_progress", message: "the first request with this key is under way", at: "Idempotency-Key" });
      case "other_body":
        throw refused({
          code: "idempotency_key_reused",
          message: "this key came with another body before",
          at: "Idempotency-Key",
        });
    }
  });
  app.addHook<unknown>("onSend", async ({ once }, reply, payload) => {
    if (once === null) return payload;
    const body = typeof payload === "string" ? Buffer.from(payload) : payload;
    if (reply.statusCode < 500 && body instanceof Uint8Array)
      await keys.keep(once.name, { status: reply.statusCode, type: String(reply.getHeader("content-type") ?? ""), body });
    else await keys.release(once.name);
    return payload;
  });
  app.addHook("onClose", () => keys.close());
}

function replay(reply: FastifyReply, { status, type, body }: KeptAnswer): FastifyReply {
  return reply.code(status).headers({ "content-type": type, "idempotency-replayed": "true" }).send(Buffer.from(body));
}
