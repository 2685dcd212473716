// Evidence over HTTP: what leaves is what `cavra evidence` writes, and the same commands verify it. Proves spec/service.md 7.5 and section 11.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseBase64 } from "../../src/base/index.js";
import { treeRoot, verifyConsistency } from "../../src/evidence/index.js";
import { configFolder, type MadeKeys, makeKeys } from "../cli/ledger-keys.js";
import { cavra, cavraJson, type Scratch, scratch } from "../cli/program.js";
import { type Ask, documented, type Server, startServer } from "./server.js";

const RECORDS = 260;
let place: Scratch;
let server: Server;
let ask: Ask;
let keys: MadeKeys;
let ids: readonly string[];
const at = (name: string) => join(place.root, name);

beforeAll(async () => {
  place = scratch();
  server = await startServer(place);
  ({ ask } = await documented(server));
  const actions = Array.from({ length: RECORDS }, (_, n) => ({
    action_type: "execute_command",
    target: `echo ${n}`,
    cwd: place.repository,
    session: n === 7 ? "chosen" : "rest",
  }));
  const { value } = await ask("POST", "/v1/decisions:batch", { body: { actions } });
  ids = value.answers.map(({ decision_id }: { decision_id: string }) => decision_id);
});
afterAll(() => server.stop());

describe("before there are keys", () => {
  it.each([
    ["checkpoint", "trust_missing"],
    ["trust", "trust_missing"],
  ])("%s is 503 `%s`", async (name, code) => {
    const { status, value } = await ask("GET", `/v1/evidence/${name}`);
    expect([status, value.code]).toEqual([503, code]);
  });

  it("no bundle and no proof is made, and why is told", async () => {
    expect((await ask("POST", "/v1/evidence/bundles", { body: {} })).value).toMatchObject({ status: 503, code: "trust_missing" });
    expect((await ask("GET", `/v1/decisions/${ids[0]}/proof`)).value).toMatchObject({ status: 503, code: "trust_missing" });
    expect((await ask("GET", "/v1/evidence/tile/0/000")).value.code).toBe("tile_not_found");
    keys = makeKeys(place);
  });
});

describe("a proof", () => {
  it("is the command's, byte for byte, and holds", async () => {
    const { status, text, headers } = await ask("GET", `/v1/decisions/${ids[3]}/proof`);
    expect([status, headers["content-type"]]).toEqual([200, "text/plain; charset=utf-8"]);
    expect(text).toBe((await cavra(place, ["evidence", "proof", ids[3] ?? ""])).stdout);
    writeFileSync(at("three.proof"), text);
    writeFileSync(at("trust"), (await ask("GET", "/v1/evidence/trust")).text);
    const told = await cavraJson(place, ["evidence", "verify", at("three.proof"), "--root-key", keys.root, "--trust", at("trust")]);
    expect([told.status, told.value.holds]).toEqual([0, true]);
  });

  it("of what nobody recorded is 404", async () => {
    expect((await ask("GET", "/v1/decisions/dec_00000000000000000000000000/proof")).value.code).toBe("record_not_found");
    expect((await ask("GET", "/v1/decisions/x/proof")).value.code).toBe("bad_id");
  });
});

