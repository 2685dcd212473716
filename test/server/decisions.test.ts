// Decisions over HTTP: made by the authority that hooks ask, recorded before they are answered, read back. Proves spec/service.md sections 1, 2, 5 and 7.

import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cavraJson, type Scratch, scratch, write } from "../cli/program.js";
import { bash, fire, installed, permission } from "../hook/host.js";
import { type Ask, documented, type Server, startServer } from "./server.js";

let place: Scratch;
let server: Server;
let ask: Ask;
beforeAll(async () => {
  place = scratch();
  server = await startServer(place);
  ({ ask } = await documented(server));
});
afterAll(() => server.stop());

const action = (target: string, more: object = {}) => ({ action_type: "execute_command", target, cwd: place.repository, ...more });
const decide = (target: string, more: object = {}) => ask("POST", "/v1/decisions", { body: action(target, more) });

describe("a server", () => {
  it("is well, and ready", async () => {
    expect((await ask("GET", "/healthz")).value).toEqual({ status: "ok" });
    const { status, value } = await ask("GET", "/readyz");
    expect([status, value.status, value.checks.map(({ id }: { id: string }) => id)]).toEqual([
      200,
      "ready",
      ["journal", "policy", "stopping"],
    ]);
  });

  it("is the authority that hooks ask", async () => {
    const command = await installed(place);
    const says = async () => (await cavraJson(place, ["status"])).value.authority;
    const before = await says();
    expect(before.pid).toBe(server.pid);
    expect(permission(await fire(place, command, bash(place, "cat .env")))).toBe("deny");
    expect((await says()).says.calls).toBe(before.says.calls + 1);
  });

  it("gives every answer an id and the headers of one that no page may have", async () => {
    const [one, two] = [await ask("GET", "/healthz"), await ask("GET", "/nowhere")];
    for (const { headers } of [one, two]) {
      expect(headers["x-request-id"]).toMatch(/^req_[0-7][0-9a-z]{25}$/);
      expect(headers).toMatchObject({ "x-content-type-options": "nosniff", "referrer-policy": "no-referrer", "cache-control": "no-store" });
      expect(headers["access-control-allow-origin"]).toBeUndefined();
    }
    expect(two.value.request_id).toBe(two.headers["x-request-id"]);
    expect(one.headers["x-request-id"]).not.toBe(two.headers["x-request-id"]);
  });
});

describe("POST /v1/decisions", () => {
  it.each([
    ["ls", "allow"],
    ["cat .env", "deny"],
    ["rm -rf /", "deny"],
  ])("`%s` is %s, as at the command line", async (target, verdict) => {
    const { status, value } = await decide(target);
    const { value: own } = await cavraJson(place, ["evaluate", "execute_command", target]);
    expect([status, value.decision]).toEqual([200, verdict]);
    expect([value.decision, value.change, value.policy, value.reason]).toEqual([own.decision, own.change, own.policy, own.reason]);
  });

  it("records who asked as far as that is known, and before it answers", async () => {
    const { value } = await decide("ls -la", { agent: "codex", session: "s1", sub_agent: "x" });
    const { value: record } = await cavraJson(place, ["evidence", "show", value.decision_id]);
    expect(record.who).toMatchObject({ agent: "codex", session: "s1", sub_agent: "x", channel: "http", unattended: true });
    expect(record.who).toEqual(value.who);
    expect(value.evidence).toMatchObject({ status: "recorded" });
  });

  it("takes the repository around the folder for the workspace, and another one where it is said", async () => {
    const deep = join(place.repository, "src/deep");
    write(join(deep, "x"), "");
    const read = async (body: object) => (await ask("POST", "/v1/decisions", { body })).value;
    const { who } = await read({ action_type: "write_file", target: "x", cwd: deep });
    expect(who.repository).toBe(place.repository);
    expect((await read({ action_type: "write_file", target: "x", cwd: deep, workspace_root: deep })).who.repository).toBe(deep);
  });

  it("answers 503 with the denial where nothing can be recorded", async () => {
    const limited = (size: string) => execFileSync("prlimit", ["--pid", String(server.pid), `--fsize=${size}:`]);
    limited("0");
    try {
      const { status, value } = await decide("ls");
      expect([status, value.code, value.decision.decision]).toEqual([503, "evidence_unavailable", "deny"]);
      const { value: batch } = await ask("POST", "/v1/decisions:batch", { body: { actions: [action("ls")] } });
      expect(batch.answers[0]).toMatchObject({ decision: "deny", evidence: { status: "evidence_unavailable" } });
    } finally {
      limited("unlimited");
    }
    expect((await decide("ls")).value.decision).toBe("allow");
  });

  it("answers 503 where the policy in force does not load, and records the refusal", async () => {
    const policy = join(place.repository, ".cavra/policy.yaml");
    write(policy, "schema_version: nothing\n");
    try {
      const { status, value } = await decide("ls", { session: "without-policy" });
      expect([status, value.code, value.decision]).toEqual([503, "policy_invalid", undefined]);
      expect((await ask("GET", "/readyz")).status).toBe(200);
    } finally {
      rmSync(policy);
    }
    const { value } = await ask("GET", "/v1/decisions?session=without-policy");
    expect(
      value.items.map(({ record }: { record: { decision: string; basis: { code: string } } }) => [record.decision, record.basis.code]),
    ).toEqual([["deny", "policy_invalid"]]);
  });
});

