// `cavra evidence bundle | reveal`: files that a stranger can verify without us. Implements spec/cli.md section 13 and spec/evidence.md sections 5 and 6.

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { bad, ok, type Result } from "../../../base/index.js";
import {
  activeKeys,
  BUNDLE_RECORDS,
  type DecisionRecord,
  formatBundle,
  makeReveal,
  multiProof,
  REVEAL_VALUE_BYTES,
  type RevealPlace,
  type TrustDocument,
} from "../../../evidence/index.js";
import {
  chosenLeaves,
  findInLedger,
  hasKey,
  keysFolder,
  type LedgerSession,
  readSigner,
  redactionKey,
  SYSTEM_CLOCK,
  signedHead,
  stateDir,
  tileReader,
  trustChain,
} from "../../../store/index.js";
import { count } from "../../count.js";
import { EXIT, type ExitStatus } from "../../exit.js";
import { readSome } from "../../lines.js";
import { type FilterOptions, filterFrom } from "../../record-filter.js";
import { report, type Terminal } from "../../terminal.js";
import { writeNew } from "./proofs.js";
import { withRecords } from "./session.js";

export interface BundleOptions extends FilterOptions {
  readonly output: string;
  readonly id?: readonly string[];
  readonly reveal?: readonly string[];
  readonly json?: boolean;
}

export function bundle(terminal: Terminal, options: BundleOptions): ExitStatus {
  const done = withRecords(terminal, (session) => bundled(terminal, session, options));
  if (!done.ok) return report(terminal, done.problem, options.json === true);
  const { text, records, size, roots } = done.value;
  writeNew(resolve(terminal.cwd, options.output), text);
  const bytes = Buffer.byteLength(text);
  terminal.print(
    options.json
      ? `${JSON.stringify({ file: options.output, records, size, bytes })}\n`
      : `wrote ${count(records, "record")}, proven under a head of ${size}, to ${options.output} (${bytes} bytes)\n${forWhoGetsIt(options, roots)}`,
  );
  return EXIT.done;
}

function forWhoGetsIt({ output, reveal }: BundleOptions, roots: readonly string[]): string {
  const secrets = reveal?.length ?? 0;
  const warning = secrets === 0 ? "" : `  it holds ${count(secrets, "redacted value")}: give it to nobody else\n`;
  return `${warning}  whoever gets it: \`cavra evidence verify ${output} --root-key ${roots[0] ?? "KEY_ID"}\`, or docs/verify-without-cavra.sh\n  tell them the key's id yourself, by another way than the file: a bundle vouches for its own keys only\n`;
}

interface Bundled {
  readonly text: string;
  readonly records: number;
  readonly size: number;
  /** Ids of the root keys that are active. */
  readonly roots: readonly string[];
}

function bundled(terminal: Terminal, session: LedgerSession, options: BundleOptions): Result<Bundled> {
  const head = signedHead(session);
  if (!head.ok) return head;
  const signer = sealer(terminal, session.trust);
  if (!signer.ok) return signer;
  const filter = options.id === undefined ? filterFrom(options) : ok({});
  if (!filter.ok) return filter;
  const { size, note } = head.value;
  const chosen = chosenLeaves(session.ledger, { ids: options.id ?? null, filter: filter.value, size, limit: BUNDLE_RECORDS + 1 });
  if (!chosen.ok) return chosen;
  const records = chosen.value;
  if (records.length === 0)
    return bad("bundle_empty", "no record fits that is under a signed head", { hint: "run `cavra evidence list` with the same filters" });
  const proof = multiProof(
    records.map(({ index }) => index),
    size,
    tileReader(session.ledger.database),
  );
  if (!proof.ok) return proof;
  const revealed = (options.reveal ?? []).map((file) => readFileSync(resolve(terminal.cwd, file), "utf8").trimEnd());
  const parts = {
    origin: session.ledger.origin,
    trust: trustChain(stateDir(terminal.env)),
    checkpoint: note,
    records,
    proof: proof.value,
    revealed,
  };
  const text = formatBundle(parts, signer.value);
  const roots = activeKeys(session.trust?.keys ?? [], "root").map(({ key_id }) => key_id);
  return text.ok ? ok({ text: text.value, records: records.length, size, roots }) : text;
}

