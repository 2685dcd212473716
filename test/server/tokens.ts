// Makes tokens as `cavra token create` does, without the person: what a test of the server needs many of.

import { randomBytes } from "node:crypto";
import { formatTime, makeId } from "../../src/base/index.js";
import { type KeptToken, type RoleName, type Scope, scopesOf, secretDigest, tokenText } from "../../src/identity/index.js";
import { openTokens, SYSTEM_CLOCK } from "../../src/store/index.js";
import type { Scratch } from "../cli/program.js";

export interface MadeToken {
  readonly id: string;
  readonly text: string;
  /** The header that it comes in. */
  readonly headers: { readonly authorization: string };
}

export interface TokenWish {
  readonly name?: string;
  readonly roles?: readonly RoleName[];
  readonly scopes?: readonly Scope[];
  readonly workspaces?: readonly string[];
  readonly agent?: string;
  /** From now; less than 0 for one that has ended. */
  readonly lengthMs?: number;
}

export async function makeToken(place: Scratch, wish: TokenWish = {}): Promise<MadeToken> {
  const { name = "test", roles = [], scopes = [], workspaces = ["*"], agent = "", lengthMs = 3_600_000 } = wish;
  const nowMs = SYSTEM_CLOCK.nowMs();
  const [id, secret] = [makeId("tok", nowMs, randomBytes(10)), randomBytes(32)];
  const kept: KeptToken = {
    token_id: id,
    name,
    digest: secretDigest(secret),
    scopes: scopesOf(roles, scopes),
    workspaces,
    agent,
    made_at: formatTime(nowMs),
    ends_at: formatTime(nowMs + lengthMs),
    revoked: null,
  };
  await openTokens(place.state, SYSTEM_CLOCK).add(kept);
  const text = tokenText(id, secret);
  return { id, text, headers: { authorization: `Bearer ${text}` } };
}

export function revokeToken(place: Scratch, { id }: MadeToken): Promise<boolean> {
  return openTokens(place.state, SYSTEM_CLOCK).revoke(id, { revoked_at: "", reason: "", record_id: "" });
}
