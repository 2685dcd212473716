// Who asks, verified before anything of the body is read. Implements spec/service.md 3.6, 4.2 and 4.4.
// SECURITY: a token comes in one header and in no other place: what stands in a target stands in logs and histories.

import type { FastifyRequest } from "fastify";
import { bad, ok, type Result } from "../../base/index.js";
import { isOwnToken, readToken, type Scope, tokenFault } from "../../identity/index.js";
import { type Caller, type Identity, type Known, NOBODY } from "./caller.js";
import type { Issuers } from "./issuers.js";

/** Why nobody was found; `why` and `id` are for the log alone. */
export interface Unknown {
  readonly code: "token_missing" | "token_invalid";
  readonly why: string;
  readonly id: string;
}

export type Identified =
  | { readonly kind: "nobody" }
  | { readonly kind: "known"; readonly known: Known }
  | { readonly kind: "unknown"; readonly unknown: Unknown };

/** Rejects with what keeps the tokens from being looked up. */
export async function identify(request: FastifyRequest, identity: Identity, issuers: Issuers): Promise<Identified> {
  if (!(await identity.isConfigured())) return { kind: "nobody" };
  const text = presented(request);
  if (text === null) return unknown("token_missing", "token_missing");
  if (isOwnToken(text)) return ownToken(text, identity);
  const verified = await issuers.verify(text, identity.nowMs());
  return verified.ok ? { kind: "known", known: verified.known } : unknown("token_invalid", verified.why);
}

/** The token of the one `Authorization` header; null where there is none, "" where there are several. */
function presented({ raw: { rawHeaders } }: FastifyRequest): string | null {
  const said = rawHeaders.flatMap((name, at) => (at % 2 === 0 && name.toLowerCase() === "authorization" ? [rawHeaders[at + 1] ?? ""] : []));
  if (said.length > 1) return "";
  const found = /^bearer +([^ ]+)$/i.exec(said[0] ?? "");
  return found?.[1] ?? null;
}

async function ownToken(text: string, { findToken, nowMs }: Identity): Promise<Identified> {
  const token = readToken(text);
  if (token === null) return unknown("token_invalid", "token_malformed");
  const kept = await findToken(token.tokenId);
  const fault = tokenFault(token, kept, nowMs());
  if (kept === null || fault !== "") return unknown("token_invalid", fault, token.tokenId);
  const { token_id: id, name, agent, scopes, workspaces } = kept;
  return { kind: "known", known: { name: `token:${name}`, id, agent, grants: [{ scopes, workspaces }] } };
}

function unknown(code: Unknown["code"], why: string, id = ""): Identified {
  return { kind: "unknown", unknown: { code, why, id } };
}

/** The caller as the operation of this scope sees it. Problem: `scope_missing`. */
export function callerFor({ name, id, agent, grants }: Known, scope: Scope): Result<Caller> {
  const giving = grants.filter(({ scopes }) => scopes.includes(scope));
  // The temptation is one list of all workspaces of all grants: a role for one repository would be one for every other.
  const workspaces = [...new Set(giving.flatMap((one) => one.workspaces))];
  if (giving.length === 0) return bad("scope_missing", `this needs the scope \`${scope}\``, { hint: "ask who made your token" });
  return ok({ name, id, agent, workspaces, scopes: [...new Set(grants.flatMap(({ scopes }) => scopes))] });
}

export interface Operation {
  readonly scope: Scope;
  readonly isForKnown: boolean;
}

/** What a server that knows nobody lets everybody do. Problem: `identity_missing`. */
export function callerUnknown({ scope, isForKnown }: Operation): Result<Caller> {
  const isOpen = scope.endsWith(":read") || scope === "decisions:ask";
  if (isOpen && !isForKnown) return ok(NOBODY);
  return bad("identity_missing", "this server knows nobody, so it takes no orders", { hint: "`cavra token create` makes a token" });
}
