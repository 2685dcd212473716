// Who asks: tokens from their making to their end, the actor of what is recorded, agents, workspaces. Proves spec/service.md section 4 but for 4.6.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { atTerminal, NO_TERMINAL } from "../cli/at-terminal.js";
import { cavraJson, type Scratch, scratch, write } from "../cli/program.js";
import { type Ask, documented, type Server, sendRaw, startServer } from "./server.js";
import { type MadeToken, makeToken, revokeToken, type TokenWish } from "./tokens.js";

let place: Scratch;
let server: Server;
let ask: Ask;
let owner: MadeToken;
beforeAll(async () => {
  place = scratch();
  owner = await makeToken(place, { name: "owner", roles: ["owner"] });
  server = await startServer(place);
  ({ ask } = await documented(server));
});
afterAll(() => server.stop());

const DECIDE = "/v1/decisions";
const action = (more: object = {}) => ({ action_type: "execute_command", target: "ls", cwd: place.repository, ...more });
const decide = ({ headers }: MadeToken, more: object = {}) => ask("POST", DECIDE, { headers, body: action(more) });
const list = ({ headers }: MadeToken, query = "") => ask("GET", `${DECIDE}${query}`, { headers });
const token = (wish: TokenWish) => makeToken(place, wish);

describe("a server with a token", () => {
  it("wants one for everything but its health and its document", async () => {
    for (const path of ["/healthz", "/readyz", "/openapi.json"]) expect((await ask("GET", path)).status).toBe(200);
    const { status, value, headers } = await ask("GET", DECIDE);
    expect([status, value.code, headers["www-authenticate"]]).toEqual([401, "token_missing", "Bearer"]);
    expect((await ask("POST", DECIDE, { body: action() })).value.code).toBe("token_missing");
    expect((await list(owner)).status).toBe(200);
  });

  it("takes one header, whatever stands in them", async () => {
    const raw = (lines: string) =>
      sendRaw(server, `GET ${DECIDE} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n${lines}Connection: close\r\n\r\n`);
    const header = `Authorization: Bearer ${owner.text}\r\n`;
    expect(await raw(header)).toMatch(/^HTTP\/1.1 200 /);
    expect(await raw(header + header)).toContain("token_invalid");
    expect(await raw(`Authorization: Basic x\r\n${header}`)).toContain("token_invalid");
    expect(await raw(`Authorization: Bearer ${owner.text} ${owner.text}\r\n`)).toContain("token_missing");
  });

  it("has an identity for production, of tokens that count now", async () => {
    const found = (await cavraJson(place, ["deployment", "production-readiness"])).value.checks[0];
    expect(found).toMatchObject({ id: "identity", status: "pass", message: "1 tokens, 0 issuers" });
  });

  it("says in its document which scope each operation needs", async () => {
    const { value } = await ask("GET", "/openapi.json");
    const of = (path: string, method: string) => value.paths[path][method].security;
    expect([of(DECIDE, "post"), of(DECIDE, "get"), of("/healthz", "get")]).toEqual([
      [{ token: ["decisions:ask"] }],
      [{ token: ["decisions:read"] }],
      undefined,
    ]);
    expect(value.components.securitySchemes.token).toMatchObject({ type: "http", scheme: "bearer" });
  });

  it.each([
    ["agent", [200, 403]],
    ["reader", [403, 200]],
    ["auditor", [403, 200]],
    ["owner", [200, 200]],
  ] as const)("lets a token of the role `%s` do what that may", async (role, [asking, reading]) => {
    const made = await token({ roles: [role] });
    const answers = [await decide(made), await list(made)];
    expect(answers.map(({ status }) => status)).toEqual([asking, reading]);
    for (const { status, value } of answers) if (status === 403) expect(value.code).toBe("scope_missing");
  });

  it("refuses with one code what was revoked, has ended, or never was, and tells the log which", async () => {
    const [revoked, ended, other] = [await token({ roles: ["reader"] }), await token({ roles: ["reader"], lengthMs: -1 }), await token({})];
    expect((await list(revoked)).status).toBe(200);
    expect(await revokeToken(place, revoked)).toBe(true);
    const withSecretOf = (id: MadeToken, secret: MadeToken) => ({
      ...id,
      headers: { authorization: `Bearer ${id.text.slice(0, 33)}${secret.text.slice(33)}` },
    });
    const nowhere = { ...owner, headers: { authorization: `Bearer cavra_${"0".repeat(26)}_${"A".repeat(43)}` } };
    for (const one of [revoked, ended, withSecretOf(owner, other), nowhere]) {
      const { status, value } = await list(one);
      expect([status, value.code, value.detail]).toEqual([401, "token_invalid", "the token counts for nothing"]);
    }
    const why = server
      .complaints()
      .split("\n")
      .flatMap((line) => (line.includes("token_invalid") ? [JSON.parse(line)] : []));
    expect(why.map((one) => one.why).slice(-4)).toEqual(["token_revoked", "token_ended", "token_wrong", "token_malformed"]);
    expect(why.map((one) => one.caller).slice(-4)).toEqual([revoked.id, ended.id, owner.id, ""]);
    for (const one of [revoked, ended, owner]) expect(server.complaints()).not.toContain(one.text.slice(33));
  });
});