describe("the tree", () => {
  it("is what `cavra evidence export` writes", async () => {
    await cavra(place, ["evidence", "export", at("tree")]);
    const known: [string, Buffer][] = [];
    for (const name of ["checkpoint", "trust", "tile/0/000", "tile/0/001.p/4", "tile/1/000.p/1"]) {
      const { status, bytes } = await ask("GET", `/v1/evidence/${name}`);
      expect([name, status, bytes.equals(readFileSync(join(at("tree"), name)))]).toEqual([name, 200, true]);
      known.push([name, bytes]);
    }
    expect(known.map(([, bytes]) => bytes.length).slice(2)).toEqual([256 * 32, 4 * 32, 32]);
  });

  it("has each width that a tile has had, and no other name for it", async () => {
    const told = async (name: string) => (await ask("GET", `/v1/evidence/tile/${name}`)).value?.code ?? "there";
    const names = [
      "0/001.p/1",
      "0/001.p/4",
      "0/001.p/5",
      "0/001",
      "0/002",
      "1/000",
      "0/x000/001",
      "0/1",
      "0/000.p/256",
      "7/000",
      "0/000.p/0",
    ];
    expect(await Promise.all(names.map(told))).toEqual([
      "there",
      "there",
      ...Array.from({ length: 4 }, () => "tile_not_found"),
      ...Array.from({ length: 5 }, () => "bad_id"),
    ]);
    expect(await told("0/x001/x234/067.p/8")).toBe("tile_not_found");
  });

  it("is not sent again to who has it", async () => {
    for (const name of ["checkpoint", "trust", "tile/0/000"]) {
      const { headers } = await ask("GET", `/v1/evidence/${name}`);
      const again = await ask("GET", `/v1/evidence/${name}`, { headers: { "if-none-match": String(headers.etag) } });
      expect([name, again.status, again.text]).toEqual([name, 304, ""]);
    }
  });

  it("continues what it was: the proof leads from root to root", async () => {
    const tile = async (name: string) => (await ask("GET", `/v1/evidence/tile/${name}`)).bytes;
    const tiles = new Map([
      ["0/0", await tile("0/000")],
      ["0/1", await tile("0/001.p/4")],
      ["1/0", await tile("1/000.p/1")],
    ]);
    const rootOf = (size: number) => {
      const root = treeRoot(size, (level, n) => tiles.get(`${level}/${n}`));
      if (!root.ok) throw new Error(root.problem.message);
      return root.value;
    };
    for (const [from, to] of [
      [1, 260],
      [7, 199],
      [256, 260],
      [0, 12],
    ] as const) {
      const { value } = await ask("GET", `/v1/evidence/consistency?from=${from}${to === 260 ? "" : `&to=${to}`}`);
      const proof = value.proof.map((hash: string) => parseBase64(hash));
      expect([value.from, value.to]).toEqual([from, to]);
      expect(verifyConsistency(from, rootOf(from), to, rootOf(to), proof)).toMatchObject({ ok: true });
    }
    expect((await ask("GET", "/v1/evidence/consistency?from=3&to=2")).value.code).toBe("index_beyond_tree");
    expect((await ask("GET", "/v1/evidence/consistency?from=3&to=261")).value.code).toBe("index_beyond_tree");
    expect((await ask("GET", "/v1/evidence/consistency")).value.code).toBe("bad_parameter");
  });
});

describe("a bundle", () => {
  const bundle = (body: object) => ask("POST", "/v1/evidence/bundles", { body });

  it("is the command's but for when it was sealed, and holds for a stranger", async () => {
    const { status, text } = await bundle({});
    expect(status).toBe(200);
    await cavra(place, ["evidence", "bundle", "--output", at("own.bundle")]);
    expect(text).toBe(readFileSync(at("own.bundle"), "utf8"));
    writeFileSync(at("all.bundle"), text);
    const told = await cavraJson(scratch(), ["evidence", "verify", at("all.bundle"), "--root-key", keys.root]);
    expect([told.status, told.value.records.length]).toEqual([0, RECORDS]);
    expect(configFolder(place)).not.toBe("");
  });

  it("has the chosen records", async () => {
    const indices = ({ text }: { text: string }) =>
      text
        .slice(text.indexOf("\nrecords "), text.indexOf("\nproof "))
        .split("\n")
        .slice(2)
        .map((line) => Number(line.split(" ")[0]));
    expect(indices(await bundle({ session: "chosen" }))).toEqual([7]);
    expect(indices(await bundle({ ids: [ids[9], ids[2], ids[9]] }))).toEqual([2, 9]);
    expect(indices(await bundle({ since: "1h", session: "chosen" }))).toEqual([7]);
  });

  it.each([
    [{ session: "nobody's" }, 422, "bundle_empty"],
    [{ ids: ["dec_00000000000000000000000000"] }, 404, "record_not_found"],
    [{ ids: ["dec_0"] }, 400, "bad_value"],
    [{ ids: [] }, 400, "bad_value"],
    [{ ids: ["dec_00000000000000000000000000"], session: "x" }, 400, "bad_value"],
    [{ since: "soon" }, 400, "bad_time"],
    [{ reveal: ["x"] }, 400, "unknown_key"],
  ])("%j is %i `%s`", async (body, status, code) => {
    expect((await bundle(body)).value).toMatchObject({ status, code });
  });
});
