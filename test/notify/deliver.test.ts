// Providers as they are: a web server on this machine, a file, standard output. What is sent, what is tried again, what is kept without its secrets.
// Proves spec/notices.md section 7.

import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeId } from "../../src/base/index.js";
import { deliverWaiting } from "../../src/notify/index.js";
import { type Provider, planNotices } from "../../src/promotion/index.js";
import { type HistoryRow, keepPlan, listHistory, type NoticeStore, openNotices } from "../../src/store/index.js";
import { DAY_MS, facts, NOON_MS, reportAt, routing, timeOf } from "../promotion/notices/sample.js";

interface Got {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

let folder: string;
let store: NoticeStore;
let server: Server;
let port: number;
/** What came in, and what is answered: one status after the other, the last one for ever; 0 hangs. */
let got: Got[];
let answers: number[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "cavra-notify-"));
  store = openNotices(join(folder, "state"));
  got = [];
  answers = [204];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      got.push({ path: request.url ?? "", headers: request.headers, body: Buffer.concat(chunks).toString() });
      const status = answers.length > 1 ? (answers.shift() ?? 204) : (answers[0] ?? 204);
      if (status > 0) response.writeHead(status, { location: "http://127.0.0.1:1/elsewhere" }).end("thanks");
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  port = (server.address() as AddressInfo).port;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  store.close();
  rmSync(folder, { recursive: true });
});

/** Plans one critical notice, delivers it, and gives what became of it. Waiting for a retry only moves the clock. */
async function delivered(provider: Provider, waitMs = 600_000): Promise<{ row: HistoryRow | undefined; printed: string; clockMs: number }> {
  const known = facts({ last_passed_at: timeOf(NOON_MS - 8 * DAY_MS) });
  const routes = { ...routing({ route: { ack_minutes: 60 } }), providers: new Map([["screen", provider]]) };
  const planId = makeId("pln", NOON_MS, new Uint8Array(10));
  const head = { planId, nowMs: NOON_MS, kind: "notification", schedule: "go-drills" } as const;
  keepPlan(
    store,
    head,
    () => true,
    (memory) => planNotices({ report: reportAt(NOON_MS, known), facts: known, routing: routes, memory, nowMs: NOON_MS }),
  );
  let clockMs = NOON_MS + 1;
  let printed = "";
  await deliverWaiting(store, {
    providers: routes.providers,
    clock: { nowMs: () => clockMs, randomBytes: (count) => new Uint8Array(count) },
    redactionKey: new Uint8Array(32),
    userAgent: "cavra/test",
    print: (line) => {
      printed += line;
    },
    waitMs,
    sleep: async (ms) => {
      clockMs += ms;
    },
  });
  const page = listHistory(store, {}, 10, "");
  return { row: page.ok ? page.value.rows[0] : undefined, printed, clockMs };
}

function kept(): string {
  return String(store.database.prepare("SELECT text FROM request").get()?.text);
}

const webhook = (over: Partial<Extract<Provider, { urlFile: string }>> = {}): Provider => ({
  kind: "webhook",
  url: `http://127.0.0.1:${port}/hooks/T0K3N?key=s3cr3t`,
  urlFile: "",
  tokenFile: "",
  timeoutMs: 5_000,
  ...over,
});

