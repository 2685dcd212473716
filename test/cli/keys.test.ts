// Keys and trust at a terminal and without one: made, shown, rotated, revoked, pinned, signed anew. Proves spec/cli.md section 12 and spec/evidence.md 7.5 to 7.8.

import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { atTerminal, CONFIRM, NO_TERMINAL } from "./at-terminal.js";
import { configFolder, makeKeys } from "./ledger-keys.js";
import { cavra, cavraJson, run, type Scratch, scratch, write } from "./program.js";

const shown = async (place: Scratch) => (await cavraJson(place, ["keys", "show"])).value;
const states = async (place: Scratch): Promise<readonly string[]> =>
  (await shown(place)).trust.keys.map(({ role, state }: { role: string; state: string }) => `${role} ${state}`);
const verified = async (place: Scratch) => (await cavraJson(place, ["evidence", "verify"])).value;

describe("without a terminal", () => {
  it.each([
    ["keys", "init"],
    ["keys", "rotate", "ledger", "--reason", "r"],
    ["keys", "revoke", "KEY", "--reason", "r"],
    ["trust", "pin", `key_${"0".repeat(32)}`],
    ["trust", "sign", "--reason", "r"],
  ])("`%s %s` is refused, and nothing changes", async (...args) => {
    const place = scratch();
    const keys = args[1] === "init" ? null : makeKeys(place);
    const before = keys === null ? null : await shown(place);
    const told = await cavra(
      place,
      args.map((arg) => (arg === "KEY" ? (keys?.ledger ?? "") : arg)),
    );
    expect([told.status, told.stderr]).toEqual([2, expect.stringContaining("(person_required)")]);
    if (before !== null) expect(await shown(place)).toEqual(before);
    expect((await cavra(place, ["evidence", "list"])).stdout).toBe("");
  });

  it("keys are shown, in words and in JSON, with what is here and what is pinned; without keys it says how to make them", async () => {
    const place = scratch();
    expect((await cavra(place, ["keys", "show"])).stderr).toMatch(/\(trust_missing\)\n {2}run `cavra keys init`/);
    const keys = makeKeys(place);
    expect(await shown(place)).toMatchObject({ pinned: keys.root, here: [keys.root, keys.ledger] });
    expect((await cavra(place, ["trust", "show"])).stdout).toMatch(new RegExp(`pinned {2}${keys.root}`));
    const chain = await cavra(place, ["trust", "show", "--chain"]);
    expect(chain.stdout).toBe(readFileSync(join(place.state, "trust/0001.dsse.json"), "utf8"));
  });

  it.each([
    ["an unknown role", ["keys", "rotate", "king", "--reason", "r"], "unknown_role"],
    ["an unknown key", ["keys", "revoke", `key_${"0".repeat(32)}`, "--reason", "r"], "key_unknown"],
    ["no key id", ["trust", "pin", "mine"], "key_id_malformed"],
    ["more witnesses than there are", ["trust", "sign", "--witnesses-required", "1", "--reason", "r"], "bad_number"],
    ["a witness's key of another form", ["trust", "sign", "--witness", "eve", "--reason", "r"], "verifier_key_malformed"],
    ["an end that is no time", ["trust", "sign", "--expires", "soon", "--reason", "r"], "bad_time"],
    ["no reason", ["keys", "rotate", "ledger"], "reason_missing"],
    ["a key again", ["keys", "init"], "keys_exist"],
    [
      "a passphrase file without a first line",
      ["keys", "rotate", "root", "--reason", "r", "--passphrase-file", "empty"],
      "passphrase_missing",
    ],
  ])("%s is told before anybody is asked", async (_, args, code) => {
    const place = scratch({ "shop/empty": "\n" });
    makeKeys(place);
    const { status, value } = await cavraJson(place, args);
    expect([status, value.error.code]).toEqual([2, code]);
  });
});

