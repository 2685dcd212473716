// Counts everything again from what was only ever added, and says where the sums beside it differ. Implements the proof of spec/notices.md 5.2 and 8.1.
// For tests and for whoever doubts: it reads every row.

import { bucketOf, HELD_BACK, OUTCOMES, type Outcome, TREND_NAMES } from "../../promotion/index.js";
import { type NoticeStore, numberIn, textIn } from "./open.js";

export interface Recount {
  readonly planned: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly waiting: number;
  /** Empty where all agrees; a sentence each, at most a hundred. */
  readonly differences: readonly string[];
}

export function recount(store: NoticeStore): Recount {
  return store.look(() => {
    const differences: string[] = [];
    const { sql } = store;
    const count = (text: string) => Number(sql(text).get()?.count);
    const planned = count("SELECT coalesce(sum(notices), 0) AS count FROM plan");
    const said = (what: string, is: number, should: number): void => {
      if (is !== should && differences.length < MOST_DIFFERENCES) differences.push(`${what}: ${is}, counted ${should}`);
    };
    said("notices", count("SELECT count(*) AS count FROM notice"), planned);
    const walk = walkOutcomes(store);
    const waiting = count("SELECT count(*) AS count FROM notice LEFT JOIN outcome USING (notice_no) WHERE seq IS NULL");
    said(
      "planned",
      planned,
      OUTCOMES.reduce((sum, outcome) => sum + walk.outcomes[outcome], waiting),
    );
    said("waiting", count("SELECT count(*) AS count FROM waiting"), waiting);
    said("waiting of threads", count("SELECT coalesce(sum(waiting), 0) AS count FROM thread"), waiting);
    compareSums(store, walk, said);
    compareThreads(store, walk, said);
    said("outcomes before the one before them", walk.backwards, 0);
    return { planned, outcomes: walk.outcomes, waiting, differences };
  });
}

const MOST_DIFFERENCES = 100;

interface ThreadState {
  sentAt: number | null;
  heldSince: number | null;
}

interface Walk {
  readonly outcomes: Record<Outcome, number>;
  readonly hours: Map<string, number>;
  readonly names: Map<string, number>;
  readonly threads: Map<number, ThreadState>;
  backwards: number;
}

interface Shape {
  readonly outcome: Outcome;
  readonly names: readonly string[];
}

function shapesOf({ sql }: NoticeStore): ReadonlyMap<number, Shape> {
  const rows = sql("SELECT shape_no, outcome, window, category, owner, provider, schedule FROM shape JOIN place USING (place_no)").all();
  return new Map(
    rows.map((row) => {
      const [outcome, window] = [textIn(row, "outcome") as Outcome, textIn(row, "window")];
      const given = TREND_NAMES.filter((what) => what !== "window" || window !== "").map(
        (what) => `${what} ${textIn(row, what)} ${outcome}`,
      );
      return [Number(row.shape_no), { outcome, names: given }] as const;
    }),
  );
}

function walkOutcomes(store: NoticeStore): Walk {
  const shapes = shapesOf(store);
  const outcomes = { sent: 0, suppressed: 0, deferred: 0, deduplicated: 0, rate_limited: 0, failed: 0 };
  const walk: Walk = { outcomes, hours: new Map(), names: new Map(), threads: new Map(), backwards: 0 };
  let last = 0;
  for (const row of store.sql("SELECT thread_no, shape_no, at FROM outcome ORDER BY seq").iterate()) {
    const [threadNo, at] = [Number(row.thread_no), Number(row.at)];
    const { outcome, names } = shapes.get(Number(row.shape_no)) ?? { outcome: "failed", names: [] };
    walk.outcomes[outcome] += 1;
    if (at < last) walk.backwards += 1;
    last = at;
    const hour = bucketOf(at, "hour");
    add(walk.hours, `${hour} ${outcome}`);
    for (const name of names) add(walk.names, `${hour} ${name}`);
    const state = walk.threads.get(threadNo) ?? { sentAt: null, heldSince: null };
    if (outcome === "sent") Object.assign(state, { sentAt: at, heldSince: null });
    else if (HELD_BACK.includes(outcome)) state.heldSince ??= at;
    walk.threads.set(threadNo, state);
  }
  return walk;
}

function add(sums: Map<string, number>, key: string): void {
  sums.set(key, (sums.get(key) ?? 0) + 1);
}

type Said = (what: string, is: number, should: number) => void;

function compareSums({ sql }: NoticeStore, { hours, names }: Walk, said: Said): void {
  const days = new Map<string, number>();
  for (const [key, count] of names) {
    const hour = Number(key.slice(0, key.indexOf(" ")));
    const day = `${bucketOf(hour, "day")}${key.slice(key.indexOf(" "))}`;
    days.set(day, (days.get(day) ?? 0) + count);
  }
  const name = "at || ' ' || what || ' ' || name || ' ' || outcome AS name, count";
  const tables = [
    ["hour_sum", "SELECT hour || ' ' || outcome AS name, count FROM hour_sum", hours],
    ["name_hour", `SELECT ${name} FROM name_hour`, names],
    ["name_day", `SELECT ${name} FROM name_day`, days],
  ] as const;
  for (const [table, text, counted] of tables) {
    let rows = 0;
    for (const row of sql(text).iterate()) {
      rows += 1;
      said(`${table} ${textIn(row, "name")}`, Number(row.count), counted.get(textIn(row, "name")) ?? 0);
    }
    said(`rows of ${table}`, rows, counted.size);
  }
}

function compareThreads({ sql }: NoticeStore, { threads }: Walk, said: Said): void {
  for (const row of sql("SELECT thread_no, sent_at, held_since FROM thread").iterate()) {
    const state = threads.get(Number(row.thread_no));
    said(`sent_at of thread ${row.thread_no}`, numberIn(row, "sent_at") ?? -1, state?.sentAt ?? -1);
    said(`held_since of thread ${row.thread_no}`, numberIn(row, "held_since") ?? -1, state?.heldSince ?? -1);
  }
}
