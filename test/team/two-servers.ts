// Two servers on one PostgreSQL, machines that push journals with duplicates and gaps, and kills in between. Used by the test (a small run) and by
// scripts/two-servers.mjs. What it asserts: nothing that was acknowledged is lost, nothing is there twice, and the ledger holds with every head.

import { makeId } from "../../src/base/index.js";
import { encodeFrame } from "../../src/evidence/index.js";
import { verifyTeamLedger } from "../../src/team/index.js";
import { type Dice, diceOf } from "../dice.js";
import { builtRecord } from "../evidence/sample.js";

export interface Servers {
  /** Starts what was killed. */
  readonly start: (which: number) => Promise<void>;
  readonly kill: (which: number) => Promise<void>;
  readonly killDatabase: () => Promise<void>;
  readonly startDatabase: () => Promise<void>;
  /** Status and JSON of an answer; status 0 where none came. */
  readonly post: (which: number, path: string, type: string, body: Buffer) => Promise<{ readonly status: number; readonly value: Told }>;
  readonly databaseUrl: string;
  readonly folder: string;
}

interface Told {
  readonly taken?: number;
  readonly known?: number;
  readonly refused?: readonly object[];
  readonly decision_id?: string;
}

export interface TwoServersReport {
  readonly machines: number;
  readonly rounds: number;
  readonly pushes: number;
  readonly unanswered: number;
  readonly duplicates: number;
  readonly decisions: number;
  readonly kills: Readonly<Record<string, number>>;
  readonly records: number;
  readonly heads: number;
  readonly failures: readonly string[];
}

export const MACHINES = 10;
const MOMENT_MS = Date.UTC(2026, 10, 3, 8);

interface Machine {
  readonly id: number;
  readonly frames: Buffer[];
  readonly ids: string[];
  /** Frames up to here were acknowledged. */
  sent: number;
}

/** Each round every machine records some, and pushes what it believes is missing, with some that were sent before. */
export async function twoServers(servers: Servers, rounds: number, seed: number): Promise<TwoServersReport> {
  const dice = diceOf(seed);
  const machines: Machine[] = Array.from({ length: MACHINES }, (_, id) => ({ id, frames: [], ids: [], sent: 0 }));
  const counts = { pushes: 0, unanswered: 0, duplicates: 0 };
  const kills: Record<string, number> = { server: 0, database: 0 };
  const failures: string[] = [];
  const acknowledged = new Set<string>();
  const pushOnce = async (machine: Machine): Promise<void> => {
    const back = dice.below(4) === 0 ? dice.below(machine.sent + 1) : Math.max(0, machine.sent - dice.below(3));
    const to = Math.min(machine.frames.length, machine.sent + 1 + dice.below(20));
    counts.pushes += 1;
    const { status, value } = await servers.post(
      dice.below(2),
      "/v1/journals",
      "application/vnd.cavra.journal",
      Buffer.concat(machine.frames.slice(back, to)),
    );
    if (status !== 200) {
      counts.unanswered += 1;
      if (status !== 0 && status !== 503) failures.push(`a push was answered ${status}`);
      return;
    }
    counts.duplicates += value.known ?? 0;
    if ((value.taken ?? 0) + (value.known ?? 0) !== to - back || value.refused?.length !== 0) failures.push("an answer does not add up");
    for (const id of machine.ids.slice(back, to)) acknowledged.add(id);
    machine.sent = Math.max(machine.sent, to);
  };
  const decide = async (which: number): Promise<void> => {
    const body = Buffer.from(JSON.stringify({ action_type: "execute_command", target: "cat .env", cwd: servers.folder }));
    const { status, value } = await servers.post(which, "/v1/decisions", "application/json", body);
    if (status === 200 && value.decision_id !== undefined) acknowledged.add(value.decision_id);
    else if (status !== 0) failures.push(`a decision was answered ${status}`);
  };
  for (let round = 0; round < rounds; round++) {
    for (const machine of machines) record(machine, 1 + dice.below(12), dice);
    const killed = round % 4 === 1 ? `server ${dice.below(2)}` : round % 4 === 3 ? "database" : "";
    const working = Promise.all([...machines.map(pushOnce), decide(0), decide(1)]);
    if (killed === "database") {
      kills.database = (kills.database ?? 0) + 1;
      await servers.killDatabase();
      await Promise.all([decide(0), decide(1)]);
    } else if (killed !== "") {
      kills.server = (kills.server ?? 0) + 1;
      await servers.kill(Number(killed.slice(-1)));
    }
    await working;
    if (killed === "database") await servers.startDatabase();
    else if (killed !== "") await servers.start(Number(killed.slice(-1)));
  }
  for (const machine of machines)
    for (let tries = 0; machine.sent < machine.frames.length && tries < 1_000; tries++) await pushOnce(machine);
  return { ...(await judged(servers, machines, acknowledged, failures)), machines: MACHINES, rounds, ...counts, kills };
}

function record(machine: Machine, many: number, dice: Dice): void {
  for (let count = 0; count < many; count++) {
    const n = machine.ids.length;
    const random = Uint8Array.from({ length: 10 }, () => dice.below(256));
    const recordId = makeId("dec", MOMENT_MS + n * 7 + machine.id, random);
    const { text, digest } = builtRecord({ recordId, target: `make ${machine.id} ${n}` });
    machine.ids.push(recordId);
    machine.frames.push(encodeFrame(text, digest));
  }
}

async function judged(servers: Servers, machines: readonly Machine[], acknowledged: ReadonlySet<string>, failures: string[]) {
  const list = async (cursor: string): Promise<{ items: { record: { record_id: string } }[]; next_cursor: string }> => {
    const { status, value } = await servers.post(
      0,
      `/v1/decisions?limit=1000${cursor === "" ? "" : `&cursor=${cursor}`}`,
      "",
      Buffer.alloc(0),
    );
    if (status !== 200) throw new Error(`the list was answered ${status}`);
    return value as never;
  };
  // What each server has in its own journal is drained before it answers a list.
  await servers.post(1, "/v1/decisions?limit=1", "", Buffer.alloc(0));
  const there: string[] = [];
  for (let page = await list(""); ; page = await list(page.next_cursor)) {
    there.push(...page.items.map(({ record: { record_id } }) => record_id));
    if (page.next_cursor === "") break;
  }
  const known = new Set(there);
  if (known.size !== there.length) failures.push(`${there.length - known.size} records are there twice`);
  const lost = [...acknowledged].filter((id) => !known.has(id));
  if (lost.length > 0) failures.push(`${lost.length} acknowledged records are lost`);
  const pushed = machines.flatMap(({ ids }) => ids);
  const missing = pushed.filter((id) => !known.has(id));
  if (missing.length > 0) failures.push(`${missing.length} pushed records are missing`);
  const report = await verifyTeamLedger(servers.databaseUrl);
  for (const { code, index } of report.findings) failures.push(`${code} at ${index}`);
  return {
    records: report.size,
    heads: report.heads,
    decisions: acknowledged.size - pushed.filter((id) => acknowledged.has(id)).length,
    failures,
  };
}
