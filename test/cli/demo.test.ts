// `cavra demo`: the session, decision by decision, and that verify notices. Proves spec/cli.md section 8.

import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { describe, expect, it } from "vitest";
import { cavra, scratch, write } from "./program.js";

/** What each step must end in: the title's beginning, the verdict, and what the host does. */
const STEPS = [
  ["Ordinary work passes in silence", "✓ allow"],
  ["A secret, asked for plainly", "✗ deny"],
  ["The same secret, through the shell", "✗ deny"],
  ["The same secret, through another language", "✗ deny"],
  ["Words about danger are not danger", "✓ allow"],
  ["Build output may go", "✓ allow"],
  ["A deletion in disguise", "✗ deny"],
  ["Looking at infrastructure", "✓ allow"],
  ["Changing it", "? ask"],
  ["Identity is touched", "? ask"],
  ["The default branch moves", "? ask"],
  ["Code that nobody can know", "? ask"],
  ["A tool from a server nobody vouched for", "? ask"],
  ["The guard's own settings", "✗ deny"],
  ["A pause that an agent gives itself", "✗ deny"],
  ["And when nobody is there to be asked", "? ask"],
] as const;

const HOST: Readonly<Record<string, string>> = {
  "✓ allow": "Claude Code goes on",
  "✗ deny": "Claude Code refuses the call and tells the agent why",
  "? ask": "Claude Code asks the person",
};

describe("demo", () => {
  it("plays every step through the hook, in the four questions, whatever the person's own policy says, and ends with 0", async () => {
    const place = scratch();
    // Neither the person's own policy nor their state has a part in it.
    write(`${place.root}/own/policy.yaml`, "broken: [");
    const env = { CAVRA_CONFIG_DIR: `${place.root}/own`, CAVRA_UNATTENDED: "1" };
    const { status, stdout, stderr } = await cavra(place, ["demo"], { env });
    expect([status, stderr]).toEqual([0, ""]);
    const parts = stdout.split(/^ ?\d+\. /m);
    expect(parts).toHaveLength(STEPS.length + 1);
    for (const [index, [title, verdict]] of STEPS.entries()) {
      const told = parts[index + 1] ?? "";
      expect(told.split("\n")[0]).toBe(title);
      expect(told.split("\n")[1]?.trim()).toMatch(new RegExp(`^\\${verdict} `));
      expect(told).toMatch(/\n +who +claude-code[\s\S]*\n +change [\s\S]*\n +policy +cavra-ai-agent-baseline@[\s\S]*\n +evidence +dec_/);
      const host = title.startsWith("And when nobody") ? HOST["✗ deny"] : HOST[verdict];
      expect(told).toContain(`so         ${host}`);
    }
    expect(stdout).toMatch(/✓ holds {2}16 records[\s\S]*one bit flipped[\s\S]*✗ does not hold[\s\S]*damage/);
    expect(stdout).toContain("16 calls: 4 allow, 6 require approval, 6 deny");
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith("cavra-demo-") && stdout.includes(name))).toEqual([]);
    expect(readdirSync(place.root).sort()).toEqual(["home", "own", "shop"]);
  });
});