describe.skipIf(NO_TERMINAL !== "")(`at a terminal${NO_TERMINAL === "" ? "" : ` (skipped: ${NO_TERMINAL})`}`, () => {
  it("`keys init` makes private keys, pins the root, signs what was there, and puts it on record", async () => {
    const place = scratch();
    await cavra(place, ["evaluate", "execute_command", "ls"]);
    expect((await atTerminal(place, ["keys", "init"])).status).toBe(0);
    const { trust, pinned, here } = await shown(place);
    expect([trust.version, trust.keys.length, pinned, here.length]).toEqual([1, 2, trust.keys[0].key_id, 2]);
    for (const name of readdirSync(join(place.state, "keys"))) expect(statSync(join(place.state, "keys", name)).mode & 0o777).toBe(0o600);
    expect(await verified(place)).toMatchObject({ holds: true, records: 2, ledger: { head: { size: 2 }, unsigned: null } });
    const journal = readFileSync(join(place.state, "journal", readdirSync(join(place.state, "journal"))[0] ?? ""), "utf8");
    expect(journal).toContain('"change":"keys_made"');
  });

  it("the wrong word changes nothing", async () => {
    const place = scratch();
    const told = await atTerminal(place, ["keys", "init"], [[CONFIRM[0], "yes\n"]]);
    expect([told.status, told.shown]).toEqual([2, expect.stringContaining("(not_confirmed)")]);
    expect(readdirSync(place.root)).not.toContain("state");
  });

  it("a rotated ledger key's heads still count, a revoked one's do not, and the next one signs all", async () => {
    const place = scratch();
    await cavra(place, ["evaluate", "execute_command", "ls"]);
    const first = makeKeys(place);
    await verified(place);
    expect((await atTerminal(place, ["keys", "rotate", "ledger", "--reason", "yearly"])).status).toBe(0);
    expect(await states(place)).toEqual(["root active", "ledger retired", "ledger active"]);
    const second = (await shown(place)).trust.keys[2].key_id;
    await cavra(place, ["evaluate", "execute_command", "pwd"]);
    expect(await verified(place)).toMatchObject({ holds: true, findings: [], ledger: { head: { size: 3, signed_by: [second] } } });
    expect((await atTerminal(place, ["keys", "revoke", second, "--reason", "it leaked"])).status).toBe(0);
    const revoked = await verified(place);
    expect([revoked.holds, revoked.ledger.head.signed_by, revoked.ledger.unsigned.code]).toEqual([
      true,
      [first.ledger],
      "unsigned_records",
    ]);
    expect((await atTerminal(place, ["keys", "rotate", "ledger", "--reason", "after the leak"])).status).toBe(0);
    const after = await verified(place);
    expect([after.holds, after.ledger.head.size, after.ledger.unsigned]).toEqual([true, after.records, null]);
  });

  it("a root key elsewhere, under a passphrase, signs only where both are given", async () => {
    const place = scratch();
    write(join(place.root, "pass"), "correct horse\n");
    const stick = join(place.root, "stick");
    const made = await atTerminal(place, ["keys", "init", "--root-out", stick, "--passphrase-file", join(place.root, "pass")]);
    expect(made.status).toBe(0);
    expect((await shown(place)).here).toHaveLength(1);
    const [pem = ""] = readdirSync(stick);
    expect(readFileSync(join(stick, pem), "utf8")).toContain("ENCRYPTED PRIVATE KEY");
    const rotate = (...args: string[]) => atTerminal(place, ["keys", "rotate", "builder", "--reason", "r", ...args]);
    expect((await rotate()).shown).toContain("(root_missing)");
    expect((await rotate("--root-folder", stick)).shown).toContain("(key_locked)");
    write(join(place.root, "wrong"), "incorrect\n");
    expect((await rotate("--root-folder", stick, "--passphrase-file", join(place.root, "wrong"))).shown).toContain("(key_locked)");
    expect((await rotate("--root-folder", stick, "--passphrase-file", join(place.root, "pass"))).status).toBe(0);
    expect(await states(place)).toEqual(["root active", "ledger active", "builder active"]);
  });

  it("a new root is signed by the old one, and whoever pinned the old one follows", async () => {
    const place = scratch();
    await cavra(place, ["evaluate", "execute_command", "ls"]);
    makeKeys(place);
    expect((await atTerminal(place, ["keys", "rotate", "root", "--reason", "r"])).status).toBe(0);
    expect(await states(place)).toEqual(["root retired", "ledger active", "root active"]);
    expect((await verified(place)).holds).toBe(true);
    expect((await atTerminal(place, ["keys", "rotate", "ledger", "--reason", "r"])).status).toBe(0);
  });

  it("a witness is named and needed: nothing counts before it has cosigned, and its line counts after", async () => {
    const place = scratch();
    await cavra(place, ["evaluate", "execute_command", "ls"]);
    const { root } = makeKeys(place);
    const other = scratch();
    const key = (await cavra(other, ["evidence", "witness", "--init", "example.org/eve"])).stdout.trim();
    expect((await atTerminal(other, ["trust", "pin", root])).status).toBe(0);
    expect((await atTerminal(place, ["trust", "sign", "--witness", key, "--witnesses-required", "1", "--reason", "r"])).status).toBe(0);
    const before = await verified(place);
    expect([before.holds, before.findings[0].code]).toEqual([false, "witness_missing"]);
    const file = (name: string, text: string) => write(join(place.root, name), text);
    const request = file("request", (await cavra(place, ["evidence", "checkpoint", "--since", "0"])).stdout);
    const chain = file("chain", (await cavra(place, ["trust", "show", "--chain"])).stdout);
    const line = file("line", (await cavra(other, ["evidence", "witness", "--request", request, "--trust", chain])).stdout);
    // The ledger has grown meanwhile: the line finds its head by itself.
    await cavra(place, ["evaluate", "execute_command", "pwd"]);
    await cavra(place, ["evidence", "list"]);
    expect((await cavra(place, ["evidence", "checkpoint", "--add", line])).status).toBe(0);
    const after = await verified(place);
    expect([after.holds, after.ledger.head.cosigned_by, after.ledger.unsigned.code]).toEqual([
      true,
      ["example.org/eve"],
      "witness_missing",
    ]);
    expect((await cavra(place, ["evidence", "checkpoint", "--add", line])).stderr).toContain("(witness_unknown)");
  });
});

