// The identities that this server knows: tokens that were made, and issuers of `serve.json`. Implements spec/service.md 4.1 and 4.6.

import { join } from "node:path";
import { bad, ok, type Result } from "../../../base/index.js";
import { type IssuerSettings, readServeSettingsText, SERVE_SETTINGS } from "../../../identity/index.js";
import type { Identity } from "../../../server/index.js";
import { configDir, readNoFollow, SYSTEM_CLOCK, type TokenStore } from "../../../store/index.js";
import type { Terminal } from "../../terminal.js";

export function identityOver(tokens: TokenStore, issuers: readonly IssuerSettings[]): Identity {
  // Once true it stays: the store says so of itself, and a look at the disk less for each request.
  let isKnown = issuers.length > 0;
  return {
    isConfigured: async () => {
      isKnown ||= await tokens.ever();
      return isKnown;
    },
    findToken: tokens.find,
    issuers,
    nowMs: SYSTEM_CLOCK.nowMs,
  };
}

/** None where there is no file. Problems: `bad_serve_settings`, `serve_settings_exposed`. */
export function readIssuers(env: Terminal["env"]): Result<readonly IssuerSettings[]> {
  const path = join(configDir(env), SERVE_SETTINGS);
  const found = readNoFollow(path);
  if (found === null) return ok([]);
  if (found.exposed)
    return bad("serve_settings_exposed", `others than this account may read or change \`${path}\``, { hint: `run \`chmod 600 ${path}\`` });
  return readServeSettingsText(Buffer.from(found.text));
}
