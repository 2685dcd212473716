// Policies over HTTP: read, fetched by tag, and tried as texts that are kept nowhere. Proves spec/service.md 9.1 and 9.3.

import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { canonicalJson, sha256 } from "../../src/base/index.js";
import { readCompiled } from "../../src/policy/index.js";
import { configFolder } from "../cli/ledger-keys.js";
import { cavra, cavraJson, type Scratch, scratch, write } from "../cli/program.js";
import { type Ask, documented, type Server, startServer } from "./server.js";
import { type MadeToken, makeToken } from "./tokens.js";

const BASELINE = "cavra-ai-agent-baseline";
const OWN = `schema_version: cavra.policy.v1
id: ours
version: 1.0.0
inherits: [${BASELINE}]
rules:
  - { id: ours.no_terraform, match: { effect: exec, program: terraform }, verdict: deny, severity: high, reason: it runs in the pipeline }
`;
let place: Scratch;
let server: Server;
let ask: Ask;
let token: MadeToken;
const asked = (method: string, path: string, body?: object, headers: Readonly<Record<string, string>> = {}) =>
  ask(method, path, { headers: { ...token.headers, ...headers }, ...(body === undefined ? {} : { body }) });

beforeAll(async () => {
  place = scratch();
  server = await startServer(place);
  ({ ask } = await documented(server));
  await ask("POST", "/v1/decisions", { body: { action_type: "execute_command", target: "cat .env", cwd: place.repository } });
  token = await makeToken(place, { roles: ["reader"] });
});
afterAll(() => server.stop());

function fingerprint(folder: string): string {
  const names = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: "utf8" }).sort() : [];
  const files = names.filter((name) => statSync(join(folder, name)).isFile());
  return files
    .map(
      (name) =>
        `${name} ${createHash("sha256")
          .update(readFileSync(join(folder, name)))
          .digest("hex")}`,
    )
    .join("\n");
}

describe("reading", () => {
  it("lists what holds for the host and what ships", async () => {
    const { value } = await asked("GET", "/v1/policies");
    const shipped = (await cavraJson(place, ["policy", "list"])).value.map(({ id }: { id: string }) => id);
    expect(value.items.map(({ id, kind }: { id: string; kind: string }) => [id, kind])).toEqual([
      [BASELINE, "host"],
      ...shipped.map((id: string) => [id, "shipped"]),
    ]);
  });

  it("tells one with its text and a tag", async () => {
    const path = `/v1/policies/${BASELINE}`;
    const { value, headers } = await asked("GET", path);
    expect(headers.etag).toBe(`"${value.digest}"`);
    expect((await asked("GET", path, undefined, { "if-none-match": String(headers.etag) })).status).toBe(304);
    expect((await asked("GET", "/v1/policies/none")).value).toMatchObject({ status: 404, code: "policy_not_found" });
    expect((await asked("GET", "/v1/policies/No")).value.code).toBe("bad_id");
  });

  it("hands out the compiled policy that every machine would compile", async () => {
    const path = `/v1/policies/${BASELINE}/bundle`;
    const { value, headers } = await asked("GET", path);
    const own = (await cavra(place, ["policy", "compile", BASELINE])).stdout;
    expect(canonicalJson(value.policy)).toMatchObject({ ok: true, value: own.trimEnd() });
    expect(readCompiled(value.policy)).toMatchObject({ ok: true, value: { digest: value.digest } });
    expect([value.signature, headers.etag]).toEqual([null, `"${value.digest}"`]);
    expect((await asked("GET", path, undefined, { "if-none-match": String(headers.etag) })).status).toBe(304);
  });

  it("hands out the host's own with its signature, under another tag", async () => {
    const files = [join(configFolder(place), "policy.yaml"), join(configFolder(place), "policy.signature")];
    write(files[0] ?? "", OWN);
    try {
      const { value: plain, headers } = await asked("GET", "/v1/policies/ours/bundle");
      expect([plain.kind, plain.signature]).toEqual(["host", null]);
      write(files[1] ?? "", "signed\n");
      const path = "/v1/policies/ours/bundle";
      const again = await asked("GET", path, undefined, { "if-none-match": String(headers.etag) });
      expect([again.status, again.value.signature]).toEqual([200, "signed\n"]);
      expect(again.headers.etag).toBe(`"${again.value.digest}.${sha256("signed\n").slice(7, 23)}"`);
      expect((await asked("GET", "/v1/policies/ours")).value.source).toBe(OWN);
    } finally {
      for (const file of files) rmSync(file, { force: true });
    }
  });
});

