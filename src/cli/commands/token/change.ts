// Making a token and revoking one: both on record before they hold. Implements spec/service.md 4.3.
// SECURITY: the token itself is printed and nowhere else: in no record, no file, no log.

import { newHostChange, recordHostChange } from "../../../authority/index.js";
import { bad, formatTime, type JsonObject, ok, type Result } from "../../../base/index.js";
import { checkReason } from "../../../evidence/index.js";
import {
  checkWorkspaces,
  DEFAULT_TOKEN_MS,
  EVERY_WORKSPACE,
  isRoleName,
  isScope,
  type KeptToken,
  MAX_TOKEN_MS,
  MIN_TOKEN_MS,
  type RevokedToken,
  ROLE_NAMES,
  SCOPES,
  type Scope,
  scopesOf,
  secretDigest,
  TOKEN_PREFIX,
  TOKEN_SECRET_BYTES,
  tokenText,
} from "../../../identity/index.js";
import { newId, SYSTEM_CLOCK, type TokenStore } from "../../../store/index.js";
import { oneLine } from "../../one-line.js";
import { requirePerson, whoRunsThis } from "../../person.js";
import { parseLength } from "../../span-of-time.js";
import type { Terminal } from "../../terminal.js";
import { withTokens } from "./here.js";

export interface CreateTokenOptions {
  readonly name?: string;
  readonly role?: readonly string[];
  readonly scope?: readonly string[];
  readonly workspace?: readonly string[];
  readonly agent?: string;
  readonly expires?: string;
  readonly reason?: string;
  readonly databaseUrl?: string;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const AGENT_CHARACTERS = 256;

/** What is asked for, read; the id and the moment come with the yes. */
type Wanted = Pick<KeptToken, "name" | "scopes" | "workspaces" | "agent"> & { readonly lengthMs: number; readonly reason: string };

/** Problems: `bad_name`, `unknown_role`, `unknown_scope`, `scope_missing`, `bad_workspace`, `bad_time`, those of a reason and of asking. Throws `tokens_full`. */
export async function createToken(
  terminal: Terminal,
  options: CreateTokenOptions,
): Promise<Result<{ readonly token: string; readonly kept: KeptToken }>> {
  const wanted = read(options);
  if (!wanted.ok) return wanted;
  // Opened before anybody is asked: nobody types a word for what cannot be kept.
  return withTokens(terminal, options.databaseUrl, (tokens) => makeToken(terminal, wanted.value, tokens));
}

async function makeToken(
  terminal: Terminal,
  wanted: Wanted,
  tokens: TokenStore,
): Promise<Result<{ readonly token: string; readonly kept: KeptToken }>> {
  const { lengthMs, reason, ...what } = wanted;
  const person = requirePerson(terminal, { telling: tellingOf(wanted), word: "token" });
  if (!person.ok) return person;
  const { id, momentMs } = newId(TOKEN_PREFIX, SYSTEM_CLOCK);
  const secret = SYSTEM_CLOCK.randomBytes(TOKEN_SECRET_BYTES);
  const times = { made_at: formatTime(momentMs), ends_at: formatTime(momentMs + lengthMs) };
  const kept: KeptToken = { token_id: id, ...what, digest: secretDigest(secret), ...times, revoked: null };
  const change = { change: "token_made" as const, person: person.value, reason, decision_id: "", before: null, after: told(kept) };
  recordHostChange({ recordId: newHostChange(SYSTEM_CLOCK).id, ...change }, terminal.env);
  await tokens.add(kept);
  return ok({ token: tokenText(id, secret), kept });
}

function read({
  name,
  role = [],
  scope = [],
  workspace = [EVERY_WORKSPACE],
  agent = "",
  expires,
  reason,
}: CreateTokenOptions): Result<Wanted> {
  if (name === undefined || !NAME.test(name))
    return bad("bad_name", name === undefined ? "a token needs a name" : `\`${name}\` is no name of a token`, {
      hint: "`--name`: 1 to 64 letters, digits, `.`, `_` and `-`; records call its user `token:NAME`",
    });
  const scopes = scopesFrom(role, scope);
  if (!scopes.ok) return scopes;
  const workspaces = checkWorkspaces(workspace);
  if (!workspaces.ok) return workspaces;
  if (agent.length > AGENT_CHARACTERS) return bad("bad_name", `an agent's name has at most ${AGENT_CHARACTERS} characters`);
  const length = expires === undefined ? ok(DEFAULT_TOKEN_MS) : parseLength(expires);
  if (!length.ok) return length;
  if (length.value < MIN_TOKEN_MS || length.value > MAX_TOKEN_MS)
    return bad("bad_time", `a token ends after 1 minute to 365 days, not \`${expires}\``, { hint: "such as `--expires 30d`" });
  const why = checkReason(reason ?? `make the token ${name}`);
  if (!why.ok) return why;
  return ok({ name, scopes: scopes.value, workspaces: workspaces.value, agent, lengthMs: length.value, reason: why.value });
}

function scopesFrom(roles: readonly string[], scopes: readonly string[]): Result<readonly Scope[]> {
  const wrongRole = roles.find((one) => !isRoleName(one));
  if (wrongRole !== undefined)
    return bad("unknown_role", `there is no role \`${wrongRole}\``, { hint: `use one of: ${ROLE_NAMES.join(", ")}` });
  const wrongScope = scopes.find((one) => !isScope(one));
  if (wrongScope !== undefined)
    return bad("unknown_scope", `there is no scope \`${wrongScope}\``, { hint: `use one of: ${SCOPES.join(", ")}` });
  const given = scopesOf(roles.filter(isRoleName), scopes.filter(isScope));
  return given.length > 0
    ? ok(given)
    : bad("scope_missing", "a token for nothing opens nothing", { hint: "say what it is for: `--role agent`" });
}

function tellingOf({ name, scopes, workspaces, agent, lengthMs, reason }: Wanted): string {
  return [
    `make a token: whoever has it is \`token:${name}\` to the server, without being asked who they are`,
    `  may         ${scopes.join(" ")}`,
    `  workspaces  ${workspaces.includes(EVERY_WORKSPACE) ? "every one" : workspaces.map((one) => oneLine(one, 200)).join(" ")}`,
    `  agent       ${agent === "" ? "any that it names" : oneLine(agent, 200)}`,
    `  for         ${Math.round(lengthMs / 60_000)} minutes; \`cavra token revoke\` ends it at once`,
    `  reason      ${oneLine(reason, 500)}`,
    "from the first token on, the server answers nobody without one",
    "",
  ].join("\n");
}

/** Problems: `token_not_found`, those of a reason. It tightens, so nobody is asked. */
export async function revokeToken(
  terminal: Terminal,
  tokenId: string,
  reason: string,
  databaseUrl: string | undefined,
): Promise<Result<RevokedToken>> {
  const why = checkReason(reason);
  if (!why.ok) return why;
  return withTokens(terminal, databaseUrl, async (tokens) => {
    const kept = await tokens.find(tokenId);
    if (kept === null) return bad("token_not_found", `no token \`${tokenId}\` is kept`, { hint: "run `cavra token list`" });
    if (kept.revoked !== null) return ok(kept.revoked);
    const { id, momentMs } = newHostChange(SYSTEM_CLOCK);
    const revoked = { revoked_at: formatTime(momentMs), reason: why.value, record_id: id };
    const change = { change: "token_revoked" as const, person: whoRunsThis(terminal), reason: why.value, decision_id: "" };
    recordHostChange({ recordId: id, ...change, before: told(kept), after: null }, terminal.env);
    await tokens.revoke(tokenId, revoked);
    return ok(revoked);
  });
}

/** What a record says of it: all but the digest, which is nobody's business. */
function told({ digest: _digest, revoked: _revoked, ...rest }: KeptToken): JsonObject {
  return { ...rest };
}
