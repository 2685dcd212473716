// Who asks, as routes see it, and what the server asks of whoever keeps identities. Implements spec/service.md 4.1, 4.7 and 4.8.
// INVARIANT: nothing of it comes from a body, a query or a header of its own: only from what was verified.

import type { FastifyRequest } from "fastify";
import { CavraError } from "../../base/index.js";
import { EVERY_WORKSPACE, type IssuerSettings, type KeptToken, type Scope } from "../../identity/index.js";

export interface Caller {
  /** `token:NAME` or `oidc:ISSUER:SUB`: what records call its user; "" for nobody who is known. */
  readonly name: string;
  /** For logs, rates and keys: `tok_…`, or what stands for a subject; "" for nobody who is known. */
  readonly id: string;
  readonly scopes: readonly Scope[];
  /** Those that this caller is for where this operation's scope is concerned. */
  readonly workspaces: readonly string[];
  /** The one agent that it speaks for; "" for any. */
  readonly agent: string;
}

/** What somebody was given: scopes, each for the workspaces that were named with it. */
export interface Known {
  readonly name: string;
  readonly id: string;
  readonly agent: string;
  readonly grants: readonly Grant[];
}

export interface Grant {
  readonly scopes: readonly Scope[];
  readonly workspaces: readonly string[];
}

/** Whoever reaches a server that knows nobody. */
export const NOBODY: Caller = { name: "", id: "", scopes: [], workspaces: [EVERY_WORKSPACE], agent: "" };

/** What the server asks of those who keep identities. */
export interface Identity {
  /** Must callers say who they are? Asked for each request: it is true from the first token on. */
  readonly isConfigured: () => Promise<boolean>;
  /** Asked for each request: null for none. */
  readonly findToken: (tokenId: string) => Promise<KeptToken | null>;
  /** Whose tokens are believed beside our own. */
  readonly issuers: readonly IssuerSettings[];
  readonly nowMs: () => number;
}

declare module "fastify" {
  interface FastifyInstance {
    /** Takes from the caller's bucket what only the body told of (spec/service.md 3.8). */
    owe: (request: FastifyRequest, count: number) => void;
    /** Whoever was admitted may still ask for what has this scope: asked again of answers that last. */
    isStillKnown: (request: FastifyRequest, scope: Scope) => Promise<boolean>;
  }
  interface FastifyRequest {
    /** Null where the operation needs no token. */
    caller: Caller | null;
  }
  interface FastifyContextConfig {
    /** The one scope that the operation needs; null for what is open to all. */
    scope?: Scope | null;
    /** Also a server that knows nobody wants to know who asks for this. */
    isForKnown?: boolean;
  }
}

/** Who asks for an operation that has a scope. */
export function callerOf({ caller }: FastifyRequest): Caller {
  if (caller === null) throw new CavraError("internal_error", "the operation has no caller");
  return caller;
}
