// Tokens in a database that several servers share: known to all of them, and revoked for all of them. Proves spec/service.md 4.3 with a database.

import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { formatTime, makeId } from "../../src/base/index.js";
import { type KeptToken, MAX_TOKENS, secretDigest, TOKEN_KEPT_MS, tokenText } from "../../src/identity/index.js";
import { SYSTEM_CLOCK } from "../../src/store/index.js";
import { openTeamTokens } from "../../src/team/index.js";
import { cavraJson, scratch } from "../cli/program.js";
import { documented, startServer } from "../server/server.js";
import { makeToken } from "../server/tokens.js";
import { type Cluster, startCluster } from "./cluster.js";
import { describeWithPostgres } from "./postgres.js";

const SECRET = randomBytes(32);
const REVOKED = { revoked_at: formatTime(0), reason: "lost", record_id: "chg_x" };
const token = (nowMs: number, more: Partial<KeptToken> = {}): KeptToken => ({
  token_id: makeId("tok", nowMs, randomBytes(10)),
  name: "ci",
  digest: secretDigest(SECRET),
  scopes: ["decisions:read"],
  workspaces: ["*"],
  agent: "",
  made_at: formatTime(nowMs),
  ends_at: formatTime(nowMs + 3_600_000),
  revoked: null,
  ...more,
});

describeWithPostgres("tokens in a shared database", () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster();
  }, 120_000);
  afterAll(() => cluster.remove());

  it("are kept, found, revoked once, and forgotten 90 days after their end", async () => {
    const url = await cluster.newDatabase();
    let nowMs = 1_790_000_000_000;
    const clock = { nowMs: () => nowMs, randomBytes };
    const [one, two] = [await openTeamTokens(url, clock), await openTeamTokens(url, clock)];
    try {
      const made = token(nowMs);
      expect([await one.ever(), await two.ever(), await one.find(made.token_id), await one.list()]).toEqual([false, false, null, []]);
      await one.add(made);
      // Who knows nobody hears of the first one a second later at the latest.
      nowMs += 999;
      expect(await two.ever()).toBe(false);
      nowMs += 1;
      expect([await two.ever(), await two.find(made.token_id), await two.list()]).toEqual([true, made, [made]]);
      expect(
        await Promise.all([one.revoke(made.token_id, REVOKED), two.revoke(made.token_id, REVOKED)]).then((done) => done.sort()),
      ).toEqual([false, true]);
      expect((await one.find(made.token_id))?.revoked).toEqual(REVOKED);
      expect(await one.revoke("tok_x", REVOKED)).toBe(false);
      nowMs += 3_600_000 + TOKEN_KEPT_MS - 1_000;
      await one.add(token(nowMs));
      expect(await one.list()).toHaveLength(2);
      nowMs += 1;
      await two.add(token(nowMs));
      expect((await one.list()).map(({ token_id }) => token_id)).not.toContain(made.token_id);
    } finally {
      await Promise.all([one.close(), two.close()]);
    }
  }, 60_000);

  it(`are ${MAX_TOKENS} at most`, async () => {
    const url = await cluster.newDatabase();
    const store = await openTeamTokens(url, SYSTEM_CLOCK);
    try {
      await store.add(token(SYSTEM_CLOCK.nowMs()));
      await cluster.query(
        url,
        `INSERT INTO cavra.token SELECT 'tok_' || n, '9999', json, NULL FROM cavra.token, generate_series(2, ${MAX_TOKENS}) AS n`,
      );
      await expect(store.add(token(SYSTEM_CLOCK.nowMs()))).rejects.toMatchObject({ code: "tokens_full" });
    } finally {
      await store.close();
    }
  }, 60_000);

  it("open every server of it, and none with the next request when one of them was told; a host's own open that host alone", async () => {
    const url = await cluster.newDatabase();
    const [first, second] = [scratch(), scratch()];
    const store = await openTeamTokens(url, SYSTEM_CLOCK);
    const made = token(SYSTEM_CLOCK.nowMs());
    await store.add(made);
    const own = await makeToken(first, { roles: ["reader"] });
    const env = { CAVRA_DATABASE_URL: url };
    const servers = [await startServer(first, [], env), await startServer(second, [], env)];
    try {
      const asks = (await Promise.all(servers.map(documented))).map(({ ask }) => ask);
      const codes = (headers: Readonly<Record<string, string>>) =>
        Promise.all(asks.map((ask) => ask("GET", "/v1/decisions", { headers }).then(({ status, value }) => value.code ?? status)));
      const shared = { authorization: `Bearer ${tokenText(made.token_id, SECRET)}` };
      expect(await codes({})).toEqual(["token_missing", "token_missing"]);
      expect(await codes(shared)).toEqual([200, 200]);
      expect(await codes(own.headers)).toEqual([200, "token_invalid"]);
      const listed = await cavraJson(first, ["token", "list"], { env });
      expect(listed.value.tokens.map(({ token_id }: KeptToken) => token_id)).toEqual([own.id, made.token_id]);
      expect((await cavraJson(second, ["token", "revoke", made.token_id, "--reason", "lost"], { env })).status).toBe(0);
      expect(await codes(shared)).toEqual(["token_invalid", "token_invalid"]);
    } finally {
      await Promise.all(servers.map((server) => server.stop()));
      await store.close();
    }
  }, 120_000);
});
