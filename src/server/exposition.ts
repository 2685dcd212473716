// Counters, gauges and histograms as Prometheus reads them: text format 0.0.4. Implements spec/service.md 13.1. Pure.
// INVARIANT: a series is one of the label values that the code names; what a caller sends never becomes one, or memory would be theirs to fill.

export type MetricKind = "counter" | "gauge" | "histogram";

export interface MetricAbout {
  readonly name: string;
  readonly kind: MetricKind;
  readonly help: string;
  readonly labels: readonly string[];
}

/** Of one metric; more of them are counted under the last one's name, so that a mistake cannot fill memory. */
const MOST_SERIES = 2_000;

export interface Counter {
  readonly add: (labels: readonly string[], by?: number) => void;
  /** For what somebody else counts. */
  readonly set: (labels: readonly string[], value: number) => void;
  readonly lines: () => readonly string[];
}

/** A counter or a gauge. One without labels is there from the beginning, at 0. */
export function newCounter(about: MetricAbout): Counter {
  const series = new Map<string, number>(about.labels.length === 0 ? [["", 0]] : []);
  const keyFor = (values: readonly string[]) => keyOf(about, values, series);
  return {
    add: (labels, by = 1) => {
      const key = keyFor(labels);
      series.set(key, (series.get(key) ?? 0) + by);
    },
    set: (labels, value) => void series.set(keyFor(labels), value),
    lines: () => [...headOf(about), ...[...series].map(([key, value]) => `${about.name}${braced(key)} ${numberText(value)}`)],
  };
}

export interface Histogram {
  readonly observe: (labels: readonly string[], value: number) => void;
  readonly lines: () => readonly string[];
}

interface Observed {
  /** Of each bucket alone; the last one is of everything beyond. */
  readonly counts: number[];
  sum: number;
}

/** `bounds` ascend; a value counts in each bucket whose bound it does not exceed. */
export function newHistogram(about: MetricAbout, bounds: readonly number[]): Histogram {
  const series = new Map<string, Observed>();
  return {
    observe: (labels, value) => {
      const key = keyOf(about, labels, series);
      const found = series.get(key) ?? { counts: bounds.map(() => 0).concat(0), sum: 0 };
      const bucket = bounds.findIndex((bound) => value <= bound);
      const at = bucket === -1 ? bounds.length : bucket;
      found.counts[at] = (found.counts[at] ?? 0) + 1;
      found.sum += value;
      series.set(key, found);
    },
    lines: () => [...headOf(about), ...[...series].flatMap(([key, found]) => bucketLines(about.name, key, bounds, found))],
  };
}

function bucketLines(name: string, key: string, bounds: readonly number[], { counts, sum }: Observed): readonly string[] {
  let under = 0;
  const lines = [...bounds.map(numberText), "+Inf"].map((bound, at) => {
    under += counts[at] ?? 0;
    return `${name}_bucket${braced(key === "" ? `le="${bound}"` : `${key},le="${bound}"`)} ${under}`;
  });
  return [...lines, `${name}_sum${braced(key)} ${numberText(sum)}`, `${name}_count${braced(key)} ${under}`];
}

function headOf({ name, kind, help }: MetricAbout): readonly string[] {
  return [`# HELP ${name} ${help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n")}`, `# TYPE ${name} ${kind}`];
}

function keyOf({ labels }: MetricAbout, values: readonly string[], series: ReadonlyMap<string, unknown>): string {
  const write = (all: readonly string[]) => labels.map((label, at) => `${label}="${escaped(all[at] ?? "")}"`).join(",");
  const key = write(values);
  return series.has(key) || series.size < MOST_SERIES ? key : write(labels.map(() => "other"));
}

function braced(key: string): string {
  return key === "" ? "" : `{${key}}`;
}

function escaped(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  return String(value);
}
