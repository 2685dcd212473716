// What the server counts is what was done, by the names that the documents have, in the form that Prometheus reads. Proves spec/service.md 13.1.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newBlindness } from "../../src/daemon/blindness.js";
import { newCounter, newHistogram } from "../../src/server/exposition.js";
import { documentPath } from "../../src/server/routes/metrics.js";
import { cavra, type Scratch, scratch } from "../cli/program.js";
import { type Family, parseExposition } from "./exposition.js";
import { type Ask, documented, type Server, startServer } from "./server.js";

const ROOT = join(import.meta.dirname, "../..");

let place: Scratch;
let server: Server;
let ask: Ask;
beforeAll(async () => {
  place = scratch();
  server = await startServer(place);
  ({ ask } = await documented(server));
});
afterAll(() => server.stop());

const scraped = async (): Promise<ReadonlyMap<string, Family>> => {
  const { status, headers, text } = await ask("GET", "/metrics");
  expect([status, headers["content-type"]]).toEqual([200, "text/plain; version=0.0.4; charset=utf-8"]);
  return parseExposition(text);
};

type Labels = Readonly<Record<string, string>>;

/** 0 where there is no such series. */
function numberOf(families: ReadonlyMap<string, Family>, name: string, labels: Labels = {}): number {
  const family = families.get(name.replace(/_count$/, "")) ?? families.get(name);
  const found = family?.samples.find(
    (one) => one.name === name && Object.entries(labels).every(([key, value]) => one.labels[key] === value),
  );
  return found?.value ?? 0;
}

const decideOne = (target: string) =>
  ask("POST", "/v1/decisions", { body: { action_type: "execute_command", target, cwd: place.repository } });

const hook = (command: string) => {
  const about = { session_id: "s", cwd: place.repository, permission_mode: "default", hook_event_name: "PreToolUse" };
  return cavra(place, ["hook", "claude-code"], { input: JSON.stringify({ ...about, tool_name: "Bash", tool_input: { command } }) });
};

describe("`GET /metrics`", () => {
  it("counts decisions over both doors, each with its verdict, and nothing blind", async () => {
    const before = await scraped();
    await decideOne("ls");
    await decideOne("cat .env");
    await hook("ls -l");
    const after = await scraped();
    const grown = (name: string, labels: Labels = {}) => numberOf(after, name, labels) - numberOf(before, name, labels);
    expect(grown("cavra_decisions_total", { verdict: "allow", channel: "http", backend: "typescript" })).toBe(1);
    expect(grown("cavra_decisions_total", { verdict: "deny", channel: "http", backend: "typescript" })).toBe(1);
    expect(grown("cavra_decisions_total", { verdict: "allow", channel: "hook" })).toBe(1);
    expect(grown("cavra_decision_seconds_count", { backend: "typescript" })).toBe(3);
    expect([grown("cavra_answers_total"), grown("cavra_records_durable_total")]).toEqual([3, 3]);
    expect(numberOf(after, "cavra_blindness_records")).toBe(0);
    expect(numberOf(after, "cavra_journal_lag_records")).toBe(3);
  });

  it("counts requests by the document's path alone, and what has none under the same name", async () => {
    await ask("GET", "/v1/decisions/dec_1");
    await ask("GET", "/v1/evil%7B%7D");
    await ask("GET", "/v1/evil2");
    const after = await scraped();
    expect(numberOf(after, "cavra_http_requests_total", { route: "/v1/decisions/{decision_id}", method: "GET", status: "400" })).toBe(1);
    expect(numberOf(after, "cavra_http_requests_total", { route: "", method: "GET", status: "404" })).toBe(2);
    expect(numberOf(after, "cavra_http_in_flight")).toBe(1);
    const { document } = await documented(server);
    const routes = (after.get("cavra_http_requests_total")?.samples ?? []).map(({ labels }) => labels.route);
    expect(routes.filter((route) => route !== "" && !Object.keys(document.paths).includes(route ?? ""))).toEqual([]);
  });

  it("says what runs, and that neither a worker nor a lease is there", async () => {
    const now = await scraped();
    expect(numberOf(now, "cavra_build_info", { version: JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).version })).toBe(1);
    expect([numberOf(now, "cavra_worker_up"), numberOf(now, "cavra_lease_up"), numberOf(now, "cavra_streams")]).toEqual([0, 0, 0]);
  });

  it("has the metrics of the documents and no other, with their types and labels", async () => {
    const rows = [...readFileSync(join(ROOT, "docs/operations.md"), "utf8").matchAll(/^\| `(cavra_\w+)` \| (\w+) \| ([^|]*)\|/gm)];
    const written = rows.map(
      ([, name, type, labels = ""]) => [name, type, [...labels.matchAll(/`(\w+)`/g)].map((found) => found[1] ?? "")] as const,
    );
    const now = await scraped();
    expect([...now].map(([name, { type }]) => [name, type])).toEqual(written.map(([name, type]) => [name, type]));
    const labels = new Map(written.map(([name, , names]) => [name, names]));
    for (const [name, { samples }] of now)
      for (const one of samples)
        expect(
          Object.keys(one.labels).filter((label) => label !== "le"),
          name,
        ).toEqual(labels.get(name));
    const law = readFileSync(join(ROOT, "spec/service.md"), "utf8");
    expect([...now.keys()].filter((name) => !law.includes(`\`${name}`))).toEqual([]);
    expect([...law.matchAll(/`(cavra_[a-z_]+)[`{]/g)].map((found) => found[1]).filter((name) => !now.has(name ?? ""))).toEqual([]);
  });
});

