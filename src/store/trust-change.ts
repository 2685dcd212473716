// Changes of the trust document: founded, keys added, retired, revoked, each a new version that a root key signs. Implements spec/evidence.md 7.8.
// INVARIANT: private keys are on the disk before a document names them, and a document is there before anything is signed with them.

import { CavraError, formatBase64, formatTime, ok, parseTime, type Result } from "../base/index.js";
import {
  activeKeys,
  type KeySigner,
  keyIdOf,
  type Role,
  signTrust,
  TRUST_SCHEMA,
  type TrustDocument,
  type TrustKey,
} from "../evidence/index.js";
import { type Clock, newId } from "./clock.js";
import { hasKey, type NewKey, readSigner } from "./keys.js";
import { addTrust } from "./trust-files.js";

/** Where the private key of the root is, and what opens it ("" for nothing). */
export interface RootAccess {
  readonly folder: string;
  readonly passphrase: string;
}

/** The first document. `keys`: root and others, new. Problem: `trust_malformed`. */
export function foundTrust(
  stateFolder: string,
  origin: string,
  root: NewKey,
  keys: readonly { readonly role: Role; readonly key: NewKey; readonly name: string }[],
  clock: Clock,
): Result<TrustDocument> {
  const { id, momentMs } = newId("tru", clock);
  const issuedAt = formatTime(momentMs);
  const document: TrustDocument = {
    schema_version: TRUST_SCHEMA,
    trust_id: id,
    version: 1,
    issued_at: issuedAt,
    expires_at: "",
    origin,
    witnesses_required: 0,
    keys: [
      activeKey("root", root.signer.publicKey, "root", issuedAt),
      ...keys.map(({ role, key, name }) => activeKey(role, key.signer.publicKey, name, issuedAt)),
    ],
  };
  return published(stateFolder, document, [root], clock);
}

export function activeKey(role: Role, publicKey: Uint8Array, name: string, since: string): TrustKey {
  return {
    key_id: keyIdOf(role, publicKey),
    name,
    public_key: formatBase64(publicKey),
    reason: "",
    role,
    since,
    state: "active",
    tree_size: null,
    until: "",
  };
}

/** The same key with an end. `treeSize`: of a retired ledger key, the largest checkpoint that it signed. */
export function endedKey(key: TrustKey, state: "retired" | "revoked", at: string, reason: string, treeSize: number): TrustKey {
  const until = at < key.since ? key.since : at;
  return { ...key, state, until, reason, tree_size: state === "retired" && key.role === "ledger" ? treeSize : null };
}

/** The moment of the next version: never before the one before it. */
export function nextMoment(current: TrustDocument, clock: Clock): string {
  const before = parseTime(current.issued_at);
  return formatTime(Math.max(clock.nowMs(), before.ok ? before.value : 0));
}

/** Signs and keeps the next version. `added`: new root keys, which sign too. Problem: `trust_malformed`. Throws `key_*`, `root_missing`. */
export function signNextTrust(
  stateFolder: string,
  current: TrustDocument,
  change: Partial<Pick<TrustDocument, "keys" | "expires_at" | "witnesses_required">>,
  access: RootAccess,
  clock: Clock,
  added: readonly NewKey[] = [],
): Result<TrustDocument> {
  const next: TrustDocument = { ...current, ...change, version: current.version + 1, issued_at: nextMoment(current, clock) };
  return published(stateFolder, next, [rootSigner(current, access), ...added], clock);
}

/** Whoever signs for the ledger's owner: the first active root whose private key is in the folder. Throws `root_missing` beside `key_*`. */
export function rootSigner(current: TrustDocument, { folder, passphrase }: RootAccess): KeySigner {
  const root = activeKeys(current.keys, "root").find(({ key_id }) => hasKey(folder, key_id));
  if (root !== undefined) return readSigner(folder, root.key_id, "root", passphrase);
  throw new CavraError("root_missing", `no active root key is in \`${folder}\``, {
    hint: "say where it is kept: `--root-folder FOLDER`",
  });
}

function published(stateFolder: string, document: TrustDocument, signers: readonly KeySigner[], clock: Clock): Result<TrustDocument> {
  const envelope = signTrust(document, signers);
  if (!envelope.ok) return envelope;
  addTrust(stateFolder, document.version, envelope.value, clock);
  return ok(document);
}
