// Every operation names its scope, and nobody comes to one without it. Implements spec/service.md 4.5 and 14.1.
// INVARIANT: a route that says nothing of its scope is a mistake of ours, and the server does not start.

import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from "fastify";
import type { JsonObject } from "../../base/index.js";
import type { Scope } from "../../identity/index.js";
import { responses } from "../answers.js";
import { refused } from "../problem.js";
import type { Identity } from "./caller.js";
import { callerFor, callerUnknown, identify, type Unknown } from "./identify.js";

/** The name that the document has for it. */
export const SECURITY_SCHEMES = {
  token: {
    type: "http",
    scheme: "bearer",
    description:
      "a token of `cavra token create`, or a JWT of an issuer that the server trusts; the operation names the scope that it needs",
  },
} as const;

/** Told of who came with a token that counts for nothing. */
export type TellUnknown = (request: FastifyRequest, unknown: Unknown) => void;

/** Called before any route is added, and after the hook that looks at heads. */
export function guardRoutes(app: FastifyInstance, identity: Identity, tell: TellUnknown): void {
  app.decorateRequest("caller", null);
  app.addHook("onRoute", (route) => {
    const { scope } = route.config ?? {};
    if (scope === undefined) throw new Error(`the route ${route.url} names no scope`);
    if (scope !== null) route.schema = { ...route.schema, ...documented(route, scope) };
  });
  app.addHook("onRequest", async (request, reply) => {
    const { scope, isForKnown = false } = request.routeOptions.config;
    if (request.is404 || scope === undefined || scope === null) return;
    request.caller = await admitted(request, reply, { identity, tell, operation: { scope, isForKnown } });
  });
}

interface Gate {
  readonly identity: Identity;
  readonly tell: TellUnknown;
  readonly operation: Parameters<typeof callerUnknown>[0];
}

async function admitted(request: FastifyRequest, _reply: FastifyReply, { identity, tell, operation }: Gate) {
  const found = await identify(request, identity);
  if (found.kind === "unknown") {
    tell(request, found.unknown);
    throw refused(found.unknown.code === "token_missing" ? MISSING : INVALID);
  }
  const caller = found.kind === "known" ? callerFor(found.known, operation.scope) : callerUnknown(operation);
  if (!caller.ok) throw refused(caller.problem);
  return caller.value;
}

const HOW = "`Authorization: Bearer TOKEN`; `cavra token create` makes one";
const MISSING = { code: "token_missing", message: "this needs a token", hint: HOW, at: "Authorization" };
/** One for all: who guesses learns nothing. */
const INVALID = { code: "token_invalid", message: "the token counts for nothing", hint: HOW, at: "Authorization" };

function documented({ schema }: RouteOptions, scope: Scope): object {
  const own = (schema?.response ?? {}) as JsonObject;
  return { security: [{ token: [scope] }], response: { ...responses({}, PROBLEMS_OF_CALLERS), ...own } };
}

const PROBLEMS_OF_CALLERS = [401, 403, 429];
