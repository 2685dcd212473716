// `cavra trust show | pin | sign`: whose keys these are, whom this account believes, and the next version of the document. Implements spec/cli.md section 12.

import { bad, ok, parseTime, type Result } from "../../../base/index.js";
import { activeKeys, isKeyId, parseVerifierKey, type TrustDocument, type TrustKey } from "../../../evidence/index.js";
import {
  activeKey,
  configDir,
  hasKey,
  keysFolder,
  nextMoment,
  type Pin,
  readPin,
  SYSTEM_CLOCK,
  signNextTrust,
  writePin,
} from "../../../store/index.js";
import { count } from "../../count.js";
import type { Terminal } from "../../terminal.js";
import { agreed, currentTrust, placesOf, type RootOptions, rootAccess } from "./access.js";

/** The keys as people and `--json` see them. */
export interface ShownKeys {
  readonly trust: TrustDocument;
  readonly pin: Pin | null;
  /** Ids of those whose private keys are in the state folder. */
  readonly here: readonly string[];
}

export function shownKeys(terminal: Terminal): Result<ShownKeys> {
  const trust = currentTrust(terminal);
  if (!trust.ok) return trust;
  const { stateFolder, configFolder } = placesOf(terminal);
  const here = trust.value.keys.map(({ key_id }) => key_id).filter((keyId) => hasKey(keysFolder(stateFolder), keyId));
  return ok({ trust: trust.value, pin: readPin(configFolder), here });
}

/** Believes this root key from now on. Problems: `key_id_malformed`, and those of asking. */
export function pinRoot(terminal: Terminal, keyId: string, options: { readonly reason?: string }): Result<Pin> {
  if (!isKeyId(keyId)) {
    return bad("key_id_malformed", `\`${keyId}\` is no key id`, {
      hint: "a key id is `key_` and 32 hexadecimal digits; the ledger's owner has it from `cavra keys show`",
    });
  }
  const known = readPin(configDir(terminal.env));
  if (known?.root_key_id === keyId) return ok(known);
  const asked = agreed(terminal, {
    kind: "root_pinned",
    word: "pin",
    telling: [
      `this account believes what is signed under the root key ${keyId}`,
      ...(known === null ? [] : [`it believes ${known.root_key_id} no more, and forgets what it saw under it`]),
      "compare it with what the ledger's owner reads out to you",
      "",
    ].join("\n"),
    reason: options.reason ?? "pin a root key",
    before: known === null ? null : { root_key_id: known.root_key_id },
    after: { root_key_id: keyId },
  });
  return asked.ok ? ok(writePin(configDir(terminal.env), keyId, SYSTEM_CLOCK)) : asked;
}

export interface SignOptions extends RootOptions {
  readonly witness?: readonly string[];
  readonly witnessesRequired?: string;
  readonly expires?: string;
  readonly reason?: string;
}

/** The next version, with witnesses, how many of them are needed, and an end. Problems: `key_malformed`, `bad_time`, `bad_number`, `nothing_to_sign`. */
export function signTrustAgain(terminal: Terminal, options: SignOptions): Result<TrustDocument> {
  const trust = currentTrust(terminal);
  const access = rootAccess(terminal, options);
  if (!trust.ok) return trust;
  if (!access.ok) return access;
  const change = changeOf(trust.value, options);
  if (!change.ok) return change;
  const { keys, witnesses_required, expires_at } = change.value;
  const added = keys.filter((key) => !trust.value.keys.includes(key));
  const asked = agreed(terminal, {
    kind: "trust_signed",
    word: "sign",
    telling: [
      `the trust document gets version ${trust.value.version + 1}`,
      ...added.map((key) => `${key.name} becomes a witness (${key.key_id})`),
      `${count(witnesses_required, "witness", "witnesses")} ${witnesses_required === 1 ? "is" : "are"} needed; it ${expires_at === "" ? "never expires" : `expires at ${expires_at}`}`,
      "",
    ].join("\n"),
    reason: options.reason ?? "",
    before: { version: trust.value.version },
    after: { version: trust.value.version + 1, expires_at, witnesses_required, witnesses: added.map(({ key_id }) => key_id) },
  });
  return asked.ok ? signNextTrust(placesOf(terminal).stateFolder, trust.value, change.value, access.value, SYSTEM_CLOCK) : asked;
}

type Change = Pick<TrustDocument, "keys" | "witnesses_required" | "expires_at">;

function changeOf(trust: TrustDocument, options: SignOptions): Result<Change> {
  const witnesses: TrustKey[] = [];
  for (const text of options.witness ?? []) {
    const key = parseVerifierKey(text);
    if (!key.ok) return key;
    if (key.value.algorithm !== 4)
      return bad("verifier_key_malformed", `\`${text}\` is no witness's key`, { hint: "`cavra evidence witness --show` prints one" });
    witnesses.push(activeKey("witness", key.value.publicKey, key.value.name, nextMoment(trust, SYSTEM_CLOCK)));
  }
  const added = witnesses.filter(({ key_id }) => !trust.keys.some((known) => known.key_id === key_id));
  const keys = [...trust.keys, ...added];
  const required = options.witnessesRequired === undefined ? trust.witnesses_required : Number(options.witnessesRequired);
  if (!Number.isInteger(required) || required < 0 || required > activeKeys(keys, "witness").length) {
    return bad("bad_number", `\`${options.witnessesRequired}\` is no number from 0 to that of the witnesses`, {
      hint: "run `cavra trust show`",
    });
  }
  const expires = options.expires ?? trust.expires_at;
  if (expires !== "" && expires !== "never" && !parseTime(expires).ok) {
    return bad("bad_time", `\`${expires}\` is no time`, { hint: "write it as `2027-11-23T10:00:00.000Z`, or `never`" });
  }
  return ok({ keys, witnesses_required: required, expires_at: expires === "never" ? "" : expires });
}
