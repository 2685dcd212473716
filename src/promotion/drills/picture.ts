// The picture of a drill: how long calls took around the fault, and from the fault to TypeScript's first answer. Implements spec/drills.md 1.7. Pure.
// It shows what was seen, and nothing of it is ever read back: the numbers stand in the journal.

import { DRILL_FAULTS } from "./faults.js";
import type { Experiment, Observations } from "./observed.js";
import { callOf, firstAnswer } from "./tally.js";
import { drillVerdict } from "./verdict.js";

const WIDTH = 960;
const PANEL = { left: 70, width: 860, height: 220 } as const;
const [COLUMNS, ROWS] = [172, 44];
/** Latencies are drawn from 0.1 ms to 10 s, a power of ten in equal steps. */
const [LEAST_EXPONENT, MOST_EXPONENT] = [2, 7];
const BACKENDS = ["#2458a6", "#c9770a", "#8a8a8a"] as const;

/** An SVG of its own, in two panels: every call by when it began; and, of several rounds, how often the first answer took how long. */
export function drillPicture(experiment: Experiment, seen: Observations): string {
  const { measured, verdict } = drillVerdict(experiment, seen);
  const panels = [scatter(experiment, seen, 70), ...(seen.rounds.length > 1 ? [firsts(experiment, seen, 380)] : [])];
  const height = 70 + panels.length * 310;
  const first = `first answer of TypeScript after the fault: median ${ms(measured.first_p50_us)}, p99 ${ms(measured.first_p99_us)}, slowest ${ms(measured.first_most_us)}`;
  const head = [
    text(PANEL.left, 24, `${experiment.fault}: ${DRILL_FAULTS[experiment.fault].what}`, "16", "start"),
    text(
      PANEL.left,
      44,
      `${seen.begun_at}, ${measured.rounds} rounds, ${experiment.callers} callers, ${measured.calls} calls, ${verdict}; ${first}`,
    ),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="sans-serif">`,
    `<title>${escaped(`${experiment.fault}: ${DRILL_FAULTS[experiment.fault].what}, ${verdict}; ${first}`)}</title>`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    ...head,
    ...panels,
    "</svg>",
    "",
  ].join("\n");
}

/** Calls of all rounds over one another, the fault at zero; the darker, the more. */
function scatter(experiment: Experiment, { rounds }: Observations, top: number): string {
  const calls = rounds.flatMap((round) =>
    round.calls.map(callOf).map(({ begun, took, backend }) => ({ at: begun - round.fault_us, took, by: backend })),
  );
  const [from, to] = [Math.min(0, ...calls.map(({ at }) => at)), Math.max(1_000, ...calls.map(({ at }) => at))];
  const x = (at: number) => (at - from) / (to - from);
  const cells = new Map<string, number>();
  for (const { at, took, by } of calls) {
    const key = [by < 0 ? 2 : by, cut(x(at), COLUMNS), cut(height(took), ROWS)].join(" ");
    cells.set(key, (cells.get(key) ?? 0) + 1);
  }
  const most = Math.max(1, ...cells.values());
  const [wide, high] = [PANEL.width / COLUMNS, PANEL.height / ROWS];
  const drawn = [...cells].map(([key, count]) => {
    const [by = 0, column = 0, row = 0] = key.split(" ").map(Number);
    const shade = round(0.35 + 0.65 * (Math.log(count + 1) / Math.log(most + 1)));
    const [left, above] = [round(PANEL.left + column * wide), round(top + PANEL.height - (row + 1) * high)];
    return `<rect x="${left}" y="${above}" width="${round(wide)}" height="${round(high)}" fill="${BACKENDS[by] ?? BACKENDS[2]}" opacity="${shade}"/>`;
  });
  const fault = round(PANEL.left + x(0) * PANEL.width);
  const ticks = [from, 0, to].map((at) => text(PANEL.left + x(at) * PANEL.width, top + PANEL.height + 16, ms(at), "11", "middle"));
  return [
    frame(top),
    ...drawn,
    `<line x1="${fault}" x2="${fault}" y1="${top}" y2="${top + PANEL.height}" stroke="#b00020" stroke-dasharray="4 3"/>`,
    ...ticks,
    text(PANEL.left + PANEL.width / 2, top + PANEL.height + 34, "when a call began, from the fault on", "12", "middle"),
    text(PANEL.left, top + PANEL.height + 52, "blue: answered by TypeScript, orange: by Go", "12", "start"),
    ...powers(top),
    deadline(experiment, top),
  ].join("\n");
}

function deadline({ deadline_ms }: Experiment, top: number): string {
  const y = round(top + PANEL.height * (1 - height(deadline_ms * 1_000)));
  return `<line x1="${PANEL.left}" x2="${PANEL.left + PANEL.width}" y1="${y}" y2="${y}" stroke="#888888" stroke-dasharray="2 4"/>`;
}

function firsts({ objectives }: Experiment, { rounds }: Observations, top: number): string {
  const values = rounds.map(firstAnswer).filter((us) => us >= 0);
  const counts = Array.from({ length: COLUMNS }, () => 0);
  for (const us of values) {
    const at = cut(height(us), COLUMNS);
    counts[at] = (counts[at] ?? 0) + 1;
  }
  const most = Math.max(1, ...counts);
  const wide = PANEL.width / COLUMNS;
  const bars = counts.flatMap((count, at) => {
    if (count === 0) return [];
    const high = round((count / most) * PANEL.height);
    return [
      `<rect x="${round(PANEL.left + at * wide)}" y="${round(top + PANEL.height - high)}" width="${round(wide)}" height="${high}" fill="${BACKENDS[0]}"/>`,
    ];
  });
  const goal = round(PANEL.left + height(objectives.first_answer_p99_ms * 1_000) * PANEL.width);
  const exponents = Array.from({ length: MOST_EXPONENT - LEAST_EXPONENT + 1 }, (_, i) => LEAST_EXPONENT + i);
  return [
    frame(top),
    ...bars,
    `<line x1="${goal}" x2="${goal}" y1="${top}" y2="${top + PANEL.height}" stroke="#b00020" stroke-dasharray="4 3"/>`,
    ...exponents.map((exponent) =>
      text(PANEL.left + height(10 ** exponent) * PANEL.width, top + PANEL.height + 16, ms(10 ** exponent), "11", "middle"),
    ),
    text(PANEL.left - 6, top + 10, String(most), "11", "end"),
    text(
      PANEL.left + PANEL.width / 2,
      top + PANEL.height + 34,
      "from the fault to TypeScript's first answer; the red line is the objective",
      "12",
      "middle",
    ),
  ].join("\n");
}

function frame(top: number): string {
  return `<rect x="${PANEL.left}" y="${top}" width="${PANEL.width}" height="${PANEL.height}" fill="none" stroke="#cccccc"/>`;
}

function powers(top: number): readonly string[] {
  const exponents = Array.from({ length: MOST_EXPONENT - LEAST_EXPONENT + 1 }, (_, i) => LEAST_EXPONENT + i);
  return exponents.map((exponent) =>
    text(PANEL.left - 6, top + PANEL.height * (1 - height(10 ** exponent)) + 4, ms(10 ** exponent), "11", "end"),
  );
}

/** From 0 to 1. */
function height(us: number): number {
  const exponent = Math.log10(Math.max(1, us));
  return Math.min(1, Math.max(0, (exponent - LEAST_EXPONENT) / (MOST_EXPONENT - LEAST_EXPONENT)));
}

function cut(part: number, pieces: number): number {
  return Math.min(pieces - 1, Math.max(0, Math.floor(part * pieces)));
}

function escaped(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function text(x: number, y: number, words: string, size = "12", anchor: "start" | "middle" | "end" = "start"): string {
  return `<text x="${round(x)}" y="${round(y)}" font-size="${size}" text-anchor="${anchor}" fill="#222222">${escaped(words)}</text>`;
}

function ms(us: number): string {
  return `${round(us / 1_000)} ms`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