describe("what is recorded", () => {
  it("has the verified caller for its user, whatever the body says", async () => {
    const { value } = await decide(await token({ name: "ci", roles: ["agent"] }), { agent: "codex", session: "who" });
    expect(value.who).toMatchObject({ user: "token:ci", agent: "codex", channel: "http" });
    expect((await decide(owner, { user: "root" })).value.code).toBe("unknown_key");
  });

  it("of a token that speaks for one agent is that agent's", async () => {
    const made = await token({ roles: ["agent"], agent: "codex" });
    expect((await decide(made)).value.who.agent).toBe("codex");
    expect((await decide(made, { agent: "codex" })).value.who.agent).toBe("codex");
    const { status, value } = await decide(made, { agent: "claude-code" });
    expect([status, value.code, value.at]).toEqual([403, "agent_differs", "/agent"]);
    const body = { actions: [action({ agent: "claude-code" }), action()] };
    const { value: batch } = await ask("POST", `${DECIDE}:batch`, { headers: made.headers, body });
    expect(batch.answers.map((one: { error?: { code: string }; who?: { agent: string } }) => one.error?.code ?? one.who?.agent)).toEqual([
      "agent_differs",
      "codex",
    ]);
  });
});

describe("a workspace", () => {
  let here: MadeToken;
  let there: MadeToken;
  let other: string;
  beforeAll(async () => {
    other = join(place.root, "warehouse");
    write(join(other, ".git/HEAD"), "ref: refs/heads/main\n");
    here = await token({ roles: ["agent", "reader"], workspaces: [place.repository] });
    there = await token({ roles: ["agent", "reader"], workspaces: [`${place.root}/ware*`] });
  });

  it("of another's is nowhere: not in lists, not by its id, and not to be acted in", async () => {
    const session = "boundary";
    const [mine, theirs] = [(await decide(here, { session })).value, (await decide(there, { session, cwd: other })).value];
    expect([mine.who.repository, theirs.who.repository]).toEqual([place.repository, other]);
    const ids = async (one: MadeToken) =>
      (await list(one, `?session=${session}`)).value.items.map(({ record }: { record: { record_id: string } }) => record.record_id);
    expect([await ids(here), await ids(there), await ids(owner)]).toEqual([
      [mine.decision_id],
      [theirs.decision_id],
      [theirs.decision_id, mine.decision_id],
    ]);
    expect((await list(here, `?repository=${encodeURIComponent(other)}`)).value.items).toEqual([]);
    const foreign = (await ask("GET", `${DECIDE}/${theirs.decision_id}`, { headers: here.headers })).value;
    const nothing = (await ask("GET", `${DECIDE}/dec_00000000000000000000000000`, { headers: here.headers })).value;
    expect([foreign.status, foreign.code]).toEqual([404, "record_not_found"]);
    expect(foreign.detail.replace(theirs.decision_id, "ID")).toBe(nothing.detail.replace("dec_00000000000000000000000000", "ID"));
    const { status, value } = await decide(here, { session, cwd: other });
    expect([status, value.code]).toEqual([403, "scope_missing"]);
    expect(await ids(owner)).toHaveLength(2);
  });

  it("of another's is in no bundle and has no proof", async () => {
    const auditor = await token({ roles: ["auditor"], workspaces: [place.repository] });
    const [mine, theirs] = [(await decide(here)).value.decision_id, (await decide(there, { cwd: other })).value.decision_id];
    const read = async (path: string) => (await ask("GET", path, { headers: auditor.headers })).value;
    // There are no keys here: what is found has no signed head, what is another's is not found.
    expect((await read(`${DECIDE}/${mine}/proof`)).code).not.toBe("record_not_found");
    expect((await read(`${DECIDE}/${theirs}/proof`)).code).toBe("record_not_found");
  });

  it("is a condition of the question, so that a page is as full as it can be", async () => {
    for (let count = 0; count < 3; count++)
      for (const [one, cwd] of [
        [here, place.repository],
        [there, other],
      ] as const)
        await decide(one, { session: "paged", cwd });
    const first = (await list(here, "?session=paged&limit=2")).value;
    expect(first.items).toHaveLength(2);
    const second = (await list(here, `?session=paged&limit=2&cursor=${first.next_cursor}`)).value;
    expect([second.items.length, second.next_cursor]).toEqual([1, ""]);
  });
});

