// Approvals over HTTP: asked by a known caller, answered by a person's signature and by nothing else, seen in their own workspace. Proves spec/service.md 10.1.

import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { APPROVAL_ANSWER_SCHEMA, signAnswer } from "../../src/approval/index.js";
import { formatTime } from "../../src/base/index.js";
import { type KeySigner, keyIdOf } from "../../src/evidence/index.js";
import { foundTrust, keysFolder, newKey, openLedger, SYSTEM_CLOCK, writePin } from "../../src/store/index.js";
import { configFolder } from "../cli/ledger-keys.js";
import { cavraJson, type Scratch, scratch } from "../cli/program.js";
import { type Ask, documented, type Server, startServer } from "./server.js";
import { type MadeToken, makeToken } from "./tokens.js";

let place: Scratch;
let server: Server;
let ask: Ask;
let owner: MadeToken;
let ada: KeySigner;
beforeAll(async () => {
  place = scratch();
  ada = withApprover(place, "ada");
  server = await startServer(place);
  ({ ask } = await documented(server));
});
afterAll(() => server.stop());

function withApprover(where: Scratch, name: string): KeySigner {
  const ledger = openLedger(where.state, SYSTEM_CLOCK);
  const [root, key, approver] = [newKey("root"), newKey("ledger"), newKey("approver")];
  for (const one of [root, key]) one.keep(keysFolder(where.state), "", SYSTEM_CLOCK);
  const named = [
    { role: "ledger", key, name: "ledger" },
    { role: "approver", key: approver, name },
  ] as const;
  const founded = foundTrust(where.state, ledger.origin, root, named, SYSTEM_CLOCK);
  ledger.close();
  if (!founded.ok) throw new Error(founded.problem.message);
  writePin(configFolder(where), root.keyId, SYSTEM_CLOCK);
  return { keyId: keyIdOf("approver", approver.signer.publicKey), signer: approver.signer };
}

const DIGEST = `sha256:${"a".repeat(64)}`;
const documents = [{ kind: "parity_report", digest: DIGEST }];
const as = (token: MadeToken, method: string, path: string, body?: object) =>
  ask(method, path, { headers: token.headers, ...(body === undefined ? {} : { body }) });

interface Shown {
  readonly request: { readonly approval_id: string; readonly expires_at: string };
  readonly request_digest: string;
}

function answerTo({ request, request_digest }: Shown, over: object = {}, signer = ada): string {
  const issued_at = formatTime(SYSTEM_CLOCK.nowMs());
  const about = { approval_id: request.approval_id, request_digest, answer: "approved" as const, reason: "", name: "ada" };
  const text = signAnswer({ schema_version: APPROVAL_ANSWER_SCHEMA, ...about, issued_at, expires_at: request.expires_at, ...over }, signer);
  if (!text.ok) throw new Error(text.problem.message);
  return text.value;
}

describe("asking", () => {
  it("is for callers who are known", async () => {
    const body = { documents, reason: "to promote" };
    expect((await ask("POST", "/v1/approvals", { body })).value).toMatchObject({ status: 403, code: "identity_missing" });
    owner = await makeToken(place, { name: "ci", roles: ["owner"] });
    const { status, value } = await as(owner, "POST", "/v1/approvals", body);
    expect([status, value.state, value.request.asker.user]).toEqual([200, "pending", "token:ci"]);
    expect((await as(owner, "GET", `/v1/approvals/${value.request.approval_id}`)).value).toEqual(value);
    const own = (await cavraJson(place, ["approval", "show", value.request.approval_id])).value;
    expect(value).toEqual(own);
  });

  it.each([
    [{ documents: [], reason: "x" }, "bad_value"],
    [{ documents: [...documents, ...documents], reason: "x" }, "bad_value"],
    [{ documents: [{ kind: "x", digest: "y" }], reason: "x" }, "bad_value"],
    [{ documents, reason: "" }, "reason_missing"],
    [{ documents, reason: "x", wait_ms: 1 }, "bad_value"],
  ])("of %j is 400 `%s`", async (body, code) => {
    expect((await as(owner, "POST", "/v1/approvals", body)).value).toMatchObject({ status: 400, code });
  });

  it("is what a decision does by itself", async () => {
    const body = { action_type: "execute_command", target: "git push --force origin main", cwd: place.repository };
    const { value } = await as(owner, "POST", "/v1/decisions", body);
    const listed = (await as(owner, "GET", "/v1/approvals?limit=1")).value.items[0];
    if (value.decision === "require_approval") expect(listed.request.subject.decision_id).toBe(value.decision_id);
    else expect(listed.request.subject.kind).toBe("documents");
  });
});

