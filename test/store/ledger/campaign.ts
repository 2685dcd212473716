// Kills drainers while journals grow, again and again, and holds the ledger after each kill against what was written. Used by the test (some kills)
// and by scripts/crash-drain.mjs (hundreds). What it asserts: no record lost, doubled or reordered within its journal, and every head that was
// given away is a beginning of the tree.

import { type ChildProcess, spawn } from "node:child_process";
import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { makeId } from "../../../src/base/index.js";
import { encodeFrame } from "../../../src/evidence/index.js";
import {
  drainJournal,
  foundTrust,
  keysFolder,
  newKey,
  openLedger,
  rootAt,
  SYSTEM_CLOCK,
  verifyLedger,
  writePin,
} from "../../../src/store/index.js";
import { type Dice, diceOf } from "../../dice.js";
import { builtRecord, SAMPLE_MS } from "../../evidence/sample.js";

export interface CampaignOptions {
  readonly kills: number;
  readonly seed: number;
  /** The JavaScript of programs/drain.ts. */
  readonly program: string;
  /** An empty folder. */
  readonly folder: string;
  /** Kill after a random time within a step, by waiting busily; else at the step itself. */
  readonly within: boolean;
  readonly onKill?: (kills: number, records: number) => void;
}

export interface CampaignReport {
  readonly kills: number;
  /** Kills by the last step that the drainer had told before. */
  readonly after: Readonly<Record<string, number>>;
  readonly records: number;
  readonly torn: number;
  readonly heads: number;
  readonly drainersBeside: number;
  /** What went wrong, in words; none is the only good answer. */
  readonly failures: readonly string[];
}

const DAY_MS = 86_400_000;
const FILES = 3;
/** Milliseconds within which a step is over, for kills inside it. */
const STEP_MS = 12;

export async function campaign(options: CampaignOptions): Promise<CampaignReport> {
  const run = begin(options);
  while (run.kills < options.kills) {
    grow(run);
    const beside = run.round % 5 === 4 ? tellingHeads(run, start(run)) : null;
    await killOne(run, options);
    if (beside !== null) await beside;
    check(run, false);
    options.onKill?.(run.kills, run.written.length);
  }
  finish(run);
  const { kills, after, torn, heads, drainersBeside, failures } = run;
  return { kills, after: Object.fromEntries(after), records: run.written.length, torn, heads: heads.size, drainersBeside, failures };
}

interface Run {
  readonly state: string;
  readonly config: string;
  readonly options: CampaignOptions;
  /** The same campaign for the same seed, as far as processes allow. */
  readonly dice: Dice;
  /** Every whole record, in the order in which it was written: file and id. */
  readonly written: { readonly file: string; readonly id: string }[];
  readonly after: Map<string, number>;
  readonly heads: Map<number, string>;
  readonly failures: string[];
  readonly openTail: Set<string>;
  round: number;
  kills: number;
  torn: number;
  drainersBeside: number;
}