describe("POST /v1/decisions:batch", () => {
  it("answers each in its place, and never allows what cannot be read", async () => {
    const actions = [
      action("ls"),
      action("cat .env"),
      { action_type: "fly" },
      action("ls", { wings: 2 }),
      action("git status"),
      null,
      action("x", { target: "" }),
    ];
    const { status, value } = await ask("POST", "/v1/decisions:batch", { body: { actions } });
    expect(status).toBe(200);
    const told = value.answers.map((one: { decision?: string; error?: { code: string } }) => one.decision ?? one.error?.code);
    expect(told).toEqual(["allow", "deny", "missing_key", "unknown_key", "allow", "bad_value", "allow"]);
    expect(value.answers[3].error.at).toBe("/actions/3/wings");
  });

  it("takes 1 to 1,000", async () => {
    const batch = (count: number) => ask("POST", "/v1/decisions:batch", { body: { actions: Array.from({ length: count }, () => null) } });
    expect((await batch(0)).value.code).toBe("bad_value");
    expect((await batch(1_000)).value.answers).toHaveLength(1_000);
    expect((await batch(1_001)).value.code).toBe("bad_value");
  });
});

describe("GET /v1/decisions", () => {
  it("gives pages that never move, without a gap and without a repetition", async () => {
    const made: string[] = [];
    for (let count = 0; count < 7; count++) made.unshift((await decide(`echo ${count}`, { session: "pages" })).value.decision_id);
    const seen: string[] = [];
    let cursor = "";
    for (let pages = 0; pages === 0 || cursor !== ""; pages++) {
      const { value } = await ask("GET", `/v1/decisions?session=pages&limit=3${cursor === "" ? "" : `&cursor=${cursor}`}`);
      seen.push(...value.items.map(({ record }: { record: { record_id: string } }) => record.record_id));
      cursor = value.next_cursor;
      // What comes meanwhile stands before the first page.
      await decide("echo later", { session: "pages" });
    }
    expect(seen).toEqual(made);
  });

  it("refuses a cursor of another list, and one that was changed", async () => {
    const { value } = await ask("GET", "/v1/decisions?limit=1");
    expect((await ask("GET", `/v1/decisions?limit=1&cursor=${value.next_cursor}`)).status).toBe(200);
    for (const path of [`agent=x&cursor=${value.next_cursor}`, `cursor=${value.next_cursor}x`, "cursor=", "cursor=1.5"])
      expect((await ask("GET", `/v1/decisions?${path}`)).value.code).toBe("bad_cursor");
  });

  it("filters as the command line does", async () => {
    await decide("cat .env", { session: "filters", agent: "codex" });
    await decide("ls", { session: "filters", agent: "other" });
    const count = async (query: string) => (await ask("GET", `/v1/decisions?session=filters&${query}`)).value.items.length;
    expect(
      await Promise.all(
        ["", "decision=deny", "agent=other", "rule=secrets.read", "action_type=read_file", "words=.env", "since=1h", "until=1h"].map(count),
      ),
    ).toEqual([2, 1, 1, 1, 0, 1, 2, 0]);
    expect((await ask("GET", "/v1/decisions?since=soon")).value.code).toBe("bad_time");
  });
});

describe("GET /v1/decisions/{decision_id}", () => {
  it("gives the record with its digest, and nothing again to who has it", async () => {
    const { value: made } = await decide("ls");
    const path = `/v1/decisions/${made.decision_id}`;
    const { value, headers } = await ask("GET", path);
    expect([value.record.record_id, value.digest]).toEqual([made.decision_id, made.evidence.record_digest]);
    expect(headers.etag).toBe(`"${value.digest}"`);
    expect((await ask("GET", path, { headers: { "if-none-match": String(headers.etag) } })).status).toBe(304);
    expect((await ask("GET", path, { headers: { "if-none-match": '"other"' } })).status).toBe(200);
  });

  it("wants a whole id", async () => {
    expect((await ask("GET", "/v1/decisions/dec_")).value.code).toBe("bad_id");
    expect((await ask("GET", "/v1/decisions/dec_00000000000000000000000000")).value).toMatchObject({
      status: 404,
      code: "record_not_found",
    });
  });
});

describe("what the server wrote", () => {
  it("verifies", async () => {
    expect((await cavraJson(place, ["evidence", "verify"])).status).toBe(0);
    expect(readFileSync(join(place.state, "authority.json"), "utf8")).toContain(`"pid":${server.pid}`);
  });
});