describe("key files", () => {
  it.each([
    ["others may read", (path: string) => run("chmod", ["644", path]), "key_exposed"],
    ["hold something else", (path: string) => Promise.resolve(writeFileSync(path, "hello\n")), "key_damaged"],
  ])("that %s are refused", async (_, spoil, code) => {
    const place = scratch();
    await cavra(place, ["evaluate", "execute_command", "ls"]);
    const keys = makeKeys(place);
    await spoil(join(place.state, "keys", `${keys.ledger}.pem`));
    const told = await cavra(place, ["evidence", "checkpoint"]);
    expect([told.status, told.stderr]).toEqual([1, expect.stringContaining(`(${code})`)]);
  });

  it("are read by openssl, and a pin of another form is refused", async () => {
    const place = scratch();
    const keys = makeKeys(place);
    const told = await run("openssl", ["pkey", "-in", join(place.state, "keys", `${keys.root}.pem`), "-noout", "-text"], {
      env: { PATH: process.env.PATH },
    });
    expect(told.stdout).toMatch(/^ED25519 Private-Key/i);
    writeFileSync(join(configFolder(place), "trust-pin.json"), "{}");
    const shownAgain = await cavra(place, ["keys", "show"]);
    expect([shownAgain.status, shownAgain.stderr]).toEqual([1, expect.stringContaining("(trust_pin_damaged)")]);
  });
});
