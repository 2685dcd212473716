// Cases of a campaign: the same for the same seed, hostile to a third, and of every kind that they claim.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { chosenPolicy, compileSources, shippedCatalogue } from "../../src/authority/index.js";
import { canonicalJson, type JsonValue } from "../../src/base/index.js";
import type { WholeCatalogue } from "../../src/change/index.js";
import {
  CONSTRUCTS,
  casesOf,
  corpusLines,
  fixedCases,
  givenIn,
  linesToChange,
  type Material,
  materialOf,
  NOTHING_GIVEN,
  parseSeed,
  type Seed,
  trafficIn,
} from "../../src/parity/index.js";

const SEED = parseSeed("00112233aabbccdd") as Seed;
const COUNT = 3_000;
let material: Material;

beforeAll(() => {
  const rulebook = chosenPolicy({ pack: "cavra-strict", file: "" }, {}, () => compileSources);
  material = materialOf(shippedCatalogue() as unknown as WholeCatalogue, rulebook, {
    lines: ["git status", "cat .env"],
    code: [{ language: "python", text: "print(1)" }],
  });
});

describe("cases", () => {
  test("are the same for the same seed and index, in any order", () => {
    const [first, second] = [casesOf(SEED, material), casesOf(SEED, material)];
    const backwards = [2, 1, 0].map((index) => second(index)).reverse();
    expect(backwards).toEqual([0, 1, 2].map((index) => first(index)));
    expect(casesOf({ ...SEED, low: SEED.low + 1 }, material)(0)).not.toEqual(first(0));
  });

  test("are hostile to a third at least, of all action types, and reach every construct", () => {
    const make = casesOf(SEED, material);
    const cases = Array.from({ length: COUNT }, (_, index) => make(index));
    expect(cases.filter(({ hostile }) => hostile).length).toBeGreaterThan(COUNT / 3);
    expect(new Set(cases.map(({ evaluation }) => evaluation.action.action_type)).size).toBe(6);
    expect([...new Set(cases.flatMap(({ constructs }) => constructs))].sort()).toEqual([...CONSTRUCTS].sort());
  });

  test("all have a canonical form, so that each can be asked", () => {
    const make = casesOf(SEED, material);
    for (let index = 0; index < COUNT; index++) expect(canonicalJson(make(index).evaluation).ok).toBe(true);
  });

  test("have a seed of 16 hexadecimal digits and nothing else", () => {
    for (const text of ["", "0", "00112233AABBCCDD", "00112233aabbccdde", "00112233aabbccd"]) expect(parseSeed(text)).toBeNull();
  });
});

describe("what is given", () => {
  test("is read from corpora as objects with a command, and as plain lines", () => {
    expect(corpusLines('{"command":"ls","x":1}\nrm a\n\n{"other":"x"}\n{ broken')).toEqual(["ls", "rm a", "{ broken"]);
  });

  test("is read from vectors with what they leave out put back", () => {
    const vector = JSON.parse(readFileSync(join(import.meta.dirname, "../../spec/vectors/change/action-git.json"), "utf8"));
    const { evaluations } = givenIn(vector);
    expect(evaluations.map(({ action }) => [action.action_type, action.target, action.cwd])).toEqual([
      ["git_operation", "status", "/srv/app"],
    ]);
    expect(givenIn({ text: "rm x", expect: { text: "not this" } })).toEqual({ ...NOTHING_GIVEN, lines: ["rm x"] });
    expect(givenIn({ language: "sql", code: "select 1" }).code).toEqual([{ language: "sql", text: "select 1" }]);
  });

  test("is read from what is on record: a decision's action, and the whole request of a line of the shadow log", () => {
    const action = {
      action_type: "execute_command",
      target: "rm -rf build",
      operation: "",
      arguments: "",
      cwd: "/w/a",
      workspace_root: "/w",
    };
    const record = { action, who: { agent: "claude-code", user: "p", session: "s" }, recorded_at: "2026-01-02T03:04:05.000Z" };
    const subject = { agent: "claude-code", user: "p", now: "2026-01-02T03:04:05.000Z" };
    expect(trafficIn(record)).toMatchObject({ action, subject, facts: { home: "/home/p", links: {} } });
    const links = { "/w/a/build": "/etc" };
    expect(trafficIn({ code: "disagreement", request: { action, subject, facts: { links } } })).toMatchObject({
      action,
      subject,
      facts: { links },
    });
    for (const other of [
      null,
      [],
      {},
      { action: null },
      { request: {} },
      { action: { ...action, action_type: "x" } },
      { action: { ...action, target: "\ud800" } },
    ])
      expect(trafficIn(other as JsonValue)).toBeNull();
    const asked = trafficIn(record);
    const given = { ...NOTHING_GIVEN, lines: ["ls"], traffic: asked === null ? [] : [asked, asked] };
    expect(fixedCases(given).map(({ family }) => family)).toEqual(["given_line", "given_traffic", "given_traffic"]);
    expect(linesToChange(given)).toEqual(["ls", "rm -rf build"]);
  });
});
