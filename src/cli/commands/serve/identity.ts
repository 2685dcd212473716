// The identities that this server knows: the tokens of its state folder. Implements spec/service.md 4.1 and 4.3.

import type { Identity } from "../../../server/index.js";
import { openTokens, SYSTEM_CLOCK, stateDir, type TokenStore } from "../../../store/index.js";
import type { Terminal } from "../../terminal.js";

export function identityHere(env: Terminal["env"], tokens: TokenStore = openTokens(stateDir(env), SYSTEM_CLOCK)): Identity {
  // Once true it stays: the store says so of itself, and a look at the disk less for each request.
  let isKnown = false;
  return {
    isConfigured: async () => {
      isKnown ||= await tokens.ever();
      return isKnown;
    },
    findToken: tokens.find,
    nowMs: SYSTEM_CLOCK.nowMs,
  };
}
