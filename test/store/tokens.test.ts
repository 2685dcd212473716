// Tokens as files: kept, found, revoked, forgotten, and what is made of a file that somebody wrote to. Proves spec/service.md 4.3, "without a database".

import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { formatTime, makeId } from "../../src/base/index.js";
import { type KeptToken, MAX_TOKENS, readToken, secretDigest, TOKEN_KEPT_MS, tokenFault, tokenText } from "../../src/identity/index.js";
import { openTokens, type TokenStore } from "../../src/store/index.js";

const NOW_MS = 1_790_000_000_000;
let folder: string;
let nowMs: number;
let store: TokenStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cavra-tokens-"));
  chmodSync(folder, 0o700);
  nowMs = NOW_MS;
  store = openTokens(folder, { nowMs: () => nowMs, randomBytes });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const SECRET = randomBytes(32);
const token = (more: Partial<KeptToken> = {}): KeptToken => ({
  token_id: makeId("tok", nowMs, randomBytes(10)),
  name: "ci",
  digest: secretDigest(SECRET),
  scopes: ["decisions:ask"],
  workspaces: ["*"],
  agent: "",
  made_at: formatTime(nowMs),
  ends_at: formatTime(nowMs + 1_000),
  revoked: null,
  ...more,
});
const inFolder = (name: string) => join(folder, "tokens", name);
const REVOKED = { revoked_at: formatTime(NOW_MS), reason: "lost", record_id: "chg_x" };

describe("a store of tokens", () => {
  it("has none before the first, and has had one ever after", async () => {
    expect([await store.ever(), await store.list(), await store.find("tok_x")]).toEqual([false, [], null]);
    const one = token();
    await store.add(one);
    expect([await store.ever(), await store.list(), await store.find(one.token_id)]).toEqual([true, [one], one]);
    rmSync(inFolder(`${one.token_id}.token`));
    expect([await store.ever(), await store.list(), await store.find(one.token_id)]).toEqual([true, [], null]);
  });

  it("keeps files that nobody else may read, and nothing of the secret", async () => {
    await store.add(token());
    const [name = ""] = readdirSync(join(folder, "tokens"));
    expect([statSync(inFolder(name)).mode & 0o777, statSync(join(folder, "tokens")).mode & 0o777]).toEqual([0o600, 0o700]);
    for (const form of ["hex", "base64", "base64url"] as const)
      expect(readFileSync(inFolder(name), "utf8")).not.toContain(SECRET.toString(form));
  });

  it("revokes once, with the next look of any process, whatever the file says", async () => {
    const one = token();
    await store.add(one);
    expect((await store.find(one.token_id))?.revoked).toBeNull();
    const other = openTokens(folder, { nowMs: () => nowMs, randomBytes });
    expect([await other.revoke(one.token_id, REVOKED), await other.revoke(one.token_id, { ...REVOKED, reason: "again" })]).toEqual([
      true,
      false,
    ]);
    expect((await store.find(one.token_id))?.revoked).toEqual(REVOKED);
    writeFileSync(inFolder(`${one.token_id}.revoked`), "");
    expect((await store.find(one.token_id))?.revoked).toEqual({ revoked_at: "", reason: "", record_id: "" });
    expect(await store.revoke("tok_x", REVOKED)).toBe(false);
  });

  it("forgets what ended 90 days ago when another is made, and its revocation with it", async () => {
    const [old, younger] = [token(), token({ ends_at: formatTime(nowMs + 1_001) })];
    for (const one of [old, younger]) await store.add(one);
    await store.revoke(old.token_id, REVOKED);
    nowMs += 1_000 + TOKEN_KEPT_MS;
    await store.add(token());
    expect(await store.list()).toHaveLength(3);
    nowMs += 1;
    await store.add(token());
    expect((await store.list()).map(({ token_id }) => token_id)).not.toContain(old.token_id);
    expect(readdirSync(join(folder, "tokens")).filter((name) => name.startsWith(old.token_id))).toEqual([]);
  });

  it(`keeps ${MAX_TOKENS} and no more`, async () => {
    const first = token();
    await store.add(first);
    const text = readFileSync(inFolder(`${first.token_id}.token`), "utf8");
    for (let count = 1; count < MAX_TOKENS; count++) {
      const id = makeId("tok", nowMs, randomBytes(10));
      writeFileSync(inFolder(`${id}.token`), text.replace(first.token_id, id));
    }
    await expect(store.add(token())).rejects.toThrow(`${MAX_TOKENS} tokens are kept already`);
  });

  it.each<[string, (text: string) => string]>([
    ["half of it", (text) => text.slice(0, 50)],
    ["another id", (text) => text.replace(/tok_.{26}/, makeId("tok", 0, new Uint8Array(10)))],
    ["another schema", (text) => text.replace("token.v1", "token.v2")],
    ["scopes that are no list", (text) => text.replace('["decisions:ask"]', '"decisions:ask"')],
    ["nothing", () => ""],
  ])("believes no file that holds %s", async (_, change) => {
    const one = token();
    await store.add(one);
    await store.find(one.token_id);
    const path = inFolder(`${one.token_id}.token`);
    writeFileSync(path, change(readFileSync(path, "utf8")));
    await expect(store.find(one.token_id)).rejects.toMatchObject({ code: "token_damaged" });
  });

  it("gives no scope that nobody knows", async () => {
    const one = token({ scopes: ["decisions:ask", "everything" as never] });
    await store.add(one);
    expect((await store.find(one.token_id))?.scopes).toEqual(["decisions:ask"]);
  });
});

describe("the text of a token", () => {
  const { token_id: id } = { token_id: makeId("tok", NOW_MS, randomBytes(10)) };
  const text = tokenText(id, SECRET);

  it("is read back, and in no other writing", () => {
    expect(readToken(text)).toEqual({ tokenId: id, secret: SECRET });
    const last = text.slice(-1);
    // 43 characters have 258 bits for 256: the last two must be nothing.
    const twin = String.fromCharCode(last.charCodeAt(0) + 1);
    for (const wrong of [
      "",
      "cavra_",
      ` ${text}`,
      `${text}=`,
      text.toUpperCase(),
      text.replace("cavra_", "cavrb_"),
      `${text.slice(0, -1)}${twin}`,
      `${text.slice(0, 32)}-${text.slice(33)}`,
    ])
      expect([wrong, readToken(wrong)]).toEqual([wrong, null]);
  });

  it("counts until its end, and not at it", () => {
    const kept = token({ token_id: id });
    const presented = { tokenId: id, secret: SECRET };
    const at = (ms: number, more: Partial<KeptToken> = {}) => tokenFault(presented, { ...kept, ...more }, ms);
    expect([at(NOW_MS + 999), at(NOW_MS + 1_000)]).toEqual(["", "token_ended"]);
    expect(at(NOW_MS, { revoked: REVOKED })).toBe("token_revoked");
    expect(at(NOW_MS, { digest: secretDigest(randomBytes(32)) })).toBe("token_wrong");
    expect(at(NOW_MS, { digest: "" })).toBe("token_wrong");
    expect(at(NOW_MS, { ends_at: "never" })).toBe("token_ended");
    expect(tokenFault(presented, null, NOW_MS)).toBe("token_unknown");
    // The digest of nothing opens nothing.
    expect(tokenFault({ tokenId: id, secret: new Uint8Array(32) }, null, NOW_MS)).toBe("token_unknown");
  });
});
