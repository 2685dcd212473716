// `cavra evidence proof | export`: one record and its way to the head; the whole tree as tiles. Implements spec/evidence.md 3.3, 5.8 and 9.6.

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { bad, CavraError, ok, type Result } from "../../../base/index.js";
import { HASH_BYTES, tilePath, tilesOf } from "../../../evidence/index.js";
import {
  type LedgerSession,
  newestCheckpoint,
  proofOf,
  type StoredCheckpoint,
  signedHead,
  stateDir,
  tileReader,
  trustChain,
} from "../../../store/index.js";
import { count } from "../../count.js";
import { EXIT, type ExitStatus } from "../../exit.js";
import { openProgress } from "../../progress.js";
import { report, type Terminal } from "../../terminal.js";
import { withRecords } from "./session.js";

export interface ProofOptions {
  readonly output?: string;
  readonly json?: boolean;
}

/** The C2SP tlog-proof of one record, to a file or to standard output. Problems: `record_not_found`, `record_ambiguous`, `record_unsigned`. */
export function proof(terminal: Terminal, id: string, options: ProofOptions): ExitStatus {
  const made = withRecords(terminal, (session) => proofOf(session, id));
  if (!made.ok) return report(terminal, made.problem, options.json === true);
  const { index, size, hashes, text } = made.value;
  if (options.output !== undefined) writeNew(resolve(terminal.cwd, options.output), text);
  if (options.json)
    terminal.print(
      `${JSON.stringify({ record_id: made.value.recordId, index, size, hashes, file: options.output ?? "", proof: options.output === undefined ? text : "" })}\n`,
    );
  else if (options.output === undefined) terminal.print(text);
  else
    terminal.print(
      `wrote the proof of record ${index} in ${size} to ${options.output} (${count(hashes, "hash", "hashes")})\n  whoever gets it needs the trust documents too: \`cavra trust show --chain\`, and \`cavra evidence verify FILE --trust FILE\`\n`,
    );
  return EXIT.done;
}

/** Never over a file that is there: what was given away stays what it was. */
export function writeNew(path: string, text: string | Uint8Array): void {
  try {
    writeFileSync(path, text, { flag: "wx", mode: 0o600 });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw cause;
    throw new CavraError("already_there", `\`${path}\` is there already`, {
      cause,
      hint: "name another file: what was given away is never written over",
    });
  }
}

/** The tree under the newest head as static files: `checkpoint`, `tile/…`, and the trust documents. Problems: those of signedHead, `tile_missing`. */
export function exportTiles(terminal: Terminal, folder: string, options: { readonly json?: boolean }): ExitStatus {
  const out = resolve(terminal.cwd, folder);
  const done = withRecords(terminal, (session) => {
    const head = newestCheckpoint(session.ledger);
    if (head !== undefined) return exported(terminal, session, head, out);
    const missing = signedHead(session);
    return missing.ok ? bad<Exported>("checkpoint_missing", "nothing has been signed yet") : missing;
  });
  if (!done.ok) return report(terminal, done.problem, options.json === true);
  const { size, tiles } = done.value;
  terminal.print(
    options.json
      ? `${JSON.stringify({ folder: out, size, tiles })}\n`
      : `wrote ${count(tiles, "tile")} of ${count(size, "record")} to ${folder}\n`,
  );
  return EXIT.done;
}

interface Exported {
  readonly size: number;
  readonly tiles: number;
}

function exported(terminal: Terminal, { ledger }: LedgerSession, head: StoredCheckpoint, out: string): Result<Exported> {
  const readTile = tileReader(ledger.database);
  const tiles = [...tilesOf(head.size)];
  const progress = openProgress(terminal, "writing tiles");
  try {
    for (const [i, { level, n, width }] of tiles.entries()) {
      const hashes = readTile(level, n);
      if (hashes === undefined)
        return bad("tile_missing", `tile ${n} of level ${level} is missing`, { hint: "run `cavra evidence verify`" });
      write(join(out, tilePath(level, n, width)), hashes.subarray(0, width * HASH_BYTES));
      progress.at(i + 1, tiles.length);
    }
  } finally {
    progress.end();
  }
  write(join(out, "trust"), `${trustChain(stateDir(terminal.env)).join("\n")}\n`);
  // Last, so that whoever sees a head finds all that is under it.
  write(join(out, "checkpoint"), head.note);
  return ok({ size: head.size, tiles: tiles.length });
}

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
