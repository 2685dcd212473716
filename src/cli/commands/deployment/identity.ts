// Does this host know who asks? Tokens that were made and issuers that are configured. Implements spec/service.md 4.1 for section 16.

import { CavraError, formatTime, ok } from "../../../base/index.js";
import { SYSTEM_CLOCK } from "../../../store/index.js";
import type { Terminal } from "../../terminal.js";
import { readIssuers } from "../serve/identity.js";
import { withTokens } from "../token/here.js";

export interface Identity {
  readonly tokens: number;
  readonly issuers: number;
}

/** Tokens that count for something now. Rejects with what is wrong with `serve.json` or a token's file. */
export async function identityHere(env: Terminal["env"]): Promise<Identity> {
  const issuers = readIssuers(env);
  if (!issuers.ok) throw new CavraError(issuers.problem.code, issuers.problem.message, { hint: issuers.problem.hint ?? "" });
  const now = formatTime(SYSTEM_CLOCK.nowMs());
  const listed = await withTokens({ env }, undefined, async (store) => ok(await store.list()));
  if (!listed.ok) throw new CavraError(listed.problem.code, listed.problem.message);
  const tokens = listed.value.filter(({ revoked, ends_at }) => revoked === null && ends_at > now);
  return { tokens: tokens.length, issuers: issuers.value.length };
}
