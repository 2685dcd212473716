// `cavra evidence verify FILE`: a bundle or a proof that somebody gave us, from the one key that this account has pinned. Implements spec/evidence.md 5.3, 5.8 and 9.7.
// It needs no ledger and no state folder; what it saw to hold, it remembers, so that an older head is noticed.

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { ok, type Problem, type Result } from "../../../base/index.js";
import {
  BUNDLE_BYTES,
  type Checkpoint,
  openTrust,
  PROOF_FILE_HEADER,
  parseCheckpoint,
  parseNote,
  type Reveal,
  type VerifiedBundle,
  type VerifiedProof,
  verifyBundle,
  verifyProofFile,
  verifyReveal,
} from "../../../evidence/index.js";
import { configDir, type Pin, readPin, rememberSeen, SYSTEM_CLOCK, stateDir, trustChain } from "../../../store/index.js";
import { count } from "../../count.js";
import { EXIT, type ExitStatus } from "../../exit.js";
import { oneLine } from "../../one-line.js";
import { report, type Terminal } from "../../terminal.js";

export interface FileOptions {
  readonly rootKey?: string;
  readonly seen?: string;
  readonly trust?: string;
  readonly reveal?: readonly string[];
  readonly records?: boolean;
  readonly json?: boolean;
}

export function verifyFile(terminal: Terminal, file: string, options: FileOptions): ExitStatus {
  const bytes = readFileSync(resolve(terminal.cwd, file));
  const isProof = bytes.subarray(0, PROOF_FILE_HEADER.length).toString("latin1") === PROOF_FILE_HEADER;
  const pin = pinOf(terminal, options);
  const verified = isProof ? proofFile(terminal, bytes, pin, options) : bundleFile(terminal, bytes, pin, options);
  const shown = verified.ok ? provenReveals(terminal, verified.value, options) : verified;
  if (!shown.ok) return refused(terminal, file, withoutKey(shown.problem, pin, isProof && options.trust === undefined), options);
  const told = shown.value;
  remember(terminal, pin.known, told);
  if (options.records === true) for (const { text } of told.records) terminal.print(`${text}\n`);
  else if (options.json === true) terminal.print(`${JSON.stringify({ holds: true, file, ...asJson(told) })}\n`);
  else terminal.print(render(told, file, terminal));
  return EXIT.done;
}

// Whatever the code: a file that was judged and refused does not hold.
function refused(terminal: Terminal, file: string, problem: Problem, { json }: FileOptions): ExitStatus {
  report(terminal, { ...problem, at: problem.at ?? file }, json === true);
  return EXIT.deny;
}

/** Which key was asked for, and why there may be none to ask for: the chain alone only knows that it does not begin there. */
export function withoutKey(problem: Problem, { rootKey, known }: Pinned, isAlone: boolean): Problem {
  if (problem.code !== "unknown_signer" || problem.at !== undefined) return problem;
  if (rootKey === "")
    return {
      ...problem,
      message: "no root key is pinned on this account, so nobody's signature counts",
      hint: "pin the root key that its owner told you: `cavra trust pin KEY_ID`; or name it for this once: `--root-key KEY_ID`",
    };
  if (isAlone)
    return {
      ...problem,
      hint: "a proof brings no trust documents: add `--trust FILE`, which its owner makes with `cavra trust show --chain`",
    };
  return known === null ? { ...problem, hint: `it was looked for \`${rootKey}\`: compare it with what its owner says` } : problem;
}

type Verified = Pick<VerifiedBundle, "checkpoint" | "trust" | "records" | "revealed"> & { readonly sealed_by: string };

function bundleFile(terminal: Terminal, bytes: Buffer, pin: Pinned, options: FileOptions): Result<Verified> {
  const seen = seenCheckpoint(terminal, originOf(bytes), pin, options);
  if (!seen.ok) return seen;
  return verifyBundle(bytes, {
    pin: pin.rootKey,
    nowMs: SYSTEM_CLOCK.nowMs(),
    seenTrustVersion: pin.known?.trust_version_seen ?? 0,
    ...(seen.value === null ? {} : { seen: seen.value }),
    laterTrust: laterThan(bytes, chainFrom(terminal, options)),
  });
}

function proofFile(terminal: Terminal, bytes: Buffer, pin: Pinned, options: FileOptions): Result<Verified> {
  const given = chainFrom(terminal, options);
  const chain = given.length > 0 ? given : trustChain(stateDir(terminal.env));
  const trust = openTrust(chain, { pin: pin.rootKey, nowMs: SYSTEM_CLOCK.nowMs(), seenVersion: pin.known?.trust_version_seen ?? 0 });
  if (!trust.ok) return trust;
  const seen = seenCheckpoint(terminal, trust.value.origin, pin, options);
  if (!seen.ok) return seen;
  const verified: Result<VerifiedProof> = verifyProofFile(bytes.toString("utf8"), trust.value, seen.value ?? undefined);
  if (!verified.ok) return verified;
  const { index, text, record, checkpoint } = verified.value;
  return ok({ checkpoint, trust: trust.value, sealed_by: "", records: [{ index, text, record }], revealed: [] });
}