describe("without any token", () => {
  it("decisions are made and read, for the account that the server runs under", async () => {
    const bare = scratch();
    const open = await startServer(bare);
    try {
      const { ask: asking } = await documented(open);
      const { value } = await asking("POST", DECIDE, { body: { action_type: "execute_command", target: "ls", cwd: bare.repository } });
      expect(value.who.user).not.toMatch(/^token:/);
      expect((await asking("GET", DECIDE)).status).toBe(200);
      // From the first one on everybody says who they are.
      const made = await makeToken(bare, { roles: ["reader"] });
      expect((await asking("GET", DECIDE)).value.code).toBe("token_missing");
      expect((await asking("GET", DECIDE, { headers: made.headers })).status).toBe(200);
    } finally {
      await open.stop();
    }
  });
});

describe("`cavra token`", () => {
  it.each([
    [["create"], "bad_name"],
    [["create", "--name", "-x", "--role", "owner"], "bad_name"],
    [["create", "--name", "a".repeat(65), "--role", "owner"], "bad_name"],
    [["create", "--name", "x"], "scope_missing"],
    [["create", "--name", "x", "--role", "king"], "unknown_role"],
    [["create", "--name", "x", "--scope", "all"], "unknown_scope"],
    [["create", "--name", "x", "--role", "owner", "--workspace", "*****"], "bad_workspace"],
    [["create", "--name", "x", "--role", "owner", "--workspace", "w".repeat(513)], "bad_workspace"],
    [["create", "--name", "x", "--role", "owner", "--expires", "366d"], "bad_time"],
    [["create", "--name", "x", "--role", "owner", "--expires", "soon"], "bad_time"],
    [["create", "--name", "x", "--role", "owner"], "person_required"],
    [["revoke", "tok_x"], "reason_missing"],
    [["revoke", "tok_x", "--reason", "r"], "token_not_found"],
  ])("%j is refused, and nothing is made", async (args, code) => {
    const bare = scratch();
    const { status, value } = await cavraJson(bare, ["token", ...args]);
    expect([status, value.error.code]).toEqual([2, code]);
    expect(existsSync(join(bare.state, "tokens"))).toBe(false);
  });

  it("is nothing that an agent may run", async () => {
    for (const line of [
      "cavra token create --name x --role owner",
      "cavra token revoke tok_x --reason r",
      "npx cavra token create --name x",
    ]) {
      const { value } = await cavraJson(place, ["explain", "execute_command", line, "--policy-pack", "cavra-ai-agent-baseline"]);
      expect([line, value.decision ?? value.verdict ?? value.judgement?.verdict]).toEqual([line, "deny"]);
    }
  });

  it.skipIf(NO_TERMINAL !== "")("makes one that is shown once, kept as a digest and recorded; and ends it", async () => {
    const bare = scratch();
    const { status, shown } = await atTerminal(bare, [
      "token",
      "create",
      "--name",
      "ci",
      "--role",
      "agent",
      "--agent",
      "codex",
      "--expires",
      "2h",
    ]);
    expect(status).toBe(0);
    const text = /cavra_[0-9a-z]{26}_[A-Za-z0-9_-]{43}/.exec(shown)?.[0] ?? "";
    expect(text).not.toBe("");
    const { value } = await cavraJson(bare, ["token", "list"]);
    expect(value.tokens).toMatchObject([
      { name: "ci", scopes: ["decisions:ask", "journals:push", "policies:read"], workspaces: ["*"], agent: "codex", revoked: null },
    ]);
    const [name = ""] = readdirSync(join(bare.state, "tokens"));
    const kept = readFileSync(join(bare.state, "tokens", name), "utf8");
    const journal = readFileSync(join(bare.state, "journal", readdirSync(join(bare.state, "journal"))[0] ?? ""), "utf8");
    for (const written of [kept, journal, JSON.stringify(value)]) expect(written).not.toContain(text.slice(33));
    expect(journal).toContain('"change":"token_made"');
    const id = value.tokens[0].token_id;
    const revoked = await cavraJson(bare, ["token", "revoke", id, "--reason", "lost"]);
    expect([revoked.status, revoked.value.token_id]).toEqual([0, id]);
    expect((await cavraJson(bare, ["token", "revoke", id, "--reason", "again"])).value).toEqual(revoked.value);
    expect((await cavraJson(bare, ["token", "list"])).value.tokens[0].revoked.reason).toBe("lost");
    expect((await cavraJson(bare, ["evidence", "verify"])).status).toBe(0);
  });
});
