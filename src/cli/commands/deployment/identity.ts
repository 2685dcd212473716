// Does this host know who asks? Tokens that were made and issuers that are configured. Implements spec/service.md 4.1 for section 16.

import type { Terminal } from "../../terminal.js";

export interface Identity {
  readonly tokens: number;
  readonly issuers: number;
}

/** This version has neither tokens nor issuers: nobody is known. */
export function identityHere(_env: Terminal["env"]): Identity {
  return { tokens: 0, issuers: 0 };
}
