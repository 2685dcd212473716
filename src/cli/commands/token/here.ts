// Where this host's tokens are kept: asked here by every command and by the server, so that all of them mean the same ones. Implements spec/service.md 4.3.

import type { Result } from "../../../base/index.js";
import { openTokens, SYSTEM_CLOCK, stateDir, type TokenStore } from "../../../store/index.js";
import { openTeamTokens } from "../../../team/index.js";
import type { Terminal } from "../../terminal.js";
import { readDatabase } from "../serve/settings.js";

export interface TokensHere extends TokenStore {
  readonly close: () => Promise<void>;
}

/** With a database new ones are made there, and those of the state folder count beside them, on this host alone. Throws `database_unavailable`, `database_too_new`. */
export async function tokensHere(env: Terminal["env"], databaseUrl: string): Promise<TokensHere> {
  const own = openTokens(stateDir(env), SYSTEM_CLOCK);
  if (databaseUrl === "") return { ...own, close: async () => {} };
  const shared = await openTeamTokens(databaseUrl, SYSTEM_CLOCK);
  return {
    ever: async () => (await own.ever()) || shared.ever(),
    find: async (tokenId) => (await own.find(tokenId)) ?? shared.find(tokenId),
    list: async () => [...(await own.list()), ...(await shared.list())],
    add: shared.add,
    revoke: async (tokenId, revoked) => (await own.revoke(tokenId, revoked)) || shared.revoke(tokenId, revoked),
    close: shared.close,
  };
}

/** The same for one command: closed behind it, whatever comes of it. Problem: `bad_database_url`. */
export async function withTokens<T>(
  terminal: Pick<Terminal, "env">,
  flag: string | undefined,
  use: (tokens: TokenStore) => Promise<Result<T>>,
): Promise<Result<T>> {
  const databaseUrl = readDatabase(flag, terminal);
  if (!databaseUrl.ok) return databaseUrl;
  const tokens = await tokensHere(terminal.env, databaseUrl.value);
  try {
    return await use(tokens);
  } finally {
    await tokens.close();
  }
}
