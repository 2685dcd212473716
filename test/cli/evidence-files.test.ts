// Evidence that leaves the machine: heads, proofs, tiles, bundles, reveals, a witness; and what becomes of it in a stranger's hands. Proves spec/cli.md
// section 13 and spec/evidence.md 9.5 to 9.7 on the built program.

import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { readPin, SYSTEM_CLOCK, writePin } from "../../src/store/index.js";
import { verifyWithShell } from "../interop/shell.js";
import { halfProgram } from "../store/programs.js";
import { configFolder, type MadeKeys, makeKeys } from "./ledger-keys.js";
import { cavra, cavraJson, run, type Scratch, scratch } from "./program.js";

const PASSWORD = "hunter2secret99";
let place: Scratch;
let keys: MadeKeys;
let secret = "";
const at = (name: string) => join(place.root, name);

beforeAll(async () => {
  place = scratch();
  for (const target of ["ls", "cat .env"]) await cavra(place, ["evaluate", "execute_command", target]);
  secret = (await cavraJson(place, ["evaluate", "execute_command", `curl -u ada:${PASSWORD} https://x.example/`])).value.decision_id;
  keys = makeKeys(place);
  await cavra(place, ["evidence", "bundle", "--output", at("all.bundle")]);
});

/** A person elsewhere, who has pinned the root key, or not. */
function stranger(pinned: boolean): Scratch {
  const other = scratch();
  if (pinned) writePin(configFolder(other), keys.root, SYSTEM_CLOCK);
  return other;
}