describe("trying a text", () => {
  it("says what the commands say, and keeps nothing", async () => {
    const file = write(join(place.root, "ours.yaml"), OWN);
    // The authority drains its journal by itself; afterwards nothing is left to be drained.
    await ask("GET", "/v1/decisions", { headers: (await makeToken(place, { roles: ["reader"] })).headers });
    const before = fingerprint(place.state);
    const validated = (await asked("POST", "/v1/policies:validate", { source: OWN })).value;
    const diffed = (await asked("POST", "/v1/policies:diff", { a: { id: BASELINE }, b: { source: OWN } })).value;
    const simulated = (await asked("POST", "/v1/policies:simulate", { policy: { source: OWN }, since: "1h" })).value;
    expect(fingerprint(place.state)).toBe(before);
    expect(validated).toEqual((await cavraJson(place, ["policy", "validate", file])).value);
    expect(diffed).toEqual((await cavraJson(place, ["policy", "diff", BASELINE, file])).value);
    expect(diffed.changes.map(({ subject, kind }: { subject: string; kind: string }) => [subject, kind])).toEqual([
      ["ours.no_terraform", "added"],
    ]);
    expect([simulated.policy.id, simulated.decisions]).toEqual(["ours", 1]);
  });

  it("tells what is wrong with it, and no path of ours", async () => {
    const broken = OWN.replace("deny", "perhaps");
    const { status, value } = await asked("POST", "/v1/policies:validate", { source: broken });
    expect([status, value.valid, value.problems[0].at.startsWith("source:")]).toEqual([200, false, true]);
    const refused = await asked("POST", "/v1/policies:simulate", { policy: { source: broken } });
    expect(refused.value).toMatchObject({ status: 422, code: "policy_invalid" });
    expect(refused.text).not.toContain("/tmp/");
    const workspace = await asked("POST", "/v1/policies:validate", { source: OWN, layer: "workspace" });
    expect(workspace.status).toBe(200);
  });

  it.each([
    ["validate", {}, 400, "missing_key"],
    ["validate", { source: "" }, 400, "bad_value"],
    ["diff", { a: { id: BASELINE }, b: { id: "none" } }, 404, "policy_not_found"],
    ["diff", { a: { id: BASELINE, source: "x" }, b: { id: BASELINE } }, 400, "unknown_key"],
    ["simulate", { policy: { id: BASELINE }, since: "soon" }, 400, "bad_time"],
    ["simulate", { policy: { id: BASELINE }, samples: 101 }, 400, "bad_value"],
  ])("%s of %j is %i `%s`", async (name, body, status, code) => {
    expect((await asked("POST", `/v1/policies:${name}`, body)).value).toMatchObject({ status, code });
  });

  it("tells nobody of one workspace what was decided in others", async () => {
    const narrow = await makeToken(place, { roles: ["reader"], workspaces: ["/elsewhere/*"] });
    const as = (path: string, body: object) => ask("POST", path, { headers: narrow.headers, body });
    expect((await as("/v1/policies:simulate", { policy: { id: BASELINE } })).value.code).toBe("scope_missing");
    const both = { a: { id: BASELINE }, b: { source: OWN } };
    expect((await as("/v1/policies:diff", { ...both, since: "1d" })).value.code).toBe("scope_missing");
    expect((await as("/v1/policies:diff", both)).status).toBe(200);
  });
});
