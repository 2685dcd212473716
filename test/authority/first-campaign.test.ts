// The result of a first campaign counts for the engines, catalogue and policy that it names, whole, and for nobody else. Proves spec/backend.md 11.1, 11.3 and 11.4.

import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  FIRST_CASES,
  FIRST_FOLDER,
  FIRST_SCHEMA,
  type FirstCampaign,
  firstCampaignFile,
  heldBack,
  keepFirstCampaign,
  MOST_FIRST,
  readFirstCampaign,
} from "../../src/authority/index.js";
import { ENGINE_DIGEST } from "../../src/backend/index.js";
import { sha256 } from "../../src/base/index.js";
import { SYSTEM_CLOCK } from "../../src/store/index.js";

const HELLO = { build: sha256("build"), catalogue_digest: sha256("catalogue"), policy: { digest: sha256("policy") }, registry_digest: "" };
const KEPT: FirstCampaign = {
  schema_version: FIRST_SCHEMA,
  at: "2026-01-01T00:00:00.000Z",
  engines: { typescript: ENGINE_DIGEST, go: HELLO.build },
  catalogue_digest: HELLO.catalogue_digest,
  policy_digest: HELLO.policy.digest,
  registry_digest: "",
  seed: "00112233aabbccdd",
  cases: FIRST_CASES,
  mismatch: null,
};
const MISMATCH = { index: 3, family: "shell", at: "/verdict", unsafe: true };
let state: string;

beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), "cavra-first-"));
});
afterEach(() => rmSync(state, { recursive: true, force: true }));

const codeOf = () => heldBack(state, HELLO)?.code ?? "asked";

describe("Go", () => {
  test("is held back until there is a result, and then it is not", () => {
    expect(codeOf()).toBe("campaign_missing");
    keepFirstCampaign(state, KEPT, SYSTEM_CLOCK);
    expect([codeOf(), readFirstCampaign(state, HELLO)]).toEqual(["asked", KEPT]);
    expect(statSync(firstCampaignFile(state, HELLO.policy.digest)).mode & 0o777).toBe(0o600);
  });

  test("is held back by a mismatch, whatever number of cases it took", () => {
    keepFirstCampaign(state, { ...KEPT, cases: 5, mismatch: MISMATCH }, SYSTEM_CLOCK);
    expect(heldBack(state, HELLO)).toMatchObject({
      code: "campaign_mismatch",
      message: expect.stringContaining("case 3 of seed 00112233aabbccdd"),
    });
  });

  const others: readonly (readonly [string, object])[] = [
    ["another second engine", { engines: { ...KEPT.engines, go: sha256("other") } }],
    ["another first engine", { engines: { ...KEPT.engines, typescript: sha256("other") } }],
    ["another catalogue", { catalogue_digest: sha256("other") }],
    ["another policy", { policy_digest: sha256("other") }],
    ["a registry", { registry_digest: sha256("registry") }],
    ["a case too few", { cases: FIRST_CASES - 1 }],
    ["no word of a mismatch", { mismatch: undefined }],
    ["another form", { schema_version: "cavra.first-campaign.v2" }],
  ];
  for (const [what, other] of others) {
    test(`is held back where the result has ${what}`, () => {
      keepFirstCampaign(state, KEPT, SYSTEM_CLOCK);
      writeFileSync(firstCampaignFile(state, HELLO.policy.digest), JSON.stringify({ ...KEPT, ...other }));
      expect(codeOf()).toBe("campaign_missing");
    });
  }

  test("is held back where the file is a link, or cannot be read", () => {
    keepFirstCampaign(state, KEPT, SYSTEM_CLOCK);
    const path = firstCampaignFile(state, HELLO.policy.digest);
    const text = readFileSync(path, "utf8");
    for (const broken of ["", "null", "{", text.slice(0, -3)]) {
      writeFileSync(path, broken);
      expect(codeOf()).toBe("campaign_missing");
    }
    writeFileSync(join(state, "elsewhere"), text);
    rmSync(path);
    symlinkSync(join(state, "elsewhere"), path);
    expect(codeOf()).toBe("campaign_missing");
  });
});

test("of results the oldest go when there are too many", () => {
  for (let at = 0; at <= MOST_FIRST; at++) {
    const policy_digest = sha256(String(at));
    keepFirstCampaign(state, { ...KEPT, policy_digest }, SYSTEM_CLOCK);
    if (at < MOST_FIRST) utimesSync(firstCampaignFile(state, policy_digest), at, at);
  }
  const names = readdirSync(join(state, FIRST_FOLDER));
  expect([names.length, names.includes(`${sha256("0").slice(7)}.json`), names.includes(`${sha256("1").slice(7)}.json`)]).toEqual([
    MOST_FIRST,
    false,
    true,
  ]);
});
