// A witness's own key and memory: what it cosigned last, of each ledger. Implements spec/evidence.md 7.9.
// INVARIANT: looking, judging and remembering are one transaction, durable before the cosignature exists: two requests at once are still one history.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { bad, CavraError, formatTime, ok, type Result } from "../../base/index.js";
import {
  cosign,
  isNoteName,
  judgeGrowth,
  type KeySigner,
  type NoteKey,
  type WitnessRequest,
  witnessNoteKey,
} from "../../evidence/index.js";
import type { Clock } from "../clock.js";
import { ensurePrivateFolder } from "../folders.js";
import { keysFolder, newKey, readSigner } from "../keys.js";
import { type Database, guarded, inTransaction, openDatabase } from "./database.js";
import { makeFile } from "./open.js";

const WITNESS_FOLDER = "witness";
const WITNESS_FILE = "witness.sqlite";
const APPLICATION_ID = 0x43415657;

const TABLES = `
CREATE TABLE witness (one INTEGER PRIMARY KEY CHECK (one = 1), name TEXT NOT NULL, key_id TEXT NOT NULL) STRICT;
CREATE TABLE seen (origin TEXT PRIMARY KEY, size INTEGER NOT NULL, root BLOB NOT NULL, cosigned_at TEXT NOT NULL) STRICT, WITHOUT ROWID;
`;

export interface Witness {
  readonly name: string;
  /** How its lines are known: for the ledger's trust document. */
  readonly noteKey: NoteKey;
  readonly seen: () => readonly { readonly origin: string; readonly size: number; readonly root: string; readonly cosigned_at: string }[];
  /** The cosignature line. Problems: those of judgeGrowth. `keys`: the ledger's, as the trust document says. */
  readonly answer: (request: WitnessRequest, keys: readonly NoteKey[]) => Result<string>;
  readonly close: () => void;
}

/** Makes a witness on this account. Problems: `witness_exists`, `bad_witness_name`. */
export function makeWitness(stateFolder: string, name: string, clock: Clock): Result<null> {
  if (!isNoteName(name)) {
    return bad("bad_witness_name", `\`${name}\` is no name for a witness`, {
      hint: "use one without blanks and `+`, such as `example.org/ada`",
    });
  }
  const folder = join(stateFolder, WITNESS_FOLDER);
  if (existsSync(join(folder, WITNESS_FILE)))
    return bad("witness_exists", "there is a witness here already", { hint: "run `cavra evidence witness --show`" });
  const key = newKey("witness");
  key.keep(keysFolder(stateFolder), "", clock);
  ensurePrivateFolder(folder);
  makeFile(join(folder, WITNESS_FILE), folder);
  const database = openDatabase(join(folder, WITNESS_FILE), { readOnly: false });
  try {
    inTransaction(database, () => {
      database.exec(TABLES);
      database.prepare("INSERT INTO witness (one, name, key_id) VALUES (1, ?, ?)").run(name, key.keyId);
      database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = 1`);
    });
    return ok(null);
  } finally {
    database.close();
  }
}

/** Throws `no_witness_here`, `ledger_damaged`, `ledger_unavailable`, `key_*`. */
export function openWitness(stateFolder: string, clock: Clock): Witness {
  const path = join(stateFolder, WITNESS_FOLDER, WITNESS_FILE);
  if (!existsSync(path)) {
    throw new CavraError("no_witness_here", "there is no witness on this account", {
      hint: "make one: `cavra evidence witness --init NAME`",
    });
  }
  const database = openDatabase(path, { readOnly: false });
  try {
    const row = guarded(() => database.prepare("SELECT name, key_id FROM witness").get());
    const name = String(row?.name);
    const signer = readSigner(keysFolder(stateFolder), String(row?.key_id), "witness");
    return {
      name,
      noteKey: witnessNoteKey(name, signer.signer.publicKey),
      seen: () => guarded(() => database.prepare("SELECT * FROM seen ORDER BY origin").all()).map(asSeen),
      answer: (request, keys) => answered(database, { name, signer, clock }, request, keys),
      close: () => database.close(),
    };
  } catch (error) {
    database.close();
    throw error;
  }
}

function asSeen(row: Readonly<Record<string, unknown>>) {
  const { origin, size, root, cosigned_at } = row;
  return {
    origin: String(origin),
    size: Number(size),
    root: Buffer.from(root as Uint8Array).toString("base64"),
    cosigned_at: String(cosigned_at),
  };
}

interface Pen {
  readonly name: string;
  readonly signer: KeySigner;
  readonly clock: Clock;
}

function answered(database: Database, { name, signer, clock }: Pen, request: WitnessRequest, keys: readonly NoteKey[]): Result<string> {
  const nowMs = clock.nowMs();
  const judged = inTransaction(database, () => {
    const origin = originOf(request);
    const row = database.prepare("SELECT size, root FROM seen WHERE origin = ?").get(origin);
    const memory = row === undefined ? undefined : { size: Number(row.size), root: row.root as Uint8Array };
    const growth = judgeGrowth(request, keys, memory);
    if (!growth.ok) return growth;
    const { size, root } = growth.value.checkpoint;
    database
      .prepare(
        "INSERT INTO seen (origin, size, root, cosigned_at) VALUES (?, ?, ?, ?) ON CONFLICT (origin) DO UPDATE SET size = excluded.size, root = excluded.root, cosigned_at = excluded.cosigned_at",
      )
      .run(origin, size, root, formatTime(nowMs));
    return growth;
  });
  return judged.ok ? ok(cosign(judged.value.text, Math.floor(nowMs / 1000), name, signer.signer)) : judged;
}

function originOf({ checkpoint }: WitnessRequest): string {
  return checkpoint.slice(0, Math.max(0, checkpoint.indexOf("\n")));
}
