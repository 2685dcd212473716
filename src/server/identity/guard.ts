// Every operation names its scope, and nobody comes to one without it. Implements spec/service.md 4.5 and 14.1.
// INVARIANT: a route that says nothing of its scope is a mistake of ours, and the server does not start.

import type { FastifyInstance, FastifyRequest, RouteOptions } from "fastify";
import type { JsonObject } from "../../base/index.js";
import type { Scope } from "../../identity/index.js";
import { responses } from "../answers.js";
import { rateLimited, refused } from "../problem.js";
import { type Caller, callerOf, type Identity, NOBODY } from "./caller.js";
import { callerFor, callerUnknown, identify, type Unknown } from "./identify.js";
import { type Issuers, openIssuers } from "./issuers.js";
import { newRates, type Rates } from "./rates.js";

/** The name that the document has for it. */
export const SECURITY_SCHEMES = {
  token: {
    type: "http",
    scheme: "bearer",
    description:
      "a token of `cavra token create`, or a JWT of an issuer that the server trusts; the operation names the scope that it needs",
  },
} as const;

export interface GateOptions {
  /** Requests a second of one caller; 0 for no limit. */
  readonly rateLimit: number;
  readonly addressOf: (request: FastifyRequest) => string;
  /** Told of who came with a token that counts for nothing. */
  readonly tellUnknown: (request: FastifyRequest, unknown: Unknown) => void;
}

/** Tokens that count for nothing, a second from one address. */
const FAILING_PER_SECOND = 10;
/** It looks at nothing, so it takes nothing. */
const UNCOUNTED = "/healthz";

/** Called before any route is added, and after the hook that looks at heads. */
export function guardRoutes(app: FastifyInstance, identity: Identity, options: GateOptions): void {
  const gate: Gate = {
    ...options,
    identity,
    callers: newRates(options.rateLimit),
    failing: newRates(FAILING_PER_SECOND),
    issuers: openIssuers(identity.issuers),
  };
  app.decorateRequest("caller", null);
  app.decorate("owe", (request, count) => gate.callers.owe(bucketOf(callerOf(request)), count, identity.nowMs()));
  app.decorate("isStillKnown", async (request, scope) => {
    const found = await identify(request, gate.identity, gate.issuers);
    return found.kind === "known" && callerFor(found.known, scope).ok ? true : found.kind === "nobody";
  });
  app.addHook("onRoute", (route) => {
    const { scope } = route.config ?? {};
    if (scope === undefined) throw new Error(`the route ${route.url} names no scope`);
    route.schema = { ...route.schema, ...documented(route, scope) };
  });
  app.addHook("onRequest", async (request) => {
    const { config, url } = request.routeOptions;
    if (request.is404 || config.scope === undefined) return;
    if (config.scope !== null) request.caller = await admitted(request, config.scope, gate);
    else if (url !== UNCOUNTED) take(gate.callers, `address ${gate.addressOf(request)}`, gate);
  });
}

interface Gate extends GateOptions {
  readonly identity: Identity;
  readonly callers: Rates;
  readonly failing: Rates;
  readonly issuers: Issuers;
}

async function admitted(request: FastifyRequest, scope: Scope, gate: Gate): Promise<Caller> {
  const { isForKnown = false } = request.routeOptions.config;
  const found = await identify(request, gate.identity, gate.issuers);
  if (found.kind === "unknown") {
    const { code } = found.unknown;
    if (code === "token_invalid") take(gate.failing, gate.addressOf(request), gate);
    gate.tellUnknown(request, found.unknown);
    throw refused(code === "token_missing" ? MISSING : INVALID);
  }
  take(gate.callers, bucketOf(found.kind === "known" ? found.known : NOBODY), gate);
  const caller = found.kind === "known" ? callerFor(found.known, scope) : callerUnknown({ scope, isForKnown });
  if (!caller.ok) throw refused(caller.problem);
  return caller.value;
}

function bucketOf({ id }: { readonly id: string }): string {
  return `caller ${id}`;
}

function take(rates: Rates, key: string, { identity }: Gate): void {
  const waitMs = rates.take(key, identity.nowMs());
  if (waitMs > 0) throw rateLimited(waitMs);
}

const HOW = "`Authorization: Bearer TOKEN`; `cavra token create` makes one";
const MISSING = { code: "token_missing", message: "this needs a token", hint: HOW, at: "Authorization" };
/** One for all: who guesses learns nothing. */
const INVALID = { code: "token_invalid", message: "the token counts for nothing", hint: HOW, at: "Authorization" };

function documented({ schema, url }: RouteOptions, scope: Scope | null): object {
  const own = (schema?.response ?? {}) as JsonObject;
  if (scope !== null) return { security: [{ token: [scope] }], response: { ...responses({}, [401, 403, 429]), ...own } };
  return url === UNCOUNTED ? {} : { response: { ...responses({}, [429]), ...own } };
}
