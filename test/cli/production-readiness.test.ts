// Production readiness is computed: everything that it asks for is broken here for real, one thing after the other, and mended again.
// Proves spec/service.md section 16 and spec/operations.md section 2.

import { chmodSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pc from "picocolors";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { momentNow, newHostChange, newPause, recordHostChange, writePause } from "../../src/authority/index.js";
import { productionReport } from "../../src/cli/commands/deployment/production.js";
import type { GateOptions } from "../../src/cli/commands/runtime/promotion-gate.js";
import { openLedger, SYSTEM_CLOCK } from "../../src/store/index.js";
import { type Server, send, startServer } from "../server/server.js";
import { makeToken, revokeToken } from "../server/tokens.js";
import { configFolder, makeKeys } from "./ledger-keys.js";
import { cavra, cavraJson, type Environment, type Scratch, scratch, write } from "./program.js";

type Json = ReturnType<typeof JSON.parse>;
const DAY_MS = 86_400_000;

let place: Scratch;
let ledgerKey: string;
beforeAll(async () => {
  place = scratch();
  ledgerKey = makeKeys(place).ledger;
  await cavra(place, ["evaluate", "execute_command", "ls"]);
  await cavra(place, ["evidence", "verify"]);
});

/** What the command prints, without a process for it. */
const report = async (env: Environment = {}, options: GateOptions = {}): Promise<Json> => {
  const terminal = { print: () => {}, complain: () => {}, colours: pc.createColors(false), watched: false };
  return productionReport({ ...terminal, env: { ...place.env, ...env }, cwd: place.repository }, options);
};
const codeOf = ({ checks }: Json, id: string): string => checks.find((check: Json) => check.id === id).code;
const inState = (name: string) => join(place.state, name);
const inConfig = (name: string) => join(configFolder(place), name);
const keyFile = () => inState(`keys/${ledgerKey}.pem`);

/** Changes a file, and gives back what it was. */
function changed(path: string, change: (text: string) => string): () => void {
  const before = readFileSync(path);
  writeFileSync(path, change(before.toString("latin1")));
  return () => writeFileSync(path, before);
}

function made(path: string, text: string): () => void {
  write(path, text);
  return () => rmSync(path);
}

function away(path: string): () => void {
  renameSync(path, `${path}.away`);
  return () => renameSync(`${path}.away`, path);
}

function moded(path: string, mode: number, before: number): () => void {
  chmodSync(path, mode);
  return () => chmodSync(path, before);
}

/** A change of the guard that was recorded so long ago. */
function recordedAt(agoMs: number): void {
  const { id } = newHostChange({ ...SYSTEM_CLOCK, nowMs: () => Date.now() - agoMs });
  const person = { user: "ann", uid: 1000, host: "h", tty: "" };
  recordHostChange({ recordId: id, change: "observe_on", person, reason: "r", decision_id: "", before: null, after: null }, place.env);
}

const timeAgo = (ms: number) => new Date(Date.now() - ms).toISOString();
const ROUTES = '{"schema_version":"cavra.promotion-settings.v1","trust":"asserted"}\n';
const OBSERVE = JSON.stringify({
  schema_version: "cavra.host-settings.v1",
  observe: { since: timeAgo(DAY_MS).replace(/[.]\d+Z/, "Z"), reason: "first week", record_id: "chg_00000000000000000000000000" },
  exceptions: [],
});

/** What is broken, which check fails by which code, and how it is broken (and mended by what comes back). */
const BROKEN: readonly (readonly [string, string, string, () => () => void])[] = [
  ["the ledger's key can be read by others", "keys", "key_exposed", () => moded(keyFile(), 0o640, 0o600)],
  ["others may look into the folder of keys", "keys", "key_exposed", () => moded(inState("keys"), 0o755, 0o700)],
  ["the redaction key can be read by others", "keys", "key_exposed", () => moded(inState("redaction.key"), 0o604, 0o600)],
  ["the ledger's key is gone", "keys", "key_missing", () => away(keyFile())],
  ["the ledger's key is another's", "keys", "key_damaged", () => changed(keyFile(), (text) => text.replace(/[A-Za-z]/g, "A"))],
  ["there is no trust document", "keys", "trust_missing", () => away(inState("trust"))],
  ["no root key is pinned", "keys", "unknown_signer", () => away(inConfig("trust-pin.json"))],
  ["there is no ledger", "ledger", "ledger_missing", () => away(inState("ledger"))],
  ["the ledger's database is damaged", "ledger", "ledger_damaged", () => changed(inState("ledger/ledger.sqlite"), () => "x".repeat(4096))],
  ["the ledger was never verified", "ledger", "ledger_unverified", () => away(inState("ledger-verified.json"))],
  ["it was verified 8 days ago", "ledger", "verification_old", () => verified({ verified_at: timeAgo(8 * DAY_MS) })],
  ["another ledger was verified", "ledger", "ledger_unverified", () => verified({ ledger_id: "ldg_00000000000000000000000000" })],
  ["the note is not ours", "ledger", "note_damaged", () => changed(inState("ledger-verified.json"), () => "{}\n")],
  ["the tree was changed since", "ledger", "ledger_changed", () => changedTree()],
  [
    "the host's policy is none",
    "policies",
    "policy_invalid",
    () => made(inConfig("policy.yaml"), "schema_version: cavra.policy.v1\nid: x\nruls: []\n"),
  ],
  ["a pack of the host's is damaged", "policies", "policy_invalid", () => made(inConfig("packs/own.yaml"), "id: [\n")],
  ["the registry of MCP servers is none", "policies", "not_a_registry", () => made(inConfig("mcp-registry.json"), "{}")],
  ["documents are believed at their word", "mode", "trust_asserted", () => made(inConfig("promotion.json"), ROUTES)],
  ["the host observes", "mode", "observing", () => made(inConfig("host-settings.json"), OBSERVE)],
  ["a pause holds", "mode", "paused", () => pausedNow()],
];

function verified(more: object): () => void {
  return changed(inState("ledger-verified.json"), (text) => `${JSON.stringify({ ...JSON.parse(text), ...more })}\n`);
}

function changedTree(): () => void {
  const path = inState("ledger/ledger.sqlite");
  const before = readFileSync(path);
  inLedger("UPDATE tile SET hashes = zeroblob(length(hashes))");
  return () => writeFileSync(path, before);
}

function inLedger(sql: string): void {
  const { database } = openLedger(place.state, SYSTEM_CLOCK);
  database.exec(sql);
  database.close();
}

function pausedNow(): () => void {
  writePause(place.env, newPause(momentNow(), 600_000, { record_id: "chg_00000000000000000000000000", user: "ann", reason: "r" }));
  return () => rmSync(inState("pause.json"));
}

describe("`cavra deployment production-readiness`", () => {
  it("asks for an identity and a backup where all else is well, and ends with 5", async () => {
    const { status, value } = await cavraJson(place, ["deployment", "production-readiness"]);
    expect([status, value.status, value.blocking]).toEqual([5, "needs_attention", ["identity", "backup"]]);
    expect([codeOf(value, "identity"), codeOf(value, "backup")]).toEqual(["identity_missing", "backup_missing"]);
    for (const { status: outcome, hint } of value.checks) expect(hint !== "").toBe(outcome === "fail");
  });

  it.each(BROKEN)("%s: `%s` fails with `%s`, and passes when that is mended", async (_, id, code, breakIt) => {
    const mend = breakIt();
    try {
      const found = await report();
      expect(codeOf(found, id)).toBe(code);
      expect(found.blocking).toContain(id);
    } finally {
      mend();
    }
    expect((await report()).blocking).toEqual(["identity", "backup"]);
  });

  it.each([
    [{ CAVRA_SERVE_HOST: "0.0.0.0" }, "transport", "tls_missing"],
    [{ CAVRA_SERVE_PORT: "http" }, "transport", "bad_port"],
    [{ CAVRA_SERVE_ORIGINS: "http://console.example.org" }, "cors", "cors_cleartext"],
    [{ CAVRA_SERVE_ORIGINS: "*" }, "cors", "bad_origin"],
    [{ CAVRA_BACKUP_HOURS: "0" }, "backup", "bad_backup_hours"],
    [{ CAVRA_GO_BACKEND_MODE: "turbo" }, "mode", "unknown_mode"],
    [{ CAVRA_GO_BACKEND_MODE: "shadow", CAVRA_GO_BACKEND_DEADLINE_MS: "0" }, "mode", "bad_deadline"],
  ])("with %j `%s` fails with `%s`", async (env, id, code) => {
    expect(codeOf(await report(env), id)).toBe(code);
  });

  it.each([[{ CAVRA_SERVE_ORIGINS: "https://console.example.org,http://localhost:3000" }], [{ CAVRA_SERVE_HOST: "::1" }]])(
    "with %j nothing more is asked for",
    async (env) => {
      expect((await report(env)).blocking).toEqual(["identity", "backup"]);
    },
  );
});

describe("the sections", () => {
  it("are what the sister commands print", async () => {
    const found = await report();
    const sisters = {
      go_backend_pilot: ["go-pilot-readiness", "--no-campaign"],
      go_backend_deployment: ["go-deployment-readiness"],
      go_backend_promotion: ["go-promotion-readiness"],
      go_backend_rollback: ["go-rollback-readiness"],
      go_backend_rollback_rehearsal: ["go-rollback-rehearsal"],
      go_backend_rollback_drill_history: ["go-rollback-drills"],
      go_backend_rollback_drill_schedule: ["go-rollback-drill-schedule"],
    };
    for (const [name, command] of Object.entries(sisters)) {
      const { at: _here, ...section } = found[name];
      const { at: _there, ...own } = (await cavraJson(place, ["runtime", ...command])).value;
      expect(section, name).toEqual(own);
    }
  });

  it("block where promoted mode is asked for without what it rests on", async () => {
    const { blocking } = await report({}, { mode: "promoted" });
    expect(blocking).toContain("go_backend_promotion");
    expect(blocking).toContain("go_backend_pilot");
  });

  it("leave production green where the mode was taken back and the paths still stand", async () => {
    const env = {
      CAVRA_GO_PROMOTION_EVIDENCE: "gone.json",
      CAVRA_GO_ROLLBACK_PLAN: "gone.json",
      CAVRA_GO_ROLLBACK_REHEARSAL_EVIDENCE: "gone.json",
    };
    const found = await report(env);
    expect([found.go_backend_promotion.status, found.go_backend_rollback_rehearsal.status]).toEqual(["disabled", "needs_attention"]);
    expect(found.blocking).toEqual(["identity", "backup"]);
    expect((await report({ ...env, CAVRA_GO_BACKEND_MODE: "promoted" })).blocking).toContain("go_backend_rollback_rehearsal");
  });

  it("that cannot be made say why, and block", async () => {
    const found = await report({ CAVRA_GO_BACKEND_MODE: "turbo" });
    expect(found.go_backend_pilot).toMatchObject({ status: "needs_attention", error: { code: "unknown_mode" } });
    expect(found.blocking).toContain("go_backend_pilot");
  });
});

describe("of a server", () => {
  let server: Server;
  beforeAll(async () => {
    server = await startServer(place, ["--allow-origin", "http://console.example.org"]);
  });
  afterAll(() => server.stop());

  it("its own settings are judged, and the ledger must be verified since it began", async () => {
    const found = (await send(server, "GET", "/deployment/production-readiness")).value;
    expect(found.blocking).toEqual(["identity", "cors", "ledger", "backup"]);
    expect([codeOf(found, "cors"), codeOf(found, "ledger")]).toEqual(["cors_cleartext", "ledger_unverified"]);
    expect(found.checks.find((check: Json) => check.id === "transport").message).toContain(server.url);
    expect((await report()).checks).toEqual(found.checks);
    await cavra(place, ["evidence", "verify"]);
    expect((await report()).blocking).toEqual(["identity", "cors", "backup"]);
  });

  it("nothing is left when it has ended", async () => {
    expect(readdirSync(place.state)).toContain("serving.json");
    await server.stop();
    expect(readdirSync(place.state)).not.toContain("serving.json");
    expect((await report()).blocking).toEqual(["identity", "backup"]);
  });
});

describe("what cannot be mended by hand", () => {
  it("a record that waits for the ledger since ten minutes, until it is drained", async () => {
    recordedAt(240_000);
    expect(codeOf(await report(), "journals")).toBe("ok");
    recordedAt(600_000);
    expect(codeOf(await report(), "journals")).toBe("journal_not_draining");
    await cavra(place, ["evidence", "list"]);
    expect(codeOf(await report(), "journals")).toBe("ok");
  });

  it("an identity is a token that counts now, and none where all were revoked", async () => {
    const token = await makeToken(place);
    expect(codeOf(await report(), "identity")).toBe("ok");
    await revokeToken(place, token);
    expect(codeOf(await report(), "identity")).toBe("identity_missing");
  });

  it("a ledger that did not hold when it was verified", async () => {
    inLedger("UPDATE leaf SET json = CAST(replace(CAST(json AS TEXT), 'ls', 'rm') AS BLOB) WHERE idx = 0");
    expect((await cavra(place, ["evidence", "verify"])).status).toBe(4);
    expect(codeOf(await report(), "ledger")).toBe("ledger_does_not_hold");
  });

  it("a clock behind the last record", async () => {
    recordedAt(-600_000);
    expect(codeOf(await report(), "clock")).toBe("clock_behind");
  });
});
