// The way back is written, refused while it is a template, filled in, signed, and looked at, by the built program. Proves spec/drills.md 2.4 and 2.5.

import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { holdWritable } from "../../src/release/index.js";
import { foundTrust, keysFolder, newId, newKey, SYSTEM_CLOCK, writePin } from "../../src/store/index.js";
import { configFolder } from "./ledger-keys.js";
import { cavra, cavraJson, program, type Scratch, scratch, write } from "./program.js";

const runtime = () => join(dirname(program()), "bin/cavra-runtime");

function withBuilder(): Scratch {
  const place = scratch();
  const [root, builder] = [newKey("root"), newKey("builder")];
  for (const key of [root, builder]) key.keep(keysFolder(place.state), "", SYSTEM_CLOCK);
  const origin = `cavra.ledger/${newId("ldg", SYSTEM_CLOCK).id}`;
  const founded = foundTrust(place.state, origin, root, [{ role: "builder", key: builder, name: "bea" }], SYSTEM_CLOCK);
  if (!founded.ok) throw new Error(founded.problem.message);
  writePin(configFolder(place), root.keyId, SYSTEM_CLOCK);
  return place;
}

describe("cavra runtime go-rollback-plan", () => {
  let place: Scratch;
  let draft: string;
  const plan = (...args: string[]) => cavraJson(place, ["runtime", "go-rollback-plan", ...args]);
  const readiness = (...args: string[]) => cavraJson(place, ["runtime", "go-rollback-readiness", ...args]);
  const codes = (value: { checks: { id: string; code: string; also: string[] }[] }) =>
    value.checks.map(({ id, code, also }) => [id, code, ...also].join(" "));

  beforeAll(async () => {
    place = withBuilder();
    draft = join(place.repository, "plan.json");
    expect((await plan("init", "plan.json")).status).toBe(0);
  });

  it("writes a draft, tells what a person must fill in, and never writes over it", async () => {
    expect(JSON.parse(readFileSync(draft, "utf8")).schema_version).toBe("cavra.go-backend-rollback-plan.v1");
    const again = await plan("init", "plan.json");
    expect([again.status, again.value.error.code]).toEqual([2, "already_there"]);
    const told = await cavra(place, ["runtime", "go-rollback-plan", "init", "other.json"]);
    expect(told.stdout).toContain("owners[0].contact: nobody has filled in");
  });

  it("signs no draft that lacks something, and says what and where", async () => {
    const checked = await plan("check", "plan.json");
    expect([checked.status, checked.value.valid, checked.value.problems[0]]).toEqual([
      4,
      false,
      expect.objectContaining({ code: "plan_unfilled", at: "owners[0].contact" }),
    ]);
    const signed = await plan("sign", "plan.json", "--output", "plan.dsse", "--runtime-path", program());
    expect([signed.status, signed.value.valid, existsSync(join(place.repository, "plan.dsse"))]).toEqual([4, false, false]);
  });

  it("takes what is no JSON for no plan", async () => {
    write(join(place.repository, "torn.json"), '{"schema_version": ');
    const { status, value } = await plan("check", "torn.json");
    expect([status, value.problems[0].code]).toEqual([4, "plan_malformed"]);
  });

  it("is not configured without a plan, and needs attention with one that nobody signed", async () => {
    const none = await readiness();
    expect([none.status, none.value.status]).toEqual([0, "not_configured"]);
    const bare = await readiness("--rollback-plan-path", draft, "--runtime-path", "nowhere");
    expect([bare.status, bare.value.status]).toEqual([5, "needs_attention"]);
    expect(codes(bare.value)[0]).toContain("document_unsigned");
  });

  it("finds out where a hold could not be written, and leaves nothing where it could", () => {
    const [blocked, free] = [scratch(), scratch()];
    write(join(blocked.state, "promotion"), "no folder");
    expect(holdWritable(blocked.state, SYSTEM_CLOCK).map(({ code }) => code)).toEqual(["hold_unwritable"]);
    expect(holdWritable(free.state, SYSTEM_CLOCK)).toEqual([]);
    expect(readdirSync(join(free.state, "promotion"))).toEqual([]);
  });

  describe.skipIf(!existsSync(runtime()))("filled in", () => {
    const filled = (change: (value: { owners: { contact: string }[] }) => void) => {
      const value = JSON.parse(readFileSync(draft, "utf8"));
      value.owners[0].contact = "+00 000, day and night";
      change(value);
      return write(join(place.repository, "filled.json"), JSON.stringify(value));
    };

    it("is signed for a runtime, and passes for that runtime alone", async () => {
      const file = filled(() => {});
      expect((await plan("check", file)).status).toBe(0);
      const signed = await plan("sign", file, "--output", "plan.dsse", "--runtime-path", runtime());
      expect([signed.status, signed.value.valid], JSON.stringify(signed.value)).toEqual([0, true]);
      const looked = await readiness("--rollback-plan-path", "plan.dsse", "--runtime-path", runtime());
      expect([looked.status, codes(looked.value)]).toEqual([5, ["plan ok", "hold ok", "rehearsal document_missing"]]);
    });

    it("is for nobody without a runtime, a file or a key", async () => {
      const file = filled(() => {});
      const cases = [
        [["--output", "x.dsse"], "runtime_missing"],
        [["--runtime-path", runtime()], "output_missing"],
        [["--output", "x.dsse", "--runtime-path", runtime(), "--key-folder", "empty"], "key_missing"],
      ] as const;
      mkdirSync(join(place.repository, "empty"));
      for (const [args, code] of cases) {
        const { status, value } = await plan("sign", file, ...args);
        expect([status, value.error?.code]).toEqual([2, code]);
      }
    });

    it("is gone where a hold stands", async () => {
      expect((await cavra(place, ["runtime", "go-rollback", "--reason", "a test"])).status).toBe(0);
      const held = await readiness("--rollback-plan-path", "plan.dsse", "--runtime-path", runtime());
      expect([held.status, held.value.status]).toEqual([0, "disabled"]);
    });
  });
});
