// Where this host's tokens are kept: asked here by every command and by the server, so that all of them mean the same ones. Implements spec/service.md 4.3.

import { openTokens, SYSTEM_CLOCK, stateDir, type TokenStore } from "../../../store/index.js";
import type { Terminal } from "../../terminal.js";

export function tokensHere(env: Terminal["env"]): TokenStore {
  return openTokens(stateDir(env), SYSTEM_CLOCK);
}