describe("answering", () => {
  it("wants the person's signature, and takes it once", async () => {
    const { value } = await as(owner, "POST", "/v1/approvals", { documents, reason: "again" });
    const path = `/v1/approvals/${value.request.approval_id}/answers`;
    const send = async (envelope: string) => (await as(owner, "POST", path, { envelope })).value;
    const stranger = newKey("approver");
    const other = { keyId: keyIdOf("approver", stranger.signer.publicKey), signer: stranger.signer };
    expect(await send("approved")).toMatchObject({ status: 422, code: "envelope_malformed" });
    expect(await send(answerTo(value, {}, other))).toMatchObject({ status: 422, code: "unknown_signer" });
    expect(await send(answerTo(value, { name: "eve" }))).toMatchObject({ status: 422, code: "answer_other_name" });
    expect(await send(answerTo(value, { request_digest: DIGEST }))).toMatchObject({ status: 422, code: "answer_other_request" });
    const forged = { ...JSON.parse(answerTo(value)), payload: JSON.parse(answerTo(value, { reason: "not mine" })).payload };
    expect(await send(JSON.stringify(forged))).toMatchObject({ status: 422, code: "signature_invalid" });
    expect((await as(owner, "GET", `/v1/approvals/${value.request.approval_id}`)).value.answers).toEqual([]);
    const taken = await send(answerTo(value));
    expect(taken).toMatchObject({ state: "approved", answers: [{ name: "ada", answer: "approved" }] });
    expect(await send(answerTo(value))).toMatchObject({ status: 409, code: "already_answered" });
    expect((await cavraJson(place, ["approval", "show", value.request.approval_id])).value).toEqual(taken);
    expect((await cavraJson(place, ["evidence", "verify"])).status).toBe(0);
  });

  it("is for tokens of that scope, and of requests that are there", async () => {
    const reader = await makeToken(place, { roles: ["reader"] });
    const path = "/v1/approvals/apr_00000000000000000000000000";
    expect((await as(reader, "POST", `${path}/answers`, { envelope: "x" })).value.code).toBe("scope_missing");
    expect((await as(owner, "POST", `${path}/answers`, { envelope: "x" })).value).toMatchObject({
      status: 404,
      code: "approval_not_found",
    });
    expect((await as(owner, "GET", path)).value.code).toBe("approval_not_found");
    expect((await as(owner, "GET", "/v1/approvals/apr_")).value.code).toBe("bad_id");
  });
});

describe("the list", () => {
  it("has pages, states, and nothing of another workspace", async () => {
    const all = (await as(owner, "GET", "/v1/approvals")).value.items;
    const seen = [];
    for (let cursor = "", first = true; first || cursor !== ""; first = false) {
      const { value } = await as(owner, "GET", `/v1/approvals?limit=1${cursor === "" ? "" : `&cursor=${cursor}`}`);
      seen.push(...value.items);
      cursor = value.next_cursor;
      if (cursor !== "") expect((await as(owner, "GET", `/v1/approvals?state=used&cursor=${cursor}`)).value.code).toBe("bad_cursor");
    }
    expect(seen).toEqual(all);
    expect((await as(owner, "GET", "/v1/approvals?state=approved")).value.items).toHaveLength(1);
    const narrow = await makeToken(place, { roles: ["reader"], workspaces: [join(place.root, "elsewhere")] });
    expect((await as(narrow, "GET", "/v1/approvals")).value).toEqual({ items: [], next_cursor: "" });
    expect((await as(narrow, "GET", `/v1/approvals/${all[0].request.approval_id}`)).value.code).toBe("approval_not_found");
  });
});
