// The door of identity: who may ask over HTTP, and for what. Pure.

export { isRoleName, isScope, ROLE_NAMES, ROLE_SCOPES, type RoleName, SCOPES, type Scope, scopesOf } from "./scopes.js";
export { type IssuerRule, type IssuerSettings, readServeSettingsText, SERVE_SETTINGS, SETTINGS_BYTES } from "./settings.js";
export {
  DEFAULT_TOKEN_MS,
  isOwnToken,
  isTokenOld,
  type KeptToken,
  MAX_TOKEN_MS,
  MAX_TOKENS,
  MIN_TOKEN_MS,
  type PresentedToken,
  type RevokedToken,
  readToken,
  secretDigest,
  TOKEN_KEPT_MS,
  TOKEN_PREFIX,
  TOKEN_SECRET_BYTES,
  tokenFault,
  tokenText,
} from "./token.js";
export { checkWorkspaces, EVERY_WORKSPACE, MAX_WORKSPACES, workspaceGlob, workspaceLike, workspaceTest } from "./workspaces.js";
