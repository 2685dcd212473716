// API tokens as files that are made once and never changed: one for a token, one beside it where it was revoked. Implements spec/service.md 4.3.
// INVARIANT: no file here is ever written twice, so whoever looks sees a token whole or not at all, and a revoked one for good.

import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { CavraError, type JsonObject, parseId, parseJson } from "../base/index.js";
import { isScope, isTokenOld, type KeptToken, MAX_TOKENS, type RevokedToken, TOKEN_PREFIX } from "../identity/index.js";
import type { Clock } from "./clock.js";
import { createDurably, readNoFollow } from "./durable-file.js";
import { ensurePrivateFolder } from "./folders.js";

/** Where tokens are kept: this machine's files, or a database that several servers share. */
export interface TokenStore {
  /** Was one ever made? It stays true when all are gone. */
  readonly ever: () => Promise<boolean>;
  /** Null for none. Looks each time: what was revoked counts for nothing with the next request. */
  readonly find: (tokenId: string) => Promise<KeptToken | null>;
  /** All that are kept, the first made first. */
  readonly list: () => Promise<readonly KeptToken[]>;
  /** Keeps a new one, and forgets those that ended long ago. Throws CavraError `tokens_full`. */
  readonly add: (token: KeptToken) => Promise<void>;
  /** False where there is none, or it is revoked already. */
  readonly revoke: (tokenId: string, revoked: RevokedToken) => Promise<boolean>;
}

const TOKENS_FOLDER = "tokens";
const TOKEN_SCHEMA = "cavra.token.v1";
const FILE_BYTES = 131_072;

/** Nothing is made before a token is. */
export function openTokens(stateFolder: string, clock: Clock): TokenStore {
  const folder = join(stateFolder, TOKENS_FOLDER);
  const remembered = new Map<string, { readonly look: string; readonly token: KeptToken }>();
  return {
    ever: async () => statSync(folder, { throwIfNoEntry: false }) !== undefined,
    find: async (tokenId) => (isTokenId(tokenId) ? findToken(folder, tokenId, remembered) : null),
    list: async () => idsIn(folder).flatMap((id) => readToken(folder, id) ?? []),
    add: async (token) => keep(stateFolder, folder, token, clock),
    revoke: async (tokenId, revoked) =>
      isTokenId(tokenId) &&
      readToken(folder, tokenId)?.revoked === null &&
      createDurably(join(folder, `${tokenId}.revoked`), `${JSON.stringify(revoked)}\n`, clock),
  };
}

/** What a file says is remembered for as long as it looks the same; whether it is there, and revoked, is looked at each time. */
function findToken(
  folder: string,
  tokenId: string,
  remembered: Map<string, { readonly look: string; readonly token: KeptToken }>,
): KeptToken | null {
  const about = statSync(join(folder, `${tokenId}.token`), { throwIfNoEntry: false });
  if (about === undefined) return null;
  const look = `${about.ino} ${about.size} ${about.mtimeMs} ${about.ctimeMs}`;
  const known = remembered.get(tokenId);
  if (known === undefined || known.look !== look) {
    const token = readToken(folder, tokenId);
    if (token === null) return null;
    if (remembered.size >= MAX_TOKENS) remembered.clear();
    remembered.set(tokenId, { look, token: { ...token, revoked: null } });
    return token;
  }
  const isRevoked = statSync(join(folder, `${tokenId}.revoked`), { throwIfNoEntry: false }) !== undefined;
  return isRevoked ? { ...known.token, revoked: revokedIn(folder, tokenId) ?? NO_WORDS } : known.token;
}

/** It was there a moment ago. */
const NO_WORDS: RevokedToken = { revoked_at: "", reason: "", record_id: "" };

function keep(stateFolder: string, folder: string, { revoked: _none, ...token }: KeptToken, clock: Clock): void {
  ensurePrivateFolder(stateFolder);
  ensurePrivateFolder(folder);
  const ids = idsIn(folder);
  const old = ids.filter((id) => {
    const kept = readToken(folder, id);
    return kept !== null && isTokenOld(kept, clock.nowMs());
  });
  if (ids.length - old.length >= MAX_TOKENS)
    throw new CavraError("tokens_full", `${MAX_TOKENS} tokens are kept already`, {
      hint: "90 days after its end one goes; make them longer",
    });
  // What revokes goes last: without its token it revokes nothing.
  for (const id of old) for (const kind of ["token", "revoked"]) rmSync(join(folder, `${id}.${kind}`), { force: true });
  createDurably(join(folder, `${token.token_id}.token`), `${JSON.stringify({ schema_version: TOKEN_SCHEMA, ...token })}\n`, clock);
}

/** Null for none. Throws CavraError `token_damaged`: what cannot be read is nobody's. */
function readToken(folder: string, tokenId: string): KeptToken | null {
  const text = readNoFollow(join(folder, `${tokenId}.token`));
  if (text === null) return null;
  const { schema_version, token_id, name, digest, scopes, workspaces, agent, made_at, ends_at } = objectIn(text.text, tokenId);
  const texts = [name, digest, agent, made_at, ends_at];
  if (schema_version !== TOKEN_SCHEMA || token_id !== tokenId || !texts.every(isText) || !areTexts(scopes) || !areTexts(workspaces))
    throw damaged(tokenId);
  const [said = "", of = "", by = "", from = "", to = ""] = texts.filter(isText);
  const revoked = revokedIn(folder, tokenId);
  return {
    token_id: tokenId,
    name: said,
    digest: of,
    scopes: scopes.filter(isScope),
    workspaces,
    agent: by,
    made_at: from,
    ends_at: to,
    revoked,
  };
}

/** INVARIANT: that the file stands there is enough; what it says is for people. */
function revokedIn(folder: string, tokenId: string): RevokedToken | null {
  const found = readNoFollow(join(folder, `${tokenId}.revoked`));
  if (found === null) return null;
  const read = parseJson(Buffer.from(found.text), { sizeBytes: FILE_BYTES, depth: 4 });
  const said = (read.ok ? read.value : {}) as JsonObject;
  const of = (name: string) => (typeof said[name] === "string" ? said[name] : "");
  return { revoked_at: of("revoked_at"), reason: of("reason"), record_id: of("record_id") };
}

function objectIn(text: string, tokenId: string): JsonObject {
  const read = parseJson(Buffer.from(text), { sizeBytes: FILE_BYTES, depth: 4 });
  if (!read.ok || typeof read.value !== "object" || read.value === null || Array.isArray(read.value)) throw damaged(tokenId);
  return read.value as JsonObject;
}

function damaged(tokenId: string): CavraError {
  return new CavraError("token_damaged", `what is kept of \`${tokenId}\` cannot be read`, {
    hint: `remove \`${TOKENS_FOLDER}/${tokenId}.token\` in the state folder, and make another token`,
  });
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function areTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(isText);
}

function isTokenId(text: string): boolean {
  const id = parseId(text);
  return id.ok && id.value.prefix === TOKEN_PREFIX;
}

/** In byte order, which is the order of their making. */
function idsIn(folder: string): readonly string[] {
  const names = (namesIn(folder) ?? []).filter((name) => name.endsWith(".token"));
  return names
    .map((name) => name.slice(0, -".token".length))
    .filter(isTokenId)
    .sort();
}

function namesIn(folder: string): readonly string[] | null {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