function begin(options: CampaignOptions): Run {
  const [state, config] = [join(options.folder, "state"), join(options.folder, "config")];
  for (const folder of [state, config, join(state, "journal")]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const ledger = openLedger(state, SYSTEM_CLOCK);
  const [root, key] = [newKey("root"), newKey("ledger")];
  for (const one of [root, key]) one.keep(keysFolder(state), "", SYSTEM_CLOCK);
  const founded = foundTrust(state, ledger.origin, root, [{ role: "ledger", key, name: "ledger" }], SYSTEM_CLOCK);
  if (!founded.ok) throw new Error(founded.problem.message);
  writePin(config, root.keyId, SYSTEM_CLOCK);
  ledger.close();
  return {
    state,
    config,
    options,
    dice: diceOf(options.seed),
    written: [],
    after: new Map(),
    heads: new Map(),
    failures: [],
    openTail: new Set(),
    round: 0,
    kills: 0,
    torn: 0,
    drainersBeside: 0,
  };
}

// More records in some of the files; now and then a frame that its writer did not live to finish.
function grow(run: Run): void {
  run.round++;
  const count = 20 + run.dice.below(180);
  for (let i = 0; i < count; i++) {
    const day = run.dice.below(FILES);
    const n = run.written.length;
    const id = makeId("dec", SAMPLE_MS - 3_600_000 + day * DAY_MS + (n % 3_600_000), randomBytes(run));
    const { text, digest, record } = builtRecord({ recordId: id, target: `echo ${n}` });
    const file = `${record.recorded_at.slice(0, 10)}.journal`;
    const frame = encodeFrame(text, digest);
    const path = join(run.state, "journal", file);
    if (run.dice.fraction() < 0.005) {
      appendFileSync(path, frame.subarray(0, 1 + run.dice.below(frame.length - 2)));
      run.torn++;
      run.openTail.add(file);
    } else {
      appendFileSync(path, frame);
      run.written.push({ file, id });
      run.openTail.delete(file);
    }
  }
}

function randomBytes(run: Run): Uint8Array {
  return Uint8Array.from({ length: 10 }, () => run.dice.below(256));
}

function start(run: Run): ChildProcess {
  const args = [run.options.program, run.state, run.config, String(8 + run.dice.below(60))];
  return spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"], env: { PATH: process.env.PATH ?? "" } });
}

/** A drainer beside the one that is killed; it must end well. */
async function tellingHeads(run: Run, child: ChildProcess): Promise<void> {
  run.drainersBeside++;
  const lines = await linesOf(run, child, () => {});
  if (!lines.at(-1)?.startsWith("done ")) run.failures.push(`a drainer beside another ended with \`${lines.at(-1)}\``);
}

async function killOne(run: Run, { within }: CampaignOptions): Promise<void> {
  const child = start(run);
  const at = run.dice.below(8);
  const waitMs = run.dice.fraction() * STEP_MS;
  let count = 0;
  let last = "starting";
  await linesOf(run, child, (line) => {
    if (child.signalCode !== null || child.killed) return;
    last = line.split(" ")[0] ?? "";
    if (count++ !== at && !last.startsWith("head")) return;
    if (within) spin(waitMs);
    child.kill("SIGKILL");
  });
  if (child.signalCode !== "SIGKILL") return;
  run.kills++;
  run.after.set(last, (run.after.get(last) ?? 0) + 1);
}

// The event loop would add its own milliseconds.
function spin(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

async function linesOf(run: Run, child: ChildProcess, each: (line: string) => void): Promise<readonly string[]> {
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout ?? process.stdin });
  reader.on("line", (line) => {
    lines.push(line);
    const [word, size, root] = line.split(" ");
    if (word === "head" && root?.length === 44) noteHead(run, Number(size), root);
    each(line);
  });
  await Promise.all([new Promise((done) => reader.on("close", done)), new Promise((done) => child.on("close", done))]);
  return lines;
}

function noteHead(run: Run, size: number, root: string): void {
  const known = run.heads.get(size);
  if (known !== undefined && known !== root) run.failures.push(`two heads of ${size} records were given away`);
  run.heads.set(size, root);
}

const EXPECTED = new Set(["torn_frame", "torn_tail", "time_backwards"]);

/** What stands in the ledger after a kill, before anybody drains again, and at the end after draining. */
function check(run: Run, isEnd: boolean): void {
  const ledger = openLedger(run.state, SYSTEM_CLOCK);
  try {
    if (isEnd) drainJournal(ledger, run.state, SYSTEM_CLOCK);
    const report = verifyLedger(ledger, run.state);
    const strange = report.findings.filter(({ code }) => !EXPECTED.has(code));
    if (strange.length > 0) run.failures.push(`kill ${run.kills}: ${strange.map(({ code }) => code).join(", ")}`);
    for (const [size, root] of run.heads) {
      if (size > report.ledger.size)
        run.failures.push(`kill ${run.kills}: a head of ${size} was given away, the ledger has ${report.ledger.size}`);
      else if (Buffer.from(rootAt(ledger, size)).toString("base64") !== root)
        run.failures.push(`kill ${run.kills}: the head of ${size} is another`);
    }
    compareOrder(run, ledger, isEnd);
  } finally {
    ledger.close();
  }
}

/** File by file: the ledger has a beginning of what was written, in that order, each once; at the end all of it. */
function compareOrder(run: Run, ledger: ReturnType<typeof openLedger>, isEnd: boolean): void {
  const rows = ledger.database.prepare("SELECT name, record_id FROM record JOIN journal_file USING (file_id) ORDER BY idx").all();
  const sequenced = new Map<string, string[]>();
  const push = (map: Map<string, string[]>, key: string, id: string) => {
    const list = map.get(key);
    if (list === undefined) map.set(key, [id]);
    else list.push(id);
  };
  for (const { name, record_id } of rows) push(sequenced, String(name), String(record_id));
  const written = new Map<string, string[]>();
  for (const { file, id } of run.written) push(written, file, id);
  for (const [file, ids] of written) {
    const own = sequenced.get(file) ?? [];
    if (own.some((id, i) => id !== ids[i])) run.failures.push(`kill ${run.kills}: ${file} has another order or a stranger`);
    if (isEnd && own.length !== ids.length) run.failures.push(`at the end ${file} has ${own.length} of ${ids.length} records`);
  }
}

function finish(run: Run): void {
  check(run, true);
}
