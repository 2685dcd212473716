// A strict reader of Prometheus' text format 0.0.4: what it does not know it refuses. Written from the format's description, not from our writer.

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Family {
  readonly type: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*/;
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"/;
const VALUE = /^(?:NaN|[+-]Inf|[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/;

/** Throws on the first line that is not of the format. */
export function parseExposition(text: string): ReadonlyMap<string, Family> {
  if (!text.endsWith("\n")) throw new Error("the last line has no end");
  const families = new Map<string, { type: string; help: string; samples: Sample[] }>();
  const seen = new Set<string>();
  let current = "";
  for (const line of text.slice(0, -1).split("\n")) {
    const help = /^# HELP (\S+) (.*)$/.exec(line);
    const type = /^# TYPE (\S+) (counter|gauge|histogram)$/.exec(line);
    if (help !== null) {
      const name = help[1] ?? "";
      if (families.has(name)) throw new Error(`two heads of ${name}`);
      if (!/^(?:[^\\]|\\[\\n])*$/.test(help[2] ?? "")) throw new Error(`an escape that is none: ${line}`);
      families.set(name, { type: "", help: help[2] ?? "", samples: [] });
      current = name;
    } else if (type !== null) {
      const family = families.get(type[1] ?? "");
      if (family === undefined || family.type !== "" || family.samples.length > 0 || type[1] !== current)
        throw new Error(`a type that belongs nowhere: ${line}`);
      family.type = type[2] ?? "";
    } else {
      const sample = sampleOf(line);
      const family = families.get(current);
      const base = family?.type === "histogram" ? sample.name.replace(/_(bucket|sum|count)$/, "") : sample.name;
      if (family === undefined || base !== current) throw new Error(`a sample of another family: ${line}`);
      const key = line.slice(0, line.lastIndexOf(" "));
      if (seen.has(key)) throw new Error(`a series twice: ${line}`);
      seen.add(key);
      if (family.type === "counter" && !(sample.value >= 0)) throw new Error(`a counter below 0: ${line}`);
      family.samples.push(sample);
    }
  }
  for (const [name, family] of families) if (family.type === "histogram") checkHistogram(name, family.samples);
  return families;
}

function sampleOf(line: string): Sample {
  const name = NAME.exec(line)?.[0];
  if (name === undefined) throw new Error(`no sample: ${line}`);
  let rest = line.slice(name.length);
  const labels: Record<string, string> = {};
  if (rest.startsWith("{")) {
    rest = rest.slice(1);
    while (!rest.startsWith("}")) {
      const label = LABEL.exec(rest);
      if (label === null || Object.hasOwn(labels, label[1] ?? "")) throw new Error(`no label: ${line}`);
      labels[label[1] ?? ""] = (label[2] ?? "").replaceAll(/\\(["\\n])/g, (_, one: string) => (one === "n" ? "\n" : one));
      rest = rest.slice(label[0].length);
      if (rest.startsWith(",")) rest = rest.slice(1);
      else if (!rest.startsWith("}")) throw new Error(`no end of labels: ${line}`);
    }
    rest = rest.slice(1);
  }
  if (!rest.startsWith(" ") || !VALUE.test(rest.slice(1))) throw new Error(`no value: ${line}`);
  const value = rest.slice(1);
  return { name, labels, value: value.endsWith("Inf") ? Number(value.replace("Inf", "Infinity")) : Number(value) };
}

/** Buckets ascend, each counts what the ones before it count too, and the last one counts everything. */
function checkHistogram(name: string, samples: readonly Sample[]): void {
  const of = new Map<string, { le: number[]; counts: number[]; count: number; hasSum: boolean }>();
  for (const { name: full, labels, value } of samples) {
    const { le, ...others } = labels;
    const key = JSON.stringify(others);
    const one = of.get(key) ?? { le: [], counts: [], count: -1, hasSum: false };
    of.set(key, one);
    if (full === `${name}_bucket`) {
      one.le.push(le === "+Inf" ? Number.POSITIVE_INFINITY : Number(le));
      one.counts.push(value);
    } else if (full === `${name}_count`) one.count = value;
    else one.hasSum = true;
  }
  for (const [key, { le, counts, count, hasSum }] of of) {
    const ascends = (list: readonly number[], least: number) => list.every((value, at) => at === 0 || value - (list[at - 1] ?? 0) >= least);
    if (
      !ascends(le, Number.MIN_VALUE) ||
      !ascends(counts, 0) ||
      le.at(-1) !== Number.POSITIVE_INFINITY ||
      counts.at(-1) !== count ||
      !hasSum
    )
      throw new Error(`no histogram: ${name}${key}`);
  }
}