/** The active ledger key that is here. Problem: `key_missing`. */
export function sealer(terminal: Pick<Terminal, "env">, trust: TrustDocument | null) {
  const folder = keysFolder(stateDir(terminal.env));
  const key = activeKeys(trust?.keys ?? [], "ledger").find(({ key_id }) => hasKey(folder, key_id));
  if (key !== undefined) return ok(readSigner(folder, key.key_id, "ledger"));
  return bad<ReturnType<typeof readSigner>>("key_missing", "no active ledger key is in the state folder", {
    hint: "run `cavra keys show`",
  });
}

export interface RevealOptions {
  readonly path?: string;
  readonly start?: string;
  readonly output?: string;
  readonly json?: boolean;
}

/** Proves what stood in one redacted place. SECURITY: the value comes from standard input, where no list of processes and no history shows it. */
export function reveal(terminal: Terminal, id: string, options: RevealOptions): ExitStatus {
  const made = withRecords(terminal, (session) => {
    const found = findInLedger(session.ledger, id);
    if (!found.ok) return found;
    const place = placeOf(found.value.record, options);
    if (!place.ok) return place;
    return revealed(found.value.record, place.value, readValue(), redactionKey(stateDir(terminal.env), SYSTEM_CLOCK));
  });
  if (!made.ok) return report(terminal, made.problem, options.json === true);
  if (options.output === undefined) terminal.print(`${made.value}\n`);
  else {
    writeNew(resolve(terminal.cwd, options.output), `${made.value}\n`);
    terminal.print(
      options.json
        ? `${JSON.stringify({ file: options.output })}\n`
        : `wrote ${options.output}: it holds the secret; give it to nobody else\n`,
    );
  }
  return EXIT.done;
}

function placeOf({ redactions }: DecisionRecord, { path, start }: RevealOptions): Result<RevealPlace> {
  const fitting = redactions.filter(
    (one) => (path === undefined || one.path === path) && (start === undefined || String(one.span.start) === start),
  );
  const [first] = fitting;
  if (first !== undefined && fitting.length === 1) return ok({ path: first.path, start: first.span.start });
  const all = redactions.map((one) => `--path ${one.path} --start ${one.span.start}`).join("; ");
  if (redactions.length === 0)
    return bad("reveal_no_such_place", "nothing was redacted in this record", { hint: "run `cavra evidence show` with its id" });
  return bad(fitting.length === 0 ? "reveal_no_such_place" : "reveal_ambiguous", `${fitting.length} places fit`, {
    hint: `the places are: ${all}`,
  });
}

// Whoever types the value, or has `echo` say it, ends it with a newline that is not part of it.
function revealed(record: DecisionRecord, place: RevealPlace, value: Buffer, key: Uint8Array): Result<string> {
  const asItCame = makeReveal(record, place, value, key);
  const made =
    asItCame.ok || asItCame.problem.code !== "reveal_invalid" || value.at(-1) !== 0x0a
      ? asItCame
      : makeReveal(record, place, value.subarray(0, -1), key);
  return made.ok || made.problem.code !== "reveal_invalid"
    ? made
    : { ok: false, problem: { ...made.problem, hint: whatStood(record, place) } };
}

function whatStood({ redactions }: DecisionRecord, { path, start }: RevealPlace): string {
  const place = redactions.find((one) => one.path === path && one.span.start === start);
  return place === undefined ? "" : `it was ${count(place.span.end - place.span.start, "byte")} of kind \`${place.kind}\` in \`${path}\``;
}

function readValue(): Buffer {
  const chunks: Buffer[] = [];
  let size = 0;
  while (size <= REVEAL_VALUE_BYTES + 1) {
    const chunk = Buffer.allocUnsafe(65_536);
    const count = readSome(0, chunk);
    if (count <= 0) break;
    chunks.push(chunk.subarray(0, count));
    size += count;
  }
  return Buffer.concat(chunks);
}
