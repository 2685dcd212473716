// The running authority with the second engine beside it. Proves spec/backend.md sections 1, 7 and 8.6 with the real worker, where there is Go.

import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { bash, fire, installed, journal, permission } from "../hook/host.js";
import { cavra, cavraJson, program, scratch } from "./program.js";

const runtime = () => join(dirname(program()), "bin/cavra-runtime");

const WORDS = {
  shadow: "the second engine is asked in shadow mode",
  enforce: "the second engine is asked in enforce mode",
  promoted: "the second engine answers under a lease",
  fast: "the second engine is not asked (mode fast)",
};

describe("an authority that asks Go", () => {
  it.for([
    ["shadow", "", { agreed: 2 }],
    ["enforce", "", { agreed: 2 }],
    ["shadow", "/nowhere/cavra-runtime", { runtime_missing: 2 }],
    ["promoted", "", { promotion_gate_missing: 2 }],
    ["fast", "", { unknown_mode: 2 }],
  ] as const)("in %s mode by `%s` answers the same, and counts %j", { timeout: 60_000 }, async ([mode, path, outcomes], { skip }) => {
    if (path === "" && !existsSync(runtime())) skip("there is no Go on this machine, so no worker was built");
    const place = scratch();
    const env = {
      CAVRA_GO_BACKEND_MODE: mode,
      CAVRA_GO_RUNTIME_PATH: path === "" ? runtime() : path,
      CAVRA_GO_BACKEND_DEADLINE_MS: "5000",
    };
    const command = await installed(place);
    // `up` waits for the policy's first campaign, but not without end.
    if (path === "") await cavra(place, ["runtime", "go-parity", "first"], { env });
    const { stdout } = await cavra(place, ["up"], { env });
    const words = WORDS[mode];
    expect(stdout).toContain(`\n${words}; `);
    expect((await cavra(place, ["status"])).stdout).toContain(`0 calls, ${words}\n`);
    const answers = [];
    for (const line of ["cat .env", "cat .env"]) answers.push(permission(await fire(place, command, bash(place, line))));
    const { says } = (await cavraJson(place, ["status"])).value.authority;
    await cavra(place, ["down"]);
    expect(answers).toEqual(["deny", "deny"]);
    expect([says.calls, says.mode, says.fallbacks]).toEqual([2, mode, "agreed" in outcomes ? {} : outcomes]);
    const counters = JSON.parse(readFileSync(join(place.state, "shadow/counters.json"), "utf8"));
    expect(counters.engines.map((one: { strata: readonly { outcomes: object }[] }) => one.strata[0]?.outcomes)).toEqual([outcomes]);
    // Beside them the journal of a promoted authority has what became of its gate.
    expect((await cavra(place, ["evidence", "list", "--json"])).stdout.trim().split("\n")).toHaveLength(2);
    expect(await journal(place)).toMatchObject(mode === "promoted" ? { holds: true } : { records: 2, holds: true });
  });
});
