// Keys for drills in a scratch place, and drills that were made up: without the terminal and the person that `cavra keys` asks for.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { formatTime } from "../../src/base/index.js";
import { type KeySigner, keyIdOf } from "../../src/evidence/index.js";
import {
  type DocumentKind,
  DRILL_BEGUN,
  DRILL_MEASURED,
  type DrillMeasured,
  type Subject,
  signDocument,
} from "../../src/promotion/index.js";
import { addDrillEvent } from "../../src/release/index.js";
import { foundTrust, keysFolder, newId, newKey, readPin, SYSTEM_CLOCK, trustChain, writePin } from "../../src/store/index.js";
import { configFolder } from "./ledger-keys.js";
import { type Scratch, scratch } from "./program.js";

/** On a machine with other work nothing of absolute time may make a test fail. */
export const PATIENT = ["--first-answer-ms", "60000", "--full-demotion-ms", "60000"];

/** A state folder whose trust document names a driller and an approver. */
export function withDrillKeys(): { readonly place: Scratch; readonly driller: KeySigner } {
  const made = scratch();
  // What a drill starts is told by its folder, and so by the place that it was started in.
  const place = { ...made, env: { ...made.env, TMPDIR: made.root } };
  const [root, drill, approver] = [newKey("root"), newKey("drill"), newKey("approver")];
  for (const key of [root, drill, approver]) key.keep(keysFolder(place.state), "", SYSTEM_CLOCK);
  const origin = `cavra.ledger/${newId("ldg", SYSTEM_CLOCK).id}`;
  const named = [
    { role: "drill", key: drill, name: "drills" },
    { role: "approver", key: approver, name: "ada" },
  ] as const;
  const founded = foundTrust(place.state, origin, root, named, SYSTEM_CLOCK);
  if (!founded.ok) throw new Error(founded.problem.message);
  writePin(configFolder(place), root.keyId, SYSTEM_CLOCK);
  return { place, driller: { keyId: keyIdOf("drill", drill.signer.publicKey), signer: drill.signer } };
}

const vector = (name: string) =>
  JSON.parse(readFileSync(join(import.meta.dirname, `../../spec/vectors/drill-verdict/${name}.json`), "utf8")).input;

/** As the commands write it, with observations that were made up. */
export function drilled(place: Scratch, driller: KeySigner, name: string, fault = "sigkill"): string {
  const { experiment: sigkill, observations } = vector(name);
  const experiment = { ...sigkill, fault };
  const drill_id = newId("drl", SYSTEM_CLOCK).id;
  add(place, driller, DRILL_BEGUN, { drill_id, experiment });
  add(place, driller, DRILL_MEASURED, { drill_id, experiment, observations });
  return drill_id;
}

function add(place: Scratch, driller: KeySigner, kind: object, content: object): void {
  const nowMs = SYSTEM_CLOCK.nowMs();
  const pin = readPin(configFolder(place))?.root_key_id ?? "";
  const trust = { pin, ownChain: trustChain(place.state), seenVersion: 0, nowMs };
  const digest = `sha256:${"0".repeat(64)}`;
  const subject: Subject = { runtime: digest, typescript: digest, go: digest, catalogue: digest, policy: "", registry: "" };
  const times = { issued_at: formatTime(nowMs), expires_at: formatTime(nowMs + 86_400_000) };
  addDrillEvent(place.state, { trust, nowMs, clockBehind: false, running: null }, SYSTEM_CLOCK, ({ sequence, previous }) => {
    const known = kind as DocumentKind<DrillMeasured>;
    const head = { schema_version: known.schema, document_id: newId("doc", SYSTEM_CLOCK).id, ...times, subject };
    const text = signDocument(known, { ...head, sequence, previous, ...content } as DrillMeasured, driller, []);
    return text.ok ? { ok: true, value: text.value.trimEnd() } : text;
  });
}