describe("the writer", () => {
  it("escapes what a label or a help may hold", () => {
    const about = { name: "m", kind: "counter", help: "a\\b\nc", labels: ["l"] } as const;
    const counter = newCounter(about);
    counter.add(['q"\\\n{}']);
    expect(parseExposition(`${counter.lines().join("\n")}\n`).get("m")?.samples).toEqual([
      { name: "m", labels: { l: 'q"\\\n{}' }, value: 1 },
    ]);
  });

  it("counts a value at its bound, and one beyond every bound", () => {
    const histogram = newHistogram({ name: "h", kind: "histogram", help: "h", labels: [] }, [1, 2]);
    for (const value of [1, 1.5, 3]) histogram.observe([], value);
    const samples = parseExposition(`${histogram.lines().join("\n")}\n`).get("h")?.samples ?? [];
    expect(samples.map(({ name, value }) => [name, value])).toEqual([
      ["h_bucket", 1],
      ["h_bucket", 2],
      ["h_bucket", 3],
      ["h_sum", 5.5],
      ["h_count", 3],
    ]);
  });

  it("keeps 2,000 series of one metric, and counts more under one name", () => {
    const counter = newCounter({ name: "m", kind: "counter", help: "m", labels: ["l"] });
    for (let at = 0; at < 2_002; at++) counter.add([`v${at}`]);
    const lines = counter.lines();
    expect([lines.length - 2, lines.at(-1)]).toEqual([2_001, 'm{l="other"} 2']);
  });

  it("writes the document's paths", () => {
    expect(documentPath("/v1/decisions::batch")).toBe("/v1/decisions:batch");
    expect(documentPath("/v1/decisions/:decision_id/proof")).toBe("/v1/decisions/{decision_id}/proof");
  });
});

describe("blindness", () => {
  it("is an answer whose record was not durable when it left, also where the counts agree in the end", () => {
    const count = newBlindness();
    count.durable("dec_1");
    count.answered("dec_1");
    count.answered("dec_2");
    count.durable("dec_2");
    expect(count.status()).toEqual({ answered: 2, durable: 2, blind: 1 });
  });

  it("is not a record whose answer never left", () => {
    const count = newBlindness();
    for (let at = 0; at < 65_538; at++) count.durable(`dec_${at}`);
    count.answered("dec_65537");
    expect(count.status().blind).toBe(0);
    count.answered("dec_0");
    expect(count.status().blind).toBe(1);
  });
});