describe("a webhook", () => {
  it("gets the notice as JSON with its idempotency key, and what is kept has no secret of it", async () => {
    writeFileSync(join(folder, "token"), "xoxb-very-secret\nsecond line\n");
    const { row } = await delivered(webhook({ tokenFile: join(folder, "token") }));
    expect(row).toMatchObject({ action: "sent", attempts: 1 });
    expect(got[0]).toMatchObject({
      path: "/hooks/T0K3N?key=s3cr3t",
      headers: { authorization: "Bearer xoxb-very-secret", "user-agent": "cavra/test" },
    });
    const body = JSON.parse(got[0]?.body ?? "{}");
    expect(body).toMatchObject({
      schema_version: "cavra.drill-notice.v1",
      category: "stale_critical",
      alert_level: "critical",
      owner: "alice",
      route_id: "ops",
    });
    expect([body.notice_id, got[0]?.headers["idempotency-key"]]).toEqual([row?.notice_id, row?.notice_id]);
    expect(body.acknowledge).toBe(`cavra runtime go-rollback-drill-notification-ack ${row?.plan_id} ops`);
    expect(kept()).toContain(`http://127.0.0.1:${port}/[redacted]`);
    for (const secret of ["T0K3N", "s3cr3t", "xoxb"]) expect(kept()).not.toContain(secret);
  });

  it.each([
    ["500, then well", [500, 204], "sent delivered", 2, 2_000],
    ["429 twice, then well", [429, 429, 200], "sent delivered", 3, 6_000],
    ["503 for ever", [503], "failed provider_overloaded", 6, 62_000],
    ["404", [404], "failed provider_refused", 1, 0],
    ["a redirect", [302], "failed provider_refused", 1, 0],
  ] as const)("that answers %s: %j", async (_, statuses, outcome, attempts, waited) => {
    answers = [...statuses];
    const { row, clockMs } = await delivered(webhook());
    expect(`${row?.action} ${row?.cause}`).toBe(outcome);
    expect([row?.attempts, got.length, clockMs - NOON_MS - 1]).toEqual([attempts, attempts, waited]);
    expect(new Set(got.map(({ headers }) => headers["idempotency-key"])).size).toBe(1);
  });

  it("that does not answer in time is tried again, and then failed", async () => {
    answers = [0];
    const { row } = await delivered(webhook({ timeoutMs: 100 }));
    expect([row?.action, row?.cause, row?.attempts]).toEqual(["failed", "provider_timeout", 6]);
  });

  it("that is not there is tried again, and stays waiting for who comes next when that takes too long", async () => {
    const { row } = await delivered(webhook({ url: "http://127.0.0.1:1/" }), 3_000);
    expect(row).toBeUndefined();
    expect(store.database.prepare("SELECT count(*) AS count FROM waiting").get()?.count).toBe(1);
  });

  it.each([
    ["http to another machine", { url: "http://example.org/x" }, "provider_insecure"],
    ["no web address", { url: "ftp://example.org/x" }, "provider_insecure"],
    ["no address at all", { url: "nonsense" }, "provider_unconfigured"],
    ["a file that is not there", { url: "", urlFile: "/nonexistent/url" }, "provider_unconfigured"],
    ["a token that is not there", { tokenFile: "/nonexistent/token" }, "provider_unconfigured"],
  ])("of %s is asked nothing", async (_, over, cause) => {
    const { row } = await delivered(webhook(over));
    expect([row?.action, row?.cause, got.length]).toEqual(["failed", cause, 0]);
  });
});

describe("slack", () => {
  it("gets a text and blocks, in which nobody is mentioned by a name", async () => {
    writeFileSync(join(folder, "url"), `http://127.0.0.1:${port}/services/A/B/C\n`);
    const { row } = await delivered({ kind: "slack", url: "", urlFile: join(folder, "url"), tokenFile: "", timeoutMs: 5_000 });
    expect(row?.action).toBe("sent");
    expect(got[0]?.path).toBe("/services/A/B/C");
    const body = JSON.parse(got[0]?.body ?? "{}");
    expect(Object.keys(body)).toEqual(["blocks", "text"]);
    expect(body.text).toContain("[critical] rollback drills are stale");
    expect(body.blocks.map(({ type }: { type: string }) => type)).toEqual(["header", "section", "context", "section"]);
    expect(kept()).not.toContain("services");
  });
});

describe("a file", () => {
  it("gets one line of JSON, for its owner alone", async () => {
    const path = join(folder, "notices.jsonl");
    const { row } = await delivered({ kind: "file", path });
    expect(row?.action).toBe("sent");
    expect(
      readFileSync(path, "utf8")
        .split("\n")
        .map((line) => (line === "" ? "" : JSON.parse(line).notice_id)),
    ).toEqual([row?.notice_id, ""]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("in a folder that is not there fails at once, and makes none", async () => {
    const { row } = await delivered({ kind: "file", path: join(folder, "gone/notices.jsonl") });
    expect([row?.action, row?.cause, row?.attempts]).toEqual(["failed", "provider_unwritable", 1]);
    expect(existsSync(join(folder, "gone"))).toBe(false);
  });
});

it("standard output gets one line, with the command that acknowledges it", async () => {
  const { row, printed } = await delivered({ kind: "stdout" });
  expect(row?.action).toBe("sent");
  expect(printed).toMatch(
    /^\[critical\] rollback drills are stale.*\(alice, go-drills\) · cavra runtime go-rollback-drill-notification-ack pln_\w+ ops\n$/,
  );
});