describe("a bundle", () => {
  it("holds for a stranger who pinned the root key, and says what it proves", async () => {
    const { status, value } = await cavraJson(stranger(true), ["evidence", "verify", at("all.bundle")]);
    expect([status, value]).toMatchObject([
      0,
      { holds: true, checkpoint: { size: 3, signed_by: [keys.ledger] }, sealed_by: keys.ledger, trust_version: 1 },
    ]);
    expect(value.records.map(({ index }: { index: number }) => index)).toEqual([0, 1, 2]);
    const told = await cavra(stranger(true), ["evidence", "verify", at("all.bundle"), "--records"]);
    expect(
      told.stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line).record_id),
    ).toContain(secret);
    expect(told.stdout).not.toContain(PASSWORD);
  });

  it("is refused without a pinned key with `unknown_signer`, and holds with one that is named for this once", async () => {
    const other = stranger(false);
    const told = await cavra(other, ["evidence", "verify", at("all.bundle")]);
    expect([told.status, told.stderr]).toEqual([
      4,
      expect.stringMatching(/no root key is pinned .*\(unknown_signer\)\n {2}pin the root key .*cavra trust pin.*--root-key/),
    ]);
    expect((await cavra(other, ["evidence", "verify", at("all.bundle"), "--root-key", keys.root])).status).toBe(0);
    expect(existsSync(configFolder(other))).toBe(false);
    const another = await cavra(other, ["evidence", "verify", at("all.bundle"), "--root-key", `key_${"0".repeat(32)}`]);
    expect([another.status, another.stderr]).toEqual([4, expect.stringMatching(/\(unknown_signer\)\n {2}it was looked for `key_0/)]);
  });

  it("takes the whole chain of its owner, of which it has the beginning itself; and so does the shell script", async () => {
    const chain = (await cavra(place, ["trust", "show", "--chain"])).stdout;
    writeFileSync(at("whole-chain"), chain);
    const told = await cavra(stranger(true), ["evidence", "verify", at("all.bundle"), "--trust", at("whole-chain")]);
    expect([told.status, told.stderr]).toEqual([0, ""]);
    const now = new Date().toISOString();
    const check = { bundle: readFileSync(at("all.bundle")), pin: keys.root, now, laterTrust: chain.trimEnd().split("\n") };
    expect(await verifyWithShell(check)).toMatchObject({ status: 0, code: "" });
    // What is not the bundle's own must continue it.
    const foreign = scratch();
    await cavra(foreign, ["evaluate", "execute_command", "ls"]);
    makeKeys(foreign);
    const other = (await cavra(foreign, ["trust", "show", "--chain"])).stdout;
    writeFileSync(at("foreign-chain"), other);
    const refused = await cavraJson(stranger(true), ["evidence", "verify", at("all.bundle"), "--trust", at("foreign-chain")]);
    expect(refused.value.error.code).toBe("trust_chain_broken");
    expect(await verifyWithShell({ ...check, laterTrust: other.trimEnd().split("\n") })).toMatchObject({ code: "trust_chain_broken" });
  });

  it("says what whoever gets it needs: the root key's id, and that it holds a secret where it does", async () => {
    const told = (await cavra(place, ["evidence", "bundle", "--output", at("told.bundle"), "--id", secret])).stdout;
    expect(told).toMatch(/^wrote 1 record, /);
    expect(told).toContain(`evidence verify ${at("told.bundle")} --root-key ${keys.root}`);
    expect(told).not.toContain("give it to nobody else");
    await cavra(place, ["evidence", "reveal", secret, "--output", at("told.json")], { input: PASSWORD });
    const holding = await cavra(place, [
      "evidence",
      "bundle",
      "--output",
      at("holding.bundle"),
      "--id",
      secret,
      "--reveal",
      at("told.json"),
    ]);
    expect(holding.stdout).toContain("it holds 1 redacted value: give it to nobody else");
  });

  it.each([
    ["one byte changed", (bytes: Buffer) => Buffer.from(bytes.map((byte, i) => (i === 700 ? byte ^ 1 : byte))), "bundle_digest_mismatch"],
    ["its end cut off", (bytes: Buffer) => bytes.subarray(0, -1), "bundle_malformed"],
    ["something behind it", (bytes: Buffer) => Buffer.concat([bytes, Buffer.from("x\n")]), "bundle_malformed"],
    ["nothing in it", () => Buffer.alloc(0), "bundle_malformed"],
  ])("with %s does not hold", async (name, spoil, code) => {
    const file = at(`${name.replaceAll(" ", "-")}.bundle`);
    writeFileSync(file, spoil(readFileSync(at("all.bundle"))));
    const { status, value } = await cavraJson(stranger(true), ["evidence", "verify", file]);
    expect([status, value.error.code, value.error.at]).toEqual([4, code, file]);
  });

  it("that is older than what this account saw is a replay, and so is one older than `--seen`", async () => {
    const own = scratch();
    await cavra(own, ["evaluate", "execute_command", "ls"]);
    const root = makeKeys(own).root;
    await cavra(own, ["evidence", "bundle", "--output", join(own.root, "old.bundle")]);
    await cavra(own, ["evaluate", "execute_command", "pwd"]);
    await cavra(own, ["evidence", "bundle", "--output", join(own.root, "new.bundle")]);
    const other = scratch();
    writePin(configFolder(other), root, SYSTEM_CLOCK);
    const verify = async (...args: string[]) => (await cavraJson(other, ["evidence", "verify", ...args])).value;
    expect((await verify(join(own.root, "old.bundle"))).holds).toBe(true);
    expect((await verify(join(own.root, "new.bundle"))).holds).toBe(true);
    expect((await verify(join(own.root, "old.bundle"))).error.code).toBe("checkpoint_replayed");
    writeFileSync(join(own.root, "seen"), (await cavra(own, ["evidence", "checkpoint"])).stdout);
    const fresh = await cavraJson(scratch(), [
      "evidence",
      "verify",
      join(own.root, "old.bundle"),
      "--root-key",
      root,
      "--seen",
      join(own.root, "seen"),
    ]);
    expect([fresh.status, fresh.value.error.code]).toEqual([4, "checkpoint_replayed"]);
  });

  it("holds what filters and ids choose, and is never written over", async () => {
    await cavra(place, ["evidence", "bundle", "--output", at("denied.bundle"), "--decision", "deny"]);
    const { value } = await cavraJson(place, ["evidence", "verify", at("denied.bundle")]);
    expect(value.records).toHaveLength(1);
    const again = await cavra(place, ["evidence", "bundle", "--output", at("denied.bundle")]);
    expect([again.status, again.stderr]).toEqual([2, expect.stringContaining("(already_there)")]);
    const empty = await cavraJson(place, ["evidence", "bundle", "--output", at("none.bundle"), "--agent", "nobody"]);
    expect([empty.status, empty.value.error.code, existsSync(at("none.bundle"))]).toEqual([2, "bundle_empty", false]);
  });
});

describe("a reveal", () => {
  const reveal = (value: string, ...args: string[]) => cavra(place, ["evidence", "reveal", secret, ...args], { input: value });

  it.each(["", "\n"])("proves the value of one place (ended by %j), alone and in a bundle, and holds no other secret", async (end) => {
    const file = at(`reveal${end.length}.json`);
    expect((await reveal(PASSWORD + end, "--path", "/action/target", "--output", file)).status).toBe(0);
    const told = await cavra(stranger(true), ["evidence", "verify", at("all.bundle"), "--reveal", file]);
    expect([told.status, told.stdout]).toEqual([
      0,
      expect.stringContaining(`1 redacted value revealed and proven\n    password in /action/target of ${secret}\n`),
    ]);
    expect(told.stdout).not.toContain(PASSWORD);
    const bundle = at(`with${end.length}.bundle`);
    await cavra(place, ["evidence", "bundle", "--output", bundle, "--id", secret, "--reveal", file]);
    const { value } = await cavraJson(stranger(true), ["evidence", "verify", bundle]);
    expect(value.revealed).toEqual([{ record_id: secret, path: "/action/target", kind: "password", start: 12 }]);
  });

  it.each([
    ["another value", secret, ["--path", "/action/target"], "wrong", "reveal_invalid"],
    ["a place where nothing was redacted", secret, ["--path", "/who/user"], PASSWORD, "reveal_no_such_place"],
  ])("of %s is refused", async (_, _id, args, value, code) => {
    const told = await reveal(value, ...args, "--json");
    expect([told.status, JSON.parse(told.stdout).error.code]).toEqual([2, code]);
    if (code === "reveal_invalid")
      expect(JSON.parse(told.stdout).error.hint).toBe("it was 15 bytes of kind `password` in `/action/target`");
  });
});

describe("a proof", () => {
  it("is one small file that holds with the chain and the pinned key", async () => {
    await cavra(place, ["evidence", "proof", secret, "--output", at("one.proof")]);
    expect(readFileSync(at("one.proof"), "utf8")).toMatch(/^c2sp\.org\/tlog-proof@v1\nextra /);
    expect(readFileSync(at("one.proof")).length).toBeLessThan(4096);
    writeFileSync(at("chain"), (await cavra(place, ["trust", "show", "--chain"])).stdout);
    const other = stranger(true);
    const alone = await cavra(other, ["evidence", "verify", at("one.proof")]);
    expect([alone.status, alone.stderr]).toEqual([4, expect.stringContaining("add `--trust FILE`")]);
    expect((await cavra(other, ["evidence", "verify", at("one.proof"), "--trust", at("chain")])).status).toBe(0);
    const spoilt = readFileSync(at("one.proof"), "utf8").replace(/^extra ..../m, "extra AAAA");
    writeFileSync(at("spoilt.proof"), spoilt);
    const { status, value } = await cavraJson(other, ["evidence", "verify", at("spoilt.proof"), "--trust", at("chain")]);
    expect([status, value.error.code]).toEqual([4, "proof_invalid"]);
  });

  it("that is older than what this account saw is a replay, one of another history a fork, and what holds is remembered", async () => {
    const own = scratch();
    const id = (await cavraJson(own, ["evaluate", "execute_command", "ls"])).value.decision_id;
    const { root } = makeKeys(own);
    const made = async (name: string) => {
      await cavra(own, ["evidence", "proof", id, "--output", join(own.root, name)]);
      writeFileSync(join(own.root, `${name}.head`), (await cavra(own, ["evidence", "checkpoint"])).stdout);
    };
    await made("old.proof");
    await cavra(own, ["evaluate", "execute_command", "pwd"]);
    await made("new.proof");
    writeFileSync(join(own.root, "chain"), (await cavra(own, ["trust", "show", "--chain"])).stdout);
    const verifyBy = async (who: Scratch, name: string, ...args: string[]) => {
      const { value } = await cavraJson(who, ["evidence", "verify", join(own.root, name), "--trust", join(own.root, "chain"), ...args]);
      return value.holds ?? value.error.code;
    };
    const other = scratch();
    writePin(configFolder(other), root, SYSTEM_CLOCK);
    expect(await verifyBy(other, "old.proof")).toBe(true);
    expect(await verifyBy(other, "new.proof")).toBe(true);
    expect(readPin(configFolder(other))?.checkpoints_seen.size).toBe(1);
    expect(await verifyBy(other, "old.proof")).toBe("checkpoint_replayed");
    // A checkpoint that is named stands in the place of the remembered one.
    expect(await verifyBy(other, "old.proof", "--seen", join(own.root, "old.proof.head"))).toBe(true);
    expect(await verifyBy(scratch(), "old.proof", "--root-key", root, "--seen", join(own.root, "new.proof.head"))).toBe(
      "checkpoint_replayed",
    );
    const head = readFileSync(join(own.root, "old.proof.head"), "utf8").split("\n");
    head[2] = Buffer.alloc(32, 1).toString("base64");
    writeFileSync(join(own.root, "forked"), head.join("\n"));
    expect(await verifyBy(scratch(), "old.proof", "--root-key", root, "--seen", join(own.root, "forked"))).toBe("checkpoint_forked");
  });

  it("is told when a reveal is of another record", async () => {
    const file = at("other-reveal.json");
    await cavra(place, ["evidence", "reveal", secret, "--path", "/action/target", "--output", file], { input: PASSWORD });
    const denied = (await cavraJson(place, ["evidence", "list", "--decision", "deny"])).value.record.record_id;
    await cavra(place, ["evidence", "proof", denied, "--output", at("denied.proof")]);
    await cavra(place, ["evidence", "proof", secret, "--output", at("secret.proof")]);
    const verify = async (name: string) => (await cavraJson(place, ["evidence", "verify", at(name), "--reveal", file])).value;
    expect((await verify("secret.proof")).holds).toBe(true);
    expect((await verify("denied.proof")).error.code).toBe("reveal_other_record");
  });
});

describe("tiles", () => {
  it("are written as C2SP names them, the head last, and no record is in them", async () => {
    const { value } = await cavraJson(place, ["evidence", "export", at("tiles")]);
    expect(value.tiles).toBe(1);
    expect(readFileSync(join(at("tiles"), `tile/0/000.p/${value.size}`)).length).toBe(32 * value.size);
    expect(readFileSync(join(at("tiles"), "checkpoint"), "utf8")).toBe((await cavra(place, ["evidence", "checkpoint"])).stdout);
  });
});

describe("without keys", () => {
  it.each([[["bundle", "--output", "x.bundle"]], [["checkpoint"]], [["export", "x"]], [["proof", "dec_0"]]])(
    "%j says how to make them",
    async (args) => {
      const own = scratch();
      await cavra(own, ["evaluate", "execute_command", "ls"]);
      const told = await cavra(own, ["evidence", ...args]);
      expect([told.status, told.stderr]).toEqual([2, expect.stringMatching(/\(trust_missing\)\n {2}run `cavra keys init`/)]);
    },
  );

  it.each([[["bundle", "--output", "x.bundle"]], [["checkpoint"]]])("and without records %j says so", async (args) => {
    const told = await cavra(scratch(), ["evidence", ...args]);
    expect([told.status, told.stderr]).toEqual([2, expect.stringContaining("(ledger_empty)")]);
  });
});

describe("a witness", () => {
  it("cosigns what grows, remembers it, and refuses less, another history, and the wrong beginning", async () => {
    const own = scratch();
    await cavra(own, ["evaluate", "execute_command", "ls"]);
    const { root } = makeKeys(own);
    const other = scratch();
    const request = async (name: string, since: string) => {
      writeFileSync(join(own.root, name), (await cavra(own, ["evidence", "checkpoint", "--since", since])).stdout);
      writeFileSync(join(own.root, "chain"), (await cavra(own, ["trust", "show", "--chain"])).stdout);
    };
    const ask = (name: string) =>
      cavra(other, ["evidence", "witness", "--request", join(own.root, name), "--trust", join(own.root, "chain")]);
    expect((await ask("none")).stderr).toContain("(no_witness_here)");
    expect((await cavra(other, ["evidence", "witness", "--init", "example.org/eve"])).stdout).toMatch(/^example\.org\/eve\+[0-9a-f]{8}\+/);
    await request("first", "0");
    expect((await ask("first")).stderr).toMatch(/no root key is pinned .*\(unknown_signer\)/);
    writePin(configFolder(other), root, SYSTEM_CLOCK);
    expect((await ask("first")).stdout).toMatch(/^— example\.org\/eve \S+\n$/);
    await cavra(own, ["evaluate", "execute_command", "pwd"]);
    await request("second", "1");
    expect((await ask("second")).status).toBe(0);
    expect((await ask("first")).stderr).toContain("(witness_rollback)");
    expect((await cavraJson(other, ["evidence", "witness", "--show"])).value.seen).toMatchObject([{ size: 2 }]);
    await cavra(own, ["evaluate", "execute_command", "id"]);
    await request("third", "1");
    expect((await ask("third")).stderr).toContain("(witness_old_size)");
    await request("third", "2");
    const forged = readFileSync(join(own.root, "third"), "utf8").split("\n");
    forged[1] = Buffer.alloc(32).toString("base64");
    writeFileSync(join(own.root, "forged"), forged.join("\n"));
    expect((await ask("forged")).stderr).toContain("(witness_fork)");
    expect((await ask("third")).status).toBe(0);
    const strange = await cavra(own, ["evidence", "checkpoint", "--add", join(own.root, "chain")]);
    expect([strange.status, strange.stderr]).toEqual([2, expect.stringContaining("(note_malformed)")]);
  });
});

describe("verifying the ledger", () => {
  it("says which head is signed, and by whom; and unsigned where there are no keys", async () => {
    const { status, value } = await cavraJson(place, ["evidence", "verify"]);
    expect([status, value.holds, value.ledger.head.signed_by, value.ledger.unsigned]).toEqual([0, true, [keys.ledger], null]);
    const own = scratch();
    await cavra(own, ["evaluate", "execute_command", "ls"]);
    const told = await cavra(own, ["evidence", "verify"]);
    expect([told.status, told.stdout]).toEqual([0, expect.stringMatching(/unsigned: .*\(trust_missing\); run `cavra keys init`/)]);
  });

  it("notices a ledger that was put back to an older copy of itself, and one that was replaced", async () => {
    const own = scratch();
    await cavra(own, ["evaluate", "execute_command", "ls"]);
    makeKeys(own);
    await cavra(own, ["evidence", "verify"]);
    const file = join(own.state, "ledger/ledger.sqlite");
    const old = readFileSync(file);
    await cavra(own, ["evaluate", "execute_command", "pwd"]);
    expect((await cavra(own, ["evidence", "verify"])).status).toBe(0);
    writeFileSync(file, old);
    for (const name of ["journal"]) rmSync(join(own.state, name), { recursive: true });
    const back = await cavraJson(own, ["evidence", "verify"]);
    const codes = (told: typeof back) => told.value.findings.map(({ code }: { code: string }) => code);
    expect([back.status, codes(back)]).toEqual([4, expect.arrayContaining(["ledger_rolled_back", "journal_missing"])]);
    rmSync(join(own.state, "ledger"), { recursive: true });
    await cavra(own, ["evaluate", "execute_command", "id"]);
    const replaced = await cavraJson(own, ["evidence", "verify"]);
    expect([replaced.status, codes(replaced)]).toEqual([4, expect.arrayContaining(["ledger_replaced"])]);
  });

  it("of another state folder changes nothing there", async () => {
    const own = scratch();
    await cavra(own, ["evaluate", "execute_command", "ls"]);
    await cavra(own, ["evidence", "verify"]);
    const before = readFileSync(join(own.state, "ledger/ledger.sqlite"));
    await cavra(own, ["evaluate", "execute_command", "pwd"]);
    const { value } = await cavraJson(scratch(), ["evidence", "verify", "--state-dir", own.state]);
    expect([value.holds, value.records, value.ledger.undrained]).toEqual([true, 2, 1]);
    expect(readFileSync(join(own.state, "ledger/ledger.sqlite")).equals(before)).toBe(true);
  });

  it("undoes what a killed drainer left half done, before anything is read, and changes nothing where it may only look", async () => {
    const own = scratch();
    const ids: string[] = [];
    for (const line of ["ls", "pwd", "id"]) ids.unshift((await cavraJson(own, ["evaluate", "execute_command", line])).value.decision_id);
    await cavra(own, ["evidence", "verify"]);
    const drainer = halfProgram();
    const folder = join(own.state, "ledger");
    const listed = async (...command: string[]) =>
      (await cavra(own, [...command, "--json"])).stdout
        .split("\n")
        .flatMap((line) => (line === "" ? [] : [JSON.parse(line).record.record_id]));
    const leaveHalf = async () => {
      expect(await run(process.execPath, [drainer, own.state])).toMatchObject({ status: null, stdout: "half\n" });
      expect(statSync(join(folder, "ledger.sqlite-journal")).size).toBeGreaterThan(0);
    };
    await leaveHalf();
    const before = readdirSync(folder).map((name) => readFileSync(join(folder, name)));
    const look = await cavra(scratch(), ["evidence", "verify", "--state-dir", own.state, "--json"]);
    expect([look.status, JSON.parse(look.stdout)]).toMatchObject([1, { holds: true, records: 3 }]);
    expect(look.stderr).toMatch(/was killed while it wrote.*\(ledger_unavailable\).*\n {2}run `cavra evidence list` on the account/);
    expect(readdirSync(folder).map((name) => readFileSync(join(folder, name)))).toEqual(before);
    expect(await listed("evidence", "list")).toEqual(ids);
    await leaveHalf();
    expect((await cavraJson(own, ["policy", "simulate"])).value.decisions).toBe(3);
    await leaveHalf();
    const { status, value } = await cavraJson(own, ["evidence", "verify"]);
    expect([status, value.holds, value.records, value.ledger.size]).toEqual([0, true, 3, 3]);
    rmSync(dirname(drainer), { recursive: true });
  });

  it("names a database that is none, while lists still come from the journal", async () => {
    const own = scratch();
    await cavra(own, ["evaluate", "execute_command", "ls"]);
    await cavra(own, ["evidence", "verify"]);
    writeFileSync(join(own.state, "ledger/ledger.sqlite"), "x".repeat(5000));
    const { status, value } = await cavraJson(own, ["evidence", "verify"]);
    expect([status, value.findings[0].code, value.records]).toEqual([4, "ledger_damaged", 1]);
    const list = await cavra(own, ["evidence", "list"]);
    expect([list.status, list.stdout, list.stderr]).toEqual([
      0,
      expect.stringContaining("allow ls"),
      expect.stringContaining("(ledger_damaged); this is from the journal alone"),
    ]);
  });
});

it("searches for words, in every case of letters", async () => {
  const { stdout } = await cavra(place, ["evidence", "search", "CAT", ".env", "--json"]);
  expect(
    stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).record.action.target),
  ).toEqual(["cat .env"]);
});