/** What was verified, when every reveal that was named is of a record in it; those are told beside the file's own. */
function provenReveals(terminal: Terminal, verified: Verified, { reveal }: FileOptions): Result<Verified> {
  const revealed = [...verified.revealed];
  for (const file of reveal ?? []) {
    const shown = provenReveal(readFileSync(resolve(terminal.cwd, file), "utf8").trimEnd(), verified);
    if (!shown.ok) return { ok: false, problem: { ...shown.problem, at: file } };
    revealed.push(shown.value);
  }
  return ok({ ...verified, revealed });
}

function provenReveal(text: string, { records }: Verified): Result<Reveal> {
  let told: Result<Reveal> = {
    ok: false,
    problem: { code: "reveal_other_record", message: "the value is of a record that the file does not hold" },
  };
  for (const record of records) {
    told = verifyReveal(text, record.text);
    if (told.ok || told.problem.code !== "reveal_other_record") return told;
  }
  return told;
}

export interface Pinned {
  readonly rootKey: string;
  /** What this account remembers; null where another key than the pinned one was named for this once. */
  readonly known: Pin | null;
}

export function pinOf(terminal: Terminal, { rootKey }: FileOptions): Pinned {
  const known = readPin(configDir(terminal.env));
  if (rootKey !== undefined && rootKey !== known?.root_key_id) return { rootKey, known: null };
  return { rootKey: known?.root_key_id ?? "", known };
}

/** What `--seen` holds, else what this account saw last of the ledger of this origin. */
export function seenCheckpoint(terminal: Terminal, origin: string, { known }: Pinned, { seen }: FileOptions): Result<Checkpoint | null> {
  if (seen !== undefined) {
    const note = parseNote(readFileSync(resolve(terminal.cwd, seen), "utf8"));
    const read = note.ok ? parseCheckpoint(note.value.text) : note;
    return read.ok ? read : { ok: false, problem: { ...read.problem, at: seen } };
  }
  const last = known?.checkpoints_seen.get(origin);
  return ok(last === undefined ? null : { origin, size: last.size, root: Buffer.from(last.root, "base64") });
}

/** The ledger that a bundle names in its second line; "" where it names none. */
export function originOf(bytes: Buffer): string {
  const [, line = ""] = bytes
    .subarray(0, Math.min(bytes.length, 1024, BUNDLE_BYTES))
    .toString("latin1")
    .split("\n");
  return line.startsWith("origin ") ? line.slice("origin ".length) : "";
}

export function chainFrom(terminal: Terminal, { trust }: FileOptions): readonly string[] {
  if (trust === undefined) return [];
  return readFileSync(resolve(terminal.cwd, trust), "utf8")
    .split("\n")
    .filter((line) => line !== "");
}

/** A whole chain (`cavra trust show --chain`) begins with what the bundle has already, above its checkpoint. */
export function laterThan(bundle: Buffer, chain: readonly string[]): readonly string[] {
  const own = bundle.subarray(0, bundle.indexOf("\ncheckpoint ") + 1);
  return chain.filter((envelope) => !own.includes(`\n${envelope}\n`));
}

export function remember(terminal: Terminal, known: Pin | null, { checkpoint, trust }: Pick<Verified, "checkpoint" | "trust">): void {
  if (known === null) return;
  const { origin, size } = checkpoint;
  const root = Buffer.from(checkpoint.root).toString("base64");
  rememberSeen(configDir(terminal.env), { version: trust.version, checkpoint: { origin, size, root } }, SYSTEM_CLOCK);
}

function asJson({ checkpoint, trust, records, revealed, sealed_by }: Verified) {
  const { origin, size, root, signers, witnesses } = checkpoint;
  return {
    origin,
    checkpoint: { size, root: Buffer.from(root).toString("base64"), signed_by: signers, cosigned_by: witnesses.map(({ name }) => name) },
    sealed_by,
    trust_version: trust.version,
    records: records.map(({ index, record }) => ({ index, record_id: record.record_id, recorded_at: record.recorded_at })),
    revealed: revealed.map(({ record_id, path, kind, span }) => ({ record_id, path, kind, start: span.start })),
  };
}

function render({ checkpoint, trust, records, revealed, sealed_by }: Verified, file: string, { colours }: Terminal): string {
  const { green, dim } = colours;
  const [first, last] = [records[0]?.record, records.at(-1)?.record];
  const span = first === undefined || last === undefined ? "" : dim(`, ${first.recorded_at} to ${last.recorded_at}`);
  const cosigned = checkpoint.witnesses.length === 0 ? "no witness" : checkpoint.witnesses.map(({ name }) => name).join(", ");
  return [
    `${green("✓ holds")}  ${count(records.length, "record")} in ${file}${span}`,
    `  ${dim("ledger")}  ${checkpoint.origin}, ${count(checkpoint.size, "record")}, root ${Buffer.from(checkpoint.root).toString("base64")}`,
    `  ${dim("signed")}  by ${checkpoint.signers.join(", ")}; cosigned by ${cosigned}${sealed_by === "" ? "" : `; sealed by ${sealed_by}`}`,
    `  ${dim("trust")}   version ${trust.version} of ${trust.trust_id}`,
    ...(revealed.length === 0 ? [] : [`  ${count(revealed.length, "redacted value")} revealed and proven`]),
    // SECURITY: where it stood, never the value: whoever may see it has the file.
    ...revealed.map(({ record_id, path, kind }) => `    ${oneLine(`${kind} in ${path} of ${record_id}`, 200)}`),
    "",
  ].join("\n");
}
