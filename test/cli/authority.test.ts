// One authority for all hooks of an account: up, asked, down. Proves spec/backend.md section 8 on the built program, with processes of their own.

import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bash, fire, installed, journal, permission } from "../hook/host.js";
import { cavra, cavraJson, type Scratch, scratch, write } from "./program.js";

describe("an authority that is up", () => {
  let place: Scratch;
  let command: string;
  beforeAll(async () => {
    place = scratch();
    command = await installed(place);
    expect((await cavraJson(place, ["up"])).value.state).toBe("started");
  });
  afterAll(() => cavra(place, ["down"]));

  const says = async () => (await cavraJson(place, ["status"])).value.authority;

  it("has private places, and says that it runs when it is started again", async () => {
    const mode = (name: string) => statSync(join(place.state, name)).mode & 0o777;
    expect(["authority.sock", "authority.json", "peers"].map(mode)).toEqual([0o600, 0o600, 0o700]);
    const { pid } = await says();
    expect((await cavraJson(place, ["up"])).value).toMatchObject({ state: "running", pid });
    expect(JSON.parse(readFileSync(join(place.state, "authority.json"), "utf8"))).toMatchObject({ pid });
  });

  it("answers hooks as they would by themselves, records once, and leaves no ticket", async () => {
    const [before, { calls }] = [await journal(place), (await says()).says];
    const answers = [];
    for (const line of ["ls", "cat .env", "rm -rf /", "git push --force origin main"])
      answers.push(permission(await fire(place, command, bash(place, line))));
    expect(answers).toEqual(["", "deny", "deny", expect.stringMatching(/^(ask|deny)$/)]);
    expect((await says()).says.calls).toBe(calls + 4);
    expect(await journal(place)).toEqual({ records: before.records + 4, holds: true });
    expect(readdirSync(join(place.state, "peers"))).toEqual([]);
  });

  it("judges by a policy from the moment on that it is in force", async () => {
    const policy = join(place.repository, ".cavra/policy.yaml");
    const rule = "id: no.ls, verdict: deny, severity: high, reason: r, match: { effect: read, path: '**/there' }";
    const asked = async () => permission(await fire(place, command, bash(place, "cat there")));
    expect(await asked()).toBe("");
    write(policy, `schema_version: cavra.policy.v1\nid: shop\nversion: 1.0.0\nrules:\n  - { ${rule} }\n`);
    expect(await asked()).toBe("deny");
    writeFileSync(policy, "schema_version: nothing\n");
    expect(await asked()).toBe("exit 2");
    writeFileSync(policy, "schema_version: cavra.policy.v1\nid: shop\nversion: 1.0.1\nrules: []\n");
    expect(await asked()).toBe("");
  });

  it("is not asked by who has another configuration", async () => {
    const { calls } = (await says()).says;
    const other = { ...place, env: { ...place.env, XDG_CONFIG_HOME: join(place.root, "other") } };
    expect((await cavra(other, ["hook", "claude-code"], { input: bash(place, "cat .env") })).stdout).toContain("deny");
    expect((await says()).says.calls).toBe(calls);
  });
});

describe("`cavra down`", () => {
  it("ends it and leaves nothing behind that anybody would ask", async () => {
    const place = scratch();
    await cavra(place, ["up"]);
    expect((await cavraJson(place, ["down"])).value.state).toBe("ended");
    expect(["authority.sock", "authority.json"].map((name) => existsSync(join(place.state, name)))).toEqual([false, false]);
    expect((await cavraJson(place, ["status"])).value.authority).toBeNull();
    expect((await cavraJson(place, ["down"])).value).toEqual({ state: "none", pid: null });
  });

  it("kills nobody whose number only stands in the file", async () => {
    const place = scratch();
    write(
      join(place.state, "authority.json"),
      JSON.stringify({ schema_version: "cavra.authority.v1", pid: process.pid, process_start: "1", boot: "", version: "", started_at: "" }),
    );
    expect((await cavraJson(place, ["down"])).value.state).toBe("none");
  });
});

describe("`cavra up`", () => {
  it("refuses what is no socket in the socket's place, and leaves it", async () => {
    const place = scratch();
    write(join(place.state, "authority.sock"), "mine");
    expect((await cavraJson(place, ["up"])).value.error.code).toBe("socket_in_the_way");
    expect(readFileSync(join(place.state, "authority.sock"), "utf8")).toBe("mine");
  });

  it("refuses a state folder whose name is too long for a socket", async () => {
    const place = scratch();
    const env = { CAVRA_STATE_DIR: join(place.root, "s".repeat(100)) };
    expect((await cavraJson(place, ["up"], { env })).value.error.code).toBe("socket_path_too_long");
    expect((await cavra(place, ["hook", "claude-code"], { env, input: bash(place, "cat .env") })).stdout).toContain("deny");
  });

  it("starts one of many that are started at once", async () => {
    const place = scratch();
    const started = await Promise.all(Array.from({ length: 6 }, () => cavraJson(place, ["up"])));
    expect(new Set(started.map(({ value }) => value.pid)).size, JSON.stringify(started)).toBe(1);
    expect(started.map(({ status }) => status)).toEqual([0, 0, 0, 0, 0, 0]);
    await cavra(place, ["down"]);
  });
});
