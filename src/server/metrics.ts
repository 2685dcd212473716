// What is counted of this process, by the names of the law, and the text that Prometheus reads. Implements spec/service.md 13.1.
// No label has a name of an agent, a person or a repository, and none is a caller's text.

import { compareBytes, type Verdict } from "../base/index.js";
import { type Counter, type Histogram, type MetricAbout, newCounter, newHistogram } from "./exposition.js";
import type { MetricsPort } from "./ports/metrics.js";

/** Every metric, in the order of the text. docs/operations.md has the same table; a test holds both against the running server. */
export const METRICS = {
  decisions: counter(
    "cavra_decisions_total",
    "decisions that were answered, over the socket and over HTTP",
    "verdict",
    "channel",
    "backend",
  ),
  decisionSeconds: histogram("cavra_decision_seconds", "from the question to the durable record", "backend"),
  fallbacks: counter("cavra_fallbacks_total", "decisions for which the second engine was wanted and not selected", "code"),
  parity: counter("cavra_parity_compared_total", "judgements of both engines that were compared", "outcome"),
  requests: counter("cavra_http_requests_total", "requests that were answered", "route", "method", "status"),
  requestSeconds: histogram("cavra_http_request_seconds", "from the request's head to the end of its answer", "route"),
  inFlight: gauge("cavra_http_in_flight", "requests that wait for an answer, this one among them"),
  streams: gauge("cavra_streams", "streams of decisions that are open"),
  lagRecords: gauge("cavra_journal_lag_records", "records of this machine's journal that are not in the ledger yet"),
  lagSeconds: gauge("cavra_journal_lag_seconds", "how long the first of them waits"),
  blindness: gauge("cavra_blindness_records", "answers that were given and whose record was not durable: always 0, or something is broken"),
  answers: counter("cavra_answers_total", "answers that were given as recorded"),
  durable: counter("cavra_records_durable_total", "decision records that the journal has synced"),
  notices: counter("cavra_notices_total", "notices about drills, by what became of them", "outcome"),
  workerUp: gauge("cavra_worker_up", "1 where a worker of the second engine answers"),
  leaseUp: gauge("cavra_lease_up", "1 where a lease lets the second engine answer"),
  build: gauge("cavra_build_info", "always 1: what runs", "version", "engine"),
} as const satisfies Readonly<Record<string, MetricAbout>>;

type Name = keyof typeof METRICS;

function counter(name: string, help: string, ...labels: string[]): MetricAbout {
  return { name, kind: "counter", help, labels };
}

function gauge(name: string, help: string, ...labels: string[]): MetricAbout {
  return { name, kind: "gauge", help, labels };
}

function histogram(name: string, help: string, ...labels: string[]): MetricAbout {
  return { name, kind: "histogram", help, labels };
}

/** In seconds: a decision takes one to a few milliseconds, a slow disk hundreds. */
const BOUNDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export interface DecidedOnce {
  readonly verdict: Verdict;
  readonly channel: string;
  readonly backend: string;
  readonly seconds: number;
  /** Null where the second engine was selected, or not wanted. */
  readonly fallbackCode: string | null;
  /** Null where nothing was compared. */
  readonly parity: "match" | "mismatch" | "unsafe" | null;
}

export interface Metrics {
  readonly decided: (one: DecidedOnce) => void;
  /** Its end is told by what it gives back; `route` is the document's path, "" for none. */
  readonly began: () => (ended: {
    readonly route: string;
    readonly method: string;
    readonly status: number;
    readonly seconds: number;
  }) => void;
  /** `streams` are open now. */
  readonly text: (port: MetricsPort, streams: number) => Promise<string>;
}

export function newMetrics(about: { readonly version: string; readonly engine: string }): Metrics {
  const series = Object.fromEntries(
    Object.entries(METRICS).map(([name, one]) => [name, one.kind === "histogram" ? newHistogram(one, BOUNDS) : newCounter(one)]),
  ) as unknown as Readonly<Record<Exclude<Name, "decisionSeconds" | "requestSeconds">, Counter>> &
    Readonly<Record<"decisionSeconds" | "requestSeconds", Histogram>>;
  series.build.set([about.version, about.engine], 1);
  return {
    decided: ({ verdict, channel, backend, seconds, fallbackCode, parity }) => {
      series.decisions.add([verdict, channel, backend]);
      series.decisionSeconds.observe([backend], seconds);
      if (fallbackCode !== null) series.fallbacks.add([fallbackCode]);
      if (parity !== null) series.parity.add([parity]);
    },
    began: () => {
      series.inFlight.add([]);
      return ({ route, method, status, seconds }) => {
        series.inFlight.add([], -1);
        series.requests.add([route, method, String(status)]);
        series.requestSeconds.observe([route], seconds);
      };
    },
    text: async (port, streams) => {
      series.streams.set([], streams);
      await look(series, port);
      return `${Object.values(series)
        .flatMap((one) => one.lines())
        .join("\n")}\n`;
    },
  };
}

/** What cannot be looked at is not told as 0: its series is NaN. */
async function look(
  series: Readonly<Record<"lagRecords" | "lagSeconds" | "blindness" | "answers" | "durable" | "notices" | "workerUp" | "leaseUp", Counter>>,
  port: MetricsPort,
): Promise<void> {
  const lag = await port.lag().catch(() => ({ records: Number.NaN, ms: Number.NaN }));
  series.lagRecords.set([], lag.records);
  series.lagSeconds.set([], lag.ms / 1_000);
  const { answered, durable, blind } = port.blindness();
  series.answers.set([], answered);
  series.durable.set([], durable);
  series.blindness.set([], blind);
  series.workerUp.set([], port.workerUp() ? 1 : 0);
  series.leaseUp.set([], port.leaseUp() ? 1 : 0);
  for (const [outcome, count] of [...port.notices()].sort(([left], [right]) => compareBytes(left, right)))
    series.notices.set([outcome], count);
}
