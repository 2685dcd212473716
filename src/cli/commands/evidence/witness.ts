// `cavra evidence witness`: a second pair of eyes, on another account or machine, that puts its name under growth only. Implements spec/evidence.md 4.6 and 7.9.
// It is given two files and gives one line back; no network, no access to the ledger.

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { bad, ok, type Result } from "../../../base/index.js";
import {
  activeKeys,
  formatVerifierKey,
  ledgerNoteKey,
  openTrust,
  parseWitnessRequest,
  publicKeyOf,
  type TrustDocument,
} from "../../../evidence/index.js";
import { configDir, makeWitness, openWitness, readPin, rememberSeen, SYSTEM_CLOCK, stateDir, type Witness } from "../../../store/index.js";
import { count } from "../../count.js";
import { EXIT, type ExitStatus } from "../../exit.js";
import { report, type Terminal } from "../../terminal.js";

export interface WitnessOptions {
  readonly init?: string;
  readonly show?: boolean;
  readonly request?: string;
  readonly trust?: string;
  readonly json?: boolean;
}

export function witness(terminal: Terminal, options: WitnessOptions): ExitStatus {
  const told = answerTo(terminal, options);
  if (!told.ok) return report(terminal, told.problem, options.json === true);
  terminal.print(options.json ? `${JSON.stringify(told.value.json)}\n` : told.value.text);
  return EXIT.done;
}

interface Told {
  readonly text: string;
  readonly json: unknown;
}

function answerTo(terminal: Terminal, options: WitnessOptions): Result<Told> {
  const state = stateDir(terminal.env);
  if (options.init !== undefined) {
    const made = makeWitness(state, options.init, SYSTEM_CLOCK);
    if (!made.ok) return made;
  } else if (options.show !== true && (options.request === undefined || options.trust === undefined)) {
    return bad("argument_missing", "a request and a trust document are needed", {
      hint: "`cavra evidence witness --request FILE --trust FILE`; `cavra evidence checkpoint --since N` and `cavra trust show --chain` make them",
    });
  }
  const own = openWitness(state, SYSTEM_CLOCK);
  try {
    return options.request === undefined || options.trust === undefined
      ? ok(shown(own))
      : answered(terminal, own, options.request, options.trust);
  } finally {
    own.close();
  }
}

function shown(own: Witness): Told {
  const seen = own.seen();
  const key = formatVerifierKey(own.noteKey);
  const lines = seen.map(
    ({ origin, size, root, cosigned_at }) => `  ${origin}  ${count(size, "record")}, root ${root}, cosigned at ${cosigned_at}`,
  );
  return { text: `${[key, ...lines].join("\n")}\n`, json: { key, seen } };
}

function answered(terminal: Terminal, own: Witness, requestFile: string, trustFile: string): Result<Told> {
  const request = parseWitnessRequest(readFileSync(resolve(terminal.cwd, requestFile), "utf8"));
  if (!request.ok) return request;
  const trust = trustFrom(terminal, trustFile);
  if (!trust.ok) return trust;
  const keys = activeKeys(trust.value.keys, "ledger").map((key) => ledgerNoteKey(trust.value.origin, publicKeyOf(key)));
  const line = own.answer(request.value, keys);
  if (line.ok) rememberSeen(configDir(terminal.env), { version: trust.value.version }, SYSTEM_CLOCK);
  return line.ok ? ok({ text: line.value, json: { cosignature: line.value } }) : line;
}

/** The ledger's trust document, from the root that this account has pinned. */
function trustFrom(terminal: Terminal, file: string): Result<TrustDocument> {
  const pin = readPin(configDir(terminal.env));
  if (pin === null)
    return bad("unknown_signer", "no root key is pinned on this account, so nobody's signature counts", {
      hint: "pin the root key that the ledger's owner told you: `cavra trust pin KEY_ID`",
    });
  const chain = readFileSync(resolve(terminal.cwd, file), "utf8")
    .split("\n")
    .filter((line) => line !== "");
  return openTrust(chain, { pin: pin.root_key_id, nowMs: SYSTEM_CLOCK.nowMs(), seenVersion: pin.trust_version_seen });
}
